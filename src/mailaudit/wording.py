"""Plain words for lengths of time, instants, rates and ends of programs."""

import signal
from datetime import date, datetime

from mailaudit.campaign.values.types import Rate, Unit

_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip
_DAY = 86_400
_UNITS = ((_DAY, "day", "days"), (3600, "h", "h"), (60, "min", "min"), (1, "s", "s"))
# Up to here people count in one unit: 36 hours and 90 minutes, but 3 days 2 h.
_IN_ONE_UNIT = {_DAY: 10_000, 3600: 48, 60: 120, 1: 119}
_LONG = {"day": "day", "h": "hour", "min": "minute", "s": "second"}
_UNIT_WORDS = {
    Unit.SECOND: "second", Unit.MINUTE: "minute", Unit.HOUR: "hour", Unit.DAY: "day", Unit.MONTH: "month",
    Unit.YEAR: "year",
}  # fmt: skip


def ending(code: int) -> str:
    """Return how a program ended: `ended with exit code 3`, `was killed by SIGKILL`."""
    if code >= 0:
        return f"ended with exit code {code}"
    try:
        return f"was killed by {signal.Signals(-code).name}"
    except ValueError:
        return f"was killed by signal {-code}"


def length(seconds: float) -> str:
    """Return a length of time: `10 minutes`, `24 hours`, `2 h 34 min`; one unit, or the two largest, rounded down."""
    whole = round(seconds)
    if whole == _DAY:
        return "24 hours"
    for size, short, _ in _UNITS:
        if whole >= size and whole % size == 0 and whole // size <= _IN_ONE_UNIT[size]:
            return numbered(whole // size, _LONG[short])
    parts = []
    for size, one, many in _UNITS:
        count, whole = divmod(whole, size)
        if count:
            parts.append(f"{count:,} {one if count == 1 else many}")
    return " ".join(parts[:2]) or "no time"


def moment(at: datetime | None) -> str:
    """Return an instant as a person writes it: `1 December 2026, 09:00`, seconds only where they matter."""
    if at is None:
        return "an unknown time"
    return f"{at.day} {_MONTHS[at.month - 1]} {at.year}, {_time(at)}"


def whole_day(day: date) -> str:
    """Return a day as a person writes it: `28 November 2026`."""
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


def day_and_month(at: datetime) -> str:
    """Return the day of an instant: `28 November`."""
    return f"{at.day} {_MONTHS[at.month - 1]}"


def zone_of(at: datetime) -> str:
    """Return the name of an instant's time zone: `Europe/Paris`, `UTC` or `UTC+02:00`."""
    return str(getattr(at.tzinfo, "key", None) or at.tzname() or "UTC")


def clock_time(at: datetime | None, beside: datetime | None) -> str:
    """Return the time of day, with the date when it is not that of `beside`."""
    if at is None or beside is None or at.date() != beside.date():
        return moment(at)
    return _time(at)


def numbered(count: int, noun: str, many: str | None = None) -> str:
    """Return `1 mail`, `1,200 mails` or `2 processes`."""
    several = many or f"{noun}{'es' if noun.endswith('s') else 's'}"
    return f"{count:,} {noun if count == 1 else several}"


def rate_words(rate: Rate) -> str:
    """Return `39 a minute` or `200 in 10 minutes`."""
    if rate.per.amount == 1:
        return f"{rate.count:,} {'an' if rate.per.unit is Unit.HOUR else 'a'} {_UNIT_WORDS[rate.per.unit]}"
    return f"{rate.count:,} in {length(rate.per.seconds)}"


def _time(at: datetime) -> str:
    return f"{at:%H:%M:%S}" if at.second or at.microsecond else f"{at:%H:%M}"
