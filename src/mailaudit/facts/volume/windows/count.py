"""The fullest window and the first breach of one limit over streams of mail, exactly, in bounded memory."""

from collections.abc import Sequence

import numpy as np
from msgspec import Struct

from mailaudit.facts.volume.flow.stream_math import Ints, Runs, Stream
from mailaudit.facts.volume.windows.closed_form import (
    Segments,
    cut,
    cut_whole,
    surroundings,
    with_periods,
    with_sparse_cut,
)
from mailaudit.facts.volume.windows.repeated import Repeated, counted, repeated, unlike
from mailaudit.facts.volume.windows.window import Tally, Window


class Fullest(Struct, frozen=True):
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


def fullest(window: Window, campaign: Stream, others: Sequence[Stream]) -> Fullest:
    """Return the fullest window that holds a message of the campaign.

    Of messages at one instant the other mail counts first, so a campaign's message always finds the fuller
    window. Evenly spaced mail is counted in closed form, a selection message by message: O(n log n) time, and
    O(1) memory beside the streams.
    """
    own, strange = Tally(), Tally()
    streams = (campaign, *others)
    for place, stream in enumerate(streams):
        tally = strange if place else own
        if not isinstance(stream, Runs):
            tally.see_all(window, stream, others)
            continue
        if campaign.count:
            near = with_sparse_cut(streams, place)
            segments, times = unlike(window, near, place, cut(window, near, place))
            for beats in repeated(window, near, place, segments, times):
                _see(tally, window, beats)
    return _outcome(window, streams, own, strange)


def keeps(window: Window, campaign: Runs, others: Sequence[Runs]) -> bool:
    """Say whether no window that holds a message of the campaign is over the limit; as `fullest` says, but sooner.

    Within a segment what a window holds is nearly straight: each run that comes in or drops out makes a difference of one
    beat at most. Only where the two ends of a segment are nearer to the limit than that the beats between are counted.
    """
    close: list[tuple[int, Sequence[Stream], Segments]] = []
    for place in range(len(others) + 1 if campaign.count else 0):
        streams = with_sparse_cut((campaign, *others), place)
        segments = cut_whole(window, streams, place)
        every = np.arange(len(segments.tick))
        outer = (every * 0, segments.beats - 1)
        ends = [counted(window, streams, place, segments, every, beat) for beat in outer]
        for beat, (count, held) in zip(outer, ends, strict=True):
            if bool(np.any((count > window.allowed(segments.tick + beat * segments.step)) & (held > 0))):
                return False
        allowed = window.allowed(segments.tick)
        around = surroundings(window, streams, place, segments.tick)
        comes_in = sum((size for rank, _, size, _ in around if rank == 0), np.zeros(len(every), dtype=np.int64))
        most = np.maximum(ends[0][0], ends[1][0]) + sum(size for _, _, size, _ in around)
        # The edge of a window that tumbles moves in leaps.
        near = (not segments.is_cut) | (
            ((most > allowed) | (window.pulse > 1)) & ((ends[0][1] > 0) | (ends[1][1] > 0) | (comes_in > 0))
        )
        close.append((place, streams, with_periods(window, streams, place, segments.at(np.flatnonzero(near)))))
    tally = Tally()
    for place, streams, segments in close:
        for beats in repeated(window, streams, place, *unlike(window, streams, place, segments)):
            _see(tally, window, beats)
            if tally.over:
                return False
    return True


def _see(tally: Tally, window: Window, beats: Repeated) -> None:
    """Take in beats with all their turns, as far as their windows hold a message of the campaign."""
    begin, end = _positive(beats.held, beats.held_growth, beats.turns)
    if not bool(np.any(end > begin)):
        return
    fullest_turn: Ints = np.where(beats.growth > 0, end - 1, begin)
    allowed = np.broadcast_to(np.asarray(window.allowed(beats.tick)), beats.tick.shape)
    counts: Ints = np.where(end > begin, beats.count + fullest_turn * beats.growth, -1)
    ticks: Ints = beats.tick + fullest_turn * beats.ticks
    _offer(tally, counts, allowed, ticks)
    beyond = beats.count - allowed
    if not bool(np.any((counts > allowed) & (end > begin))):
        return
    falls = beats.growth < 0
    low = beyond + np.where(falls, end - 1, begin) * beats.growth
    rise, turns = np.abs(beats.growth), np.maximum(end - begin, 0)
    first = np.clip(_reached(low, rise, 1), 0, turns)
    whole = np.clip(_reached(low, rise, beats.size), first, turns)
    climb = (whole - first) * low + rise * ((first + whole - 1) * (whole - first) // 2)
    tally.over += int(np.sum((climb + (turns - whole) * beats.size) * beats.times))
    turn = begin + np.where(falls, 0, first)
    broken = np.flatnonzero(first < turns)
    excess = np.clip(beyond + turn * beats.growth, 0, beats.size)[broken]
    numbers = (beats.number + turn * beats.numbers)[broken] - excess
    place = int(np.argmin(numbers))
    tally.breach(int(numbers[place]), int((beats.tick + turn * beats.ticks)[broken][place]))


def _positive(values: Ints, growth: Ints, turns: Ints) -> tuple[Ints, Ints]:
    """Return from which turn on, and up to which, a value is greater than 0."""
    rise = np.abs(growth)
    begin = np.where(growth < 0, 0, np.clip(_reached(values, rise, 1), 0, turns))
    left = turns - np.clip(_reached(values + (turns - 1) * growth, rise, 1), 0, turns)
    return begin, np.where(growth < 0, left, turns)


def _reached(values: Ints, rise: Ints, goal: Ints | int) -> Ints:
    """Return the first turn at which a value that rises reaches the goal, far away where it does not rise."""
    turns: Ints = -((values - goal) // np.maximum(rise, 1))
    return np.where(rise > 0, turns, np.where(values >= goal, 0, np.iinfo(np.int64).max))


def _offer(tally: Tally, counts: Ints, allowed: Ints, ticks: Ints) -> None:
    """Offer the fullest of the windows, the earliest of equally full ones."""
    shares = counts / np.maximum(allowed, 1)
    best = np.flatnonzero(shares == shares.max())
    place = int(best[np.argmin(ticks[best])])
    tally.offer(int(counts[place]), int(allowed[place]), int(ticks[place]))


def _outcome(window: Window, streams: Sequence[Stream], own: Tally, strange: Tally) -> Fullest:
    best = Tally()
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
