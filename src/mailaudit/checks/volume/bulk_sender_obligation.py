"""A provider gets so much mail that its rules for bulk senders apply.

## Why it matters
From about 5,000 mails a day on, Gmail, Outlook.com and La Poste ask for more than from everybody else: SPF and DKIM and
DMARC, alignment, one-click unsubscribe, few complaints. Orange begins at 1,000. Mail that does not meet the rules is
refused. Gmail adds up all sub-domains, and whoever was a bulk sender once remains one for ever.

## How to fix
Meet the duties that are named before you send; each has a check of its own. Staying below the threshold on purpose only
helps where the status is not permanent.

## References
- [Gmail: requirements for sending 5,000 or more messages a day](https://support.google.com/a/answer/81126)
- [Outlook.com: requirements for high-volume senders](https://sendersupport.olc.protection.outlook.com/pm/)
- [Orange: postmaster](https://postmaster.orange.fr)
- [RFC 8058: one-click unsubscribe](https://www.rfc-editor.org/rfc/rfc8058)
"""

from collections.abc import Sequence

from mailaudit.checks.rule import Confidence, Evidence, Impact, Problem, Problems, Severity, check
from mailaudit.checks.volume._duties import FOUND_BY, WORDS, unmet
from mailaudit.facts.facts import Facts
from mailaudit.facts.observed import NotApplicable
from mailaudit.facts.volume.model import Duty
from mailaudit.wording import numbered


def thresholds(facts: Facts) -> Sequence[Duty]:
    """Return how near the campaign comes to each threshold; raises `NotApplicable` when no such provider gets mail."""
    duties = facts.volume.projection.duties
    if not duties:
        raise NotApplicable("nobody on the list is known to be with a provider that has rules for bulk senders")
    return duties


@check(
    Severity.WARNING,
    passed="No provider gets so much mail that its rules for bulk senders apply.",
    needs=("dns", "recipients", "schedule"),
    each=thresholds,
    gate_when_unverified=False,
    follows=FOUND_BY,
)
def bulk_sender_obligation(facts: Facts, duty: Duty) -> Problems:
    """Judge one threshold."""
    rule, peak = duty.obligation.rule, duty.peak
    was_bulk = bool(duty.obligation.is_permanent and facts.campaign.history.bulk)
    if not (peak.breached or was_bulk):
        return
    domain = facts.sender.organizational_domain
    reason = (
        f"{numbered(peak.peak, 'mail reaches', 'mails reach')} {rule.name} within a day,"
        f" so its rules for bulk senders apply to {domain}."
        if peak.breached
        else f"{domain} is a bulk sender at {rule.name} already, as the campaign says (history.bulk)."
    )
    missing = tuple(unmet(facts, duty.obligation.duties))
    others = [word for word in duty.obligation.duties if word not in missing]
    permanent = " The status is permanent." if duty.obligation.is_permanent else ""
    state = f" Unmet: {_listed(missing)}; {rule.name} may {rule.consequence}." if missing else ""
    yield Problem.about(
        rule.provider or rule.name,
        f"{reason}{permanent}{state}",
        *(f"Before you send, see to {WORDS[word]}." for word in missing),
        f"Make sure of what else {rule.name} asks: {_listed(others)}." if others else "Keep it so.",
        location="schedule" if peak.breached else "history.bulk",
        evidence=(
            Evidence("threshold", f"more than {rule.max:,} a day ({rule.source})"),
            *(Evidence("duty", WORDS[word]) for word in duty.obligation.duties),
        ),
        confidence=Confidence(rule.confidence),
        severity=None if missing else Severity.NOTE,
        impact=Impact(peak.peak, peak.peak / max(facts.volume.messages, 1), (rule.provider or rule.name,)),
    )


def _listed(duties: Sequence[str]) -> str:
    return "; ".join(WORDS[word] for word in duties)
