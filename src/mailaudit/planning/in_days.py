"""A plan of two rates: quickly until a limit of days is used up, then nothing until it is free again.

A limit of a day beside one of minutes makes a single steady rate as slow as the day; a sender stops for the rest of the day
instead, and goes on when the first mails no longer count.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta

from mailaudit.campaign.values.types import Rate
from mailaudit.facts.volume.flow.clock import Clock
from mailaudit.facts.volume.flow.pace import LONGEST_S
from mailaudit.facts.volume.flow.sending_hours import DAY
from mailaudit.facts.volume.flow.stream_math import Run, Runs
from mailaudit.facts.volume.flow.streams import Flows, flows_of
from mailaudit.facts.volume.limits import Applied
from mailaudit.facts.volume.steady_rate import other_at_most
from mailaudit.knowledge.types.volume import WindowKind
from mailaudit.planning.model import PlannedDay
from mailaudit.planning.problem import PlanningProblem, opening_of, reserved
from mailaudit.planning.rate_search import fastest_rate, pace_for

# A window of at least this counts as one of days.
_LONG_S = DAY // 2
_MOST_STAGES = 2_000
# Of a week, at most one day in seven may be open.
_CLOSED = 7


@dataclass(frozen=True, slots=True)
class StagedPlan:
    """A rate, the streams when it stops at each limit of days, and what leaves on each day."""

    rate: Rate
    flows: Flows
    days: tuple[PlannedDay, ...]


def in_days(problem: PlanningProblem, steady: Flows) -> StagedPlan | None:
    """Return the plan of two rates where it keeps every limit and ends no later than the steady one."""
    long = [limit for limit in problem.limits if limit.rule.window_s >= _LONG_S]
    short = tuple(limit for limit in problem.limits if limit.rule.window_s < _LONG_S)
    if not long or not (short or problem.by_provider):
        return None
    found = fastest_rate(replace(problem, limits=short))
    if found is None:
        return None
    rate, _ = found
    flows = _staged(problem, rate, long)
    if flows is None or not problem.keeps_flows(flows):
        return None
    if flows.seconds > steady.seconds:
        return None
    days = tuple(_told(number, run, rate, flows) for number, run in enumerate(flows.campaign.runs, 1))
    return StagedPlan(rate, flows, days)


def _staged(problem: PlanningProblem, rate: Rate, long: list[Applied]) -> Flows | None:
    pace = pace_for(rate.count, rate.per.seconds)
    crowd = problem.crowd()
    room = min(reserved(limit).rule.max - other_at_most(limit, crowd) for limit in long)
    longest = max(limit.rule.window_s for limit in long)
    stages = -(-problem.plan.messages // room) if room > 0 else _MOST_STAGES + 1
    if stages > _MOST_STAGES:
        return None
    # Closed days stretch the plan; other mail must be laid out as far as it may reach.
    base = flows_of(
        replace(problem.plan, reach_s=problem.plan.reach_s + stages * max(longest, DAY) * _CLOSED), pace
    )
    clock, left, due = base.clock, problem.plan.messages, base.first_tick
    step = max(clock.ticks(pace.step), 1)
    runs: list[Run] = []
    begin = clock.epoch(base.first_tick)
    for opens, closes in opening_of(problem.plan).stretches(begin, begin + LONGEST_S):
        first, high = max(clock.tick_of_epoch(opens), due), clock.tick_of_epoch(closes)
        while left > 0 and first < high:
            sent = min(room, left, -(-(high - first) // step))
            runs.append(Run(first, step, sent))
            left -= sent
            due = first = _again(first, long, clock)
        if left <= 0:
            return replace(base, campaign=Runs(runs, problem.plan.messages))
    return None


def _again(first: int, long: list[Applied], clock: Clock) -> int:
    """Return when the same number may leave again: at the same time of a later day, and after every sliding window."""
    here = clock.instant(first).replace(tzinfo=None)
    days = max(-(-limit.rule.window_s // DAY) for limit in long)
    same_time = clock.tick((here + timedelta(days=days)).replace(tzinfo=clock.zone))
    sliding = [clock.ticks(limit.rule.window_s) for limit in long if limit.rule.kind is WindowKind.SLIDING]
    return max(same_time, first + max(sliding, default=0))


def _told(number: int, run: Run, rate: Rate, flows: Flows) -> PlannedDay:
    begins = flows.instant(run.first)
    return PlannedDay(
        number=number,
        day=begins.astimezone(flows.clock.zone).date() if begins else None,
        messages=run.beats * run.size,
        rate=rate,
        begins_at=begins,
        ends_at=flows.instant(run.first + (run.beats - 1) * run.step),
    )
