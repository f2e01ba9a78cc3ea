"""Finds the fastest steady rate that keeps every limit beside the other mail; the projection judges every candidate."""

from fractions import Fraction

from msgspec.structs import replace

from mailaudit.campaign.values.types import Duration, Rate, Unit
from mailaudit.facts.volume.flow.pace import LONGEST_S
from mailaudit.facts.volume.flow.sending_hours import DAY
from mailaudit.facts.volume.flow.streams import Flows, flows_of
from mailaudit.facts.volume.limits import CampaignLimit
from mailaudit.facts.volume.model import RESERVE, Peak
from mailaudit.facts.volume.peaks import peak_of
from mailaudit.facts.volume.steady_rate import other_always
from mailaudit.facts.volume.windows.count import fullest
from mailaudit.facts.volume.windows.kinds import window_of
from mailaudit.knowledge.types.volume import WindowKind
from mailaudit.planning.model import NoPlan
from mailaudit.planning.problem import PlanningProblem, reserved
from mailaudit.wording import length

UNITS = ((1, Unit.SECOND), (60, Unit.MINUTE), (3600, Unit.HOUR), (DAY, Unit.DAY))
_LONGER = Fraction(3, 2)
# Below this many in a unit, rounding would waste too much: the next longer unit is used.
_ENOUGH = 20
# From so many in a unit on, one more or less is at most one part in fifty.
_FINE = 50
_YEAR_S = 365 * DAY
# Nobody plans for longer, and calendars of the far future mean nothing.
_MOST_YEARS = 5
_MINUTE, _HOUR = 60, 3600


def fastest_rate(problem: PlanningProblem) -> tuple[Rate, Flows] | None:
    """Return the fastest steady rate in numbers that a person can type, and its streams; nothing when none keeps.

    Where several processes send, it is the rate of each. The shortest unit is taken in which rounding costs at most one part
    in fifty against the longer ones.
    """
    most, crowd = _at_most(problem) / problem.plan.schedule.processes, problem.crowd()
    found: list[Rate] = []
    for seconds, unit in UNITS:
        highest = int(most * seconds)
        if highest < _ENOUGH and unit is not Unit.DAY:
            continue
        count = _largest(problem, crowd, seconds, highest)
        if count >= _ENOUGH or (unit is Unit.DAY and count):
            found.append(Rate(count, Duration(1, unit)))
        if count >= _FINE:
            break
    else:
        found += filter(None, (_one_in(problem, crowd, most),))
    if not found:
        return None
    best = max(map(per_second, found))
    rate = next(one for one in found if per_second(one) * (_FINE + 1) >= best * _FINE)
    return rate, lay_out(problem, rate.count, rate.per.seconds)


