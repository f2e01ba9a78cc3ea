"""DNS records as zone-file lines, for the fixes of several checks."""

from __future__ import annotations

from collections.abc import Iterator

TTL = 3600
_MAX_STRING = 255


def txt_line(name: str, text: str) -> str:
    """Return a TXT record as one zone-file line, its text split into strings of at most 255 octets."""
    strings = " ".join(f'"{_escaped(part)}"' for part in _parts(text))
    return f"{name}. {TTL} IN TXT {strings}"


def _parts(text: str) -> Iterator[str]:
    for start in range(0, max(len(text), 1), _MAX_STRING):
        yield text[start : start + _MAX_STRING]


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"')
