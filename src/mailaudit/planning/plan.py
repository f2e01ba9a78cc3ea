"""Puts a plan together: the rate, the proof that nothing is much faster, batches, the software's units, the deadline."""

from collections.abc import Sequence
from datetime import datetime
from fractions import Fraction
from functools import partial

import numpy as np
from msgspec.structs import replace

from mailaudit.campaign.values.types import Rate
from mailaudit.facts.volume.flow.pace import Pace, open_ticks
from mailaudit.facts.volume.flow.streams import Flows, flows_of
from mailaudit.facts.volume.model import Peak
from mailaudit.facts.volume.peaks import peak_of
from mailaudit.facts.volume.steady_rate import most_a_day, steady_rate
from mailaudit.facts.volume.timeline import at_night, days_of, ordinary_day
from mailaudit.facts.volume.warm_up import daily_steps, first_steep
from mailaudit.facts.volume.windows.kinds import midnights, window_of
from mailaudit.knowledge.types.volume import LimitRule
from mailaudit.planning.batches import batches
from mailaudit.planning.deadline import deadline_of
from mailaudit.planning.earliest import Cap, shape
from mailaudit.planning.in_days import in_days
from mailaudit.planning.lanes import lanes
from mailaudit.planning.model import Deadline, LanePlan, LeftOut, NoPlan, PlannedDay, SendingPlan, TypedPace
from mailaudit.planning.outside_hours import outside_hours
from mailaudit.planning.problem import PlanningProblem
from mailaudit.planning.program_setting import program_setting
from mailaudit.planning.rate_search import solution, without_room
from mailaudit.planning.schedule_keys import as_set, weekdays_key
from mailaudit.planning.waves_in_days import waves_in_days

# Lanes are worth the trouble when they save one part in twenty.
_SOONER = 0.95
# A list of more than this is not searched message by message for the bound of a fixed order.
_BOUND_BY_CLASS = 2_000_000


def plan_campaign(problem: PlanningProblem, deadline: datetime | None = None) -> SendingPlan | NoPlan:
    """Return the fastest plan that keeps every limit, projected once more, or why there is none.

    Raises `InputError` when even that takes a lifetime.
    """
    whole, problem = problem, problem.counted()
    plan = problem.plan
    full = without_room(problem)
    if full is not None:
        return full
    if not problem.limits and not problem.by_provider:
        reason = "no limit is known for this way of sending"
        left_out = _left_out(problem, flows_of(plan, Pace(Fraction(1, max(plan.messages, 1)))))
        return NoPlan(plan.mailing.name, plan.messages, None, reason, is_free=True, left_out=left_out)
    solved = solution(problem)
    if isinstance(solved, NoPlan):
        outside = outside_hours(problem, None) if solved.limit is None else None
        moved = plan_campaign(problem.within(outside.hours), deadline) if outside else solved
        return replace(moved, is_moved=True) if isinstance(moved, SendingPlan) else moved
    problem, rate, flows = solved
    staged, spread = in_days(problem, flows), waves_in_days(problem, flows)
    if staged is not None:
        rate, flows = staged.rate, staged.flows
    if spread is not None:
        problem, rate, flows = spread.problem, spread.rate, spread.flows
        plan = problem.plan
    found = told(problem, flows, rate, deadline=deadline_of(deadline, flows, None if plan.waves else plan.opening))
    if any(peak.breached for peak in found.peaks):
        raise AssertionError("a plan that breaks a limit must never be shown")
    bound = _bound(problem, flows)
    found = replace(
        found,
        days=staged.days if staged else (),
        batching=None if plan.waves else batches(problem),
        software=program_setting(
            problem, flows, rate, stops=spread is not None or (staged is not None and len(staged.days) > 1)
        ),
        bound_s=None if bound is None else _seconds(flows, bound),
        bound_at=None if bound is None else flows.instant(bound),
        left_out=_left_out(problem, flows),
        lanes=_lanes(problem, flows),
        by_day=staged.days if staged else _by_day(flows, rate),
        warm_up_asked=_warm_up_asked(whole, flows),
        processes=plan.schedule.processes,
        gives_up=problem.gives_up,
        waves=plan.waves,
        most_a_day=spread.most_a_day if spread else staged.most_a_day if staged and len(staged.days) > 1 else None,
        at_night=at_night(flows, plan.waves) or 0,
        outside=None if staged or not _is_crowded(found.peaks) else outside_hours(problem, flows),
    )
    return replace(found, typed=_typed(found, problem, rate))


def told(problem: PlanningProblem, flows: Flows, rate: Rate | None, *, deadline: Deadline | None) -> SendingPlan:
    """Return what every plan says of a schedule that is laid out, with the peaks of its own projection."""
    plan, peaks = problem.plan, tuple(problem.projected(flows))
    return SendingPlan(
        name=plan.mailing.name,
        messages=plan.messages,
        order=plan.schedule.order,
        starts_at=flows.instant(flows.first_tick),
        ends_at=flows.instant(flows.last_tick),
        seconds=flows.seconds,
        rate=rate,
        peaks=peaks,
        binding=max(peaks, key=lambda peak: peak.share, default=None),
        deadline=deadline,
        hours=str(plan.schedule.hours) if plan.schedule.hours else None,
        weekdays=weekdays_key(plan.schedule.days),
    )


