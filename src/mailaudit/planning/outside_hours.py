"""Hours in which the other mail rests: a steady rate must leave it room all day, and is faster where it does not leave."""

from collections.abc import Iterator
from datetime import time

from mailaudit.campaign.values.types import Hours
from mailaudit.facts.volume.flow.sending_hours import DAY, seconds_of
from mailaudit.facts.volume.flow.streams import Flows
from mailaudit.planning.model import Outside
from mailaudit.planning.problem import PlanningProblem
from mailaudit.planning.rate_search import fastest_rate

_MINUTE, _HOUR = 60, 3600
# Clock times that a person types.
_STEP = 10 * _MINUTE
# What saves less than one part in twenty, or half an hour, is not worth being at work at night.
_SOONER = 0.95
_LEAST = _HOUR // 2


def outside_hours(problem: PlanningProblem, steady: Flows | None) -> Outside | None:
    """Return the rate beside resting other mail that ends first, where it ends clearly sooner than the steady one.

    Nothing for a campaign that has hours of its own, or that gets everybody at their own time. Other mail that no limit
    counts must be out of the problem.
    """
    plan = problem.plan
    if plan.schedule.hours or plan.waves:
        return None
    found = [outside for hours in _resting(problem) if (outside := _at(problem, hours)) is not None]
    best = min(found, key=lambda one: one.after_s, default=None)
    if best is None or steady is None:
        return best
    saved = steady.seconds - best.after_s
    return best if best.after_s < steady.seconds * _SOONER and saved >= _LEAST else None


def _resting(problem: PlanningProblem) -> Iterator[Hours]:
    """Yield the hours after the other mail of a day is out of every short window, and those before it begins."""
    flowing = [other.hours for other in problem.plan.mailing.other_mail if other.hours]
    if not flowing:
        return
    short = [limit.rule.window_s for limit in problem.limits if limit.rule.window_s <= 2 * _HOUR]
    ends = max(seconds_of(hours.end) or DAY for hours in flowing) + max(short, default=0)
    opens = -(-ends // _STEP) * _STEP
    closes = min(seconds_of(hours.begin) for hours in flowing)
    if DAY - opens >= _LEAST:
        yield Hours(_clock(opens), time(0))
    if closes >= _LEAST:
        yield Hours(time(0), _clock(closes))


def _at(problem: PlanningProblem, hours: Hours) -> Outside | None:
    """Return the fastest rate within some hours; nothing where there is none."""
    found = fastest_rate(problem.within(hours))
    if found is None:
        return None
    rate, flows = found
    if not flows.dated:
        return Outside(hours, rate, None, flows.seconds)
    begin = problem.crowd()
    after = flows.clock.epoch(flows.last_tick) - begin.clock.epoch(begin.first_tick)
    return Outside(hours, rate, flows.instant(flows.last_tick), after)


def _clock(seconds: int) -> time:
    return time(seconds // _HOUR, seconds % _HOUR // _MINUTE)
