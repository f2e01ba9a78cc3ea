"""How sending software spreads messages: beats at a pace, paused outside the opening hours."""

from collections.abc import Iterator
from fractions import Fraction

import numpy as np
from msgspec import Struct

from mailaudit.campaign.schedule import Schedule
from mailaudit.errors import refused
from mailaudit.facts.volume.flow.clock import Clock
from mailaudit.facts.volume.flow.sending_hours import Opening
from mailaudit.facts.volume.flow.stream_math import Run, Runs
from mailaudit.knowledge.types.volume import Limiter
from mailaudit.knowledge.volume import find_limiter, limiters
from mailaudit.location import Location

WEEK = 7 * 86_400
# Longer plans are a slip of the pen, and calendars of the far future mean nothing.
LONGEST_S = 100 * 365 * 86_400


class Pace(Struct, frozen=True):
    """`size` messages at once every `step` seconds."""

    step: Fraction
    size: int = 1

    @property
    def per_second(self) -> Fraction:
        """Messages in one second, on average."""
        return self.size / self.step


def pace_of(schedule: Schedule, messages: int) -> Pace | None:
    """Return the pace that a schedule gives, or nothing when it gives none (or names a limiter).

    Several processes each keep the pace, in step with each other: that is when it hurts most.
    """
    if schedule.rate is not None:
        _positive(schedule.rate.count, "schedule.rate")
        return Pace(Fraction(schedule.rate.per.seconds, schedule.rate.count), schedule.processes)
    if schedule.batch is not None:
        _positive(schedule.batch.size, "schedule.batch.size")
        return Pace(Fraction(schedule.batch.every.seconds), schedule.batch.size * schedule.processes)
    if schedule.over is not None:
        return Pace(Fraction(schedule.over.seconds, max(messages, 1)))
    return None


def limiter_of(schedule: Schedule | None, software: str | None, where: Location | None = None) -> Limiter | None:
    """Return the known software that paces the campaign; raises `InputError` when `limiter` names an unknown one.

    `where` is the place of that key in the campaign file.
    """
    name = schedule.limiter if schedule else None
    if name is None:
        return find_limiter(software) if software else None
    found = find_limiter(name)
    if found is None:
        known = ", ".join(sorted(one.id for one in limiters()))
        raise refused(f"schedule.limiter: nothing is known of {name!r}", where, f"use one of {known}")
    return found


def default_pace(limiter: Limiter, schedule: Schedule, messages: int) -> Pace:
    """Return how a program paces mail by default: without a limiter of its own all messages leave at once."""
    if limiter.size is None or limiter.every_ms is None:
        return Pace(Fraction(1), max(messages, 1))
    return Pace(Fraction(limiter.every_ms, 1000), limiter.size * schedule.processes)


def expected_length(pace: Pace, opening: Opening, messages: int) -> int:
    """Return a generous estimate, in seconds, of how long the messages take; raises `InputError` when absurd."""
    beats = -(-messages // pace.size)
    closed = Fraction(WEEK, max(opening.open_seconds_a_week, 1))
    # A beat slower than the opening is long waits for the next one, at most a week away.
    seconds = int(beats * pace.step * closed) + 2 * WEEK
    if pace.step > opening.open_seconds_a_week / 7:
        seconds += beats * WEEK
    if int(beats * pace.step) > LONGEST_S:
        years = int(beats * pace.step) // (365 * 86_400)
        raise refused(
            f"at the planned pace {messages:,} messages take {years:,} years",
            todo="give a faster rate, a larger batch or a shorter duration under schedule",
        )
    return min(seconds, 2 * LONGEST_S)


def runs_of(pace: Pace, opening: Opening, clock: Clock, begin: int, messages: int) -> Runs:
    """Return the campaign's stream from tick `begin` on.

    A beat that would fall outside the opening waits for the next opening; from there the spacing goes on.
    """
    step = max(clock.ticks(pace.step), 1)
    runs: list[Run] = []
    left = -(-messages // pace.size)
    due = begin
    for first, last in open_ticks(opening, clock, begin):
        if left <= 0:
            break
        due = max(due, first)
        if due >= last:
            continue
        beats = min(-(-(last - due) // step), left)
        runs.append(Run(due, step, beats, pace.size))
        left -= beats
        due += beats * step
    if left > 0:
        raise refused(
            f"at the planned pace and within its hours {messages:,} messages take more than a hundred years",
            todo="give a faster rate, or longer hours and more days under schedule",
        )
    return Runs(runs, messages)


def steady_runs(pace: Pace, opening: Opening, clock: Clock, begin: int, end: int) -> Runs:
    """Return mail that always flows, as far as it touches [begin, end): one message at each opening, then evenly.

    Mail without hours has a message at tick 0.
    """
    step = max(clock.ticks(pace.step), 1)
    if opening.always:
        first = begin // step * step
        return Runs([Run(first, step, max((end - first) // step, 0) + 1)])
    stretches = clock.tick_of_epoch(opening.stretches_of(clock.epoch(begin), clock.epoch(end) + 1))
    lows, highs = stretches[:, 0], stretches[:, 1]
    steps = np.full(len(lows), step, dtype=np.int64)
    beats = -(-(highs - lows) // step)
    if not bool(np.any(lows[1:] < (lows + beats * step)[:-1])):
        return Runs.of_columns(lows, steps, beats, np.ones(len(lows), dtype=np.int64))
    # A pause shorter than a step: the spacing goes on.
    runs: list[Run] = []
    due = int(lows[0])
    for low, high in zip(lows.tolist(), highs.tolist(), strict=True):
        due = max(due, low)
        if due < high:
            runs.append(Run(due, step, -(-(high - due) // step)))
            due += runs[-1].beats * step
    return Runs(runs)


def open_ticks(opening: Opening, clock: Clock, begin: int) -> Iterator[tuple[int, int]]:
    """Yield the open stretches [from, to) from a tick on, for a hundred years."""
    if opening.always:
        yield begin, 1 << 62
        return
    limit = clock.epoch(begin) + LONGEST_S
    for first, last in opening.stretches(clock.epoch(begin), limit):
        yield max(clock.tick_of_epoch(first), begin), clock.tick_of_epoch(last)


def _positive(number: int, key: str) -> None:
    if number <= 0:
        raise refused(f"{key}: {number} is not a positive number", todo="write at least 1")
