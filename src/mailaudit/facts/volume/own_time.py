"""Lays the start at everybody's own time of day out as waves, one for each zone of the list."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from mailaudit.campaign.schedule import Schedule
from mailaudit.campaign.values.start import LocalStart
from mailaudit.errors import refused
from mailaudit.facts.recipients.judging.columns.own_time import zone_named
from mailaudit.facts.volume.flow.stages import MOST_STAGES
from mailaudit.facts.volume.flow.waves import Wave


def waves_of(schedule: Schedule, zones: Sequence[tuple[str | None, int]]) -> tuple[Wave, ...]:
    """Return the waves in the order in which they begin; nothing without such a start.

    Who lives nobody knows where gets the mail at the time of the schedule's own zone. With a most of each day they are spread
    over several days. Raises `InputError` for hours and days beside such a start, which leave no own time.
    """
    start = schedule.start
    if not isinstance(start, LocalStart) or not zones:
        return ()
    if schedule.hours is not None or schedule.days is not None:
        what = "schedule: hours and days stand beside a local start"
        raise refused(what, todo="leave them out, or write the start without local")
    own = schedule.timezone or UTC
    counts: Counter[tuple[str, datetime]] = Counter()
    unknown = 0
    for name, messages in zones:
        known = zone_named(name) if name else None
        unknown += 0 if known else messages
        zone = known or own
        begins_at = datetime.combine(start.date(), start.time(), zone)
        counts[name if name and zone is not own else str(own), begins_at] += messages
    waves = tuple(
        Wave(name, messages, begins_at, unknown=unknown if name == str(own) else 0)
        for (name, begins_at), messages in counts.items()
        if messages
    )
    return over_days(waves, (schedule.most_a_day or sum(wave.messages for wave in waves),))


def over_days(waves: Sequence[Wave], shares: Sequence[int]) -> tuple[Wave, ...]:
    """Return waves over as many days as it takes, at the same time of each, in the order in which they begin.

    `shares` are the most messages of each day, the last of them of all further ones; every zone gets its part of a day.
    Raises `InputError` when that takes more than thousands of days.
    """
    left = [wave.messages for wave in waves]
    found: list[Wave] = []
    day = 0
    while total := sum(left):
        if day == MOST_STAGES:
            what = f"schedule.most_a_day: {total:,} messages are left after {day:,} days"
            raise refused(what, todo="write a larger number")
        share = min(shares[min(day, len(shares) - 1)], total)
        parts = [share * messages // total for messages in left]
        nearest = sorted(range(len(left)), key=lambda place: -(share * left[place] % total))
        for place in nearest[: share - sum(parts)]:
            parts[place] += 1
        found += (
            replace(wave, messages=part, begins_at=wave.begins_at + timedelta(days=day), day=day + 1)
            for wave, part in zip(waves, parts, strict=True)
            if part
        )
        left = [messages - part for messages, part in zip(left, parts, strict=True)]
        day += 1
    return tuple(sorted(found, key=lambda wave: (wave.begins_at.timestamp(), wave.zone)))
