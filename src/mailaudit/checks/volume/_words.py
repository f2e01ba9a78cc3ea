"""What the checks of the flow have in common: the limits, how one is called, and what is wrong with it."""

from collections.abc import Sequence
from typing import Unpack

from mailaudit.checks.rule import Facts, NotApplicable, Problem, ProblemDetails, Severity
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


def limits_of_a_sender(facts: Facts) -> Sequence[Peak]:
    """Return the fullest window under each limit on what leaves; raises `NotApplicable` when there is none."""
    peaks = facts.volume.projection.peaks
    if not peaks:
        raise NotApplicable("the mail leaves through a sending platform's pool, and the campaign gives no limits")
    return peaks


def limit_problem(
    facts: Facts, peak: Peak, subject: str, message: str, *steps: str, **told: Unpack[ProblemDetails]
) -> Problem:
    """Return a problem with one limit: a note by default where we are not sure of the limit.

    Raises `Unavailable` when nobody knows whether the limit applies at all.
    """
    if not peak.rule.own:
        facts.volume.ordinary_address.get()
    by_default = ProblemDetails(
        location="schedule",
        confidence=peak.rule.confidence,
        severity=Severity.NOTE if peak.rule.confidence == "low" else None,
        # Tells two limits on one key apart.
        discriminator=f"{peak.rule.scope}/{peak.rule.window_s}/{peak.rule.name}",
    )
    return Problem.about(subject, message, *steps, **(by_default | told))


def days_advised(facts: Facts) -> Sequence[int]:
    """Return how many mails to send on each day, where several days are the one schedule that is advised."""
    wanted = facts.volume.projection.recommended
    return wanted.daily if wanted and wanted.is_warm_up else ()


def warm_up_steps(daily: Sequence[int]) -> tuple[str, ...]:
    """Return how to send over several days: one schedule, whichever check asks for it."""
    shown = ", ".join(f"{count:,}" for count in daily[:_SHOWN]) + (" …" if len(daily) > _SHOWN else "")
    return (
        f"Spread the campaign over {numbered(len(daily), 'day')}: {shown}.",
        "Begin with the people who opened or clicked most recently.",
        "Run `mailaudit plan --warm-up` for the table, a CSV file and a calendar file.",
    )
