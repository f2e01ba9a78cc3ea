"""Lays the start at everybody's own time of day out as waves, one for each zone of the list."""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta

from msgspec.structs import replace

from mailaudit.campaign.schedule import Schedule
from mailaudit.campaign.values.start import LocalStart
from mailaudit.errors import refused
from mailaudit.facts.recipients.judging.columns.own_time import zone_named
from mailaudit.facts.volume.flow.sending_hours import DAY, Opening
from mailaudit.facts.volume.flow.stages import MOST_STAGES
from mailaudit.facts.volume.flow.waves import Wave

_WEEK = 7
# Some day of a week is open, but the clocks may change on it.
_LONGEST_CLOSED_S = 3 * _WEEK * DAY


def waves_of(schedule: Schedule, zones: Sequence[tuple[str | None, int]]) -> tuple[Wave, ...]:
    """Return the waves in the order in which they begin; nothing without such a start.

    Who lives nobody knows where gets the mail at the time of the schedule's own zone. With a most of each day they are spread
    over several days. Hours and days are those of each zone: a wave whose time lies outside waits until they begin.
    """
    start = schedule.start
    if not isinstance(start, LocalStart) or not zones:
        return ()
    own = schedule.timezone or UTC
    counts: Counter[tuple[str, Opening]] = Counter()
    unknown = 0
    for name, messages in zones:
        known = zone_named(name) if name else None
        unknown += 0 if known else messages
        zone = known or own
        counts[name if name and zone is not own else str(own), Opening(schedule.hours, schedule.days, zone)] += (
            messages
        )
    waves = tuple(
        Wave(
            name,
            messages,
            _open_at(opening, datetime.combine(start.date(), start.time(), opening.zone)),
            unknown=unknown if name == str(own) else 0,
            opening=opening,
        )
        for (name, opening), messages in counts.items()
        if messages
    )
    return over_days(waves, (schedule.most_a_day or sum(wave.messages for wave in waves),))


def _open_at(opening: Opening, at: datetime) -> datetime:
    """Return the instant, or the first after it at which mail may leave; raises `InputError` when there never is one."""
    if opening.open_seconds_a_week <= 0:
        raise refused("schedule: no weekday is left on which mail may leave", todo="name some days")
    epoch = int(at.timestamp())
    opens = next(opening.stretches(epoch, epoch + _LONGEST_CLOSED_S), (epoch, epoch))[0]
    return at if opens <= epoch else datetime.fromtimestamp(opens, opening.zone)


def _again(wave: Wave) -> Iterator[datetime]:
    """Yield the wave's instant and the same time of each further day on which mail may leave."""
    for day in range(_WEEK * (MOST_STAGES + _WEEK)):
        at = wave.begins_at + timedelta(days=day)
        if wave.opening.always or _open_at(wave.opening, at) == at:
            yield at


def over_days(waves: Sequence[Wave], shares: Sequence[int]) -> tuple[Wave, ...]:
    """Return waves over as many days as it takes, at the same time of each, in the order in which they begin.

    `shares` are the most messages of each day, the last of them of all further ones; every zone gets its part of a day.
    Raises `InputError` when that takes more than thousands of days.
    """
    left = [wave.messages for wave in waves]
    again = [_again(wave) for wave in waves]
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
            replace(wave, messages=part, begins_at=at, day=day + 1)
            for wave, part, at in zip(waves, parts, map(next, again), strict=True)
            if part
        )
        left = [messages - part for messages, part in zip(left, parts, strict=True)]
        day += 1
    return tuple(sorted(found, key=lambda wave: (wave.begins_at.timestamp(), wave.zone)))
