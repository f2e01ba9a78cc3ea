"""What a known program may be set to, so that even the worst case of its own limiter keeps every limit."""

from __future__ import annotations

from fractions import Fraction

from mailaudit.facts.volume.flow.pace import limiter_of
from mailaudit.facts.volume.flow.streams import Flows
from mailaudit.facts.volume.limiter_worst_case import worst_window
from mailaudit.facts.volume.steady_rate import other_at_most
from mailaudit.knowledge.types.volume import Limiter, LimiterKind
from mailaudit.planning.model import SoftwareSetting
from mailaudit.planning.problem import PlanningProblem, reserved

# Jobs of cron run in whole minutes; settings in seconds are those that divide a minute.
_MINUTES = tuple(
    60 * count for count in (1, 2, 3, 4, 5, 6, 8, 10, 12, 15, 20, 30, 60, 120, 180, 240, 360, 720, 1440)
)
_SECONDS = (1, 2, 3, 4, 5, 6, 10, 12, 15, 20, 30)
# What people like to set, when nothing else is more than a twentieth faster: the program's own period, a minute, an hour.
_LIKED = (Fraction(60), Fraction(3600))
_ENOUGH = Fraction(95, 100)


def program_setting(problem: PlanningProblem, flows: Flows) -> SoftwareSetting | None:
    """Return the fastest setting of the campaign's program that keeps every limit; nothing when there is none."""
    schedule = problem.plan.mailing.schedule
    limiter = limiter_of(schedule, problem.plan.mailing.software)
    if limiter is None or not problem.limits:
        return None
    processes = schedule.processes if schedule else 1
    counts = {period: _most(problem, flows, limiter, period, processes) for period in _periods(limiter)}
    best = max(counts, key=lambda period: counts[period] / period)
    if not counts[best]:
        return None
    liked = (*filter(None, (_own_period(limiter),)), *_LIKED)
    wanted = counts[best] / best * _ENOUGH
    chosen = next((period for period in liked if counts.get(period, 0) / period >= wanted), best)
    return SoftwareSetting(limiter, counts[chosen], float(chosen))


def _periods(limiter: Limiter) -> tuple[Fraction, ...]:
    own = _own_period(limiter)
    lengths = _MINUTES if limiter.kind is LimiterKind.BATCH else (*_SECONDS, *_MINUTES)
    return tuple(dict.fromkeys((*((own,) if own else ()), *map(Fraction, lengths))))


def _own_period(limiter: Limiter) -> Fraction | None:
    return Fraction(limiter.every_ms, 1000) if limiter.every_ms else None


def _most(problem: PlanningProblem, flows: Flows, limiter: Limiter, period: Fraction, processes: int) -> int:
    """Return the most messages in a period, of each process, with which no window goes over its limit."""
    messages, count = problem.plan.messages, problem.plan.messages
    for limit in problem.limits:
        room = reserved(limit).rule.max - other_at_most(limit, flows)
        low, high = 0, count + 1
        while high - low > 1:
            middle = (low + high) // 2
            worst = worst_window(limiter.kind, (middle * processes, period), limit.rule.window_s)
            low, high = (middle, high) if min(worst, messages) <= room else (low, middle)
        count = low
    return count
