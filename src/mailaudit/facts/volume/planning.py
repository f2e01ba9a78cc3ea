"""Finds the fastest steady rate that keeps every limit beside the other mail; the projection judges every candidate."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from fractions import Fraction
from math import ceil

import numpy as np

from mailaudit.campaign.model import Campaign, Schedule
from mailaudit.campaign.values import Duration, Rate, Unit
from mailaudit.facts.recipients.model import RecipientFacts
from mailaudit.facts.sender.model import SenderFacts
from mailaudit.facts.volume.applied import OF_A_PROVIDER, Applied, applied, applied_to_provider, rules_of
from mailaudit.facts.volume.flows import Flows, Plan, flows_of
from mailaudit.facts.volume.fullest import fullest
from mailaudit.facts.volume.model import Beside, Peak
from mailaudit.facts.volume.observe import ordinary_address
from mailaudit.facts.volume.opening import DAY, Opening
from mailaudit.facts.volume.pace import Pace
from mailaudit.facts.volume.peaks import peak_of
from mailaudit.facts.volume.plan_model import NoPlan
from mailaudit.facts.volume.providers import NOT_A_PROVIDER, Sequenced, interleave, shuffle
from mailaudit.facts.volume.runs import Selection
from mailaudit.facts.volume.steady import other_always, other_at_most
from mailaudit.facts.volume.windows import window_of
from mailaudit.knowledge.volume_model import WindowKind

_UNITS = ((1, Unit.SECOND), (60, Unit.MINUTE), (3600, Unit.HOUR), (DAY, Unit.DAY))
# Below this many in a unit, rounding would waste too much: the next longer unit is used.
_ENOUGH = 20
# One part in forty of each limit stays free.
RESERVE = 40
# More other mail than this is not laid out for every candidate.
_MANY = 200_000
LONGEST_DAY = 25 * 3600


@dataclass(frozen=True, slots=True)
class Task:
    """What is to be planned: the campaign, its limits, and who gets the messages in which order.

    `limits` bind; `by_provider` are limits on one provider, each with the provider's index in `sequence`.
    """

    plan: Plan
    limits: tuple[Applied, ...]
    by_provider: tuple[tuple[Applied, int], ...] = ()
    sequence: Sequenced | None = None

    def project(self, flows: Flows) -> tuple[Peak, ...]:
        """Return the peaks of a schedule under the true limits."""
        own = [peak_of(limit, flows) for limit in self.limits]
        theirs = [peak_of(limit, flows, self._part(flows, index)) for limit, index in self.by_provider]
        return (*own, *theirs)

    def keeps(self, flows: Flows, pace: Pace) -> bool:
        """Say whether a schedule at a steady pace keeps every limit with the reserve left free.

        Where there is so much other mail that laying it out takes long, a bound decides, which may say no too soon.
        """
        # No other mail counts for a provider, so that is asked first.
        check = self._surely_keeps if is_heavy(flows) else self._keeps
        return all(self._keeps(limit, flows, pace, index) for limit, index in self.by_provider) and all(
            check(limit, flows, pace) for limit in self.limits
        )

    def _keeps(self, limit: Applied, flows: Flows, pace: Pace, index: int | None = None) -> bool:
        del pace
        window = window_of(reserved(limit).rule, flows.clock, flows.first_tick, flows.last_tick)
        stream = flows.campaign if index is None else self._part(flows, index)
        others = [other.stream for other in flows.others if limit.belongs(other)]
        found = fullest(window, stream, others)
        return not found.over and not found.over_other

    def _surely_keeps(self, limit: Applied, flows: Flows, pace: Pace) -> bool:
        rule = reserved(limit).rule
        window = LONGEST_DAY if rule.kind is WindowKind.CALENDAR_DAY else rule.window_s
        lowest = rule.max // max([modifier.divide_by for modifier in rule.modifiers], default=1)
        return ceil(window / pace.step) * pace.size + other_at_most(limit, flows, window) <= lowest

    def _part(self, flows: Flows, index: int) -> Selection:
        return Selection(flows.campaign, np.flatnonzero(self.sequence == index))


def task_of(
    campaign: Campaign,
    recipients: RecipientFacts,
    sender: SenderFacts,
    *,
    start: datetime | None = None,
    beside: Sequence[Beside] = (),
) -> Task:
    """Gather what binds the campaign; limits of low confidence do not.

    When nobody knows whether the rules of ordinary addresses apply, they are taken to.
    """
    schedule = campaign.schedule or Schedule()
    if start is not None:
        schedule = schedule.model_copy(update={"start": start})
    ordinary = ordinary_address(campaign, sender).value is not False
    rules = [rule for rule in rules_of(campaign, sender, ordinary=ordinary) if rule.confidence != "low"]
    reach = max([8 * DAY, *(rule.window_s for rule in rules)])
    plan = Plan(campaign, schedule, recipients.messages, reach, tuple(beside))
    sequence = _sequence(recipients, schedule.order)
    by_provider = [
        (applied_to_provider(rule, name, campaign), index)
        for rule in rules
        if rule.scope in OF_A_PROVIDER and sequence is not None
        for index, name in enumerate(recipients.provider_names)
        if name not in NOT_A_PROVIDER and rule.provider in {None, name} and np.any(sequence == index)
    ]
    limits = tuple(applied(rule, campaign, sender) for rule in rules if rule.scope not in OF_A_PROVIDER)
    return Task(plan, limits, tuple(by_provider), sequence)


def fastest_rate(task: Task) -> tuple[Rate, Flows] | None:
    """Return the fastest steady rate in numbers that a person can type, and its streams; nothing when none keeps."""
    most = _at_most(task)
    for seconds, unit in _UNITS:
        highest = int(most * seconds)
        if highest < _ENOUGH and unit is not Unit.DAY:
            continue
        count = _largest(task, seconds, highest)
        if count >= _ENOUGH or (unit is Unit.DAY and count):
            return Rate(count, Duration(1, unit)), lay_out(task, count, seconds)
    return None


def reserved(limit: Applied) -> Applied:
    """Return a limit with its reserve taken off."""
    rule = limit.rule
    return replace(limit, rule=replace(rule, max=rule.max - rule.max // RESERVE))


def opening_of(plan: Plan) -> Opening:
    """Return when the campaign may be sent."""
    schedule = plan.schedule
    return Opening(
        schedule.hours, schedule.days, schedule.timezone or (schedule.start and schedule.start.tzinfo) or UTC
    )


def lay_out(task: Task, count: int, seconds: int) -> Flows:
    """Return the streams when `count` messages leave evenly in each `seconds`."""
    return flows_of(task.plan, pace_for(count, seconds))


def pace_for(count: int, seconds: int) -> Pace:
    """Return the pace of `count` messages, evenly, in each `seconds`."""
    return Pace(Fraction(seconds, count))


def is_heavy(flows: Flows) -> bool:
    """Say whether there is so much other mail that laying it out again and again takes long."""
    return sum(other.stream.count for other in flows.others) > _MANY


def without_room(task: Task) -> NoPlan | None:
    """Say so when other mail, day and night, uses up a limit by itself."""
    plan = task.plan
    crowd = flows_of(plan, Pace(Fraction(60), plan.messages))
    for limit in task.limits:
        if other_always(limit, crowd) >= reserved(limit).rule.max:
            return NoPlan(
                plan.campaign.name, plan.messages, peak_of(limit, crowd), "the other mail leaves no room"
            )
    return None


def _largest(task: Task, seconds: int, highest: int) -> int:
    """Return the largest count that keeps the limits, by bisection; 0 when none does."""
    low, high = 0, highest + 1
    while high - low > 1:
        middle = (low + high) // 2 if low or high < _ENOUGH else max(low + 1, high - 1 - high // RESERVE)
        if task.keeps(lay_out(task, middle, seconds), pace_for(middle, seconds)):
            low = middle
        else:
            high = middle
    return low


def _at_most(task: Task) -> Fraction:
    """Return a rate per second above which some limit breaks, with or without other mail."""
    plan = task.plan
    opening = opening_of(plan)
    open_a_day = opening.open_seconds_a_week // max(
        7 if plan.schedule.days is None else len(plan.schedule.days), 1
    )
    # More than all at once within a minute is no slower than at once.
    most = Fraction(max(plan.messages, _ENOUGH), 60)
    shares = [(limit, plan.messages) for limit in task.limits]
    shares += [(limit, int(np.count_nonzero(task.sequence == index))) for limit, index in task.by_provider]
    for limit, messages in shares:
        rule = reserved(limit).rule
        if messages > rule.max:
            # Two fixed windows meet in the middle of a short campaign.
            room = (rule.max + 1) * (1 if rule.kind is WindowKind.SLIDING else 2)
            always_open = max(min(rule.window_s, open_a_day), 1)
            most = min(most, Fraction(room, always_open) * Fraction(plan.messages, max(messages, 1)))
    return most


def _sequence(recipients: RecipientFacts, order: str) -> Sequenced | None:
    """Return each message's provider in sending order: the list's own, unless the sender may mix it."""
    listed = recipients.provider_sequence
    if listed is None or len(listed) != recipients.messages:
        return None
    return listed if order == "list" else shuffle(listed) if order == "shuffled" else interleave(listed)
