"""Reads the dates of consent and of the last opening, in the forms that exports use."""
# ruff: noqa: S608 - every name and number in these statements is our own; values are parameters

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta

from mailaudit.campaign.model import DatedColumn
from mailaudit.facts.recipients.model import Kind
from mailaudit.facts.recipients.profile import Profile

_ISO = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?![0-9])")
_NAMED = re.compile(
    r"(\d{1,2})[ -]([A-Za-z]{3})[A-Za-z]*[ -](\d{4})(?![0-9])|([A-Za-z]{3})[a-z]* (\d{1,2}), ?(\d{4})(?![0-9])"
)
_NUMERIC = re.compile(r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})(?![0-9])")
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})\Z")
_EPOCH = re.compile(r"\d{10}(?:\d{3})?\Z")
_MONTHS = {name: at for at, name in enumerate("jan feb mar apr may jun jul aug sep oct nov dec".split(), 1)}
_LAST_MONTH = 12


def parse_date(text: str, *, month_first: bool = False) -> date | None:
    """Return the date in a cell, or nothing; `03/04/2026` is 3 April unless `month_first`."""
    cell = text.strip()
    try:
        if match := _ISO.match(cell) or _COMPACT.match(cell):
            return date(*(int(part) for part in match.groups()))
        if match := _NUMERIC.match(cell):
            first, second, year = (int(part) for part in match.groups())
            day, month = (second, first) if month_first or second > _LAST_MONTH else (first, second)
            return date(year, month, day)
        if match := _NAMED.match(cell):
            number, name, of = (match[1], match[2], match[3]) if match[1] else (match[5], match[4], match[6])
            return date(int(of), _MONTHS[name.lower()], int(number))
        if _EPOCH.match(cell):
            return datetime.fromtimestamp(int(cell[:10]), UTC).date()
    except (ValueError, KeyError, OverflowError):
        return None
    return None


def is_month_first(cells: list[str]) -> bool:
    """Say whether numeric dates put the month first: some have a second number above 12 and none a first one."""
    pairs = [(int(match[1]), int(match[2])) for cell in cells if (match := _NUMERIC.match(cell.strip()))]
    return any(second > _LAST_MONTH for _, second in pairs) and not any(first > _LAST_MONTH for first, _ in pairs)


def oldest_day(plan: DatedColumn, today: date) -> date:
    """Return the first day that is not too old."""
    return today - timedelta(seconds=plan.max_age.seconds) if plan.max_age else date.min


def add_dated(
    found: Profile, column: str, plan: DatedColumn, today: date, *, missing: Kind, expired: Kind
) -> tuple[int, int]:
    """Count recipients whose date is missing or unreadable, and those whose date is too old.

    A recipient who stands in several rows has the latest of the dates. Without a maximum age none is too old.
    """
    work = found.work
    work.run(
        f"CREATE TABLE cell_{column} AS SELECT DISTINCT {column} AS cell FROM mailed WHERE {column} IS NOT NULL"
    )
    month_first = is_month_first([cell for (cell,) in work.rows(f"SELECT cell FROM cell_{column} LIMIT 5000")])
    work.run(f"CREATE TABLE date_{column}(cell VARCHAR, day DATE)")
    cells = work.stream(f"SELECT cell FROM cell_{column} ORDER BY cell")
    parsed = ((cell, parse_date(cell, month_first=month_first)) for (cell,) in cells)
    work.fill(f"date_{column}", ("VARCHAR", "DATE"), parsed)
    work.run(
        f"CREATE TABLE dated_{column} AS SELECT min(r) AS r, k, max(day) AS day FROM mailed "
        f"LEFT JOIN date_{column} ON {column} = cell GROUP BY k"
    )
    work.run(f"CREATE VIEW {column}_missing AS SELECT r, k FROM dated_{column} WHERE day IS NULL")
    oldest = oldest_day(plan, today)
    work.run(f"CREATE VIEW {column}_expired AS SELECT r, k, day FROM dated_{column} WHERE day < '{oldest}'::DATE")
    return (
        found.add(missing, f"{column}_missing", "'no date'"),
        found.add(expired, f"{column}_expired", "'last on ' || day::VARCHAR"),
    )
