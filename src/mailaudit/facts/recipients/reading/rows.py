"""The rows of a list, and how the cells of a table become them."""

from collections.abc import Sequence

from msgspec import Struct

from mailaudit.facts.recipients.reading.columns import (
    Wanted,
    column_name,
    header_place,
    wanted_columns,
    wide_enough,
)
from mailaudit.facts.recipients.reading.delimited import Record

# So many rows tell what the columns are.
SAMPLE_ROWS = 200
TOO_FEW = "the line ends before the address column"
TOO_MANY = "the line has more cells than the header has columns"


class Row(Struct, frozen=True):
    """One row of a list: the address cell and the other wanted cells, or why it cannot be read; and how it begins."""

    line: int | None
    cell: str = ""
    others: tuple[str, ...] = ()
    problem: str | None = None
    start: str = ""


class Layout(Struct, frozen=True):
    """How the lines of a table become cells; `first_line` is the number of the line after the header."""

    delimiter: str | None
    header: tuple[str, ...] | None
    column: int
    others: tuple[int, ...]
    width: int
    first_line: int

    @property
    def column_name(self) -> str:
        """The name of the address column, or its number counted from 1."""
        return column_name(self.header, self.column)

    def row(self, record: Record) -> Row:
        """Pick the wanted cells of a record."""
        if record.problem is not None:
            return Row(record.line, problem=record.problem)
        cells = record.cells
        if len(cells) <= self.column:
            return Row(record.line, problem=TOO_FEW, start=_start(cells))
        cell = cells[self.column]
        if len(cells) > self.width and "@" not in cell and any(extra.strip() for extra in cells[self.width :]):
            return Row(record.line, problem=TOO_MANY)
        others = tuple(cells[at] if at < len(cells) else "" for at in self.others)
        return Row(record.line, cell, others, start="" if "@" in cell else _start(cells))


def _start(cells: Sequence[str]) -> str:
    return next((cell for cell in cells if cell.strip()), "")


def layout_of(
    sample: Sequence[Record], wanted: Wanted, display: str, *, delimiter: str | None = None, first_line: int = 1
) -> Layout:
    """Find the header and the columns in the first records of a table; raises `InputError`.

    `first_line` is that of the first row of a table without a header.
    """
    cells = [record.cells for record in sample]
    at = header_place(cells, wanted.column)
    header = cells[at] if at is not None else None
    rows = cells if at is None else cells[at + 1 :]
    column, *others = columns = wanted_columns(header, rows, wanted, display)
    header = wide_enough(header, columns)
    return Layout(
        delimiter=delimiter,
        header=header,
        column=column,
        others=tuple(others),
        width=len(header) if header else max((len(row) for row in rows), default=1),
        first_line=first_line if at is None else sample[at].line + sample[at].lines,
    )


def as_text(value: object) -> str:
    """Return a value of JSON, a sheet or a database as the text of a cell."""
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, list):
        return "; ".join(map(as_text, value))
    if isinstance(value, bytes):  # a database that does not know its encoding
        return value.decode("utf-8", "replace")
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)
