"""What the checks of identifier alignment have in common."""

from mailaudit.checks.rule import ChangeDmarc, DmarcAim, Evidence, Facts, NotApplicable, NotGiven
from mailaudit.checks.sender._dmarc import applied
from mailaudit.facts.sender.dmarc.alignment import Aligned, Mechanism


def identifiers(facts: Facts, mechanism: Mechanism) -> tuple[Aligned, ...]:
    """Return what a mechanism authenticates; raises `NotGiven` when nothing is known."""
    found = tuple(one for one in facts.sender.dmarc.aligned if one.identifier.mechanism is mechanism)
    if not found and mechanism is Mechanism.SPF:
        raise NotApplicable(
            f"{facts.sender.platform} uses a return path of its own, so SPF never counts for DMARC"
        )
    if not found:
        raise NotGiven(
            "no DKIM selector is known; name it under sending.dkim, or give a delivered message as message"
        )
    return found


def dkim_carries(facts: Facts) -> bool:
    """Say whether a usable key is known whose signatures count for the From domain."""
    aligned = {one.identifier.domain for one in facts.sender.dmarc.aligned if one.tree_walk.value}
    return any(
        key.answer.is_known and key.is_usable and key.selector.domain in aligned for key in facts.sender.dkim
    )


def problem_of_receivers(aligned: Aligned) -> tuple[Evidence, ...]:
    """Return a remark when receivers on the public suffix list come to another result than RFC 9989."""
    if aligned.tree_walk.value is None or aligned.tree_walk.value == aligned.suffix_list:
        return ()
    return (Evidence("receivers that still use the public suffix list", "take it as aligned"),)


def relaxing(facts: Facts, aligned: Aligned) -> ChangeDmarc | None:
    """Return the change that lets a domain of the same organization count, where only strict alignment keeps it from it."""
    return ChangeDmarc(applied(facts)[2], DmarcAim.RELAX) if aligned.fails_by_strictness else None
