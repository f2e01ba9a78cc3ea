"""Which proposed DNS records stand for the same thing."""

import re

from mailaudit.checks.remedy import kind

_RECORD = re.compile(r"(?P<name>[^\s;$!()\"]+\.)\s+\d+\s+IN\s+(?P<type>[A-Z0-9]+)\s+(?P<data>\S.*)")


def key_of_line(line: str) -> tuple[str, str] | None:
    """Return the name and the kind of a zone-file line: a name has one SPF record; nothing for a line that is no record."""
    match = _RECORD.fullmatch(line.strip())
    return (match["name"].lower(), kind(match["type"], match["data"])) if match else None
