"""Tells keys that a platform gives to all its customers from keys of one's own."""

from __future__ import annotations

from mailaudit.facts.sender.dkim.observe import DkimFacts
from mailaudit.knowledge import lookup


def shared_by(key: DkimFacts) -> str | None:
    """Return the platform whose customers all point to the same key record, so that all sign with one key.

    That is known when a CNAME of the selector ends at a name that the knowledge base gives without a variable part.
    RFC 6376, section 5.3, lets several domains use one key; whoever holds it could sign for all of them.
    """
    for target in key.answer.cname_chain:
        name = target.lower().rstrip(".")
        found = next(
            (one for one in lookup.platform_by_dkim_target(name) if one.evidence.value.lower() == name), None
        )
        if found:
            return found.platform.name
    return None
