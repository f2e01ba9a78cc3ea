"""Streams of messages in closed form: runs of evenly spaced beats, with rank and instant in O(log runs)."""

from collections.abc import Iterable
from typing import Protocol, Self

import numpy as np
from msgspec import Struct
from msgspec.structs import replace
from numpy.typing import NDArray

Ints = NDArray[np.int64]


def distinct(ticks: Ints) -> Ints:
    """Return the ticks in order, each once.

    Not `np.unique`: its hashing is slow on ticks, which are multiples of a large number.
    """
    ordered = np.sort(ticks, kind="stable")  # which is quick on what mostly is in order
    once: Ints = ordered[np.concatenate((np.ones(min(len(ordered), 1), dtype=bool), np.diff(ordered) > 0))]
    return once


class Stream(Protocol):
    """Messages in the order in which they leave; instants are ticks and never decrease."""

    @property
    def count(self) -> int:
        """How many messages there are."""

    def times(self, numbers: Ints) -> Ints:
        """Return the ticks of messages, numbered from 0."""

    def upto(self, ticks: Ints) -> Ints:
        """Return how many messages leave at or before each tick."""


class Run(Struct, frozen=True):
    """`beats` beats from tick `first` on, every `step` ticks, each of `size` messages at one instant."""

    first: int
    step: int
    beats: int
    size: int = 1


class Runs:
    """A stream made of runs that follow one another; `count` may cut the last beat short."""

    __slots__ = ("_base", "_beats", "_first", "_size", "_step", "count")

    def __init__(self, runs: Iterable[Run], count: int | None = None) -> None:
        exact = _exact(tuple(runs), count)
        self._take(
            np.array([run.first for run in exact], dtype=np.int64),
            np.array([max(run.step, 1) for run in exact], dtype=np.int64),
            np.array([run.beats for run in exact], dtype=np.int64),
            np.array([run.size for run in exact], dtype=np.int64),
        )

    @classmethod
    def of_beats(cls, ticks: Ints, sizes: Ints) -> Self:
        """Return the stream of single beats at some ticks, in order, each of its own size."""
        once = np.ones(len(ticks), dtype=np.int64)
        return cls.of_columns(ticks, once, once, sizes)

    @classmethod
    def of_columns(cls, first: Ints, step: Ints, beats: Ints, size: Ints) -> Self:
        """Return the stream of runs that follow one another, one entry a run."""
        made = cls(())
        made._take(first, step, beats, size)
        return made

    def _take(self, first: Ints, step: Ints, beats: Ints, size: Ints) -> None:
        self._first, self._step, self._beats, self._size = first, step, beats, size
        self._base = np.concatenate(([0], np.cumsum(beats * size))).astype(np.int64)
        self.count = int(self._base[-1])

    @property
    def beat_count(self) -> int:
        """Return how many beats there are."""
        return int(self._beats.sum())

    def one_by_one(self) -> Self:
        """Return the same stream with a run for each beat."""
        beat = np.arange(self.beat_count, dtype=np.int64) - np.repeat(
            np.cumsum(self._beats) - self._beats, self._beats
        )
        ticks = np.repeat(self._first, self._beats) + beat * np.repeat(self._step, self._beats)
        return type(self).of_beats(ticks, np.repeat(self._size, self._beats))

    @property
    def run_count(self) -> int:
        """Return how many runs there are."""
        return len(self._first)

    @property
    def runs(self) -> tuple[Run, ...]:
        """The runs one by one."""
        columns = (self._first, self._step, self._beats, self._size)
        return tuple(Run(*values) for values in zip(*(column.tolist() for column in columns), strict=True))

    @property
    def first_tick(self) -> int:
        """The instant of the first message."""
        return int(self._first[0])

    def columns(self) -> tuple[Ints, Ints, Ints, Ints, Ints]:
        """Return first, step, beats, size and messages before, one entry a run; a cut last beat is its own run."""
        return self._first, self._step, self._beats, self._size, self._base

    @property
    def last_tick(self) -> int:
        """The instant of the last message."""
        return int(self.times(np.array([self.count - 1], dtype=np.int64))[0])

    def times(self, numbers: Ints) -> Ints:
        """Return the ticks of messages, numbered from 0."""
        if self.run_count == 1:
            return numbers // self._size * self._step + self._first
        place = np.searchsorted(self._base, numbers, side="right") - 1
        ticks: Ints = self._first[place] + (numbers - self._base[place]) // self._size[place] * self._step[place]
        return ticks

    def upto(self, ticks: Ints) -> Ints:
        """Return how many messages leave at or before each tick."""
        if not self.run_count:
            return np.zeros(len(ticks), dtype=np.int64)
        if self.run_count == 1:
            even: Ints = np.clip((ticks - self._first) // self._step + 1, 0, self._beats) * self._size
            return even
        run = np.maximum(np.searchsorted(self._first, ticks, side="right") - 1, 0)
        beats = np.clip((ticks - self._first[run]) // self._step[run] + 1, 0, self._beats[run])
        counted: Ints = self._base[run] + beats * self._size[run]
        return counted


def _exact(runs: tuple[Run, ...], count: int | None) -> tuple[Run, ...]:
    """Make the last beat, when the count cuts it short, a run of its own."""
    extra = sum(run.beats * run.size for run in runs) - (count or 0)
    if count is None or extra == 0:
        return runs
    last = runs[-1]
    if not 0 < extra < last.size:
        raise ValueError("only the last beat can be cut short")
    rest = Run(last.first + (last.beats - 1) * last.step, last.step, 1, last.size - extra)
    whole = (replace(last, beats=last.beats - 1),) if last.beats > 1 else ()
    return (*runs[:-1], *whole, rest)


class Selection:
    """The messages of a stream at some places, for example all that go to one provider; instants are kept."""

    __slots__ = ("_places", "_ticks", "count")

    def __init__(self, stream: Stream, places: Ints) -> None:
        self._places = places
        self._ticks = stream.times(places)
        self.count = len(places)

    def times(self, numbers: Ints) -> Ints:
        """Return the ticks of messages, numbered from 0."""
        return self._ticks[numbers]

    def upto(self, ticks: Ints) -> Ints:
        """Return how many messages leave at or before each tick."""
        return np.searchsorted(self._ticks, ticks, side="right").astype(np.int64)

    def place(self, number: int) -> int:
        """Return where a message stands in the whole stream, both numbered from 0."""
        return int(self._places[number])
