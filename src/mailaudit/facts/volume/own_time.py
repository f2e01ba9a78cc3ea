"""Lays the start at everybody's own time of day out as waves, one for each zone of the list."""

from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime

from mailaudit.campaign.schedule import Schedule
from mailaudit.campaign.values.start import LocalStart
from mailaudit.errors import Complaint, InputError
from mailaudit.facts.recipients.judging.columns.own_time import zone_named
from mailaudit.facts.volume.flow.waves import Wave


def waves_of(schedule: Schedule, zones: Sequence[tuple[str | None, int]]) -> tuple[Wave, ...]:
    """Return the waves in the order in which they begin; nothing without such a start.

    Who lives nobody knows where gets the mail at the time of the schedule's own zone. Raises `InputError` for hours and days
    beside such a start, which leave no own time.
    """
    start = schedule.start
    if not isinstance(start, LocalStart) or not zones:
        return ()
    if schedule.hours is not None or schedule.days is not None or schedule.most_a_day is not None:
        what = "schedule: hours, days and most_a_day stand beside a local start"
        raise InputError(Complaint(what, todo="leave them out, or write the start without local"))
    own = schedule.timezone or UTC
    counts: Counter[tuple[str, datetime]] = Counter()
    for name, messages in zones:
        zone = (zone_named(name) if name else None) or own
        begins_at = datetime.combine(start.date(), start.time(), zone)
        counts[name if name and zone is not own else str(own), begins_at] += messages
    waves = [Wave(name, messages, begins_at) for (name, begins_at), messages in counts.items() if messages]
    return tuple(sorted(waves, key=lambda wave: (wave.begins_at.timestamp(), wave.zone)))
