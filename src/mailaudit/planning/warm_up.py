"""A warm-up: each day a little more, at a steady rate within the day's hours, as the published schedules have it."""

from collections.abc import Iterator
from datetime import datetime, time
from fractions import Fraction
from itertools import product

from msgspec.structs import replace

from mailaudit.campaign.values.types import Duration, Hours, Rate, Unit
from mailaudit.errors import refused
from mailaudit.facts.volume.flow.pace import LONGEST_S, Pace
from mailaudit.facts.volume.flow.sending_hours import DAY, local_date
from mailaudit.facts.volume.flow.stream_math import Run, Runs
from mailaudit.facts.volume.flow.streams import Flows, flows_of
from mailaudit.facts.volume.model import LONG_S
from mailaudit.facts.volume.own_time import over_days
from mailaudit.facts.volume.steady_rate import most_a_day
from mailaudit.facts.volume.timeline import ordinary_day
from mailaudit.facts.volume.warm_up import daily_steps
from mailaudit.knowledge.volume import warm_up
from mailaudit.planning.deadline import deadline_of
from mailaudit.planning.in_days import planned_day
from mailaudit.planning.model import NoPlan, SendingPlan
from mailaudit.planning.outside_hours import outside_hours
from mailaudit.planning.plan import plan_campaign, told
from mailaudit.planning.problem import PlanningProblem
from mailaudit.planning.rate_search import per_second, solution, typed, without_room

# The warm-up that is no published one: each day at most double the day before.
DOUBLE = "double"
# Without hours of its own a warm-up is sent while somebody can watch it.
DAYTIME = Hours(time(9), time(18))
_HOUR = 3600
_TRIES = 12


def plan_warm_up(
    problem: PlanningProblem, schedule: str = DOUBLE, deadline: datetime | None = None
) -> SendingPlan | NoPlan:
    """Return a warm-up over days that keeps every limit; `schedule` is the name of a published one.

    Without it each day holds at most double the day before, beginning with what the other mail of the domain made
    usual. Raises `InputError` for an unknown schedule.
    """
    steps_of = _published(schedule)
    if problem.plan.waves:
        return _in_waves(problem, steps_of, schedule, deadline)
    hours = problem.plan.schedule.hours or DAYTIME
    calm = problem.within(hours)
    plan = calm.plan
    full = without_room(problem)
    if full is not None:
        return full
    # Limits of days are kept by the days.
    paced = replace(calm, limits=tuple(limit for limit in calm.limits if limit.rule.window_s < LONG_S))
    highest = solution(paced.counted()) if paced.limits or paced.by_provider else None
    if isinstance(highest, NoPlan):
        outside = outside_hours(problem.counted(), None) if highest.limit is None else None
        moved = plan_warm_up(problem.within(outside.hours), schedule, deadline) if outside else highest
        return replace(moved, is_moved=True) if isinstance(moved, SendingPlan) else moved
    usual, room = _usual(calm), most_a_day(calm.limits, calm.crowd())
    for judge, attempt in product(calm.eased(), range(_TRIES)):
        share = Fraction(_TRIES - attempt, _TRIES)
        steps = daily_steps(plan.messages, usual, steps_of, None if room is None else max(int(room * share), 1))
        flows, rates = _laid_out(calm, steps, typed(per_second(highest[1]) * share) if highest else None)
        if judge.keeps_flows(flows):
            days = enumerate(zip(flows.campaign.runs, rates, strict=True), start=1)
            stages = tuple(planned_day(number, run, rate, flows) for number, (run, rate) in days)
            # No rate would do: what holds a warm-up back are its days.
            due = deadline_of(deadline, flows)
            found = told(calm, flows, None, deadline=due)
            return replace(found, days=stages, by_day=stages, warm_up=schedule, gives_up=judge.gives_up)
    return NoPlan(plan.mailing.name, plan.messages, None, "no warm-up was found that keeps every limit")


def _in_waves(
    problem: PlanningProblem, steps_of: tuple[int, ...], name: str, deadline: datetime | None
) -> SendingPlan | NoPlan:
    """Return a warm-up in which each day's people get the mail at their own time of day."""
    plan = problem.plan
    # Rounding may put a message of each zone more into a window that holds the end of one day and the begin of the next.
    most = max((most_a_day(problem.limits, problem.crowd()) or plan.messages) - len(plan.waves), 1)
    steps = [min(step, most) for step in daily_steps(plan.messages, _usual(problem), steps_of)] + [most]
    spread = replace(problem, plan=replace(plan, waves=over_days(plan.waves, steps)))
    found = plan_campaign(spread, deadline)
    return found if isinstance(found, NoPlan) else replace(found, warm_up=name, warm_up_asked=(), typed=None)


def _published(name: str) -> tuple[int, ...]:
    if name == DOUBLE:
        return ()
    known = {one.name: one.steps for one in warm_up().schedules}
    if name not in known:
        raise refused(f"{name}: no such warm-up", todo=f"use one of {', '.join(known)}")
    return known[name]


def _usual(problem: PlanningProblem) -> int:
    flows = flows_of(problem.plan, Pace(Fraction(1)))
    return ordinary_day(flows, flows.of_domain(problem.plan.mailing.organizational_domain))


def _laid_out(problem: PlanningProblem, steps: tuple[int, ...], highest: Rate | None) -> tuple[Flows, list[Rate]]:
    """Fill day after day; what does not fit into a day's hours at the highest rate is left to further days."""
    grain = Fraction(1, 1000)
    stretch = 3 * len(steps) * DAY
    base = flows_of(
        replace(problem.plan, grain=grain, stretch_s=stretch), Pace(grain, max(problem.plan.messages, 1))
    )
    clock = base.clock
    left = problem.plan.messages
    runs: list[Run] = []
    rates: list[Rate] = []
    for first, last in _day_openings(problem, base):
        if left <= 0:
            break
        seconds = (last - first) // clock.per_second
        if seconds < _HOUR // 4:
            continue  # the campaign begins too late on this day to be worth a stage
        wanted = min(steps[min(len(runs), len(steps) - 1)], left)
        rate = Rate(max(-(-wanted * _HOUR // seconds), 1), Duration(1, Unit.HOUR))
        rate = rate if highest is None else min(rate, highest, key=per_second)
        step = clock.ticks(1 / per_second(rate)) + 1
        sent = min(wanted, -(-(last - first) // step))
        runs.append(Run(first, step, sent))
        rates.append(rate)
        left -= sent
    if left > 0:
        raise refused("the warm-up would take longer than a hundred years", todo="raise the limits")
    return replace(base, campaign=Runs(runs)), rates


def _day_openings(problem: PlanningProblem, base: Flows) -> Iterator[tuple[int, int]]:
    """Yield one stretch for each local day on which mail may leave, from the campaign's start on."""
    clock = base.clock
    begin = clock.epoch(base.first_tick)
    seen = None
    for first, last in problem.plan.opening.stretches(begin, begin + LONGEST_S):
        opens = max(first, begin)
        day = local_date(opens, clock.zone)
        if day != seen and opens < last:
            seen = day
            yield clock.tick_of_epoch(opens), clock.tick_of_epoch(last)
