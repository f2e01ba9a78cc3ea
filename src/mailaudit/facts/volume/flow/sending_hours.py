"""Daily hours and weekdays as stretches of absolute time, exact across changes of the clock."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from functools import lru_cache

import numpy as np
from msgspec import Struct

from mailaudit.campaign.values.types import Hours
from mailaudit.facts.volume.flow.stream_math import Ints

DAY = 86_400
_BLOCK_S = 64 * DAY
_WEEK_S = 7 * DAY
_LONGEST_S = 100 * 366 * DAY
_EVERY_DAY = frozenset(range(1, 8))


class Opening(Struct, frozen=True):
    """When mail may leave: local hours on some weekdays (ISO, Monday is 1); `None` means no restriction.

    Hours that end before they begin reach into the next morning and belong to the day on which they begin.
    """

    hours: Hours | None
    days: frozenset[int] | None
    zone: tzinfo

    @property
    def always(self) -> bool:
        """Whether mail may leave at any time."""
        begin, end = self.span()
        return end - begin == DAY and (self.days is None or self.days >= _EVERY_DAY)

    @property
    def open_seconds_a_week(self) -> int:
        """Seconds of an ordinary week in which mail may leave."""
        begin, end = self.span()
        return (end - begin) * len(self.days if self.days is not None else _EVERY_DAY)

    def most_open(self, window_s: int) -> tuple[int, int]:
        """Return the most seconds of a window in which mail may leave, and how many pauses may lie between them."""
        if self.always:
            return window_s, 0
        begin, end = self.span()
        a_day = end - begin
        days, rest = divmod(window_s, DAY)
        open_s = min(days * a_day + min(rest, a_day), -(-window_s // _WEEK_S) * self.open_seconds_a_week)
        shortest = DAY - a_day or DAY
        return open_s, -(-max(window_s - shortest, 0) // DAY)

    def stretches(self, begin: int, end: int) -> Iterator[tuple[int, int]]:
        """Yield the open stretches [from, to) that touch [begin, end), in seconds since 1970, in order.

        Stretches that meet are one. A local time that the clock skips does not exist; one that it repeats counts
        twice.
        """
        if self.always:
            yield begin, end
            return
        pending: tuple[int, int] | None = None
        for first, last in self._pieces(begin, end):
            if pending and first <= pending[1]:
                pending = (pending[0], max(last, pending[1]))
                continue
            if pending and pending[1] > begin:
                yield pending
            pending = (first, last)
        if pending and pending[1] > begin:
            yield pending

    def stretches_of(self, begin: int, end: int) -> Ints:
        """Return the same, one row each; what was looked up is kept, for plans look at the same weeks again."""
        low = begin // _BLOCK_S * _BLOCK_S
        blocks = 1 << max((end - low) // _BLOCK_S, 1).bit_length()
        known = _known(self, low, low + blocks * _BLOCK_S)
        return known[np.searchsorted(known[:, 1], begin, side="right") : np.searchsorted(known[:, 0], end)]

    def _pieces(self, begin: int, end: int) -> Iterator[tuple[int, int]]:
        day = local_date(begin, self.zone) - timedelta(days=8 if self.hours is None else 2)
        while True:
            if self.days is None or day.isoweekday() in self.days:
                for piece in _on(self, day):
                    if piece[0] >= end:
                        return
                    yield piece
            elif midnight_of(day) - DAY > end:
                return
            day += timedelta(days=1)

    def after(self, at: datetime, seconds: float) -> datetime:
        """Return the instant by which so many open seconds have passed since another."""
        begin = int(at.timestamp())
        for first, last in self.stretches(begin, begin + _LONGEST_S):
            opens = max(first, begin)
            if last - opens >= seconds:
                return datetime.fromtimestamp(opens + seconds, at.tzinfo)
            seconds -= last - opens
        raise OverflowError("the opening is too short for a hundred years")

    def span(self) -> tuple[int, int]:
        """Return begin and end of the hours in seconds after midnight; an end beyond one day lies on the next."""
        if self.hours is None:
            return 0, DAY
        begin, end = seconds_of(self.hours.begin), seconds_of(self.hours.end)
        return begin, end if end > begin else end + DAY


@lru_cache(maxsize=64)
def _known(opening: Opening, begin: int, end: int) -> Ints:
    return np.array(list(opening.stretches(begin, end)), dtype=np.int64).reshape(-1, 2)


@lru_cache(maxsize=1 << 16)
def _on(opening: Opening, day: date) -> tuple[tuple[int, int], ...]:
    """Return the stretches of one day's hours; a plan looks at the same days for every candidate."""
    begin, end = opening.span()
    wall = midnight_of(day)
    spans = (
        (max(first, wall + begin - offset), min(last, wall + end - offset))
        for first, last, offset in constant_offsets(wall - DAY, wall + 3 * DAY, opening.zone)
    )
    return tuple((low, high) for low, high in spans if low < high)


def seconds_of(moment: time) -> int:
    """Return the seconds after midnight of a time of day."""
    return moment.hour * 3600 + moment.minute * 60 + moment.second


def midnight_of(day: date, zone: tzinfo = UTC) -> int:
    """Return the instant at which a local day begins, in seconds since 1970; the first if there are two."""
    return int(datetime(day.year, day.month, day.day, tzinfo=zone).timestamp())


def local_date(epoch: int, zone: tzinfo) -> date:
    """Return the local date of an instant, given in seconds since 1970."""
    return datetime.fromtimestamp(epoch, zone).date()


def offset_at(epoch: int, zone: tzinfo) -> int:
    """Return the zone's offset from UTC in seconds at an instant."""
    offset = datetime.fromtimestamp(epoch, zone).utcoffset()
    return int(offset.total_seconds()) if offset else 0


def constant_offsets(begin: int, end: int, zone: tzinfo) -> Iterator[tuple[int, int, int]]:
    """Cut [begin, end) where the zone changes its offset: yield from, to and offset of each part."""
    while begin < end:
        offset = offset_at(begin, zone)
        if offset_at(end - 1, zone) == offset:
            yield begin, end, offset
            return
        same, other = begin, end - 1
        while other - same > 1:
            middle = (same + other) // 2
            if offset_at(middle, zone) == offset:
                same = middle
            else:
                other = middle
        yield begin, other, offset
        begin = other
