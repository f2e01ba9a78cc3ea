"""What the writer of a broken SPF term may have meant."""

from __future__ import annotations

import difflib
import re
from ipaddress import ip_network

from mailaudit.facts.sender.spf.record import SpfRecord, parse

_MECHANISMS = ("include", "a", "mx", "ptr", "ip4", "ip6", "exists", "all", "redirect")
_WORD = re.compile(r"([+\-~?]?)([a-z][a-z0-9._-]*)?([:=]?)(.*)", re.IGNORECASE | re.DOTALL)
_MEANT = {"ip": "ip4", "ipv4": "ip4", "ipv6": "ip6", "includes": "include", "incl": "include", "mail": "mx"}


def repaired(term: str) -> str | None:
    """Return a valid term that looks like the broken one, or nothing when it cannot be guessed."""
    match = _WORD.fullmatch(term.strip("\"';,"))
    if not match:
        return None
    sign, name, colon, rest = match[1], (match[2] or "").lower(), match[3], match[4]
    value = rest.strip("\"';,")
    for candidate in (*_as_address(sign, f"{name}{colon}{value}"), *_as_address(sign, value)):
        if _is_valid(candidate):
            return candidate
    meant = _MEANT.get(name) or next(iter(difflib.get_close_matches(name, _MECHANISMS, n=1, cutoff=0.7)), None)
    if meant is None:
        return None
    joint = "=" if meant == "redirect" else ":" if value else ""
    candidate = f"{sign}{meant}{joint}{value}"
    return candidate if _is_valid(candidate) else None


def without_errors(record: SpfRecord) -> SpfRecord:
    """Return the record with each broken term repaired, or left out when nobody can guess what it meant."""
    words = record.text.split()[1:]
    mended = [word if _is_valid(word) else repaired(word) for word in words]
    kept: list[str] = []
    for word in dict.fromkeys(word for word in mended if word):
        modifier = next((name for name in ("redirect=", "exp=") if word.lower().startswith(name)), None)
        if modifier is None or not any(one.lower().startswith(modifier) for one in kept):
            kept.append(word)
    return parse(" ".join(("v=spf1", *kept)).encode("ascii"))


def _as_address(sign: str, text: str) -> tuple[str, ...]:
    try:
        network = ip_network(text, strict=False)
    except ValueError:
        return ()
    return (f"{sign}ip{network.version}:{text}",)


def _is_valid(term: str) -> bool:
    return not parse(f"v=spf1 {term}".encode("ascii", "replace")).errors
