"""A plan for sending as CSV: one row a day, or one row in all."""

import csv
from datetime import datetime
from io import StringIO

from mailaudit.planning.model import NoPlan, SendingPlan
from mailaudit.planning.schedule_keys import rate_key
from mailaudit.reports.formats import RenderOptions

COLUMNS = ("day", "date", "messages", "total", "rate", "begins_at", "ends_at")


def render(plan: SendingPlan | NoPlan, options: RenderOptions) -> str:
    """Return the table (RFC 4180, but with line feeds); only the header when there is no plan."""
    del options
    stream = StringIO()
    table = csv.writer(stream, lineterminator="\n")
    table.writerow(COLUMNS)
    if isinstance(plan, NoPlan):
        return stream.getvalue()
    total = 0
    for day in plan.by_day:
        total += day.messages
        date = day.day.isoformat() if day.day else ""
        rate = rate_key(day.rate)
        table.writerow((day.number, date, day.messages, total, rate, _iso(day.begins_at), _iso(day.ends_at)))
    return stream.getvalue()


def _iso(at: datetime | None) -> str:
    return at.replace(microsecond=0).isoformat() if at else ""
