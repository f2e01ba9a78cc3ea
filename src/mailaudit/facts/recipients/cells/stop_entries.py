"""What one cell of a suppression list stops: an address, a whole domain, or a digest, in whatever dress."""

import re

from mailaudit.facts.recipients.cells.address import addresses_in, judge
from mailaudit.facts.recipients.cells.digests import digest_in
from mailaudit.facts.recipients.cells.repairs import MAX_CELL, repaired

# `@acme.example`, `*@acme.example`, `acme.example`, also in angle brackets; `*.acme.example`, `@*.acme.example` and
# `.acme.example` are the domain and all below it.
_DOMAIN = re.compile(r"<?(?:\*?@)?(\*?\.)?([^\s@<>*%/]+\.[^\s@<>*%/.]*[^\W\d_][^\s@<>*%/.]*)\.?>?\Z")
# An address in a line of prose, or of a log.
_ADDRESS = re.compile(r"[^\s<>()\[\]{}\"',;:|=]+@[^\s<>()\[\]{}\"',;:|=@]+")
# What people write behind an entry.
_REMARK = re.compile(r"(?<=\S)\s+(?:#|//|;|--).*", re.DOTALL)


def stop_entries(cell: str) -> tuple[str, ...]:
    """Return the comparable addresses, `@domain` forms and digests of a cell; nothing when it stops nobody.

    Who is stopped is not looked at closely: a sign around the address, or an invisible one in it, protects nobody.
    """
    text = cell.strip()
    return _entries(text) or _entries(_REMARK.sub("", text).strip()) or _inside(text)


def _inside(text: str) -> tuple[str, ...]:
    """Return the addresses somewhere in a text that is no remark as a whole."""
    if text.startswith(("#", "//", ";")):
        return ()
    found = (judge(one.strip(".!?*")) for one in _ADDRESS.findall(text.replace("%40", "@")[:MAX_CELL]))
    return tuple(dict.fromkeys(one.key for one in found if one.is_valid))


def _entries(text: str) -> tuple[str, ...]:
    if digest := digest_in(text):
        return (digest,)
    found = addresses_in(text)
    if not found:
        verdict = judge(text)
        mended = repaired(text) if not verdict.is_valid else None
        found = tuple(one for one in (verdict, judge(mended or "")) if one.is_valid)
    if found:
        return tuple(dict.fromkeys(one.key for one in found))
    named = _DOMAIN.match(text)
    whole = judge(f"x@{named[2]}") if named else None
    below = "*." if named and named[1] else ""
    return (f"@{below}{whole.domain}",) if whole and whole.is_valid else ()
