"""A plan as the keys of `schedule` in a campaign file."""

from collections.abc import Collection, Mapping
from datetime import UTC, timezone
from fractions import Fraction

from mailaudit.campaign.schedule import Schedule
from mailaudit.campaign.values.types import Duration, Rate, Unit
from mailaudit.campaign.yaml.source import Source
from mailaudit.errors import refused
from mailaudit.facts.volume.limiter_worst_case import worst_of_schedule
from mailaudit.knowledge.types.volume import LimiterKind
from mailaudit.planning.model import NoPlan, SendingPlan

# What gives a pace; a plan replaces it.
_PACES = ("rate", "batch", "over", "limiter")
_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def rate_key(rate: Rate) -> str:
    """Return a rate as the campaign file has it."""
    return f"{rate.count}/{rate.per.unit if rate.per.amount == 1 else rate.per}"


def weekdays_key(days: Collection[int] | None) -> str | None:
    """Return ISO weekdays as the campaign file has them, `mon-fri` or `[mon, wed]`; nothing for every day."""
    if not days:
        return None
    first, last = min(days), max(days)
    if first != last and len(days) == last - first + 1:
        return f"{_DAYS[first - 1]}-{_DAYS[last - 1]}"
    names = ", ".join(_DAYS[day - 1] for day in sorted(days))
    return names if first == last else f"[{names}]"


def start_key(plan: SendingPlan) -> str | None:
    """Return when the first mail leaves as the campaign file has it, with an offset where the local time does not tell."""
    if plan.waves:
        begins = plan.waves[0].begins_at
        return f"local {begins:%Y-%m-%dT%H:%M}" if plan.starts_at else f"local {begins:%H:%M}"
    at = plan.starts_at
    if at is None:
        return None
    is_told = at.fold or (isinstance(at.tzinfo, timezone) and at.tzinfo is not UTC)
    return (at if is_told else at.replace(tzinfo=None)).isoformat(timespec="seconds" if at.second else "minutes")


def pace_keys(plan: SendingPlan) -> dict[str, str]:
    """Return what a schedule needs to send as the plan does; raises `InputError` where no schedule says that."""
    todo = "take the calendar (-o plan.ics), or a list for each day (--split)"
    if plan.rate is None or plan.warm_up is not None:
        raise refused("a warm-up has a rate for each day, which no schedule says", todo=todo)
    if len(plan.days) > 1 and plan.most_a_day is None:
        raise refused("this plan pauses for longer than days, which no schedule says", todo=todo)
    keys = {"rate": rate_key(plan.typed.rate if plan.typed else plan.rate)}
    if plan.most_a_day:
        keys["most_a_day"] = str(plan.most_a_day)
    if plan.is_moved:
        keys["hours"] = f'"{plan.hours}"'
    return keys


def as_set(plan: SendingPlan, rate: Rate, schedule: Schedule) -> Rate:
    """Return what the program's setting comes to, where its limiter lets bursts through at any other rate as fast."""
    setting = plan.software
    if setting is None or not setting.count or not setting.period_s.is_integer():
        return rate
    limiter, sent = setting.limiter, (setting.count + setting.limiter.overshoot) * setting.processes
    bursts = limiter.kind is limiter.typed_kind and (
        limiter.kind in {LimiterKind.TUMBLING, LimiterKind.TOKEN_BUCKET} or _is_burst(plan, rate, schedule)
    )
    if not bursts or sent % plan.processes:
        return rate
    period = int(setting.period_s)
    count = min(sent // plan.processes, rate.count * period // rate.per.seconds)
    return Rate(count, Duration(period, Unit.SECOND)) if count else rate


def _is_burst(plan: SendingPlan, rate: Rate, schedule: Schedule) -> bool:
    """Say whether the program, set to this rate, may break a limit."""
    kind = plan.software.limiter.kind if plan.software else LimiterKind.SMOOTH
    each = rate.count, Fraction(rate.per.seconds)
    return any(
        worst_of_schedule(kind, each, peak.rule.window_s, schedule, plan.messages) > peak.limit
        for peak in plan.peaks
    )


def schedule_changes(plan: SendingPlan | NoPlan, *, with_start: bool) -> Mapping[str, str | None]:
    """Return what to change under `schedule`, `None` for keys that go; raises `InputError` without a plan.

    `with_start` tells that the plan begins at another time than the file says.
    """
    if isinstance(plan, NoPlan):
        raise refused(f"there is nothing to write down: {plan.reason}")
    changes: dict[str, str | None] = dict.fromkeys((*_PACES, "most_a_day"))
    if with_start and plan.starts_at is not None:
        changes["start"] = start_key(plan)
    return changes | pace_keys(plan)


def refuse_shared_pace(changes: Mapping[str, str | None], shared: Source) -> None:
    """Raise `InputError` where the shared file says what would have to go: a campaign file can only add to it."""
    for name, value in changes.items():
        key = f"schedule.{name}"
        if value is None and key in shared.places:
            what = f"{key}: stands in the shared file, which a copy of the campaign file cannot take back"
            raise refused(what, shared.where(key), "take it out there, and give it in the campaigns")
