"""The fullest window and the first breach of one limit over streams of mail, exactly, in bounded memory."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from mailaudit.facts.volume.runs import Ints, Stream

CHUNK = 1 << 17


class Window(Protocol):
    """Where the window that ends at a message begins, and how much it may hold."""

    def edge(self, ticks: Ints) -> Ints:
        """Return the last tick before the window that ends at each tick."""

    def allowed(self, ticks: Ints) -> Ints | int:
        """Return the limit that holds at each tick."""


@dataclass(frozen=True, slots=True)
class Sliding:
    """A half-open window of `length` ticks that moves with every message."""

    length: int
    maximum: int

    def edge(self, ticks: Ints) -> Ints:
        """Return the last tick before the window that ends at each tick."""
        return ticks - self.length

    def allowed(self, ticks: Ints) -> Ints | int:  # noqa: ARG002 - other windows look at the time
        """Return the limit that holds at each tick."""
        return self.maximum


@dataclass(frozen=True, slots=True)
class Fullest:
    """The outcome for one key under one limit; ticks and message numbers (from 0) as in the campaign's stream."""

    peak: int
    opens: int | None
    closes: int | None
    allowed: int
    other_in_peak: int
    breach_tick: int | None
    breach_number: int | None
    over: int
    over_other: int


@dataclass(slots=True)
class _Tally:
    """What has been seen so far; windows are compared by how much of their limit they use."""

    peak: int = 0
    allowed: int = 0
    closes: int | None = None
    over: int = 0
    first_tick: int | None = None
    first_number: int | None = None

    def see(self, start: int, ticks: Ints, counts: Ints, allowed: Ints | int) -> None:
        """Take in messages from number `start` on, with the count of the window that each of them closes."""
        if isinstance(allowed, int):
            place, limit = int(np.argmax(counts)), allowed
        else:
            place = int(np.argmax(counts / np.maximum(allowed, 1)))
            limit = int(allowed[place])
        self.offer(int(counts[place]), limit, int(ticks[place]))
        beyond = counts > allowed
        seen = int(np.count_nonzero(beyond))
        if seen and self.first_number is None:
            place = int(np.argmax(beyond))
            self.first_number, self.first_tick = start + place, int(ticks[place])
        self.over += seen

    def offer(self, peak: int, allowed: int, closes: int) -> None:
        """Keep the fuller window, or the earlier of two equally full ones."""
        ahead = peak * max(self.allowed, 1) - self.peak * max(allowed, 1)
        if self.closes is None or ahead > 0 or (ahead == 0 and closes < self.closes):
            self.peak, self.allowed, self.closes = peak, allowed, closes


def fullest(window: Window, campaign: Stream, others: Sequence[Stream]) -> Fullest:
    """Return the fullest window that holds a message of the campaign.

    Of messages at one instant the other mail counts first, so a campaign's message always finds the fuller
    window. Time and memory: O(n log runs) and O(1) beside the streams.
    """
    own, strange = _Tally(), _Tally()
    for start, ticks in _chunks(campaign):
        edge = window.edge(ticks)
        counts = np.arange(start + 1, start + len(ticks) + 1, dtype=np.int64) - campaign.upto(edge)
        for other in others:
            counts += other.upto(ticks) - other.upto(edge)
        own.see(start, ticks, counts, window.allowed(ticks))
    for place in range(len(others)):
        _see_other(strange, window, campaign, others, place)
    return _outcome(window, (campaign, *others), own, strange)


def _see_other(tally: _Tally, window: Window, campaign: Stream, others: Sequence[Stream], place: int) -> None:
    """Take in one stream of other mail, as far as its messages' windows hold a message of the campaign."""
    if not campaign.count:
        return
    begin = campaign.times(np.array([0], dtype=np.int64))
    for start, ticks in _chunks(others[place], int(others[place].upto(begin - 1)[0])):
        edge = window.edge(ticks)
        ahead = campaign.upto(ticks - 1)
        held = ahead - campaign.upto(edge)
        chosen = np.flatnonzero(held > 0)
        if len(chosen):
            counts = held[chosen] + start + chosen + 1 - others[place].upto(edge[chosen])
            for rank, other in enumerate(others):
                if rank != place:
                    # At one instant, the streams follow one another in their order.
                    counts += other.upto(ticks[chosen] - (rank > place)) - other.upto(edge[chosen])
            tally.see(start, ticks[chosen], counts, window.allowed(ticks[chosen]))
        elif ahead[-1] >= campaign.count:
            return


def _outcome(window: Window, streams: Sequence[Stream], own: _Tally, strange: _Tally) -> Fullest:
    best = _Tally()
    for tally in (own, strange):
        if tally.closes is not None:
            best.offer(tally.peak, tally.allowed, tally.closes)
    opens, in_peak = None, 0
    if best.closes is not None:
        closes = np.array([best.closes], dtype=np.int64)
        edge = window.edge(closes)
        firsts = [_next_after(stream, edge) for stream in streams]
        opens = min(first for first in firsts if first is not None)
        in_peak = sum(int((other.upto(closes) - other.upto(edge))[0]) for other in streams[1:])
    return Fullest(
        peak=best.peak,
        opens=opens,
        closes=best.closes,
        allowed=best.allowed,
        other_in_peak=in_peak,
        breach_tick=strange.first_tick if own.first_tick is None else own.first_tick,
        breach_number=own.first_number,
        over=own.over,
        over_other=strange.over,
    )


def _next_after(stream: Stream, edge: Ints) -> int | None:
    place = stream.upto(edge)
    return int(stream.times(place)[0]) if place[0] < stream.count else None


def _chunks(stream: Stream, start: int = 0) -> Iterator[tuple[int, Ints]]:
    while start < stream.count:
        numbers = np.arange(start, min(start + CHUNK, stream.count), dtype=np.int64)
        yield start, stream.times(numbers)
        start += len(numbers)
