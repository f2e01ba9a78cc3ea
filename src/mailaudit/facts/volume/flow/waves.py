"""Waves: the same mail at the same time of day in each recipient's own zone, laid out as one stream."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime

from msgspec import Struct

from mailaudit.errors import refused
from mailaudit.facts.volume.flow.clock import Clock
from mailaudit.facts.volume.flow.pace import Pace, open_ticks
from mailaudit.facts.volume.flow.sending_hours import Opening
from mailaudit.facts.volume.flow.stream_math import Run, Runs

_ALWAYS = Opening(None, None, UTC)


class Wave(Struct, frozen=True):
    """So many messages from an instant on; `zone` names where their recipients live, `opening` when they may be mailed.

    `day` counts the days from 1 where the waves are spread over several, `unknown` the recipients of whom nobody knows where.
    """

    zone: str
    messages: int
    begins_at: datetime
    day: int = 1
    unknown: int = 0
    opening: Opening = _ALWAYS


def wave_runs(pace: Pace, clock: Clock, waves: Sequence[Wave]) -> Runs:
    """Return the stream of all waves, each at the pace and within its own opening.

    Waves that overlap leave in step with each other: that is when it hurts most. A wave begins with the first step at or
    after its instant, so that nobody is mailed too early. Where the opening has hardly room for two steps each message leaves
    at its own instant.
    """
    step = max(clock.ticks(pace.step), 1)
    begin, end = waves[0].opening.span()
    is_slow = not waves[0].opening.always and 2 * step > clock.ticks(end - begin)
    grid = 1 if is_slow else step
    first = min(clock.tick(wave.begins_at) for wave in waves)
    changes: dict[int, int] = {}

    def add(begin: int, end: int, size: int) -> None:
        if begin < end and size:
            changes[begin] = changes.get(begin, 0) + size
            changes[end] = changes.get(end, 0) - size

    for wave in waves:
        left = wave.messages
        for begin, beats in _beats(wave, clock, first, grid, step // grid, -(-left // pace.size)):
            last = begin + (beats - 1)
            size = min(left - (beats - 1) * pace.size, pace.size)
            add(begin, last, pace.size)
            add(last, last + 1, size)
            left -= (beats - 1) * pace.size + size
    runs: list[Run] = []
    size = 0
    places = sorted(changes)
    for place, after in zip(places, [*places[1:], None], strict=True):
        size += changes[place]
        if size and after is not None:
            runs.append(Run(first + place * grid, grid, after - place, size))
    return Runs(runs)


def _beats(  # noqa: PLR0917 - one caller
    wave: Wave, clock: Clock, first: int, grid: int, spacing: int, left: int
) -> Iterator[tuple[int, int]]:
    """Yield the place on the grid and the number of the beats that follow one another there."""
    due = 0
    for opens, closes in open_ticks(wave.opening, clock, clock.tick(wave.begins_at)):
        due, end = max(due, -(-(opens - first) // grid)), -(-(closes - first) // grid)
        while due < end and left:
            beats = min(end - due, left) if spacing == 1 else 1
            yield due, beats
            due += beats * spacing
            left -= beats
        if not left:
            return
    raise refused(
        f"at the planned pace and within its hours the wave to {wave.zone} takes more than a hundred years",
        todo="give a faster rate, or longer hours and more days under schedule",
    )
