"""The windows of evenly spaced mail in closed form: some beats that stand for all the others.

Between two borders (a run begins or ends, at the window's front or at its edge; the limit changes) each stream that matters
is one evenly spaced run. After the least common multiple of their steps everything stands as before, but that each count is
higher or lower by always the same number. So the beats of one such period tell all of them.
"""

from collections.abc import Iterator, Sequence
from typing import Self, TypeGuard

import numpy as np
from msgspec import Struct
from msgspec.structs import replace

from mailaudit.errors import refused
from mailaudit.facts.volume.flow.stream_math import Ints, Runs, Stream, distinct
from mailaudit.facts.volume.windows.window import CHUNK, Window

# Multiples above this leave no room in 64 bits; then every beat is looked at.
_LARGEST = 1 << 61
_MOST_SPARSE = 50_000
# A few seconds of counting; nobody sends at paces that fit together so badly.
_MOST_BEATS = 100_000_000
# A run is cut at both its ends, and where they leave the window. It stays whole where that makes more pieces than messages.
CUTS = 6


class Segments(Struct, frozen=True):
    """Beats of one stream between two borders, one entry a segment, in order of time.

    `number` is the first message (from 0), `tick` its instant, `beats` how many beats of `size` messages follow every `step`
    ticks. Every `period` of them the same comes again. Where they are not `cut` they are whole runs, and a period is all.
    """

    number: Ints
    tick: Ints
    beats: Ints
    step: Ints
    size: Ints
    period: Ints
    is_cut: bool = True

    def at(self, chosen: Ints) -> Self:
        """Return some of the segments."""
        return type(self)(
            number=self.number[chosen],
            tick=self.tick[chosen],
            beats=self.beats[chosen],
            step=self.step[chosen],
            size=self.size[chosen],
            period=self.period[chosen],
            is_cut=self.is_cut,
        )

    @property
    def to_examine(self) -> int:
        """How many beats stand for all."""
        return int(np.minimum(self.period, self.beats).sum())

    def ends(self) -> Self:
        """Return the first and the last beat of each segment, each as a segment of its own."""
        last = self.beats - 1
        one = np.ones(2 * len(last), dtype=np.int64)
        return type(self)(
            number=np.concatenate((self.number, self.number + last * self.size)),
            tick=np.concatenate((self.tick, self.tick + last * self.step)),
            beats=one,
            step=np.tile(self.step, 2),
            size=np.tile(self.size, 2),
            period=one,
            is_cut=self.is_cut,
        )

    def examined(self) -> Iterator[tuple[Ints, Ints]]:
        """Yield the beats that stand for all, in bounded pieces: the segment, and the beat in it, counted from 0.

        Raises `InputError` where they are too many.
        """
        ends, total = np.cumsum(np.minimum(self.period, self.beats)), self.to_examine
        if total > _MOST_BEATS:
            what = "other_mail: its paces and that of the campaign make too many different windows to be counted"
            raise refused(what, todo="write rates in whole numbers a minute or an hour")
        for start in range(0, total, CHUNK):
            places = np.arange(start, min(start + CHUNK, total), dtype=np.int64)
            chosen = np.searchsorted(ends, places, side="right")
            yield chosen, places - ends[chosen] + np.minimum(self.period, self.beats)[chosen]

    def turns(self, chosen: Ints, beats: Ints) -> Ints:
        """Return how often a beat comes in its segment."""
        return (self.beats[chosen] - beats - 1) // self.period[chosen] + 1


def are_runs(streams: Sequence[Stream]) -> TypeGuard[Sequence[Runs]]:
    """Say whether all streams are made of runs."""
    return all(isinstance(stream, Runs) for stream in streams)


