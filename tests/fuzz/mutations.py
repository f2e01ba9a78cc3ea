"""How a seed is bent: octets, lines and words anywhere, and what is evil in each kind of file."""

from __future__ import annotations

import json
import random
import re
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path, PurePath
from typing import Any

_LARGEST = 300_000
_SHARE_OF_LINES, _SHARE_OF_WORDS, _SHARE_OF_KIND = 0.2, 0.45, 0.6
CANARY = re.compile(r"canary[0-9]{8}")
_LOCAL = re.compile(rb"[\w.+-]+(?=@)")
_RECEIVED = (
    b"Delivered-To: %s@firm.example\r\nX-To: <%s@firm.example>\r\n"
    b"List-Unsubscribe: <mailto:leave+%s@acme.example>\r\n"
)
_NUMBER = re.compile(rb"\d+")
_NUMBERS = (b"0", b"-1", b"1e999", b"9" * 20, b"2147483648", b"0.5", b"nan", "٣".encode(), b"00", b"1_0")
_KINDS = {"zone": "zone", "yml": "yml", "yaml": "yml", **dict.fromkeys(("eml", "html", "htm", "mjml"), "message")}
_ODD: tuple[Any, ...] = (
    *(None, True, -1, 0, 1e308, 10**30, "", [], {}, [[]], {"x": {"x": []}}),
    *("\u202e\x00\x1b[2J", "x" * 9000, "9999-12-31T23:59:59Z", "\ud800", "=1+1", "::error::x", "<script>"),
)


@cache
def dictionary(kind: str) -> tuple[bytes, ...]:
    """Return what is evil in a kind of file, or `anywhere`: a line each, escaped as in Python, and how often after a tab."""
    lines = (Path(__file__).parent / "dictionary" / f"{kind}.txt").read_text(encoding="ascii").splitlines()
    split = (line.partition("\t") for line in lines)
    return tuple(
        word.encode().decode("unicode_escape").encode("latin-1") * int(times or 1) for word, _, times in split
    )


def planted(files: Mapping[str, bytes], rng: random.Random) -> dict[str, bytes]:
    """Return the files with made-up people in lists and messages, who must show in no output."""
    return {name: _with_people(name, octets, rng) for name, octets in files.items()}


def bent(files: Mapping[str, bytes], others: Sequence[bytes], rng: random.Random) -> dict[str, bytes]:
    """Return the files, one or two of which are changed in one to four places; `others` are octets to mix in."""
    changed = dict(files)
    for name in rng.sample(sorted(changed), min(len(changed), rng.choice((1, 1, 2)))):
        for _ in range(rng.choice((1, 1, 2, 4))):
            changed[name] = _step(kind_of(name), changed[name], others, rng)[:_LARGEST]
    return changed


def bent_json(value: Any, rng: random.Random) -> Any:
    """Return a JSON value with one part of it replaced, doubled or taken away."""
    if isinstance(value, dict) and value and rng.random() < 0.9:
        key = rng.choice(sorted(value))
        if rng.random() < 0.1:
            return {name: one for name, one in value.items() if name != key}
        return {**value, key: bent_json(value[key], rng)}
    if isinstance(value, list) and value and rng.random() < 0.9:
        place = rng.randrange(len(value))
        if rng.random() < 0.2:
            return [*value[:place], *rng.choice(([], [value[place]] * 3)), *value[place + 1 :]]
        return [*value[:place], bent_json(value[place], rng), *value[place + 1 :]]
    return rng.choice(_ODD)


def bent_lines(text: str, rng: random.Random) -> str:
    """Return a recording of which a line is changed as JSON or as octets."""
    lines = text.splitlines()
    place = rng.randrange(len(lines))
    if rng.random() < 0.8:
        lines[place] = json.dumps(bent_json(json.loads(lines[place]), rng))
    else:
        lines[place] = _step("yml", lines[place].encode(), (), rng).decode("utf-8", "replace")
    return "\n".join(lines) + "\n"


def kind_of(name: str) -> str:
    """Return what kind of evil fits a file: `zone`, `yml`, `message` or `list`."""
    return _KINDS.get(PurePath(name).suffix.lstrip(".").lower(), "list")


def _step(kind: str, octets: bytes, others: Sequence[bytes], rng: random.Random) -> bytes:
    if rng.random() < _SHARE_OF_LINES:
        lines = octets.splitlines(keepends=True) or [b""]
        at = rng.randrange(len(lines))
        again = rng.choice(lines) * rng.choice((1, 2, 50))
        return b"".join(rng.choice(((*lines[:at], again, *lines[at:]), (*lines[:at], *lines[at + 1 :]))))
    if rng.random() < _SHARE_OF_WORDS:
        evil, end = (kind, b"\n") if rng.random() < _SHARE_OF_KIND else ("anywhere", b"")
        starts = [0, *(found.end() for found in re.finditer(rb"\n", octets))] if end else range(len(octets) + 1)
        at = rng.choice(starts)
        return octets[:at] + rng.choice(dictionary(evil)) + end + octets[at:]
    at = rng.randrange(len(octets) + 1)
    end_of_piece = at + rng.choice((1, 1, 4, 20, 200))
    number = rng.choice([*_NUMBER.finditer(octets)] or [None])
    ways = (
        octets[:at] + octets[end_of_piece:],
        octets[:at] + octets[at:end_of_piece] * rng.choice((2, 4, 300)) + octets[end_of_piece:],
        octets[:at] + bytes((rng.randrange(256),)) + octets[at + 1 :],
        octets[: number.start()] + rng.choice(_NUMBERS) + octets[number.end() :] if number else octets,
        octets[:at] + rng.choice([*others, b""])[:2000] + octets[at:],
    )
    return rng.choice(ways)


def _with_people(name: str, octets: bytes, rng: random.Random) -> bytes:
    canary = b"canary%08d" % rng.randrange(10**8)
    if kind_of(name) == "list":
        return _LOCAL.sub(lambda found: canary if rng.random() < 0.3 else found.group(), octets)
    if name.endswith(".eml"):
        return _RECEIVED % (canary, canary, canary) + octets
    return octets
