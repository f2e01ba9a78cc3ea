"""Finds the fastest steady rate that keeps every limit beside the other mail; the projection judges every candidate."""

from __future__ import annotations

from fractions import Fraction

from mailaudit.campaign.values.types import Duration, Rate, Unit
from mailaudit.facts.volume.flow.sending_hours import DAY
from mailaudit.facts.volume.flow.streams import Flows, flows_of
from mailaudit.facts.volume.model import RESERVE
from mailaudit.facts.volume.peaks import peak_of
from mailaudit.facts.volume.steady_rate import other_always
from mailaudit.knowledge.types.volume import WindowKind
from mailaudit.planning.model import NoPlan
from mailaudit.planning.problem import PlanningProblem, opening_of, reserved
from mailaudit.wording import length

UNITS = ((1, Unit.SECOND), (60, Unit.MINUTE), (3600, Unit.HOUR), (DAY, Unit.DAY))
# Below this many in a unit, rounding would waste too much: the next longer unit is used.
_ENOUGH = 20
# From so many in a unit on, one more or less is at most one part in fifty.
_FINE = 50
_YEAR_S = 365 * DAY
# Nobody plans for longer, and calendars of the far future mean nothing.
_MOST_YEARS = 5
_MOST_DAYS = 366


def fastest_rate(problem: PlanningProblem) -> tuple[Rate, Flows] | None:
    """Return the fastest steady rate in numbers that a person can type, and its streams; nothing when none keeps.

    Where several processes send, it is the rate of each. The shortest unit is taken in which rounding costs at most one part
    in fifty against the longer ones.
    """
    most, crowd = _at_most(problem) / problem.plan.schedule.processes, problem.crowd()
    found: list[tuple[int, int, Unit]] = []
    for seconds, unit in UNITS:
        highest = int(most * seconds)
        if highest < _ENOUGH and unit is not Unit.DAY:
            continue
        count = _largest(problem, crowd, seconds, highest)
        if count >= _ENOUGH or (unit is Unit.DAY and count):
            found.append((count, seconds, unit))
        if count >= _FINE:
            break
    if not found:
        return _slower_than_daily(problem, crowd)
    best = max(Fraction(count, seconds) for count, seconds, _ in found)
    count, seconds, unit = next(one for one in found if Fraction(one[0], one[1]) * (_FINE + 1) >= best * _FINE)
    return Rate(count, Duration(1, unit)), lay_out(problem, count, seconds)


def _slower_than_daily(problem: PlanningProblem, crowd: Flows) -> tuple[Rate, Flows] | None:
    """Return one message in as few days as the limits allow."""
    most = min(_MOST_DAYS, _MOST_YEARS * 365 // problem.plan.messages)
    if most < 1 or not problem.keeps(problem.pace(1, most * DAY), crowd):
        return None
    low, high = 0, most
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if problem.keeps(problem.pace(1, middle * DAY), crowd) else (middle, high)
    return Rate(1, Duration(high, Unit.DAY)), lay_out(problem, 1, high * DAY)


def lay_out(problem: PlanningProblem, count: int, seconds: int) -> Flows:
    """Return the streams when `count` messages leave evenly in each `seconds`."""
    return flows_of(problem.plan, problem.pace(count, seconds))


def without_room(problem: PlanningProblem) -> NoPlan | None:
    """Say so when a limit alone makes the campaign last for years, or other mail uses it up by itself."""
    plan = problem.plan
    for limit in problem.limits:
        rule = limit.rule
        years = Fraction(plan.messages * rule.window_s, max(rule.max, 1)) / _YEAR_S
        if rule.max == 0 or years > _MOST_YEARS:
            reason = f"{rule.max:,} in {length(rule.window_s)} ({rule.name}) would take {int(years):,} years"
            return NoPlan(plan.mailing.name, plan.messages, None, reason)
    crowd = problem.crowd()
    for limit in problem.limits:
        if other_always(limit, crowd) >= reserved(limit).rule.max:
            return NoPlan(plan.mailing.name, plan.messages, peak_of(limit, crowd), "the other mail leaves no room")
    return None


def too_much_at_once(problem: PlanningProblem) -> str:
    """Return why no rate was found, with the other mail named only where there is some."""
    plan, processes = problem.plan, problem.plan.schedule.processes
    beside = " beside the other mail" if plan.mailing.other_mail or plan.beside else ""
    tight = min(problem.limits, key=lambda limit: reserved(limit).rule.max, default=None)
    if processes > 1 and tight is not None and reserved(tight).rule.max < processes:
        allowed = f"{tight.rule.max:,} in {length(tight.rule.window_s)}"
        return f"{processes:,} processes at once break a limit of {allowed}{beside}; send from fewer"
    return f"even one message breaks a limit{beside}" if beside else "no steady rate keeps every limit"


def _largest(problem: PlanningProblem, crowd: Flows, seconds: int, highest: int) -> int:
    """Return the largest count that keeps the limits, by bisection; 0 when none does."""
    low, high = 0, highest + 1
    while high - low > 1:
        middle = (low + high) // 2 if low or high < _ENOUGH else max(low + 1, high - 1 - high // RESERVE)
        if problem.keeps(problem.pace(middle, seconds), crowd):
            low = middle
        else:
            high = middle
    return low


def _at_most(problem: PlanningProblem) -> Fraction:
    """Return a rate per second above which some limit breaks, with or without other mail."""
    plan = problem.plan
    opening = opening_of(plan)
    open_a_day = opening.open_seconds_a_week // max(
        7 if plan.schedule.days is None else len(plan.schedule.days), 1
    )
    # More than all at once within a minute is no slower than at once.
    most = Fraction(max(plan.messages, _ENOUGH), 60)
    shares = [(limit, plan.messages) for limit in problem.limits]
    shares += [(limit, problem.share(index)) for limit, index in problem.by_provider]
    for limit, messages in shares:
        rule = reserved(limit).rule
        if messages > rule.max:
            # Two fixed windows meet in the middle of a short campaign.
            room = (rule.max + 1) * (1 if rule.kind is WindowKind.SLIDING else 2)
            always_open = max(min(rule.window_s, open_a_day), 1)
            most = min(most, Fraction(room, always_open) * Fraction(plan.messages, max(messages, 1)))
    return most
