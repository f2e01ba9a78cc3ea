"""Durations, rates, dates, daily windows and weekdays, as the campaign file spells them."""

import re
from datetime import date, time
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from mailaudit.campaign.values.types import Duration, Hours, Rate, Unit
from mailaudit.reach.yaml.unusable import Unusable, shown, suggestion

DURATION_PATTERN = r"^0*[1-9][0-9]{0,9}(s|min|h|d|mo|y)$"
RATE_PATTERN = r"^0*[1-9][0-9]{0,9}/(0*[1-9][0-9]{0,9})?(s|min|h|d|mo|y)$"
HOURS_PATTERN = r"^([01]?[0-9]|2[0-3]):[0-5][0-9] *- *(([01]?[0-9]|2[0-3]):[0-5][0-9]|24:00)$"
DAYS_PATTERN = (
    r"^(mon|tue|wed|thu|fri|sat|sun)(-(mon|tue|wed|thu|fri|sat|sun))?"
    r"( *, *(mon|tue|wed|thu|fri|sat|sun)(-(mon|tue|wed|thu|fri|sat|sun))?)*$"
)
START_PATTERN = (
    r"^(local (20[0-9]{2}-[0-9]{2}-[0-9]{2}[T ])?[0-9]{2}:[0-9]{2}|"
    r"20[0-9]{2}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}(:[0-9]{2})?( ?(Z|[+-][0-9]{2}:[0-9]{2}))?)$"
)
DATE_PATTERN = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$"

_MAX_SECONDS = 100 * Duration(1, Unit.YEAR).seconds
_DURATION = re.compile(r"([0-9]{1,12})(s|min|h|d|mo|y)")
_RATE = re.compile(r"([0-9]{1,12})/([0-9]{0,12}(?:s|min|h|d|mo|y))")
_HOURS = re.compile(r"([0-9]{1,2}):([0-9]{2}) *- *([0-9]{1,2}):([0-9]{2})")
_COUNT = re.compile(r"[0-9]{1,10}")
_ZONE = re.compile(r"[A-Za-z][A-Za-z0-9_+/-]{0,63}")
_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_WHOLE_DAY_END = "24:00"
_UNITS = "units are s, min, h, d, mo and y"
_UNIT_NAMES = {
    "sec": "s", "secs": "s", "second": "s", "seconds": "s", "mins": "min", "minute": "min", "minutes": "min",
    "hr": "h", "hrs": "h", "hour": "h", "hours": "h", "day": "d", "days": "d", "month": "mo", "months": "mo",
    "yr": "y", "year": "y", "years": "y",
}  # fmt: skip


def parse_count(text: str) -> int:
    """Return a whole number from 1 to 9,999,999,999."""
    if not _COUNT.fullmatch(text):
        todo = "write a whole number without separators, such as 2000"
        raise Unusable(f"{shown(text)} is not a whole number", todo)
    if int(text) == 0:
        raise Unusable("0 is too small", "write a whole number from 1 on")
    return int(text)


def parse_duration(text: str) -> Duration:
    """Return a duration of at least one second and at most 100 years, such as `10min`."""
    match = _DURATION.fullmatch(text)
    if not match:
        raise Unusable(f"{shown(text)} is not a duration", _duration_todo(text))
    duration = Duration(int(match[1]), Unit(match[2]))
    if duration.amount == 0:
        raise Unusable(f"{shown(text)} is no time at all", "write a duration above zero, such as 10min")
    if duration.seconds > _MAX_SECONDS:
        raise Unusable(f"{shown(text)} is longer than 100 years")
    return duration


def parse_rate(text: str) -> Rate:
    """Return a rate, such as `40/h` or `600/10min`."""
    match = _RATE.fullmatch(text)
    if not match:
        raise Unusable(f"{shown(text)} is not a rate", _rate_todo(text))
    if int(match[1]) == 0:
        raise Unusable("a rate of zero never sends anything", "write a rate above zero, such as 40/h")
    per = match[2] if match[2][0].isdigit() else f"1{match[2]}"
    return Rate(parse_count(match[1]), parse_duration(per))


