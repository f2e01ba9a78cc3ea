"""The list is sorted so that one provider gets its mail in one go.

## Why it matters
A list that is sorted by address or domain sends thousands of messages to one mailbox provider within minutes. To that
provider the campaign looks ten times as fast as it is, and it slows down or refuses the mail. The same list in mixed
order passes unnoticed.

Beside the known providers, the fifty receivers with the most people are looked at: domains whose first mail server (MX)
lies under one registered domain are one receiver, named by that domain.

## How to fix
Shuffle the list, or interleave the providers, before you send.

## References
- [Gmail: increase volume slowly and avoid bursts](https://support.google.com/a/answer/81126)
- [Error messages of GMX and WEB.DE: too many mails in a short time](https://postmaster.web.de/de/fehlermeldungen)
"""

from collections.abc import Sequence

from mailaudit.checks.rule import Evidence, Facts, Impact, NotApplicable, Owner, Problem, Problems, Severity, check
from mailaudit.checks.volume._words import is_known, provider_name
from mailaudit.facts.volume.model import ProviderFlow
from mailaudit.wording import moment, numbered

# Chance alone clusters a little; only a clear burst to a provider with many recipients is worth a word.
_TIMES = 2
_FEWEST = 100
_SHARED = Evidence("counted together", "the domains whose first mail server (MX) is there")


def providers_of_the_list(facts: Facts) -> Sequence[ProviderFlow]:
    """Return what each provider gets; raises `NotApplicable` when nobody knows, or the list is mixed anyway."""
    flows = facts.volume.projection.providers
    schedule = facts.campaign.schedule
    if schedule is not None and schedule.order != "list":
        raise NotApplicable(f"the messages are sent in another order ({schedule.order})")
    if not flows:
        raise NotApplicable("no mailbox provider of this list is known")
    return flows


@check(
    Severity.WARNING,
    passed="The list spreads each provider's recipients evenly.",
    each=providers_of_the_list,
    follows=("provider-over-limit",),
)
def list_clustered_by_provider(facts: Facts, flow: ProviderFlow) -> Problems:
    """Judge one provider."""
    if flow.messages < _FEWEST or flow.peak < _FEWEST or flow.peak < _TIMES * flow.peak_shuffled:
        return
    when = f", between {moment(flow.begins_at)} and {moment(flow.ends_at)}" if flow.begins_at else ""
    name = provider_name(flow.provider)
    known = (flow.provider,) if is_known(flow.provider) else ()
    yield Problem.about(
        flow.provider,
        f"{name} gets {numbered(flow.peak, 'mail')} in 10 minutes because of the order of the list; "
        f"if it were shuffled, {flow.peak_shuffled:,}.",
        "Shuffle the list, or sort it by something that has nothing to do with the domain.",
        "If your software can do it, let it interleave the providers; then write `order: interleaved`.",
        owner=Owner.LIST_OWNER,
        location="recipients",
        evidence=(
            Evidence(name, f"{numbered(flow.messages, 'mail')} in all{when}"),
            *([] if known else [_SHARED]),
        ),
        impact=Impact(flow.messages, flow.messages / max(facts.volume.messages, 1), known),
    )