def _is_crowded(peaks: Sequence[Peak]) -> bool:
    """Say whether other mail takes so much of some limit that the campaign could end clearly sooner without it."""
    return any(peak.other_in_peak > peak.limit * (1 - _SOONER) for peak in peaks)


def _typed(found: SendingPlan, problem: PlanningProblem, rate: Rate) -> TypedPace | None:
    """Return what the line for the campaign file comes to where it is slower than the plan."""
    schedule = problem.plan.schedule.model_copy(update={"most_a_day": found.most_a_day})
    slower = as_set(found, rate, schedule)
    if slower == rate or (len(found.days) > 1 and found.most_a_day is None):
        return None
    flows = flows_of(
        replace(problem.plan, schedule=schedule), problem.pace(slower.count, slower.per.seconds), alone=True
    )
    return TypedPace(slower, flows.instant(flows.last_tick), flows.seconds)


def _warm_up_asked(problem: PlanningProblem, flows: Flows) -> tuple[int, ...]:
    """Return the days of a warm-up, where the plan would be the first that receivers see of so much mail."""
    mailing, crowd = problem.plan.mailing, problem.crowd()
    usual = ordinary_day(crowd, crowd.of_domain(mailing.organizational_domain))
    if mailing.ordinary.value is not True or first_steep(days_of(flows, ()), usual) is None:
        return ()
    return daily_steps(problem.plan.messages, usual, most=most_a_day(problem.limits, crowd))


def _by_day(flows: Flows, rate: Rate) -> tuple[PlannedDay, ...]:
    """Return what leaves on each local day at one steady rate."""
    borders = midnights(flows.clock, flows.first_tick, flows.last_tick)
    counts = flows.campaign.upto(borders - 1).tolist()
    days: list[PlannedDay] = []
    for begin, before, after in zip(borders.tolist(), counts, counts[1:], strict=False):
        if after > before:
            ends = flows.campaign.times(np.array([before, after - 1], dtype=np.int64)).tolist()
            begins_at, ends_at = map(flows.instant, ends)
            day = flows.clock.instant(begin).date() if flows.dated else None
            days.append(PlannedDay(len(days) + 1, day, after - before, rate, begins_at, ends_at))
    return tuple(days)


def _lanes(problem: PlanningProblem, flows: Flows) -> LanePlan | None:
    """Return lanes that end clearly sooner than the one list, else those that keep what it leaves out."""
    found = lanes(problem)
    if found is not None and found.slowest.seconds < flows.seconds * _SOONER:
        return found
    return lanes(problem, doubtful=True) if problem.doubtful_by_provider else None


def _left_out(problem: PlanningProblem, flows: Flows) -> tuple[LeftOut, ...]:
    """Return the doubtful limits that the plan would break, each with a rate that would keep it."""
    peaks = [(limit, peak_of(limit, flows)) for limit in problem.doubtful]
    peaks += [
        (limit, peak_of(limit, flows, problem.part(flows, index))) for limit, index in problem.doubtful_by_provider
    ]
    return tuple(LeftOut(peak, steady_rate(limit, flows)) for limit, peak in peaks if peak.breached)


def _bound(problem: PlanningProblem, flows: Flows) -> int | None:
    """Return the tick before which no schedule of this order can end, other mail left aside.

    For an order that is free each provider is bounded alone, which no order can beat.
    """
    plan = problem.plan
    if plan.waves:
        return None
    openings = partial(open_ticks, plan.opening, flows.clock, flows.first_tick)
    general = [_cap(limit.rule, flows) for limit in problem.limits]
    special = [_cap(limit.rule, flows, index) for limit, index in problem.by_provider]
    if (
        special
        and plan.schedule.order == "list"
        and plan.messages <= _BOUND_BY_CLASS
        and problem.sequence is not None
    ):
        bursts = shape(plan.messages, [*general, *special], openings(), problem.sequence.tolist())
        return bursts[-1].first if bursts else None
    ends = [shape(plan.messages, general, openings())]
    ends += [
        shape(
            problem.share(cap.of_class or 0),
            [replace(cap, of_class=None)],
            openings(),
        )
        for cap in special
    ]
    return max((bursts[-1].first for bursts in ends if bursts), default=None)


def _cap(rule: LimitRule, flows: Flows, index: int | None = None) -> Cap:
    length = flows.clock.ticks(rule.window_s)
    window = window_of(replace(rule, modifiers=()), flows.clock, flows.first_tick, flows.last_tick + length)
    return Cap(window, rule.max, index)


def _seconds(flows: Flows, tick: int) -> float:
    return (tick - flows.first_tick) / flows.clock.per_second