def parse_hours(text: str) -> Hours:
    """Return a window within one day; an end of 24:00 is midnight at the end of that day."""
    match = _HOURS.fullmatch(text)
    if not match:
        raise Unusable(f"{shown(text)} is not a window of hours", 'write for example "09:00-18:00"')
    begin_text, end_text = f"{match[1]}:{match[2]}", f"{match[3]}:{match[4]}"
    begin = _time(begin_text)
    end = time(0) if end_text == _WHOLE_DAY_END else _time(end_text)
    if end_text != _WHOLE_DAY_END:
        if begin == end:
            raise Unusable(
                "the window begins and ends at the same time", f'write "00:00-{_WHOLE_DAY_END}" for all day'
            )
        if end < begin:
            todo = f'a window stays within one day, such as "{begin_text}-{_WHOLE_DAY_END}"'
            raise Unusable("the window ends before it begins", todo)
    return Hours(begin, end)


def parse_days(value: object) -> frozenset[int]:
    """Return ISO weekdays (Monday is 1) from `mon-fri`, `mon,wed,fri`, or a list of such texts."""
    texts = value if isinstance(value, (list, tuple)) else [value]
    days: set[int] = set()
    for text in texts:
        if not isinstance(text, str):
            raise Unusable("names no days", "write for example mon-fri, or [mon, wed, fri]")
        for part in text[:200].split(","):
            days.update(_day_range(part.strip().lower()))
    if not days:
        raise Unusable("names no days", "write for example mon-fri, or leave the key out for every day")
    return frozenset(days)


def parse_date(text: str) -> date:
    """Return a calendar day written as YYYY-MM-DD."""
    if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
        try:
            return date.fromisoformat(text)
        except ValueError:
            raise Unusable(f"{shown(text)} is not in the calendar") from None
    raise Unusable(f"{shown(text)} is not a date", "write it as year-month-day, such as 2027-01-31")


def parse_zone(text: str) -> ZoneInfo:
    """Return a time zone of the IANA database by its name, such as Europe/Paris."""
    try:
        if _ZONE.fullmatch(text):
            return ZoneInfo(text)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        pass
    names = available_timezones()
    by_city = {name.rpartition("/")[2]: name for name in sorted(names, reverse=True)}
    city = by_city.get(text.replace(" ", "_").title())
    todo = f"did you mean {city}?" if city else suggestion(text, sorted(names))
    raise Unusable(f"no time zone is called {shown(text)}", todo or "write a name such as Europe/Paris or UTC")


def _duration_todo(text: str) -> str:
    match = re.fullmatch(r"([0-9]{1,12}) *([A-Za-z]{1,10})\.?", text)
    if match and match[2] == "m":
        return f"write {match[1]}min for minutes or {match[1]}mo for months"
    if match:
        unit = _UNIT_NAMES.get(match[2].lower(), match[2].lower())
        if unit in set(Unit):
            return f"write {match[1]}{unit}"
    if text.isdigit():
        return f"add the unit, such as {text[:12]}min; {_UNITS}"
    return f"write for example 10min or 24h; {_UNITS}"


def _rate_todo(text: str) -> str:
    match = re.fullmatch(r"([0-9]{1,12}) *(?:/|per|an?) *([0-9]{0,12}) *([A-Za-z]{1,10})", text.strip())
    unit = _UNIT_NAMES.get(match[3].lower(), match[3].lower()) if match else ""
    if match and unit == "m":
        return f"write {match[1]}/{match[2]}min, or {match[1]}/{match[2]}mo for months"
    if match and unit in set(Unit):
        return f"write {match[1]}/{match[2]}{unit}"
    return f"write for example 600/10min or 40/h; {_UNITS}"


def _time(text: str) -> time:
    hour, _, minute = text.partition(":")
    try:
        return time(int(hour), int(minute))
    except ValueError:
        raise Unusable(f"{text} is not a time of day", "write hours from 00:00 to 24:00") from None


def _day_range(text: str) -> set[int]:
    first, dash, last = (part.strip() for part in text.partition("-"))
    for name in (first, last) if dash else (first,):
        if name not in _DAYS:
            hint = name[:3] if name[:3] in _DAYS else None
            todo = f"write {hint}" if hint else "days are mon, tue, wed, thu, fri, sat and sun"
            raise Unusable(f"{shown(name)} is not a day", todo)
    begin = _DAYS.index(first)
    end = _DAYS.index(last) if dash else begin
    return {(begin + step) % 7 + 1 for step in range((end - begin) % 7 + 1)}
