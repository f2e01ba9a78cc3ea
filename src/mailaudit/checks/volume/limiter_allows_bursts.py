"""The software's limiter lets through more than it is set to.

## Why it matters
“400 per 10 minutes” can mean three things. A program that counts in fixed windows lets 400 go at the end of one window
and 400 at the begin of the next: 800 within a few seconds. One that saves up (a token bucket) lets 400 saved ones go at
once and 399 more while it refills: 799. Only a program that counts back from now, or that spaces mail evenly, keeps the
limit that it is set to.

## How to fix
Set the program so that its worst case keeps the limit (about half), with a period of one minute or less, or forbid
bursts where it can do that.

## References
- [listmonk: performance settings](https://listmonk.app/docs/configuration/)
- [Token buckets and bursts, RFC 2697](https://www.rfc-editor.org/rfc/rfc2697)
"""

from collections.abc import Sequence

from mailaudit.checks.rule import Evidence, Facts, Magnitude, NotApplicable, Problems, Severity, check
from mailaudit.checks.volume._words import BROKEN, limit_problem, limits_of_a_sender, name_of
from mailaudit.facts.volume.limiter_worst_case import setting_of, worst_of_schedule
from mailaudit.facts.volume.model import Peak
from mailaudit.knowledge.types.volume import Limiter, LimiterKind, WindowKind
from mailaudit.wording import length

_HOW = {
    LimiterKind.TUMBLING: "counts in fixed windows, so the end of one and the begin of the next add up",
    LimiterKind.TOKEN_BUCKET: "saves up while it is idle and lets the saved ones go at once",
    LimiterKind.BATCH: "sends each batch at once",
    LimiterKind.SLIDING: "counts back from now",
    LimiterKind.SMOOTH: "spaces mail evenly",
}


def limits_of_the_software(facts: Facts) -> Sequence[Peak]:
    """Return the sliding limits; raises `NotApplicable` when nothing is known of the software."""
    if facts.volume.limiter is None:
        raise NotApplicable("the campaign names no software whose limiter is known")
    return [peak for peak in limits_of_a_sender(facts) if peak.rule.kind is WindowKind.SLIDING]


@check(Severity.WARNING, passed="The software's limiter keeps what it is set to.", each=limits_of_the_software)
def limiter_allows_bursts(facts: Facts, peak: Peak) -> Problems:
    """Judge the software against one limit that the plan keeps."""
    if peak.breached:
        raise NotApplicable(BROKEN)
    limiter = facts.volume.limiter
    true = facts.volume.true_pace
    setting = (true.size, true.step) if true else setting_of(facts.campaign.schedule, limiter)
    if limiter is None or setting is None:
        return
    schedule = facts.campaign.schedule
    if schedule and true:  # of all processes, and nobody stops the program after so many a day
        schedule = schedule.model_copy(update={"most_a_day": None, "processes": 1})
    worst, forbidden = (
        worst_of_schedule(kind, setting, peak.rule.window_s, schedule, facts.volume.messages)
        for kind in (limiter.kind, limiter.kind if true else limiter.typed_kind)
    )
    if worst <= peak.limit:
        return
    count, period = setting
    each = f" in each of {schedule.processes} processes" if schedule and schedule.processes > 1 else ""
    yield limit_problem(
        facts,
        peak,
        limiter.name,
        f"{limiter.name}, set to {count:,} per {length(float(period))}{each}, {_HOW[limiter.kind]}: "
        f"up to {worst:,} mails can leave in {length(peak.rule.window_s)}, over {name_of(peak)}.",
        *(_steps(limiter, peak) if forbidden > peak.limit else _without_bursts(limiter)),
        evidence=(Evidence("setting", limiter.setting), Evidence("source", limiter.provenance.source)),
        confidence=limiter.provenance.confidence,
        severity=None if forbidden > peak.limit and peak.rule.confidence != "low" else Severity.NOTE,
        magnitude=Magnitude(worst, "messages"),
    )


def _steps(limiter: Limiter, peak: Peak) -> tuple[str, ...]:
    return (
        f"Set {limiter.name} to at most {_safe(limiter.kind, peak):,} per {length(peak.rule.window_s)}.",
        "Better, choose a short period, for example a minute, so that a burst stays small.",
    )


def _without_bursts(limiter: Limiter) -> tuple[str, ...]:
    return (
        f"Set {limiter.setting}.",
        "Name the program's configuration in the campaign file (`sending.settings`), so that this is seen.",
    )


def _safe(kind: LimiterKind, peak: Peak) -> int:
    """Return the largest setting per window of the limit whose worst case keeps it."""
    return peak.limit if kind in {LimiterKind.SMOOTH, LimiterKind.SLIDING, LimiterKind.BATCH} else peak.limit // 2
