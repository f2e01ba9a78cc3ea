"""Reads the dates of consent and of the last opening, in the forms that exports use."""

import re
import unicodedata
from calendar import monthrange
from collections.abc import Collection, Iterable
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache

from mailaudit.campaign.values.types import Duration, Unit
from mailaudit.facts.recipients.sql import literal

# 2026-01-05, also with other signs between (2026年1月5日), and whatever time behind.
_ISO = re.compile(r"(\d{4})[-/.年년] ?(\d{1,2})[-/.月월] ?(\d{1,2})(?!\d)")
# 20260105, 20260105T100000Z, 202601051000, and the 20260105100000.0Z of directories.
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})(?:T?\d{4}(?:\d{2})?(?:[Z.,+-].*)?)?\Z")
# 2026-01, 01/2026: the first day that this may mean.
_MONTH = re.compile(r"(?P<year>(?:19|20)\d{2})[-/](?P<month>\d{1,2})\Z")
_MONTH_AND_YEAR = re.compile(r"(?P<month>\d{1,2})[-/.](?P<year>(?:19|20)\d{2})\Z")
# 05/01/2026, 5.1.26.
# (With hyphens, a year of two digits may stand first or last: nobody can tell.)
_NUMERIC = re.compile(r"(\d{1,2})(?:[-/.](\d{1,2})[-/.](\d{4})|[/.](\d{1,2})[/.](\d{2}))(?!\d)")
# 5 January 2026, 05-Jan-26, 5. Januar 2026, 5 de enero de 2026, 5/Jan/2026.
_DAY_FIRST = re.compile(
    r"(\d{1,2})(?:st|nd|rd|th|er|º|\.)?[ /-](?:de )?([^\W\d_]{3,12})\.?,?[ /-](?:de )?(\d{4}|\d{2})(?![\d:hH])"
)
# January 5th, 2026; Jan. 5 2026; ctime's Jan  5 10:00:00 2026.
_MONTH_FIRST = re.compile(
    r"([^\W\d_]{3,12})\.? +(\d{1,2})(?:st|nd|rd|th)?(?:,? (?:at )?| +\d{1,2}:\d{2}(?::\d{2})?(?: [A-Z]{3,4})? )(\d{4})(?!\d)"
)
_WEEKDAY = re.compile(r"[^\W\d_]{2,10}\.?,? +(?=\S)")
# 2026010510: the hour behind the day, which as seconds would lie in the future.
_HOURS = re.compile(r"(20[2-9]\d)(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])(?:[01]\d|2[0-3])\Z")
_FIRST_YEAR_S = 365 * 86_400
_EPOCH = re.compile(r"\d{10}(?:\d{3})?\Z")
# The days since 30 December 1899 that a spreadsheet shows when a date was not formatted: 1954 to 2119.
_SERIAL = re.compile(r"([2-7]\d{4})(?:[.,]\d+)?\Z")
_SERIAL_ZERO = date(1899, 12, 30)
_LAST_MONTH = 12
# Of 69 to 99 the century is the last one, as in POSIX.
_PIVOT = 69

# The months in the languages of our users, without accents; what is not the beginning of one of these is not read.
_MONTHS = (
    "january janvier januar enero gennaio janeiro januari stycznia styczen",
    "february fevrier februar febrero febbraio fevereiro februari lutego luty",
    "march mars marz maerz marzo marco maart mrt marca marzec",
    "april avril abril aprile kwietnia kwiecien",
    "may mai mayo maggio maio mei maj maja",
    "june juin juni junio giugno junho czerwca czerwiec",
    "july juillet juli julio luglio julho lipca lipiec",
    "august aout agosto augustus augusti sierpnia sierpien",
    "september septembre septiembre settembre setembro wrzesnia wrzesien",
    "october octobre oktober octubre ottobre outubro pazdziernika",
    "november novembre noviembre novembro listopada",
    "december decembre dezember diciembre dicembre dezembro grudnia grudzien",
)
# Columns and lists have the same days again and again; what is longer holds more than a moment.
_REMEMBERED_LENGTH = 40
# What a database, in any dialect, can leave off: the time behind a date.
_WITH_TIME = "^[ ]*([0-9]{4}-[0-9]{1,2}-[0-9]{1,2}|[0-9]{1,2}[-/.][0-9]{1,2}[-/.][0-9]{2,4})[ T,].*$"


