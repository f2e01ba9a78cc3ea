"""Find the lines that are longer than mail servers carry (RFC 5322, section 2.1.1)."""

import re

from mailaudit.facts.message.model import LongLine

MOST_LINES = 50
# Looked for at the beginning of lines alone: from every octet on, a megabyte of short lines takes a fifth of a second.
_LONG = re.compile(rb"(?<![^\r\n])[^\r\n]{999,}")
# Whoever decodes base64 passes over line breaks, so that nothing is lost where a server puts one.
_BASE64 = re.compile(rb"[A-Za-z0-9+/=]+")


def long_lines(raw: bytes) -> tuple[LongLine, ...]:
    """Return the first lines above 998 octets, the line break not counted; lines of base64 are left out."""
    found: list[LongLine] = []
    number, place = 1, 0
    for match in _LONG.finditer(raw):
        number += raw.count(b"\n", place, match.start())
        place = match.start()
        if not _BASE64.fullmatch(match[0]):
            found.append(LongLine(number, len(match[0])))
        if len(found) >= MOST_LINES:
            break
    return tuple(found)
