"""A recipient or suppression file as a stream of rows, whatever its format."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Protocol

from mailaudit.errors import Complaint, InputError
from mailaudit.facts.recipients.reading.columns import (
    Wanted,
    column_name,
    header_key,
    header_place,
    is_address_header,
    wanted_columns,
    wide_enough,
)
from mailaudit.facts.recipients.reading.delimited import Record, records, sniff
from mailaudit.facts.recipients.reading.text_file import Line, TextFile, complaint, open_text
from mailaudit.location import Location

SAMPLE_LINES = 200
TOO_FEW = "the line ends before the address column"
TOO_MANY = "the line has more cells than the header has columns"


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a list: the address cell and the other wanted cells, or why it cannot be read."""

    line: int | None
    cell: str = ""
    others: tuple[str, ...] = ()
    problem: str | None = None


class Source(Protocol):
    """A file or table that yields its rows; `path` is nothing when it is no file."""

    path: Path | None
    display: str
    name: str
    column: str
    encoding: str
    takes_hashes: bool

    def rows(self) -> Iterator[Row]:
        """Yield every row in list order; lines that hold nothing are no rows."""
        ...

    def stamp(self) -> object:
        """Return something that changes when the content does."""
        ...


@dataclass(frozen=True, slots=True)
class Layout:
    """How the lines of a text file become cells; `first_line` is the number of the line after the header."""

    delimiter: str | None
    header: tuple[str, ...] | None
    column: int
    others: tuple[int, ...]
    width: int
    first_line: int


@dataclass(slots=True)
class DelimitedSource:
    """CSV, TSV and plain text."""

    path: Path | None
    file: TextFile
    layout: Layout
    display: str
    name: str
    column: str
    encoding: str
    takes_hashes: bool = False

    def rows(self) -> Iterator[Row]:
        """Yield every row in list order; lines that hold nothing are no rows."""
        found = records(self.file.lines(), self.layout.delimiter, self.looks_like_row)
        for record in found:
            if record.line >= self.layout.first_line and not record.is_blank:
                yield to_row(record, self.layout)

    def stamp(self) -> object:
        """Return the size and the time of the last change."""
        return stamp(self.file.path)

    def looks_like_row(self, cells: Sequence[str]) -> bool:
        """Say whether cells could be a row of this list; used to tell a broken quote from a long cell."""
        return len(cells) == self.layout.width and "@" in cells[self.layout.column]


def to_row(record: Record, layout: Layout) -> Row:
    """Pick the wanted cells of a record."""
    if record.problem is not None:
        return Row(record.line, problem=record.problem)
    cells = record.cells
    if len(cells) <= layout.column:
        return Row(record.line, problem=TOO_FEW)
    cell = cells[layout.column]
    if len(cells) > layout.width and "@" not in cell and any(extra.strip() for extra in cells[layout.width :]):
        return Row(record.line, problem=TOO_MANY)
    return Row(record.line, cell, tuple(cells[at] if at < len(cells) else "" for at in layout.others))


def open_delimited(path: Path, display: str, wanted: Wanted) -> DelimitedSource:
    """Open a text file and find out its delimiter, header and columns."""
    file = open_text(path, display)
    layout = find_layout(file, wanted)
    shown = column_name(layout.header, layout.column)
    return DelimitedSource(path, file, layout, display, path.name, shown, file.encoding, wanted.takes_hashes)


def find_layout(file: TextFile, wanted: Wanted) -> Layout:
    """Sniff the dialect of a text file once, from its first lines."""
    column = wanted.column
    sample = [line for line in islice(file.lines(), SAMPLE_LINES) if line.text is None or line.text.strip()]
    texts = [line.text for line in sample if line.text is not None and len(line.text) < MAX_SAMPLE_LINE]
    directive = bool(texts) and texts[0].lower().startswith("sep=")
    delimiter = texts[0][4:5] if directive else sniff(texts, _is_wanted(column))
    parsed = _parse(sample[directive:], delimiter)
    if delimiter and not directive and column is None and not wanted.others and _all_addresses(parsed):
        delimiter, parsed = None, _parse(sample, None)
    cells = [record.cells for record in parsed]
    at = header_place(cells, column)
    header = cells[at] if at is not None else None
    rows = cells if at is None else cells[at + 1 :]
    found, *others = columns = wanted_columns(header, rows, wanted, file.display)
    header = wide_enough(header, columns)
    return Layout(
        delimiter=delimiter or None,
        header=header,
        column=found,
        others=tuple(others),
        width=len(header) if header else max((len(row) for row in rows), default=1),
        first_line=1 + directive if at is None else parsed[at].line + parsed[at].lines,
    )


MAX_SAMPLE_LINE = 1 << 20


def _is_wanted(column: str | None) -> Callable[[str], bool]:
    return is_address_header if column is None else lambda name: header_key(name) == header_key(column)


def _parse(sample: Sequence[Line], delimiter: str | None) -> list[Record]:
    found = records(sample, delimiter, lambda _cells: False)
    return [record for record in found if record.problem is None and not record.is_blank]


def _all_addresses(parsed: Sequence[Record]) -> bool:
    """Say whether the "columns" are several addresses on a line: then the line is one cell."""
    is_wide = any(len(record.cells) > 1 for record in parsed)
    return is_wide and all(all("@" in cell for cell in record.cells if cell.strip()) for record in parsed)


def display_name(path: Path) -> str:
    """Return the path as a report shows it: relative to the working directory when it lies below it."""
    try:
        relative = os.path.relpath(path)
    except ValueError:  # another drive
        return path.as_posix()
    return path.as_posix() if relative.startswith("..") else Path(relative).as_posix()


def stamp(path: Path) -> object:
    """Return the size and the time of the last change of a file."""
    try:
        status = path.stat()
    except OSError as error:
        raise InputError(complaint(error, display_name(path))) from error
    return status.st_size, status.st_mtime_ns


def unusable(display: str, what: str, todo: str) -> InputError:
    """Return the error for a file that cannot be used as a list."""
    return InputError(Complaint(what, Location(display), todo))
