"""The campaign uses up a limit that the daily business mail needs too.

## Why it matters
A limit counts everything that leaves an address, a mailbox or a domain. While the campaign runs, order confirmations,
invoices and answers to customers find the limit used up: they are delayed or refused, and nobody notices at first.

## How to fix
Leave the business mail its share by sending the campaign more slowly or at night, or send campaigns from an address and
a sub-domain of their own, through a platform.

## References
- [RFC 5321, section 4.5.4.1: queues and retries](https://www.rfc-editor.org/rfc/rfc5321#section-4.5.4.1)
- [Google: what happens when a mailbox reaches its sending limit](https://support.google.com/a/answer/166852)
"""

from collections.abc import Sequence

from mailaudit.checks.rule import Evidence, Facts, Magnitude, NotGiven, Problems, Severity, check
from mailaudit.checks.volume._words import days_advised, limit_problem, limits_of_a_sender, name_of, warm_up_steps
from mailaudit.facts.volume.model import Crowded, Peak
from mailaudit.wording import clock_time, moment, numbered

_SHOWN = 5
_SLOWER = (
    "Send the campaign so slowly that the other mail keeps its share: `mailaudit plan` reserves it.",
    "Or send it when no other mail leaves.",
)


def limits_of_other_mail(facts: Facts) -> Sequence[Peak]:
    """Return the limits that other mail shares; raises `NotGiven` when the campaign names no other mail."""
    if not facts.campaign.other_mail:
        raise NotGiven("the campaign names no other mail (other_mail)")
    return limits_of_a_sender(facts)


@check(Severity.ERROR, passed="The daily business mail finds room in every limit.", each=limits_of_other_mail)
def business_mail_crowded_out(facts: Facts, peak: Peak) -> Problems:
    """Judge one limit."""
    if not peak.crowded:
        return
    count, days = sum(stretch.messages for stretch in peak.crowded), days_advised(facts)
    yield limit_problem(
        facts,
        peak,
        peak.key,
        f"{numbered(count, 'mail')} of your other mail may be delayed or refused{_when(peak.crowded)}, because the "
        f"campaign has used up {name_of(peak)}.",
        *(warm_up_steps(days) if days else _SLOWER),
        "For the future, send campaigns from an address and a sub-domain of their own.",
        magnitude=Magnitude(count, "messages"),
        location="other_mail",
        evidence=tuple(Evidence(stretch.name, _told(stretch)) for stretch in peak.crowded[:_SHOWN]),
    )


def _told(stretch: Crowded) -> str:
    begins, ends = stretch.begins_at, stretch.ends_at
    if not begins or not ends:
        return numbered(stretch.messages, "mail")
    return f"{numbered(stretch.messages, 'mail')} between {moment(begins)} and {clock_time(ends, begins)}"


def _when(crowded: Sequence[Crowded]) -> str:
    begins = [stretch.begins_at for stretch in crowded if stretch.begins_at]
    ends = [stretch.ends_at for stretch in crowded if stretch.ends_at]
    if not begins or not ends:
        return ""
    return f" between {moment(min(begins))} and {clock_time(max(ends), min(begins))}"
