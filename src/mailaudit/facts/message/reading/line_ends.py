"""Tell the line breaks that a message was sent with from those that a saved file has (RFC 5321, section 2.3.8)."""

import re

from mailaudit.facts.message.model import BareEnds

_BARE = re.compile(rb"\r(?!\n)|(?<!\r)\n")
# Where so many lines end otherwise than the rest, a program saved them so.
_MOST_SHARE = 0.2


def bare_ends(raw: bytes) -> BareEnds | None:
    """Return the bare carriage returns and line feeds, or nothing when the file cannot tell.

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
