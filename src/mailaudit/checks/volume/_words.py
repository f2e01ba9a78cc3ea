"""What the checks of the flow have in common: how a limit is called, and how sure we are of it."""

from collections.abc import Sequence

from mailaudit.checks.rule import Facts, Severity
from mailaudit.facts.volume.model import Peak
from mailaudit.knowledge.load import providers
from mailaudit.wording import length, numbered

_SHOWN = 8
# What a check says that only looks at limits which are kept.
BROKEN = "the plan breaks every limit that applies: see window-over-limit"


def provider_name(provider: str) -> str:
    """Return the name of a recipient provider, as people know it."""
    return next((one.name for one in providers() if one.id == provider), provider)


def is_known(provider: str) -> bool:
    """Say whether a receiver is a provider of the knowledge base, and not a domain of mail servers."""
    return any(one.id == provider for one in providers())


def name_of(peak: Peak) -> str:
    """Return the limit as a person calls it: `the limit of 400 in 10 minutes (our relay)`."""
    name = "" if peak.rule.name == "ordinary address" else f" ({peak.rule.name})"
    return f"the limit of {peak.limit:,} in {length(peak.rule.window_s)}{name}"


def discriminator(peak: Peak) -> str:
    """Return what tells two limits on one key apart."""
    return f"{peak.rule.scope}/{peak.rule.window_s}/{peak.rule.name}"


def severity_for(peak: Peak) -> Severity | None:
    """Return a note for a limit of which we are not sure, nothing (the check's own severity) for any other."""
    return Severity.NOTE if peak.rule.confidence == "low" else None


def judged(facts: Facts, peak: Peak) -> Peak:
    """Return the peak; raises `Unavailable` when nobody knows whether its limit applies at all."""
    if not peak.rule.own:
        facts.volume.ordinary_address.get()
    return peak


def warm_up_steps(daily: Sequence[int]) -> tuple[str, ...]:
    """Return how to send over several days: one schedule, whichever check asks for it."""
    shown = ", ".join(f"{count:,}" for count in daily[:_SHOWN]) + (" …" if len(daily) > _SHOWN else "")
    return (
        f"Spread the campaign over {numbered(len(daily), 'day')}: {shown}.",
        "Begin with the people who opened or clicked most recently.",
        "Run `mailaudit plan --warm-up` for the table, a CSV file and a calendar file.",
    )
