"""The kinds of windows: sliding, tumbling, calendar day; with limits that change with the local time."""

from dataclasses import dataclass
from datetime import time, timedelta
from typing import ClassVar

import numpy as np

from mailaudit.campaign.values.types import Hours
from mailaudit.facts.volume.flow.clock import Clock
from mailaudit.facts.volume.flow.sending_hours import DAY, Opening, local_date, midnight_of
from mailaudit.facts.volume.flow.stream_math import Ints, distinct
from mailaudit.facts.volume.windows.window import NEVER, Window
from mailaudit.knowledge.types.volume import LimitRule, Modifier, WindowKind


@dataclass(frozen=True, slots=True)
class Divided:
    """A maximum that is divided at some times; from each of the `since` ticks on, by the divisor beside it."""

    maximum: int
    since: Ints
    divisors: Ints

    def at(self, ticks: Ints) -> Ints:
        """Return the limit that holds at each tick."""
        return self.maximum // self.divisors[np.searchsorted(self.since, ticks, side="right") - 1]


class _Limited:
    """What windows of every kind have: a maximum."""

    __slots__ = ()
    maximum: int | Divided

    def allowed(self, ticks: Ints) -> Ints | int:
        """Return the limit that holds at each tick."""
        return self.maximum if isinstance(self.maximum, int) else self.maximum.at(ticks)


@dataclass(frozen=True, slots=True)
class Sliding(_Limited):
    """A half-open window of `length` ticks that moves with every message."""

    length: int
    maximum: int | Divided
    pulse: ClassVar[int] = 1

    def edge(self, ticks: Ints) -> Ints:
        """Return the last tick before the window that ends at each tick."""
        return ticks - self.length

    def frees(self, tick: int) -> int:
        """Return from which tick on a message of this tick counts no longer."""
        return tick + self.length

    def borders(self, arrivals: Ints, departures: Ints) -> Ints:
        """Return where something changes: at the arrivals, when the departures have left, and with the limit."""
        return np.concatenate((arrivals, departures + self.length, _changes(self.maximum)))


@dataclass(frozen=True, slots=True)
class Fixed(_Limited):
    """Windows that begin at fixed ticks, whatever is sent; the first lies before every message."""

    begins: Ints
    maximum: int | Divided
    pulse: ClassVar[int] = 0

    def edge(self, ticks: Ints) -> Ints:
        """Return the last tick before the window that ends at each tick."""
        edges: Ints = self.begins[np.searchsorted(self.begins, ticks, side="right") - 1] - 1
        return edges

    def frees(self, tick: int) -> int:
        """Return from which tick on a message of this tick counts no longer."""
        place = int(np.searchsorted(self.begins, tick, side="right"))
        return int(self.begins[place]) if place < len(self.begins) else NEVER

    def borders(self, arrivals: Ints, departures: Ints) -> Ints:  # noqa: ARG002 - all leave when a window begins
        """Return where something changes: at the arrivals, when a window begins, and with the limit."""
        return np.concatenate((arrivals, self.begins, _changes(self.maximum)))


@dataclass(frozen=True, slots=True)
class Tumbling(_Limited):
    """Windows of `length` ticks, one after the other, of which one begins at tick `anchor`."""

    length: int
    anchor: int
    maximum: int | Divided

    @property
    def pulse(self) -> int:
        """The length, for then the edge moves on."""
        return self.length

    def edge(self, ticks: Ints) -> Ints:
        """Return the last tick before the window that ends at each tick."""
        return self.anchor + (ticks - self.anchor) // self.length * self.length - 1

    def frees(self, tick: int) -> int:
        """Return from which tick on a message of this tick counts no longer."""
        return self.anchor + ((tick - self.anchor) // self.length + 1) * self.length

    def borders(self, arrivals: Ints, departures: Ints) -> Ints:
        """Return where something changes: at the arrivals, when the window after departures begins, and with the limit."""
        left = self.anchor + ((departures - self.anchor) // self.length + 1) * self.length
        return np.concatenate((arrivals, left, _changes(self.maximum)))


def window_of(rule: LimitRule, clock: Clock, begin: int, end: int) -> Window:
    """Return the window of a limit, good for messages from tick `begin` to tick `end`.

    A tumbling window is anchored at the campaign's first message, a calendar day at local midnight.
    """
    length = clock.ticks(rule.window_s)
    maximum = _divided(rule, clock, begin - length, end + length) if rule.modifiers else rule.max
    if rule.kind is WindowKind.TUMBLING:
        return Tumbling(length, begin, maximum)
    if rule.kind is WindowKind.CALENDAR_DAY:
        return Fixed(midnights(clock, begin, end), maximum)
    return Sliding(length, maximum)


def midnights(clock: Clock, begin: int, end: int) -> Ints:
    """Return the ticks of the local midnights, from the last one at or before `begin` to the first after `end`."""
    day = local_date(clock.epoch(begin), clock.zone)
    ticks = [clock.tick_of_epoch(midnight_of(day, clock.zone))]
    while ticks[-1] <= end:
        day += timedelta(days=1)
        ticks.append(clock.tick_of_epoch(midnight_of(day, clock.zone)))
    return np.array(ticks, dtype=np.int64)


def _changes(maximum: int | Divided) -> Ints:
    return np.array([], dtype=np.int64) if isinstance(maximum, int) else maximum.since


def _divided(rule: LimitRule, clock: Clock, begin: int, end: int) -> Divided:
    """Cut time where a modifier begins or ends; where several hold, the largest divisor counts."""
    spans = [(modifier.divide_by, _spans(modifier, clock, begin, end)) for modifier in rule.modifiers]
    cuts = distinct(np.concatenate([[begin - 1], *(found.ravel() for _, found in spans)]).astype(np.int64))
    divisors = np.ones(len(cuts), dtype=np.int64)
    for divisor, found in spans:
        if len(found):
            place = np.searchsorted(found[:, 0], cuts, side="right") - 1
            holds = (place >= 0) & (cuts < found[np.maximum(place, 0), 1])
            divisors = np.where(holds, np.maximum(divisors, divisor), divisors)
    return Divided(rule.max, cuts, divisors)


def _spans(modifier: Modifier, clock: Clock, begin: int, end: int) -> Ints:
    """Return when a modifier holds, one row of from and to for each stretch, in order."""
    hours = Hours(_time(modifier.begin), _time(modifier.end))
    opening = Opening(hours, modifier.days, clock.zone)
    stretches = opening.stretches(clock.epoch(begin), clock.epoch(end) + 1)
    ticks = [(clock.tick_of_epoch(first), clock.tick_of_epoch(last)) for first, last in stretches]
    return np.array(ticks, dtype=np.int64).reshape(-1, 2)


def _time(seconds: int) -> time:
    return time(seconds % DAY // 3600, seconds % 3600 // 60)
