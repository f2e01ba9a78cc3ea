"""The campaign by days, by night, and as a bounded series of points for a chart."""

from collections.abc import Sequence
from datetime import time

import numpy as np
from msgspec.structs import replace

from mailaudit.campaign.values.types import Hours
from mailaudit.facts.volume.flow.clock import Clock
from mailaudit.facts.volume.flow.sending_hours import DAY, Opening
from mailaudit.facts.volume.flow.stream_math import Ints, Runs, Stream
from mailaudit.facts.volume.flow.streams import Flows
from mailaudit.facts.volume.flow.waves import Wave, wave_runs
from mailaudit.facts.volume.limits import CampaignLimit
from mailaudit.facts.volume.model import Day, Peak, Series
from mailaudit.facts.volume.windows.closed_form import cut, with_sparse_cut
from mailaudit.facts.volume.windows.count import fullest
from mailaudit.facts.volume.windows.kinds import midnights, window_of
from mailaudit.facts.volume.windows.repeated import repeated
from mailaudit.facts.volume.windows.window import Window

NIGHT = Hours(time(21), time(7))
MOST_POINTS = 240
_MOST_BEATS = 2_000_000
_STEPS_S = (1, 5, 10, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 21_600, 43_200, DAY)


def days_of(flows: Flows, others: Sequence[Stream]) -> tuple[Day, ...]:
    """Return each local day from the first message to the last."""
    borders = midnights(flows.clock, flows.first_tick, flows.last_tick)
    own = np.diff(flows.campaign.upto(borders - 1))
    other = sum((np.diff(stream.upto(borders - 1)) for stream in others), np.zeros(len(own), dtype=np.int64))
    return tuple(
        Day(flows.clock.instant(int(begin)).date() if flows.dated else None, int(mine), int(theirs))
        for begin, mine, theirs in zip(borders, own, other, strict=False)
    )


def ordinary_day(flows: Flows, others: Sequence[Stream]) -> int:
    """Return the most other mail on one of the seven days before the campaign."""
    clock = flows.clock
    today = flows.first_tick
    borders = midnights(clock, today - clock.ticks(7 * DAY), today)
    borders = borders[borders <= today]
    total = sum(
        (np.diff(stream.upto(borders - 1)) for stream in others), np.zeros(len(borders) - 1, dtype=np.int64)
    )
    return int(total.max(initial=0))


def at_night(flows: Flows, waves: Sequence[Wave]) -> int | None:
    """Return how many messages leave between 21:00 and 07:00, of waves in their own zone; unknown without a start."""
    if not flows.dated:
        return None
    if not waves:
        return _at_night(flows.campaign, flows.clock)
    return sum(
        _at_night(wave_runs(flows.pace, flows.clock, [wave]), replace(flows.clock, zone=wave.opening.zone))
        for wave in waves
    )


def _at_night(stream: Runs, clock: Clock) -> int:
    night = Opening(NIGHT, None, clock.zone)
    nights = night.stretches_of(clock.epoch(stream.first_tick), clock.epoch(stream.last_tick) + 1)
    borders = clock.tick_of_epoch(nights.ravel())
    return int(np.diff(stream.upto(borders - 1))[::2].sum())


def series_of(limit: CampaignLimit, peak: Peak, flows: Flows) -> Series:
    """Return how full the limit's window is in each step of the campaign, and a while beyond its end.

    A value is the fullest window that ends in its step, so that no peak is lost, however long the step.
    """
    clock = flows.clock
    others = limit.others(flows)
    window = window_of(limit.rule, clock, flows.first_tick, flows.last_tick + clock.ticks(limit.rule.window_s))
    found = fullest(window, flows.campaign, others)
    closes = found.closes or flows.last_tick
    fading = min(clock.ticks(limit.rule.window_s), flows.last_tick - flows.first_tick)
    end = max(flows.last_tick + fading, closes)
    step = _step(clock, end - flows.first_tick)
    begins = np.arange(flows.first_tick, end + 1, step, dtype=np.int64)
    values = _held(window, flows.campaign, others, begins)
    streams = (flows.campaign, *others)
    for place in range(len(streams)):
        near = with_sparse_cut(streams, place)
        segments = cut(window, near, place, np.append(begins, end + 1))
        if segments.is_cut and segments.to_examine > _MOST_BEATS:
            # One message more or less between the ends of a segment is not to be seen; the fullest is put in below.
            segments = segments.ends()
        for beats in repeated(window, near, place, segments):
            turn: Ints = np.where(beats.growth > 0, beats.turns - 1, 0)
            ticks: Ints = beats.tick + turn * beats.ticks
            within = np.flatnonzero((ticks >= flows.first_tick) & (ticks <= end))
            held = (beats.count + turn * beats.growth)[within]
            np.maximum.at(values, (ticks[within] - flows.first_tick) // step, held)
    if found.closes is not None:
        values[(closes - flows.first_tick) // step] = max(found.peak, values[(closes - flows.first_tick) // step])
    return Series(peak, step / clock.per_second, tuple(values.tolist()))


def _held(window: Window, campaign: Stream, others: Sequence[Stream], ticks: Ints) -> Ints:
    edge = window.edge(ticks)
    count = campaign.upto(ticks) - campaign.upto(edge)
    for other in others:
        count = count + other.upto(ticks) - other.upto(edge)
    return count


def _step(clock: Clock, ticks: int) -> int:
    for seconds in _STEPS_S:
        if ticks // clock.ticks(seconds) < MOST_POINTS:
            return clock.ticks(seconds)
    return clock.ticks(DAY) * (ticks // (clock.ticks(DAY) * MOST_POINTS) + 1)
