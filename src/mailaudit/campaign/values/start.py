"""The instant at which a campaign starts, with daylight saving taken seriously."""

import re
from datetime import UTC, date, datetime, tzinfo

from mailaudit.reach.yaml.unusable import Unusable, shown

_START = re.compile(
    r"([0-9]{4}-[0-9]{2}-[0-9]{2})[Tt ]([0-9]{2}:[0-9]{2}(?::[0-9]{2})?) ?([Zz]|[+-][0-9]{2}:?[0-9]{2})?"
)
_YEARS = range(2000, 2200)
_LOCAL = re.compile(r"local (?:([0-9]{4}-[0-9]{2}-[0-9]{2})[Tt ])?([0-9]{2}:[0-9]{2})")
# Some Monday: a local start without a date is on no day in particular.
UNDATED = date(2001, 1, 1)


class LocalStart(datetime):
    """A start at this time of day in each recipient's own zone; as an instant, that of the schedule's zone."""

    @property
    def is_dated(self) -> bool:
        """Whether the day is known."""
        return self.date() != UNDATED


def dated(start: datetime | None) -> datetime | None:
    """Return a start whose day is known, else nothing."""
    return None if isinstance(start, LocalStart) and not start.is_dated else start


def parse_start(text: str) -> datetime:
    """Return the written date and time, aware only when an offset is written; `local 09:00` is each recipient's own."""
    own = _LOCAL.fullmatch(text)
    if own is not None:
        try:
            return LocalStart.fromisoformat(f"{own[1] or UNDATED.isoformat()}T{own[2]}")
        except ValueError:
            raise Unusable(f"{shown(text)} is not in the calendar or not on the clock") from None
    match = _START.fullmatch(text)
    if not match:
        todo = "write it as 2026-12-01T09:00"
        if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
            raise Unusable("the time of day is missing", f"write for example {text}T09:00")
        raise Unusable(f"{shown(text)} is not a date and time", todo)
    offset = (match[3] or "").upper()
    try:
        start = datetime.fromisoformat(f"{match[1]}T{match[2]}{offset}")
    except ValueError:
        raise Unusable(f"{shown(text)} is not in the calendar or not on the clock") from None
    if start.year not in _YEARS:
        raise Unusable(f"the year {start.year} is out of range", "write a year from 2000 to 2199")
    return start


def in_zone(start: datetime, zone: tzinfo | None) -> datetime:
    """Return `start` as an aware time in `zone` (UTC by default).

    A time that an offset makes aware keeps its instant. A local time that occurs twice is the first one; one that
    the clocks skip raises `Unusable`.
    """
    if start.tzinfo is not None:
        return start if zone is None else start.astimezone(zone)
    local = start.replace(tzinfo=zone or UTC)
    if local.astimezone(UTC).astimezone(local.tzinfo).replace(tzinfo=None) != start:
        later = local.astimezone(UTC).astimezone(local.tzinfo)
        what = f"{start:%Y-%m-%d %H:%M} does not exist in {zone}: the clocks are put forward then"
        raise Unusable(what, f"write for example {later:%Y-%m-%dT%H:%M}")
    return local
