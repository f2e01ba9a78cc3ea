"""What the DKIM checks have in common."""

from __future__ import annotations

from mailaudit.facts.facts import Facts
from mailaudit.facts.observed import NotGiven
from mailaudit.facts.sender.dkim.observe import DkimFacts


def selectors(facts: Facts) -> tuple[DkimFacts, ...]:
    """Return the selectors to judge; raises `NotGiven` when the campaign shows none."""
    if not facts.sender.dkim:
        raise NotGiven(
            "no DKIM selector is known; name it under sending.dkim, or give a delivered message as message"
        )
    return facts.sender.dkim
