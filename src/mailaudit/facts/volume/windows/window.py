"""What a window is, and a tally of the windows that were seen."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from mailaudit.facts.volume.flow.stream_math import Ints, Stream

CHUNK = 1 << 17
# The tick of what never comes.
NEVER = 1 << 62


class Window(Protocol):
    """Where the window that ends at a message begins, and how much it may hold."""

    def edge(self, ticks: Ints) -> Ints:
        """Return the last tick before the window that ends at each tick."""

    def allowed(self, ticks: Ints) -> Ints | int:
        """Return the limit that holds at each tick."""

    @property
    def pulse(self) -> int:
        """In steps of how many ticks the edge moves on for ever; 0 where it stands still between borders."""

    def frees(self, tick: int) -> int:
        """Return from which tick on a message of this tick counts no longer."""

    def borders(self, arrivals: Ints, departures: Ints) -> Ints:
        """Return where something changes: at the arrivals, when the departures have left, and with the limit."""


@dataclass(slots=True)
class Tally:
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
        if seen:
            place = int(np.argmax(beyond))
            self.breach(start + place, int(ticks[place]))
        self.over += seen

    def see_all(self, window: Window, campaign: Stream, others: Sequence[Stream]) -> None:
        """Take in the campaign's messages one by one."""
        for number, ticks in chunks(campaign):
            counts = np.arange(number + 1, number + len(ticks) + 1, dtype=np.int64)
            edge = window.edge(ticks)
            counts -= campaign.upto(edge)
            for other in others:
                counts += other.upto(ticks) - other.upto(edge)
            self.see(number, ticks, counts, window.allowed(ticks))

    def breach(self, number: int, tick: int) -> None:
        """Keep the earlier of two breaches."""
        if self.first_tick is None or (tick, number) < (self.first_tick, self.first_number or 0):
            self.first_number, self.first_tick = number, tick

    def offer(self, peak: int, allowed: int, closes: int) -> None:
        """Keep the fuller window, or the earlier of two equally full ones."""
        ahead = peak * max(self.allowed, 1) - self.peak * max(allowed, 1)
        if self.closes is None or ahead > 0 or (ahead == 0 and closes < self.closes):
            self.peak, self.allowed, self.closes = peak, allowed, closes


def chunks(stream: Stream, start: int = 0, stop: int | None = None) -> Iterator[tuple[int, Ints]]:
    """Yield the ticks of a stream's messages in bounded pieces, each with the number of its first message."""
    end = stream.count if stop is None else min(stop, stream.count)
    while start < end:
        numbers = np.arange(start, min(start + CHUNK, end), dtype=np.int64)
        yield start, stream.times(numbers)
        start += len(numbers)
