"""Beats of evenly spaced mail that stand for many, with what their windows hold."""

from collections.abc import Iterator, Sequence

import numpy as np
from msgspec import Struct

from mailaudit.facts.volume.flow.stream_math import Ints, Stream
from mailaudit.facts.volume.windows.closed_form import Segments, surroundings
from mailaudit.facts.volume.windows.window import Window

# Comparing segments takes as long as counting so many beats of each.
_WORTH_COMPARING = 20


class Repeated(Struct, frozen=True):
    """Beats of one segment each, that come again so many `turns`, every `ticks` and `numbers` of messages.

    `tick` is the instant of the first, `number` the messages up to it and `size` those of a beat. `count` is what its window
    holds and `held` how many of them are the campaign's; with each turn both grow by always as many. Later segments that are
    just the same are told as so many `times`.
    """

    tick: Ints
    number: Ints
    size: Ints
    turns: Ints
    ticks: Ints
    numbers: Ints
    count: Ints
    held: Ints
    growth: Ints
    held_growth: Ints
    times: Ints


def repeated(
    window: Window, streams: Sequence[Stream], place: int, segments: Segments, times: Ints | None = None
) -> Iterator[Repeated]:
    """Yield the beats of one stream that stand for all, with what their windows hold; the campaign is the first stream."""
    times = np.ones(len(segments.tick), dtype=np.int64) if times is None else times
    again = np.flatnonzero(segments.period < segments.beats)
    growth, held_growth = np.zeros((2, len(segments.tick)), dtype=np.int64)
    if len(again):
        before = counted(window, streams, place, segments, again, np.zeros(len(again), dtype=np.int64))
        after = counted(window, streams, place, segments, again, segments.period[again])
        growth[again], held_growth[again] = after[0] - before[0], after[1] - before[1]
    for chosen, beats in segments.examined():
        count, held = counted(window, streams, place, segments, chosen, beats)
        period, size, step = segments.period[chosen], segments.size[chosen], segments.step[chosen]
        yield Repeated(
            tick=segments.tick[chosen] + beats * step,
            number=segments.number[chosen] + (beats + 1) * size,
            size=size,
            turns=segments.turns(chosen, beats),
            ticks=period * step,
            numbers=period * size,
            count=count,
            held=held,
            growth=growth[chosen],
            held_growth=held_growth[chosen],
            times=times[chosen],
        )


def unlike(window: Window, streams: Sequence[Stream], place: int, segments: Segments) -> tuple[Segments, Ints]:
    """Return the segments of a stream without those that are just as an earlier one, and how often each comes."""
    every = np.arange(len(segments.tick))
    if not segments.is_cut or segments.to_examine <= _WORTH_COMPARING * len(every):
        return segments, every * 0 + 1
    count, held = counted(window, streams, place, segments, every, every * 0)
    allowed = np.broadcast_to(np.asarray(window.allowed(segments.tick)), count.shape)
    around = [column for _, *columns in surroundings(window, streams, place, segments.tick) for column in columns]
    known = (segments.beats, segments.step, segments.size, segments.period, count, held, allowed, *around)
    if window.pulse > 1:
        known = (*known, segments.tick - window.edge(segments.tick))
    _, first, times = np.unique(np.stack(known, axis=1), axis=0, return_index=True, return_counts=True)
    order = np.argsort(first)
    return segments.at(first[order]), times[order]


def counted(  # noqa: PLR0917 - one caller
    window: Window, streams: Sequence[Stream], place: int, segments: Segments, chosen: Ints, beats: Ints
) -> tuple[Ints, Ints]:
    """Return what the windows that end at some beats hold, and how many of that are the campaign's."""
    ticks = segments.tick[chosen] + beats * segments.step[chosen]
    edge = window.edge(ticks)
    count = segments.number[chosen] + (beats + 1) * segments.size[chosen] - streams[place].upto(edge)
    held = count
    for rank, stream in enumerate(streams):
        if rank != place:
            # At one instant the other streams follow one another in their order, and the campaign comes last.
            inside = stream.upto(ticks - (place > 0 and (rank == 0 or rank > place))) - stream.upto(edge)
            held = inside if rank == 0 else held
            count = count + inside
    return count, held
