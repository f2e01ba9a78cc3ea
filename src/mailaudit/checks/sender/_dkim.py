"""What the DKIM checks have in common."""

from mailaudit.checks.rule import Facts, NotApplicable, NotGiven, Owner
from mailaudit.facts.sender.dkim.observe import DkimFacts
from mailaudit.facts.sender.names import is_at_or_under


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


def owner_of_key(facts: Facts, dkim: DkimFacts) -> Owner:
    """Return who can change the record of a key: whoever the name belongs to that an alias leads to."""
    target = dkim.cname_target
    is_own = target is None or is_at_or_under(target, facts.sender.organizational_domain)
    return Owner.DNS_ADMIN if is_own else Owner.PLATFORM
