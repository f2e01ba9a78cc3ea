"""Misspelt names of services that many include in SPF."""

import difflib
from functools import cache

from mailaudit.knowledge import load
from mailaudit.knowledge.patterns import is_template
from mailaudit.knowledge.types.platform import EvidenceKind

_ALIKE = 0.9


def known_include(name: str) -> str | None:
    """Return the service's name of which another one, which does not exist, is a misspelling."""
    close = difflib.get_close_matches(name.lower().rstrip("."), _names(), n=1, cutoff=_ALIKE)
    return close[0] if close else None


@cache
def _names() -> tuple[str, ...]:
    platforms = (name for one in load.platforms() for name in one.values(EvidenceKind.SPF_INCLUDE))
    mailboxes = (name for one in load.mailbox_services() for name in one.spf)
    return tuple(dict.fromkeys(name for name in (*platforms, *mailboxes) if not is_template(name)))
