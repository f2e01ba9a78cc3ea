"""Instants of a report, as a person writes them."""

from datetime import datetime
from typing import Any

from mailaudit.wording import clock_time, moment, zone_of


def told(value: Any) -> str | None:
    """Return an ISO instant in its own zone: `1 December 2026, 09:00`; a text that is none as it is."""
    at = _instant(value)
    return moment(at) if at else value or None if isinstance(value, str) else None


def stretch(first: Any, last: Any) -> str:
    """Return from when to when: `1 December 2026, 09:00 to 10:44:06 (UTC+01:00)`; empty when either is not known."""
    begin, end = _instant(first), _instant(last)
    if begin is None or end is None:
        return ""
    return f"{moment(begin)} to {clock_time(end.replace(microsecond=0), begin)} ({zone_of(begin)})"


def _instant(value: Any) -> datetime | None:
    if not isinstance(value, str):
        return None
    try:
        return datetime.fromisoformat(value)
    except ValueError:
        return None
