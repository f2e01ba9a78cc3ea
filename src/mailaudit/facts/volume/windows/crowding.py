"""Other mail that finds its window over the limit only because of the campaign, in stretches."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from msgspec import Struct

from mailaudit.facts.volume.flow.stream_math import Ints, Stream
from mailaudit.facts.volume.windows.window import Window, chunks

# Stretches that are told one by one.
MOST_STRETCHES = 50
# Other mail is looked at message by message, so many of each stream.
_MOST_MESSAGES = 3_000_000


class Stretch(Struct, frozen=True):
    """Messages of one stream of other mail, one after the other, from tick to tick."""

    stream: int
    begins: int
    ends: int
    messages: int


@dataclass(slots=True)
class _Stretches:
    found: list[Stretch] = field(default_factory=list)
    goes_on: tuple[int, int] | None = None

    def add(self, stream: int, numbers: Ints, ticks: Ints, hurt: Ints) -> None:
        """Add the stretches of messages that are hurt, joined to the last one when they go on from it."""
        borders = np.flatnonzero(np.diff(np.concatenate(([0], hurt, [0]))))
        for first, after in zip(borders[::2].tolist(), borders[1::2].tolist(), strict=True):
            stretch = Stretch(stream, int(ticks[first]), int(ticks[after - 1]), after - first)
            if self.found and self.goes_on == (stream, int(numbers[first])):
                last = self.found.pop()
                stretch = Stretch(stream, last.begins, stretch.ends, last.messages + stretch.messages)
            if len(self.found) == MOST_STRETCHES:
                return
            self.found.append(stretch)
            self.goes_on = (stream, int(numbers[after - 1]) + 1)


def crowded_out(window: Window, campaign: Stream, others: Sequence[Stream]) -> tuple[Stretch, ...]:
    """Return the stretches, at most 50; O(messages of the other mail), of which the first millions are looked at."""
    stretches = _Stretches()
    begin = campaign.times(np.array([0], dtype=np.int64))
    for place, stream in enumerate(others):
        first = int(stream.upto(begin - 1)[0])
        for start, ticks in chunks(stream, first, first + _MOST_MESSAGES):
            edge = window.edge(ticks)
            ahead = campaign.upto(ticks - 1)
            held = ahead - campaign.upto(edge)
            alone = np.arange(start + 1, start + len(ticks) + 1, dtype=np.int64) - stream.upto(edge)
            for rank, other in enumerate(others):
                if rank != place:
                    # At one instant, the streams follow one another in their order.
                    alone = alone + other.upto(ticks - (rank > place)) - other.upto(edge)
            allowed = window.allowed(ticks)
            numbers = np.arange(start, start + len(ticks), dtype=np.int64)
            stretches.add(place, numbers, ticks, ((held + alone > allowed) & (alone <= allowed)).astype(np.int64))
            if not held.any() and ahead[-1] >= campaign.count:
                break
    return tuple(stretches.found)
