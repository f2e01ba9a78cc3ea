"""Waves: the same mail at the same time of day in each recipient's own zone, laid out as one stream."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from mailaudit.facts.volume.flow.clock import Clock
from mailaudit.facts.volume.flow.pace import Pace
from mailaudit.facts.volume.flow.stream_math import Run, Runs


@dataclass(frozen=True, slots=True)
class Wave:
    """So many messages from an instant on; `zone` names where their recipients live.

    `day` counts the days from 1 where the waves are spread over several, `unknown` the recipients of whom nobody knows where.
    """

    zone: str
    messages: int
    begins_at: datetime
    day: int = 1
    unknown: int = 0


def wave_runs(pace: Pace, clock: Clock, waves: Sequence[Wave]) -> Runs:
    """Return the stream of all waves, each at the pace.

    Waves that overlap leave in step with each other: that is when it hurts most. A wave begins with the first step at or
    after its instant, so that nobody is mailed too early.
    """
    step = max(clock.ticks(pace.step), 1)
    starts = [clock.tick(wave.begins_at) for wave in waves]
    first = min(starts)
    changes: dict[int, int] = {}

    def add(begin: int, end: int, size: int) -> None:
        if begin < end and size:
            changes[begin] = changes.get(begin, 0) + size
            changes[end] = changes.get(end, 0) - size

    for wave, start in zip(waves, starts, strict=True):
        begin = -(-(start - first) // step)
        whole, rest = divmod(wave.messages, pace.size)
        add(begin, begin + whole, pace.size)
        add(begin + whole, begin + whole + 1, rest)
    runs: list[Run] = []
    size = 0
    places = sorted(changes)
    for place, after in zip(places, [*places[1:], None], strict=True):
        size += changes[place]
        if size and after is not None:
            runs.append(Run(first + place * step, step, after - place, size))
    return Runs(runs)
