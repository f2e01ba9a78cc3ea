"""What one cell of a suppression list stops: an address, a whole domain, or a digest, in whatever dress."""

import re

from mailaudit.facts.recipients.judging.address import addresses_in, judge
from mailaudit.facts.recipients.judging.repairs import repaired
from mailaudit.facts.recipients.reading.columns import holds_digest

# `@acme.example`, `*@acme.example`, `acme.example`, also in angle brackets.
_DOMAIN = re.compile(r"<?(?:\*?@)?([^\s@<>*%/]+\.[^\s@<>*%/.]*[^\W\d_][^\s@<>*%/.]*)\.?>?\Z")


def stop_entries(cell: str) -> tuple[str, ...]:
    """Return the comparable addresses, `@domain` forms and digests of a cell; nothing when it stops nobody.

    Who is stopped is not looked at closely: a sign around the address, or an invisible one in it, protects nobody.
    """
    text = cell.strip()
    if holds_digest(text):
        return (text.lower(),)
    found = addresses_in(text)
    if not found:
        verdict = judge(text)
        mended = repaired(text) if not verdict.is_valid else None
        found = tuple(one for one in (verdict, judge(mended or "")) if one.is_valid)
    if found:
        return tuple(dict.fromkeys(one.key for one in found))
    named = _DOMAIN.match(text)
    whole = judge(f"x@{named[1]}") if named else None
    return (f"@{whole.domain}",) if whole and whole.is_valid else ()
