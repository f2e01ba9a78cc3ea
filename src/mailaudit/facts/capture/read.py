"""Reads the folder of a capture, also of one that was killed: the lines that are whole count."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import msgspec

from mailaudit.errors import Complaint, InputError
from mailaudit.facts.capture.identity import read_key
from mailaudit.location import Location

VERSION = 1
ENVELOPES, SUMMARY, SAMPLES = "envelopes.jsonl", "capture.json", "samples"
_MOST_OCTETS = 8 << 30
_MOST_SAMPLES = 20
_ADVICE = "name the folder that `mailaudit capture` wrote"


class Receiver(msgspec.Struct, frozen=True):
    """Whom a message was for: the provider, and the name of the person under the key of the capture."""

    provider: str
    id: str


class Line(msgspec.Struct, frozen=True):
    """One message, or one recipient that was refused; `at` and `began` are seconds since the capture began."""

    at: float
    began: float
    connection: int
    to: tuple[Receiver, ...]
    size: int
    reply: str
    port: str = "plain"
    tls: bool = False
    auth: str | None = None
    ehlo: str | None = None
    mail_from: str | None = None
    from_: str | None = msgspec.field(default=None, name="from")
    message_id: str | None = None
    unsubscribe: str | None = None
    bare_line_ends: bool = False
    shape: int = 0

    @property
    def is_taken(self) -> bool:
        """Whether the message was taken."""
        return self.reply.startswith("2")


class Summary(msgspec.Struct, frozen=True):
    """How the capture began and ended; `ended_by` is missing when it was killed."""

    capture_version: int = VERSION
    started_at: str | None = None
    ended_by: str | None = None
    answer: str | None = None
    connections: int | None = None
    most_connections: int | None = None
    unfinished_messages: int = 0


@dataclass(frozen=True, slots=True)
class Capture:
    """A capture as it stands in its folder; `broken` lines could not be read."""

    folder: Path
    key: bytes
    summary: Summary
    lines: tuple[Line, ...]
    broken: int
    samples: tuple[Path, ...]


def read_capture(folder: Path) -> Capture:
    """Read a capture; raises `InputError` when the folder holds none."""
    key = read_key(folder)
    summary = _summary(folder / SUMMARY)
    if summary.capture_version != VERSION:
        what = f"capture_version {summary.capture_version} is unknown; this mailaudit reads version {VERSION}"
        raise InputError(Complaint(what, Location(str(folder / SUMMARY)), "use the mailaudit that captured"))
    lines, broken = [], 0
    for line in _lines(folder / ENVELOPES):
        if line is None:
            broken += 1
        else:
            lines.append(line)
    samples = sorted((folder / SAMPLES).glob("*.eml"))[:_MOST_SAMPLES]
    return Capture(folder, key, summary, tuple(lines), broken, tuple(path for path in samples if path.is_file()))


def _summary(path: Path) -> Summary:
    try:
        return msgspec.json.decode(path.read_bytes(), type=Summary)
    except FileNotFoundError:
        return Summary()
    except (OSError, msgspec.MsgspecError) as error:
        raise InputError(
            Complaint("this is not the summary of a capture", Location(str(path)), _ADVICE)
        ) from error


def _lines(path: Path) -> Iterator[Line | None]:
    """Yield each line, nothing for one that cannot be read."""
    decoder = msgspec.json.Decoder(Line)
    try:
        if path.stat().st_size > _MOST_OCTETS:
            raise InputError(Complaint("longer than any capture", Location(str(path)), _ADVICE))
        with path.open("rb") as file:
            for text in file:
                try:
                    yield decoder.decode(text)
                except (msgspec.MsgspecError, ValueError):
                    yield None
    except OSError as error:
        what = f"the capture cannot be read ({error.strerror or error})"
        raise InputError(Complaint(what, Location(str(path)), _ADVICE)) from error
