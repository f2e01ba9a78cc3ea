"""What the campaign says about its platform does not fit what is seen.

## Why it matters
People often believe that their mail leaves through the platform that they pay for, while a plug-in, an old setting
or a second team sends it from somewhere else. Then the permissions, the limits and the reputation that count are
others.

## How to fix
Look into the settings of the software that sends: which server does it hand the mail to? Correct the setting or
the campaign file.

## References
- [RFC 6376, section 3.5](https://www.rfc-editor.org/rfc/rfc6376#section-3.5)
- [RFC 7208, section 2.4](https://www.rfc-editor.org/rfc/rfc7208#section-2.4)
"""

from __future__ import annotations

from collections.abc import Iterator

from mailaudit.checks.finding import Fix, Owner, Problem, Severity
from mailaudit.checks.registry import check
from mailaudit.checks.sender._origin import trail
from mailaudit.facts.facts import Facts
from mailaudit.facts.observed import NotGiven, Unavailable
from mailaudit.facts.sender.origin.clues import Clue, Place, Rank
from mailaudit.facts.sender.origin.conclusion import agrees
from mailaudit.facts.sender.origin.own_names import NO_PLATFORM
from mailaudit.knowledge.types.fact import Confidence
from mailaudit.knowledge.types.platform import Platform

# A From address, a reverse name that leads nowhere or a record of last year's service contradicts nothing.
_WEAK = {Rank.FROM_ADDRESS, Rank.REVERSE, Rank.PREPARED}


@check(Severity.WARNING, passed="What the campaign says about its platform fits what is seen.", needs=("dns",))
def platform_mismatch(facts: Facts) -> Iterator[Problem]:
    """Yield a problem when the strongest clue points elsewhere than the campaign says."""
    said = facts.campaign.sending.platform
    if not said:
        raise NotGiven("the campaign names no platform (sending.platform)")
    verdict = facts.sender.origin.verdict
    declared = verdict.declared
    if declared is None and said.lower() != NO_PLATFORM:
        return
    telling = [clue for clue in verdict.clues if clue.place is not Place.SOFTWARE and clue.rank not in _WEAK]
    if any(_fits(clue, declared) for clue in telling):
        return
    against = [clue for clue in telling if clue.confidence is not Confidence.LOW]
    if not against:
        _require_answers(facts)
        return
    first = against[0]
    yield Problem(
        subject=said,
        message=f"The campaign says {_said(declared)}, but {first.seen}, which points to {first.name}.",
        location="sending.platform",
        evidence=trail(against),
        fix=Fix(
            Owner.SENDER,
            (
                "Look into your software's settings for the server to which it hands the mail.",
                f"If {first.name} sends, correct `platform` in the campaign file; if not, correct the setting.",
                "Send yourself a test message and read its Received and DKIM-Signature headers.",
            ),
        ),
        confidence=first.confidence,
    )


def _require_answers(facts: Facts) -> None:
    failure = facts.sender.origin.preparation_failure
    if failure:
        raise Unavailable(failure)


def _fits(clue: Clue, declared: Platform | None) -> bool:
    if declared is None:
        return clue.place is Place.OWN_SERVER
    return clue.platform is not None and agrees(declared, clue.platform)


def _said(declared: Platform | None) -> str:
    return f"that {declared.name} sends it" if declared else "that no platform sends it"
