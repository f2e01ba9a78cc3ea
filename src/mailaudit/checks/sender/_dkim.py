"""What the DKIM checks have in common."""

from mailaudit.checks.rule import Facts, NotApplicable, NotGiven
from mailaudit.facts.sender.dkim.observe import DkimFacts


def selectors(facts: Facts) -> tuple[DkimFacts, ...]:
    """Return the selectors to judge; raises `NotGiven` when the campaign shows none."""
    if not facts.sender.dkim:
        raise NotGiven(
            "no DKIM selector is known; name it under sending.dkim, or give a delivered message as message"
        )
    return facts.sender.dkim


def published(facts: Facts) -> tuple[DkimFacts, ...]:
    """Return the selectors that have a record, or did not answer; raises `NotApplicable` when none has."""
    found = tuple(dkim for dkim in selectors(facts) if not dkim.answer.is_known or dkim.keys)
    if not found:
        raise NotApplicable("no DKIM selector of the campaign has a key")
    return found
