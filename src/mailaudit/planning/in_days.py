"""A plan of two rates: quickly until a limit of days is used up, then nothing until it is free again.

A limit of a day beside one of minutes makes a single steady rate as slow as the day; a sender stops for the rest of the day
instead, and goes on when the first mails no longer count.
"""

from collections.abc import Sequence
from fractions import Fraction

from msgspec import Struct
from msgspec.structs import replace

from mailaudit.campaign.values.types import Duration, Rate, Unit
from mailaudit.errors import InputError
from mailaudit.facts.volume.flow.sending_hours import DAY
from mailaudit.facts.volume.flow.stages import MOST_STAGES, staged_runs
from mailaudit.facts.volume.flow.stream_math import Run
from mailaudit.facts.volume.flow.streams import Flows, flows_of
from mailaudit.facts.volume.limits import CampaignLimit
from mailaudit.facts.volume.model import LONG_S, jitter_of
from mailaudit.facts.volume.peaks import BURST
from mailaudit.facts.volume.steady_rate import other_at_most
from mailaudit.knowledge.types.volume import WindowKind
from mailaudit.planning.model import PlannedDay
from mailaudit.planning.problem import PlanningProblem, reserved
from mailaudit.planning.rate_search import fastest_rate, per_second, typed

_WEEK = 7
_HOUR = 3600
# Where no shorter limit asks for days, they are worth the trouble when they save a hundredth.
_WORTH = 0.99
# One part in so many more on a day is not worth looking for.
_FINE = 1000


class StagedPlan(Struct, frozen=True):
    """A rate, the streams when it stops at each limit of days, and what leaves on each day.

    `most_a_day` is the share of a day; missing where the stages are longer than days.
    """

    rate: Rate
    flows: Flows
    days: tuple[PlannedDay, ...]
    most_a_day: int | None


def in_days(problem: PlanningProblem, steady: Flows) -> StagedPlan | None:
    """Return the plan of two rates where it keeps every limit and ends before the steady one.

    Without a shorter limit the rate spreads a day's share over the day. Then only one night in which the clocks change
    makes a difference, and it slows that night, not every day.
    """
    long = [limit for limit in problem.limits if limit.rule.window_s >= LONG_S]
    if not long or problem.plan.waves:
        return None
    short = tuple(limit for limit in problem.limits if limit.rule.window_s < LONG_S)
    fastest = fastest_rate(replace(problem, limits=short)) if short or problem.by_provider else None
    if fastest is None and (short or problem.by_provider):
        return None
    most = min(reserved(limit).rule.max for limit in long)
    crowd = problem.crowd()
    sure = most - max(other_at_most(limit, crowd) for limit in long)
    low = max(sure, -(-problem.plan.messages // MOST_STAGES), 1)
    if low > most:
        return None
    stages = _Stages(problem, long, fastest[0] if fastest else None)
    found = stages.of(low)
    if found is None:
        return None
    high = most + 1
    while high - low > 1 + low // _FINE:
        middle = (low + high) // 2
        more = stages.of(middle)
        low, high, found = (middle, high, more) if more else (low, middle, found)
    rate, flows = found
    if flows.seconds >= steady.seconds * (1 if fastest else _WORTH):
        return None
    days = tuple(planned_day(number, run, rate, flows) for number, run in enumerate(flows.campaign.runs, 1))
    return StagedPlan(rate, flows, days, low if stages.days == 1 else None)


class _Stages:
    """Lays out stages of a day each, at a given rate or spread over the day."""

    def __init__(self, problem: PlanningProblem, long: Sequence[CampaignLimit], rate: Rate | None) -> None:
        self._problem = problem
        self._rate = rate
        self._long = long
        self.days = max(-(-limit.rule.window_s // DAY) for limit in long)

    def of(self, room: int) -> tuple[Rate, Flows] | None:
        """Return the streams with so many messages in a stage, where they keep every limit."""
        rate = self._gentle(self._rate, room) if self._rate else self._over_a_day(room)
        flows = self._laid_out(rate, room)
        return (rate, flows) if flows is not None and self._problem.keeps_flows(flows) else None

    def _gentle(self, rate: Rate, room: int) -> Rate:
        """Return the rate, or a slower one with which a stage that comes a little early does not burst a window.

        Two stages meet in a window that slides when the first is late and the second early.
        """
        crowd, processes = self._problem.crowd(), self._problem.plan.schedule.processes
        for limit in self._long:
            if limit.rule.kind is not WindowKind.SLIDING or not self._problem.robust:
                continue
            window, shift = limit.rule.window_s, 2 * jitter_of(limit.rule.window_s)
            full = room // processes * processes
            even = int((full * (window + shift) / window + processes) * BURST)
            beats = (max(limit.rule.max - other_at_most(limit, crowd), even) - full) // processes
            slower = typed(beats / shift)
            rate = min(rate, slower, key=per_second) if slower else rate
        return rate

    def _over_a_day(self, room: int) -> Rate:
        begin, end = self._problem.plan.opening.span()
        if end - begin == DAY:
            return Rate(room, Duration(1, Unit.DAY))
        return Rate(-(-room * _HOUR // (end - begin)), Duration(1, Unit.HOUR))

    def _laid_out(self, rate: Rate, room: int) -> Flows | None:
        plan, pace = self._problem.plan, self._problem.pace(rate.count, rate.per.seconds)
        # Closed days stretch the plan; other mail must be laid out as far as it may reach.
        weeks = Fraction(_WEEK, len(plan.schedule.days) if plan.schedule.days else _WEEK)
        stretch = int(-(-plan.messages // room) * self.days * DAY * weeks)
        try:
            base = flows_of(replace(plan, stretch_s=stretch), pace)
        except InputError:  # it takes centuries
            return None
        runs = staged_runs(pace, plan.opening, base.clock, base.first_tick, plan.messages, room, self.days)
        return None if runs is None else replace(base, campaign=runs)


def planned_day(number: int, run: Run, rate: Rate, flows: Flows) -> PlannedDay:
    """Return what a run of messages is to the people who send it."""
    begins = flows.instant(run.first)
    return PlannedDay(
        number=number,
        day=begins.astimezone(flows.clock.zone).date() if begins else None,
        messages=run.beats * run.size,
        rate=rate,
        begins_at=begins,
        ends_at=flows.instant(run.first + (run.beats - 1) * run.step),
    )
