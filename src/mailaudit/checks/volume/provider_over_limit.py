"""One mailbox provider gets more mail in a stretch of time than it takes.

## Why it matters
Gmail, Orange or Free count what reaches them from one sender. When too much arrives at once they answer “too many
messages, come back later”; the rest waits for hours, and a sender that does not slow down is refused. A list that is
sorted by domain sends everything for one provider in one go, although the campaign as a whole looks slow.

Few providers publish numbers, so what we know of them is a note; limits of your own (`scope: provider`) are binding.

## How to fix
Interleave the providers (`order: interleaved`) or send more slowly.

## References
- [Gmail: “421 4.7.28 unusual rate of mail”](https://support.google.com/a/answer/3726730)
- [RFC 5321, section 4.5.4.1: retry strategy](https://www.rfc-editor.org/rfc/rfc5321#section-4.5.4.1)
"""

from collections.abc import Sequence

from mailaudit.checks.rule import Evidence, Facts, Impact, Magnitude, NotApplicable, Problems, Severity, check
from mailaudit.checks.volume._words import limit_problem, name_of, provider_name
from mailaudit.facts.volume.model import Peak
from mailaudit.wording import length, moment, numbered


def limits_of_providers(facts: Facts) -> Sequence[Peak]:
    """Return the fullest window under each limit on what a provider gets; raises `NotApplicable` without any."""
    peaks = facts.volume.projection.provider_peaks
    if not peaks:
        raise NotApplicable("no limit is known for the providers of this list")
    return peaks


@check(
    Severity.ERROR, passed="No mailbox provider gets more mail at once than it takes.", each=limits_of_providers
)
def provider_over_limit(facts: Facts, peak: Peak) -> Problems:
    """Judge one limit on one provider."""
    if not peak.breached:
        return
    since = f" from {moment(peak.at)} on" if peak.at else ""
    what = peak.rule.consequence or "refuse or delay the rest"
    provider = peak.rule.provider or peak.key
    name = provider_name(provider)
    yield limit_problem(
        facts,
        peak,
        provider,
        f"{numbered(peak.peak, 'mail reaches', 'mails reach')} {name} in {length(peak.rule.window_s)}{since}, over "
        f"{name_of(peak)}. From message {peak.first_breach_message:,} on {name} may {what}.",
        *_steps(facts, peak),
        evidence=(
            Evidence("limit", f"{peak.limit:,} in {length(peak.rule.window_s)} ({peak.rule.source})"),
            Evidence("messages over the limit", f"{peak.over:,}"),
        ),
        impact=Impact(peak.over, peak.over / max(facts.volume.messages, 1), (provider,)),
        magnitude=Magnitude(peak.peak, "messages"),
    )


def _steps(facts: Facts, peak: Peak) -> tuple[str, ...]:
    schedule = facts.campaign.schedule
    mixed = schedule is not None and schedule.order == "interleaved"
    first = () if mixed else ("Mix the list, so that no provider gets its mail in one go: `order: interleaved`.",)
    name = provider_name(peak.rule.provider or peak.key)
    return (
        *first,
        f"Send so slowly that {name} gets at most {peak.limit:,} in {length(peak.rule.window_s)}.",
        "Run `mailaudit plan` for the fastest schedule that keeps every limit.",
    )