def _one_in(problem: PlanningProblem, crowd: Flows, most: Fraction) -> Rate | None:
    """Return one message in as few minutes as the limits allow, in hours or days where that is hardly slower."""
    low = int(1 / most) // _MINUTE
    # Twice the longest window holds one message alone, with the hours of a day and a weekend.
    widest = max(limit.rule.window_s for limit, _ in problem.each)
    longest = min(2 * widest + 4 * DAY, LONGEST_S // problem.plan.messages) // _MINUTE
    high = min(low + 1, longest)
    while not problem.keeps(problem.pace(1, high * _MINUTE), crowd):
        if high == longest:
            return None
        low, high = high, min(2 * high, longest)
    while high - low > 1:
        middle = (low + high) // 2
        kept = problem.keeps(problem.pace(1, middle * _MINUTE), crowd)
        low, high = (low, middle) if kept else (middle, high)
    for seconds, unit in ((DAY, Unit.DAY), (_HOUR, Unit.HOUR)):
        amount = -(-high * _MINUTE // seconds)
        near = amount * seconds * _FINE <= high * _MINUTE * (_FINE + 1)
        if near and problem.keeps(problem.pace(1, amount * seconds), crowd):
            return Rate(1, Duration(amount, unit))
    return Rate(1, Duration(high, Unit.MINUTE))


def typed(most: Fraction) -> Rate | None:
    """Return the fastest rate of at most so many messages in a second that a person can type; nothing below one a day."""
    for seconds, unit in UNITS:
        count = int(most * seconds)
        if count >= _FINE or (unit is Unit.DAY and count):
            return Rate(count, Duration(1, unit))
    return None


def per_second(rate: Rate) -> Fraction:
    """Return how many messages a rate sends in a second."""
    return Fraction(rate.count, rate.per.seconds)


def lay_out(problem: PlanningProblem, count: int, seconds: int) -> Flows:
    """Return the streams when `count` messages leave evenly in each `seconds`."""
    return flows_of(problem.plan, problem.pace(count, seconds))


def without_room(problem: PlanningProblem) -> NoPlan | None:
    """Say so when nobody gets it, a limit alone makes it last for years, or other mail uses a limit up by itself."""
    plan = problem.plan
    if not plan.messages:
        return NoPlan(plan.mailing.name, 0, None, "the list holds no recipients")
    for limit, messages in problem.each:
        rule = limit.rule
        years = Fraction(messages * rule.window_s, max(rule.max, 1)) / _YEAR_S
        if rule.max == 0 or years > _MOST_YEARS:
            to = f" to {rule.provider}" if rule.provider else ""
            reason = f"{rule.max:,} in {length(rule.window_s)}{to} ({rule.name}) would take {int(years):,} years"
            return NoPlan(plan.mailing.name, plan.messages, None, reason)
    crowd = problem.crowd()
    for limit in problem.limits:
        other = other_always(limit, crowd)
        if other >= limit.rule.max:
            reason = "the other mail leaves no room" if other == limit.rule.max else ALONE
            return NoPlan(plan.mailing.name, plan.messages, peak_of(limit, crowd), reason)
    return None


ALONE = "the other mail alone breaks a limit"


def solution(problem: PlanningProblem) -> tuple[PlanningProblem, Rate, Flows] | NoPlan:
    """Return the fastest steady rate, with the problem that it solves: eased only where there would be none; else why not."""
    plan, processes, crowd = problem.plan, problem.plan.schedule.processes, problem.crowd()
    for eased in problem.eased():
        found = fastest_rate(eased)
        if found is not None:
            return eased, *found
    broken = next(filter(None, (_broken_alone(limit, crowd) for limit in problem.limits)), None)
    if broken is not None:
        return NoPlan(plan.mailing.name, plan.messages, broken, ALONE)
    beside = " beside the other mail" if plan.mailing.other_mail or plan.beside else ""
    tight = min(problem.limits, key=lambda limit: limit.rule.max, default=None)
    if processes > 1 and tight is not None and tight.rule.max < processes:
        allowed = f"{tight.rule.max:,} in {length(tight.rule.window_s)}"
        reason = f"{processes:,} processes at once break a limit of {allowed}{beside}; send from fewer"
    else:
        reason = f"even one message breaks a limit{beside}" if beside else "every steady rate takes a lifetime"
    return NoPlan(plan.mailing.name, plan.messages, None, reason)


def _broken_alone(limit: CampaignLimit, crowd: Flows) -> Peak | None:
    """Return the limit with the fullest window of the other mail, where that is more than it allows by itself."""
    streams = [stream for stream in limit.others(crowd) if stream.count]
    if not streams:
        return None
    first, last = min(one.first_tick for one in streams), max(one.last_tick for one in streams)
    window = window_of(limit.rule, crowd.clock, first, last)
    each = (fullest(window, one, streams[:place] + streams[place + 1 :]) for place, one in enumerate(streams))
    found = max(each, key=lambda one: one.peak)
    if not found.over:
        return None
    return replace(peak_of(limit, crowd), limit=found.allowed, other_in_peak=found.peak)


def _largest(problem: PlanningProblem, crowd: Flows, seconds: int, highest: int) -> int:
    """Return the largest count that keeps the limits, by bisection; 0 when none does.

    A count just below the highest keeps them most often, so that the first steps down are small.
    """
    low, high, part = 0, highest + 1, Fraction(RESERVE)
    while high - low > 1:
        middle = (low + high) // 2 if low or high < _ENOUGH else max(high - 1 - int(high / part), 1)
        part = max(part / _LONGER, Fraction(2))
        if problem.keeps(problem.pace(middle, seconds), crowd):
            low = middle
        else:
            high = middle
    return low


def _at_most(problem: PlanningProblem) -> Fraction:
    """Return a rate per second above which some limit breaks, with or without other mail."""
    plan = problem.plan
    open_a_day = plan.opening.open_seconds_a_week // max(
        7 if plan.schedule.days is None else len(plan.schedule.days), 1
    )
    # More than all at once within a minute is no slower than at once.
    most = Fraction(max(plan.messages, _ENOUGH), 60)
    for limit, messages in problem.each:
        rule = reserved(limit).rule
        if messages > rule.max:
            # Two fixed windows meet in the middle of a short campaign.
            room = (rule.max + 1) * (1 if rule.kind is WindowKind.SLIDING else 2)
            always_open = max(min(rule.window_s, open_a_day), 1)
            most = min(most, Fraction(room, always_open) * Fraction(plan.messages, max(messages, 1)))
    return most
