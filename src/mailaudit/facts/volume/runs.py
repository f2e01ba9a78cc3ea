"""Streams of messages in closed form: runs of evenly spaced beats, with rank and instant in O(log runs)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]


class Stream(Protocol):
    """Messages in the order in which they leave; instants are ticks and never decrease."""

    @property
    def count(self) -> int:
        """How many messages there are."""

    def times(self, numbers: Ints) -> Ints:
        """Return the ticks of messages, numbered from 0."""

    def upto(self, ticks: Ints) -> Ints:
        """Return how many messages leave at or before each tick."""


@dataclass(frozen=True, slots=True)
class Run:
    """`beats` beats from tick `first` on, every `step` ticks, each of `size` messages at one instant."""

    first: int
    step: int
    beats: int
    size: int = 1


class Runs:
    """A stream made of runs that follow one another; `count` may cut the last beat short."""

    __slots__ = ("_base", "_beats", "_first", "_size", "_step", "count", "runs")

    def __init__(self, runs: Iterable[Run], count: int | None = None) -> None:
        self.runs = tuple(runs)
        self._first = np.array([run.first for run in self.runs], dtype=np.int64)
        self._step = np.array([max(run.step, 1) for run in self.runs], dtype=np.int64)
        self._beats = np.array([run.beats for run in self.runs], dtype=np.int64)
        self._size = np.array([run.size for run in self.runs], dtype=np.int64)
        total = np.cumsum(self._beats * self._size)
        self.count = int(total[-1]) if count is None and len(total) else int(count or 0)
        self._base = np.minimum(np.concatenate(([0], total)), self.count).astype(np.int64)

    def times(self, numbers: Ints) -> Ints:
        """Return the ticks of messages, numbered from 0."""
        if len(self.runs) == 1:
            run = self.runs[0]
            return numbers // run.size * max(run.step, 1) + run.first
        place = np.searchsorted(self._base, numbers, side="right") - 1
        ticks: Ints = self._first[place] + (numbers - self._base[place]) // self._size[place] * self._step[place]
        return ticks

    def upto(self, ticks: Ints) -> Ints:
        """Return how many messages leave at or before each tick."""
        if not self.runs:
            return np.zeros(len(ticks), dtype=np.int64)
        run = np.maximum(np.searchsorted(self._first, ticks, side="right") - 1, 0)
        beats = np.clip((ticks - self._first[run]) // self._step[run] + 1, 0, self._beats[run])
        counted: Ints = np.minimum(self._base[run] + beats * self._size[run], self._base[run + 1])
        return counted


class Selection:
    """The messages of a stream at some places, for example all that go to one provider."""

    __slots__ = ("_places", "_stream", "count")

    def __init__(self, stream: Stream, places: Ints) -> None:
        self._stream = stream
        self._places = places
        self.count = len(places)

    def times(self, numbers: Ints) -> Ints:
        """Return the ticks of messages, numbered from 0."""
        return self._stream.times(self._places[numbers])

    def upto(self, ticks: Ints) -> Ints:
        """Return how many messages leave at or before each tick."""
        return np.searchsorted(self._places, self._stream.upto(ticks), side="left").astype(np.int64)

    def place(self, number: int) -> int:
        """Return where a message stands in the whole stream, both numbered from 0."""
        return int(self._places[number])
