"""Which proposed DNS records stand for the same thing."""

from __future__ import annotations

import re

_RECORD = re.compile(r"(?P<name>[^\s;$!()\"]+\.)\s+\d+\s+IN\s+(?P<type>[A-Z0-9]+)\s+(?P<data>\S.*)")
_KINDS = (
    (re.compile(r'"?v\s*=\s*spf1(?:[ "]|$)', re.IGNORECASE), "SPF"),
    (re.compile(r'"?v\s*=\s*dmarc1', re.IGNORECASE), "DMARC"),
)


def key_of_line(line: str) -> tuple[str, str] | None:
    """Return the name and the kind of a zone-file line: a name has one SPF record; nothing for a line that is no record."""
    match = _RECORD.fullmatch(line.strip())
    return (match["name"].lower(), kind(match["type"], match["data"])) if match else None


def kind(rdtype: str, data: str) -> str:
    """Return what a name has only one of: its SPF or DMARC record, its TXT record of another kind, else each value."""
    if rdtype != "TXT":
        return f"{rdtype} {data}"
    return next((name for pattern, name in _KINDS if pattern.match(data)), rdtype)