def parse_date(text: str, *, month_first: bool = False) -> date | None:
    """Return the date in a cell, or nothing; `03/04/2026` is 3 April unless `month_first`."""
    read = _day if len(text) <= _REMEMBERED_LENGTH else _day.__wrapped__
    return read(text, month_first)


@lru_cache(maxsize=10_000)
def _day(text: str, month_first: bool) -> date | None:  # noqa: FBT001 - a part of the key
    cell = " ".join(text.split())
    try:
        return _numbers(cell, month_first=month_first) or _words(cell)
    except (ValueError, OverflowError):
        return None


def _numbers(cell: str, *, month_first: bool) -> date | None:
    if match := _ISO.match(cell) or _COMPACT.match(cell) or _HOURS.match(cell):
        return date(*(int(part) for part in match.groups()))
    if match := _NUMERIC.match(cell):
        first, second = int(match[1]), int(match[2] or match[4])
        day, month = (second, first) if month_first or second > _LAST_MONTH else (first, second)
        return date(_year(match[3] or match[5]), month, day)
    if match := _MONTH.match(cell) or _MONTH_AND_YEAR.match(cell):
        return date(int(match["year"]), int(match["month"]), 1)
    if _EPOCH.match(cell) and int(cell[:10]) > _FIRST_YEAR_S:
        return datetime.fromtimestamp(int(cell[:10]), UTC).date()
    if match := _SERIAL.match(cell):
        return _SERIAL_ZERO + timedelta(days=int(match[1]))
    return None


def _words(cell: str) -> date | None:
    """Read a date with the name of a month, and perhaps that of a weekday in front."""
    for text in (cell, _WEEKDAY.sub("", cell, count=1)):
        if (match := _DAY_FIRST.match(text)) and (month := _month(match[2])):
            return date(_year(match[3]), month, int(match[1]))
        if (match := _MONTH_FIRST.match(text)) and (month := _month(match[1])):
            return date(int(match[3]), month, int(match[2]))
    return None


def _month(name: str) -> int | None:
    letters = unicodedata.normalize("NFKD", name.casefold())
    plain = "".join(char for char in letters if "a" <= char <= "z")
    found = {at for at, names in enumerate(_MONTHS, 1) for one in names.split() if one.startswith(plain)}
    return found.pop() if len(found) == 1 else None


def _year(text: str) -> int:
    year = int(text)
    return year if len(text) == 4 else year + (1900 if year >= _PIVOT else 2000)  # noqa: PLR2004 - digits of a whole year


def first_numbers(cells: Iterable[str]) -> frozenset[tuple[int, int]]:
    """Return the two numbers, day and month in whatever order, of every numeric date among distinct cells of a column."""
    found = (match for cell in cells if (match := _NUMERIC.match(cell.strip())))
    return frozenset((int(match[1]), int(match[2] or match[4])) for match in found)


def is_month_first(numbers: Collection[tuple[int, int]]) -> bool:
    """Say whether numeric dates put the month first: some have a second number above 12 and none a first one."""
    return all(first <= _LAST_MONTH for first, _ in numbers) and any(second > _LAST_MONTH for _, second in numbers)


def is_ambiguous(numbers: Collection[tuple[int, int]]) -> bool:
    """Say whether every numeric date of a column could be read with the day first and with the month first."""
    return any(first != second for first, second in numbers) and all(max(both) <= _LAST_MONTH for both in numbers)


def oldest_day(age: Duration | None, today: date) -> date:
    """Return the first day that is not too old; months and years end on the same day of the month, or on its last one."""
    if age is None:
        return date.min
    months = {Unit.MONTH: age.amount, Unit.YEAR: 12 * age.amount}.get(age.unit)
    if months is None:
        return today - timedelta(seconds=age.seconds)
    year, month = divmod(12 * today.year + today.month - 1 - months, 12)
    if year < 1:
        return date.min
    return date(year, month + 1, min(today.day, monthrange(year, month + 1)[1]))


def without_time(column: str) -> str:
    """Return the SQL expression for a cell without the time behind its date: there are few days and many moments."""
    pattern = literal(_WITH_TIME)
    return f"coalesce(nullif(regexp_extract({column}, {pattern}, 1), ''), {column})"
