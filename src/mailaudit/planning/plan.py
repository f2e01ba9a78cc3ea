"""Puts a plan together: the rate, the proof that nothing is much faster, batches, the software's units, the deadline."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from fractions import Fraction
from math import ceil

import numpy as np

from mailaudit.campaign.values.types import Duration, Rate, Unit
from mailaudit.errors import InputError
from mailaudit.facts.volume.limiter_worst_case import worst_window
from mailaudit.facts.volume.model import JITTER_S
from mailaudit.facts.volume.pace import LONGEST_S, Pace, limiter_of
from mailaudit.facts.volume.steady_rate import other_at_most
from mailaudit.facts.volume.streams import Flows, Plan, flows_of
from mailaudit.facts.volume.windows.kinds import midnights
from mailaudit.knowledge.types.volume import LimiterKind, WindowKind
from mailaudit.planning.earliest import Cap, shape
from mailaudit.planning.model import Batching, Deadline, NoPlan, SendingPlan, SoftwareSetting
from mailaudit.planning.problem import Task, is_heavy, opening_of, reserved
from mailaudit.planning.rate_search import fastest_rate, without_room

_MINUTE = 60
# A list of more than this is not searched message by message for the bound of a fixed order.
_BOUND_BY_CLASS = 2_000_000


def plan_campaign(task: Task, deadline: datetime | None = None) -> SendingPlan | NoPlan:
    """Return the fastest plan that keeps every limit, projected once more, or why there is none.

    Raises `InputError` when even that takes a lifetime.
    """
    plan = task.plan
    if not plan.messages:
        return NoPlan(plan.mailing.name, 0, None, "the list holds no recipients")
    if not task.limits and not task.by_provider:
        reason = "no limit is known for this way of sending"
        return NoPlan(plan.mailing.name, plan.messages, None, reason, is_free=True)
    full = without_room(task)
    if full is not None:
        return full
    found = fastest_rate(task)
    if found is None:
        return NoPlan(plan.mailing.name, plan.messages, None, "even one message a day breaks a limit")
    rate, flows = found
    peaks = task.project(flows)
    if any(peak.breached for peak in peaks):
        raise AssertionError("a plan that breaks a limit must never be shown")
    bound = _bound(task, flows)
    return SendingPlan(
        name=plan.mailing.name,
        messages=plan.messages,
        order=plan.schedule.order,
        starts_at=flows.instant(flows.first_tick),
        ends_at=flows.instant(flows.last_tick),
        seconds=_seconds(flows, flows.last_tick),
        rate=rate,
        peaks=peaks,
        binding=max(peaks, key=lambda peak: peak.share),
        batching=_batching(task),
        software=_software(task, flows),
        bound_s=None if bound is None else _seconds(flows, bound),
        bound_at=None if bound is None else flows.instant(bound),
        deadline=_deadline(deadline, flows),
        hours=_hours(plan),
    )


def _bound(task: Task, flows: Flows) -> int | None:
    """Return the tick before which no schedule of this order can end, other mail left aside.

    For an order that is free each provider is bounded alone, which no order can beat.
    """
    plan = task.plan
    general = [_cap(limit.rule.window_s, limit.rule.max, limit.rule.kind, flows) for limit in task.limits]
    special = [
        _cap(limit.rule.window_s, limit.rule.max, limit.rule.kind, flows, index)
        for limit, index in task.by_provider
    ]
    if (
        special
        and plan.schedule.order == "list"
        and plan.messages <= _BOUND_BY_CLASS
        and task.sequence is not None
    ):
        bursts = shape(plan.messages, [*general, *special], _openings(plan, flows), task.sequence.tolist())
        return bursts[-1].first if bursts else None
    ends = [shape(plan.messages, general, _openings(plan, flows))]
    for cap in special:
        count = int(np.count_nonzero(task.sequence == cap.of_class))
        ends.append(shape(count, [replace(cap, of_class=None)], _openings(plan, flows)))
    return max((bursts[-1].first for bursts in ends if bursts), default=None)


def _cap(window_s: int, maximum: int, kind: WindowKind, flows: Flows, index: int | None = None) -> Cap:
    length = flows.clock.ticks(window_s)
    if kind is WindowKind.CALENDAR_DAY:
        begins = midnights(flows.clock, flows.first_tick, flows.last_tick + length)
        return Cap(length, maximum, index, begins)
    return Cap(length, maximum, index, anchor=flows.first_tick if kind is WindowKind.TUMBLING else None)


def _openings(plan: Plan, flows: Flows) -> Iterator[tuple[int, int]]:
    clock = flows.clock
    begin = clock.epoch(flows.first_tick)
    for first, last in opening_of(plan).stretches(begin, begin + LONGEST_S):
        yield max(clock.tick_of_epoch(first), flows.first_tick), clock.tick_of_epoch(last)


def _batching(task: Task) -> Batching | None:
    """Return the largest batches that keep every limit even when one comes a minute late and the next early.

    Nothing when all messages fit into one.
    """
    if not task.limits:
        return None
    shortest = min(limit.rule.window_s for limit in task.limits)
    every = ceil((max(shortest, _MINUTE) + 2 * JITTER_S) / _MINUTE) * _MINUTE
    low, high = 0, min(task.plan.messages, *(reserved(limit).rule.max for limit in task.limits)) + 1
    best: Flows | None = None
    while high - low > 1:
        middle = (low + high) // 2
        flows = _in_batches(task, middle, every)
        if flows is None:
            high = middle
        else:
            low, best = middle, flows
    if best is None or low >= task.plan.messages:
        return None
    return Batching(low, every, best.instant(best.last_tick), _seconds(best, best.last_tick))


def _in_batches(task: Task, size: int, every_s: int) -> Flows | None:
    """Return the streams of a batch plan when it keeps every limit, a minute early or late."""
    try:
        flows = flows_of(task.plan, Pace(Fraction(every_s), size))
    except InputError:
        return None
    if is_heavy(flows):
        return None
    peaks = task.project(flows)
    return None if any(peak.breached or peak.jitter_peak > peak.limit for peak in peaks) else flows


def _software(task: Task, flows: Flows) -> SoftwareSetting | None:
    limiter = limiter_of(task.plan.mailing.schedule, task.plan.mailing.software)
    if limiter is None or not task.limits:
        return None
    in_batches = limiter.kind in {LimiterKind.BATCH, LimiterKind.SLIDING} and limiter.every_ms is not None
    period = Fraction(limiter.every_ms or 0, 1000) if in_batches else Fraction(_MINUTE)
    count = task.plan.messages
    for limit in task.limits:
        room = reserved(limit).rule.max - other_at_most(limit, flows)
        low, high = 0, count + 1
        while high - low > 1:
            middle = (low + high) // 2
            fits = worst_window(limiter.kind, (middle, period), limit.rule.window_s) <= room
            low, high = (middle, high) if fits else (low, middle)
        count = low
    return SoftwareSetting(limiter, count, float(period)) if count else None


def _deadline(at: datetime | None, flows: Flows) -> Deadline | None:
    if at is None or not flows.dated:
        return None
    clock = flows.clock
    due = clock.tick(at.replace(tzinfo=clock.zone) if at.tzinfo is None else at.astimezone(UTC))
    sent = int(flows.campaign.upto(np.array([due], dtype=np.int64))[0])
    if sent >= flows.campaign.count:
        return Deadline(at, is_met=True, sent=sent, rate_needed=None)
    seconds = (due - flows.first_tick) / clock.per_second
    if seconds <= 0:
        return Deadline(at, is_met=False, sent=sent, rate_needed=None)
    needed = ceil(flows.campaign.count * _MINUTE / seconds)
    return Deadline(at, is_met=False, sent=sent, rate_needed=Rate(needed, Duration(1, Unit.MINUTE)))


def _seconds(flows: Flows, tick: int) -> float:
    return (tick - flows.first_tick) / flows.clock.per_second


def _hours(plan: Plan) -> str | None:
    hours = plan.schedule.hours
    return f"{hours.begin:%H:%M}-{hours.end:%H:%M}" if hours else None
