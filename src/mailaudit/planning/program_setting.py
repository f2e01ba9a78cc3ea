"""The fastest setting of a known program for which even the worst case of its own limiter keeps every limit."""

from collections.abc import Mapping
from fractions import Fraction
from math import ceil

from mailaudit.campaign.schedule import Schedule
from mailaudit.campaign.values.types import Rate
from mailaudit.facts.volume.flow.pace import limiter_of
from mailaudit.facts.volume.flow.streams import Flows
from mailaudit.facts.volume.limiter_worst_case import worst_window
from mailaudit.facts.volume.limits import Applied
from mailaudit.facts.volume.steady_rate import other_at_most
from mailaudit.knowledge.types.volume import Limiter, LimiterKind
from mailaudit.planning.model import SoftwareSetting
from mailaudit.planning.problem import PlanningProblem, reserved

_MINUTE, _HOUR, _DAY = 60, 3600, 86_400
# Jobs of cron run in whole minutes that divide an hour, or hours that divide a day: any other step limps at midnight.
_RUNS = tuple(60 * n for n in (1, 2, 3, 4, 5, 6, 10, 12, 15, 20, 30, 60, 120, 180, 240, 360, 480, 720, 1440))
_NICE = (1, 2, 3, 4, 5, 6, 10, 12, 15, 20, 30, *(60 * n for n in (1, 2, 3, 4, 5, 6, 8, 10, 12, 15, 20, 30, 60, 120, 180,
         240, 360, 720, 1440)))  # fmt: skip
# One mail in so many seconds: every pause up to three minutes, then whole minutes, then hours.
_PAUSES = (*range(1, 180), *range(180, 7200, 60), *range(7200, _DAY + 1, 3600))
# What people like to set, when it is at most a twentieth slower than the plan: the program's own period, a minute, an hour.
_LIKED = (Fraction(60), Fraction(3600))
_ENOUGH = Fraction(95, 100)
_UNITS = {1: "s", _MINUTE: "min", _HOUR: "h", _DAY: "d"}


def program_setting(problem: PlanningProblem, flows: Flows, rate: Rate, *, stops: bool) -> SoftwareSetting | None:
    """Return the fastest setting of the campaign's program that keeps every limit, 0 of it when there is none.

    `rate` is the plan's own, of each process; a plan that `stops` each day keeps the limits of days by that. Nothing is
    returned when the program is not known, or nothing limits it.
    """
    mailing = problem.plan.mailing
    limiter = limiter_of(mailing.schedule, mailing.program)
    limits = [limit for limit in problem.limits if not stops or limit.rule.window_s < _DAY // 2]
    if limiter is None or not limits:
        return None
    processes = _processes(mailing.schedule, limiter)
    counts = {period: _most(problem, flows, limits, limiter, period, processes) for period in _periods(limiter)}
    paces = {period: _pace(limiter, count, period) for period, count in counts.items()}
    best = max(paces, key=lambda period: (paces[period], -period))
    wanted = Fraction(rate.count * problem.plan.schedule.processes, rate.per.seconds * processes)
    liked = (*filter(None, (_own_period(limiter),)), *_LIKED)
    enough = min(wanted, paces[best]) * _ENOUGH
    chosen = next((period for period in liked if paces.get(period, 0) >= max(wanted * _ENOUGH, enough)), best)
    count = counts[chosen]
    typed = _typed(limiter, count, chosen) if count else {}
    settings = mailing.settings
    return SoftwareSetting(
        limiter=limiter,
        count=count,
        period_s=float(chosen),
        processes=processes,
        share=float(min(paces[chosen] / wanted, Fraction(1))),
        typed=typed,
        changed=settings.changed(typed) if settings is not None and count else (),
    )


def _processes(schedule: Schedule | None, limiter: Limiter) -> int:
    """Return how many send at once: as many as the campaign says, else as the program starts by itself."""
    said = schedule is not None and "processes" in schedule.model_fields_set
    return schedule.processes if schedule is not None and said else limiter.processes


def _periods(limiter: Limiter) -> tuple[Fraction, ...]:
    if limiter.periods_s:
        return tuple(map(Fraction, limiter.periods_s))
    lengths = _PAUSES if limiter.most == 1 else _RUNS if limiter.typed_kind is LimiterKind.BATCH else _NICE
    own = _own_period(limiter)
    return tuple(dict.fromkeys((*((own,) if own and limiter.most is None else ()), *map(Fraction, lengths))))


def _own_period(limiter: Limiter) -> Fraction | None:
    return Fraction(limiter.every_ms, 1000) if limiter.every_ms else None


def _pace(limiter: Limiter, count: int, period: Fraction) -> Fraction:
    return (count + limiter.overshoot) / period if count else Fraction(0)


def _most(  # noqa: PLR0917 - one caller
    problem: PlanningProblem,
    flows: Flows,
    limits: list[Applied],
    limiter: Limiter,
    period: Fraction,
    processes: int,
) -> int:
    """Return the most messages in a period, of each process, with which no window goes over its limit."""
    messages, count = problem.plan.messages, limiter.most or problem.plan.messages
    for limit in limits:
        other = other_at_most(limit, flows)
        low, high = 0, count + 1
        while high - low > 1:
            middle = (low + high) // 2
            sent = (middle + limiter.overshoot) * processes, period
            kept = _keeps(limiter.typed_kind, sent, limit, other, messages)
            low, high = (middle, high) if kept else (low, middle)
        count = low
    return count


def _keeps(kind: LimiterKind, sent: tuple[int, Fraction], limit: Applied, other: int, messages: int) -> bool:
    """Say whether a limiter keeps a limit in its worst case, and with the reserve free while it sends without a pause."""
    window, room = limit.rule.window_s, reserved(limit).rule.max - other
    worst = min(worst_window(kind, sent, window), messages)
    if kind is not LimiterKind.TUMBLING:
        return worst <= room
    # The end of one window and the begin of the next meet only after a pause; else every window is as full as the others.
    running = min(sent[0] * ceil(window / sent[1]), messages)
    return running <= room and worst <= limit.rule.max - other


def _typed(limiter: Limiter, count: int, period: Fraction) -> Mapping[str, str]:
    """Return the settings as a person types them in."""
    seconds = int(period)
    told = {
        "count": count,
        "seconds": seconds,
        "minutes": max(seconds // _MINUTE, 1),
        "duration": _duration(seconds),
        "unit": _UNITS.get(seconds, "s"),
        "cron": _cron(seconds),
    }
    return {one.name: one.value.format_map(told) for one in limiter.typed}


def _duration(seconds: int) -> str:
    for length, unit in ((_HOUR, "h"), (_MINUTE, "m")):
        if seconds % length == 0:
            return f"{seconds // length}{unit}"
    return f"{seconds}s"


def _cron(seconds: int) -> str:
    if seconds <= _MINUTE:
        return "* * * * *"
    if seconds < _HOUR:
        return f"*/{seconds // _MINUTE} * * * *"
    if seconds == _HOUR:
        return "0 * * * *"
    return f"0 */{seconds // _HOUR} * * *" if seconds < _DAY else "0 0 * * *"
