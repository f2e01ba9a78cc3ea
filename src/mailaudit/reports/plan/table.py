"""A plan for sending as CSV: one row a day, or one row in all."""

from datetime import datetime
from itertools import accumulate

from mailaudit.planning.model import NoPlan, PlannedDay, SendingPlan
from mailaudit.planning.schedule_keys import rate_key
from mailaudit.reports.formats import RenderOptions
from mailaudit.reports.table import as_table

COLUMNS = ("day", "date", "messages", "total", "rate", "begins_at", "ends_at")


def render(plan: SendingPlan | NoPlan, options: RenderOptions) -> str:
    """Return the table (RFC 4180, but with line feeds); only the header when there is no plan."""
    del options
    days = () if isinstance(plan, NoPlan) else plan.by_day
    totals = accumulate(day.messages for day in days)
    return as_table(COLUMNS, (_row(day, total) for day, total in zip(days, totals, strict=True)))


def _row(day: PlannedDay, total: int) -> tuple[object, ...]:
    date = day.day.isoformat() if day.day else ""
    return (day.number, date, day.messages, total, rate_key(day.rate), _iso(day.begins_at), _iso(day.ends_at))


def _iso(at: datetime | None) -> str:
    return at.replace(microsecond=0).isoformat() if at else ""
