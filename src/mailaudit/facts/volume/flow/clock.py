"""Exact time: whole ticks, fine enough that every planned instant falls on one."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta, tzinfo
from fractions import Fraction
from math import lcm
from typing import TypeVar

from msgspec import Struct

from mailaudit.facts.volume.flow.stream_math import Ints

Seconds = TypeVar("Seconds", int, Ints)
_MICRO = 1_000_000
_LARGEST = 1 << 61


class Clock(Struct, frozen=True):
    """Ticks since `origin` (a whole second of UTC), `per_second` of them in a second, shown in `zone`."""

    origin: datetime
    per_second: int
    zone: tzinfo

    def ticks(self, seconds: Fraction | int) -> int:
        """Return a length of time in ticks, rounded down where the clock is too coarse."""
        return int(seconds * self.per_second // 1)

    def tick(self, instant: datetime) -> int:
        """Return the tick of an aware instant."""
        return self.ticks(Fraction((instant - self.origin) // timedelta(microseconds=1), _MICRO))

    def tick_of_epoch(self, seconds: Seconds) -> Seconds:
        """Return the tick of so many seconds since 1970 (UTC), or the ticks of many of them."""
        return (seconds - int(self.origin.timestamp())) * self.per_second

    def epoch(self, tick: int) -> int:
        """Return the seconds since 1970 (UTC) of a tick, rounded down."""
        return int(self.origin.timestamp()) + tick // self.per_second

    def instant(self, tick: int) -> datetime:
        """Return the local time of a tick, to the microsecond (rounded down)."""
        micro = tick * _MICRO // self.per_second
        return (self.origin + timedelta(microseconds=micro)).astimezone(self.zone)


def make_clock(start: datetime, zone: tzinfo, steps: Iterable[Fraction], horizon_s: int) -> Clock:
    """Return a clock on which `start` and every step (in seconds) are whole numbers of ticks.

    A step that would need ticks too fine for 64-bit numbers over the horizon is left out; the campaign's own
    step comes first and so is the last to suffer.
    """
    origin = start.astimezone(UTC).replace(microsecond=0)
    per_second = _MICRO if start.microsecond else 1
    for step in steps:
        finer = lcm(per_second, step.denominator)
        if finer * max(horizon_s, 1) < _LARGEST:
            per_second = finer
    return Clock(origin, per_second, zone)
