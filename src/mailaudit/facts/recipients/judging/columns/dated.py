"""Counts the people whose dates of consent or of the last activity are missing, too old, or after the send."""
# ruff: noqa: S608 - every name and number in these statements is our own; values are parameters

from collections.abc import Iterable, Iterator
from datetime import date

from msgspec import Struct

from mailaudit.campaign.recipients import DatedColumn
from mailaudit.facts.recipients.cells.dates import (
    first_numbers,
    is_ambiguous,
    is_month_first,
    oldest_day,
    parse_date,
    without_time,
)
from mailaudit.facts.recipients.cells.permission import is_consent, is_never
from mailaudit.facts.recipients.judging.counts import ListCounts
from mailaudit.facts.recipients.kinds import DatedKinds, Kind
from mailaudit.knowledge.list_columns import list_columns

MISSING = "no date"
UNREADABLE = "what stands there cannot be read as a date"
UNDATED = "a yes without a date"
AMBIGUOUS = "read with the day first, although every date could be read either way"
# Of so many rows, every cell is read as it is.
FEW_ROWS = 5_000
# A day, a day after the send, and an answer without a day: what a cell tells, in this order.
Told = tuple[str, str | None, str | None, str | None]


class DatedWish(Struct, frozen=True):
    """What is asked of a dated column: how old its dates may be on the day `today`, and what that makes people."""

    plan: DatedColumn
    today: date
    kinds: DatedKinds

    @property
    def oldest(self) -> str:
        """The first day that is not too old."""
        return oldest_day(self.plan.max_age, self.today).isoformat()

    def reasons(self) -> Iterator[tuple[Kind, str, str]]:
        """Yield each kind with its condition and reason, over the columns `day`, `late`, `said`, `cell` of a person."""
        alone = "day IS NULL AND said IS NULL"
        why = f"CASE WHEN cell <> '' THEN '{UNREADABLE}' ELSE '{MISSING}' END"
        yield self.kinds.missing, f"{alone} AND late IS NULL", why
        yield self.kinds.later, f"{alone} AND late IS NOT NULL", "'on ' || late || ', after the send'"
        yield self.kinds.expired, f"day < '{self.oldest}'", "'last on ' || day"
        if self.kinds.undated:
            is_asked = "TRUE" if self.plan.max_age else "FALSE"
            yield self.kinds.undated, f"{is_asked} AND day IS NULL AND said IS NOT NULL", f"'{UNDATED}'"

    def told(self, cells: Iterable[str], *, month_first: bool) -> Iterator[Told]:
        """Yield what each distinct cell of the column tells; days are ISO dates, which sort as texts."""
        words = list_columns().words
        takes_words = self.kinds.undated is not None
        for cell in cells:
            day = parse_date(cell, month_first=month_first)
            if day is not None and not is_never(cell, day):
                yield (
                    (cell, None, day.isoformat(), None)
                    if day > self.today
                    else (cell, day.isoformat(), None, None)
                )
            elif takes_words and is_consent(cell, words):
                yield cell, None, None, "yes"


def add_dated(found: ListCounts, name: str, rows: str, wish: DatedWish) -> str:
    """Count the kinds of people that a dated column makes, and return what must be known of its dates.

    `rows` is a FROM item `(r, k, cell)`. A recipient who stands in several rows has the latest of the dates.
    """
    work = found.work
    found.dated[name] = rows
    work.made(
        f"cell_{name}", f"SELECT DISTINCT {day_cell(found, 'cell')} AS cell FROM {rows} WHERE cell IS NOT NULL"
    )

    def cells() -> Iterator[str]:
        return (row[0] for row in work.stream(f"SELECT cell FROM cell_{name}"))

    numbers = first_numbers(cells())
    work.put(f"date_{name}", wish.told(cells(), month_first=is_month_first(numbers)))
    latest = f"SELECT * FROM {rows_with_days(found, name)}"
    if found.unique < found.valid:
        each = ", ".join(f"max({column}) AS {column}" for column in ("day", "late", "said", "cell"))
        latest = f"SELECT min(r) AS r, k, {each} FROM ({latest}) GROUP BY k"
    work.run(f"CREATE TABLE dated_{name} AS {latest}")
    found.oldest[name] = wish.oldest
    found.add_each(f"dated_{name}", tuple(wish.reasons()))
    return AMBIGUOUS if is_ambiguous(numbers) else ""


def rows_with_days(found: ListCounts, name: str) -> str:
    """Return the FROM item `(r, k, day, late, said, cell)` of every row with what its cell of a dated column tells."""
    return (
        f"(SELECT r, k, day, late, said, trim(listed.cell) AS cell FROM {found.dated[name]} AS listed "
        f"LEFT JOIN date_{name} ON {day_cell(found, 'listed.cell')} = date_{name}.cell)"
    )


def day_cell(found: ListCounts, column: str) -> str:
    """Return the SQL expression for what is read of a cell: in a long list, without the time behind its date."""
    return column if found.rows <= FEW_ROWS else without_time(column)