def with_sparse_cut(streams: Sequence[Stream], place: int) -> Sequence[Stream]:
    """Return the streams with a run for each beat of those that have far fewer than the one in question has messages.

    Between two beats of such a stream nothing of it changes, however long its step is.
    """
    most = min(streams[place].count // (2 * CUTS + 1), _MOST_SPARSE)
    return [
        stream.one_by_one() if rank != place and isinstance(stream, Runs) and stream.beat_count < most else stream
        for rank, stream in enumerate(streams)
    ]


def cut(window: Window, streams: Sequence[Stream], place: int, extra: Ints | None = None) -> Segments:
    """Cut one of the streams, which is made of runs, at every border, and at the `extra` ticks."""
    return with_periods(window, streams, place, cut_whole(window, streams, place, extra))


def with_periods(window: Window, streams: Sequence[Stream], place: int, segments: Segments) -> Segments:
    """Return segments with the beats after which each stream stands as before, at the front and the edge of the window."""
    if not segments.is_cut:
        return segments
    step, beats = segments.step, segments.beats
    common, fits = step, np.ones(len(step), dtype=bool)
    pulse = np.full(len(step), window.pulse, dtype=np.int64)
    for other in (pulse, *(one[1] for one in surroundings(window, streams, place, segments.tick))):
        parts = np.maximum(other, 1) // np.gcd(common, np.maximum(other, 1))
        fits &= common < _LARGEST / parts
        common = np.where(fits, common * np.where(fits, parts, 1), common)
    return replace(segments, period=np.where(fits, np.minimum(common // step, beats), beats))


def cut_whole(window: Window, streams: Sequence[Stream], place: int, extra: Ints | None = None) -> Segments:
    """Cut as `cut` does; the period of each segment is all of it."""
    closer = streams[place]
    if not isinstance(closer, Runs):
        raise TypeError("only a stream of runs can be cut")
    first, step, beats, size, base = closer.columns()
    if not are_runs(streams) or sum(stream.run_count for stream in streams) * CUTS > closer.count:
        return Segments(base[:-1], first, beats, step, size, beats, is_cut=False)
    columns = [stream.columns() for stream in streams]
    begins = np.concatenate([one[0] for one in columns])
    lasts = np.concatenate([one[0] + (one[2] - 1) * one[1] for one in columns])
    arrivals = (begins, begins + 1, lasts + 1, *(() if extra is None else (extra,)))
    borders = window.borders(np.concatenate(arrivals), np.concatenate((begins, lasts)))
    last = first + (beats - 1) * step
    starts = distinct(borders[(borders >= first[0]) & (borders <= last[-1])])
    run = np.searchsorted(first, starts, side="right") - 1
    place_of = -(-(starts - first[run]) // step[run])
    ends = np.append(starts[1:], last[-1] + 1)
    after = np.minimum(-(-(ends - first[run]) // step[run]), beats[run])
    kept = np.flatnonzero(after > place_of)
    run, begin, count = run[kept], place_of[kept], after[kept] - place_of[kept]
    tick = first[run] + begin * step[run]
    return Segments(
        number=base[run] + begin * size[run],
        tick=tick,
        beats=count,
        step=step[run],
        size=size[run],
        period=count,
    )


def surroundings(
    window: Window, streams: Sequence[Stream], place: int, ticks: Ints
) -> list[tuple[int, Ints, Ints, Ints]]:
    """Return which runs are on when windows end at some ticks: of each stream, at the front and at the edge of the window.

    Each is the stream's rank, and the step, the size and how long ago the last beat was, 0 where no run is on. The stream in
    question itself is only at the edge.
    """
    found = []
    for rank, stream in enumerate(streams):
        if isinstance(stream, Runs) and stream.run_count:
            found += [_on(rank, stream, ticks)] if rank != place else []
            found += [_on(rank, stream, window.edge(ticks))] if window.pulse else []
    return found


def _on(rank: int, stream: Runs, ticks: Ints) -> tuple[int, Ints, Ints, Ints]:
    first, step, beats, size, _ = stream.columns()
    run = np.maximum(np.searchsorted(first, ticks, side="right") - 1, 0)
    is_on = (ticks >= first[run]) & (ticks <= first[run] + (beats[run] - 1) * step[run])
    ago = np.where(is_on, (ticks - first[run]) % step[run], 0)
    return rank, np.where(is_on, step[run], 0), np.where(is_on, size[run], 0), ago
