"""The lines of a message: how they ended when it was sent, and which are longer than mail servers carry."""

import re

from mailaudit.facts.message.model import BareEnds, LongLine

_BARE = re.compile(rb"\r(?!\n)|(?<!\r)\n")
# Where so many lines end otherwise than the rest, a program saved them so.
_MOST_SHARE = 0.2
MOST_LINES = 50
# Looked for at the beginning of lines alone: from every octet on, a megabyte of short lines takes a fifth of a second.
_LONG = re.compile(rb"(?<![^\r\n])[^\r\n]{999,}")
# Whoever decodes base64 passes over line breaks, so that nothing is lost where a server puts one.
_BASE64 = re.compile(rb"[A-Za-z0-9+/=]+")


def bare_ends(raw: bytes) -> BareEnds | None:
    """Return the bare carriage returns and line feeds (RFC 5321, section 2.3.8), or nothing when the file cannot tell.

    Files of Unix hold line feeds alone: of these only a carriage return within a line is a trace of the message.
    """
    pairs = raw.count(b"\r\n")
    feeds, returns = raw.count(b"\n") - pairs, raw.count(b"\r") - pairs
    lines = max(pairs, feeds)
    if (
        not lines
        or returns > _MOST_SHARE * lines
        or (pairs and _MOST_SHARE * max(pairs, feeds) < min(pairs, feeds))
    ):
        return None
    is_of_unix = feeds > pairs
    if is_of_unix and not returns:
        return None
    count = returns if is_of_unix else feeds + returns
    wanted = re.compile(rb"\r(?!\n)") if is_of_unix else _BARE
    first = wanted.search(raw) if count else None
    return BareEnds(count, raw.count(b"\n", 0, first.start()) + 1 if first else None)


def long_lines(raw: bytes) -> tuple[LongLine, ...]:
    """Return the first lines above 998 octets (RFC 5322, section 2.1.1), the line break not counted; base64 is left out."""
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
