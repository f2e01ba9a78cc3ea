"""A recipient or suppression file as a stream of rows, whatever its format."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Protocol

from mailaudit.campaign.values import DatabaseUrl
from mailaudit.errors import Complaint, InputError
from mailaudit.facts.recipients.columns import (
    address_column,
    header_key,
    is_address_header,
    is_header,
    named_column,
)
from mailaudit.facts.recipients.delimited import Record, records, sniff
from mailaudit.facts.recipients.text import Line, TextFile, open_text
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
    """A file or table that yields its rows; `blank_lines` is complete once `rows()` is exhausted."""

    display: str
    name: str
    column: str
    encoding: str
    blank_lines: int

    def rows(self) -> Iterator[Row]:
        """Yield every row in list order; lines that hold nothing are no rows."""
        ...


@dataclass(frozen=True, slots=True)
class Layout:
    """How the lines of a text file become cells; `skip` counts the records before the first row."""

    delimiter: str | None
    header: tuple[str, ...] | None
    column: int
    others: tuple[int, ...]
    width: int
    skip: int


@dataclass(slots=True)
class DelimitedSource:
    """CSV, TSV and plain text."""

    file: TextFile
    layout: Layout
    display: str
    name: str
    column: str
    encoding: str
    blank_lines: int = 0

    def rows(self) -> Iterator[Row]:
        """Yield every row in list order; lines that hold nothing are no rows."""
        self.blank_lines = 0
        found = records(self.file.lines(), self.layout.delimiter, self._looks_like_row)
        skip = self.layout.skip
        for record in found:
            if record.is_blank:
                self.blank_lines += 1
            elif skip:
                skip -= 1
            else:
                yield to_row(record, self.layout)

    def _looks_like_row(self, cells: Sequence[str]) -> bool:
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


def open_source(path: Path | DatabaseUrl, *, column: str | None = None, others: Sequence[str] = ()) -> Source:
    """Open a list; raises `InputError` when the file or a wanted column cannot be used."""
    if isinstance(path, DatabaseUrl):
        raise unusable(path.masked, "a database cannot be read", "export the list as CSV and name the file")
    display = display_name(path)
    opener = _OPENERS.get(_suffix(path), open_delimited)
    return opener(path, display, column, tuple(others))


def open_delimited(path: Path, display: str, column: str | None, others: tuple[str, ...]) -> DelimitedSource:
    """Open a text file and find out its delimiter, header and columns."""
    file = open_text(path, display)
    layout = find_layout(file, column, others)
    shown = layout.header[layout.column].strip() if layout.header else f"column {layout.column + 1}"
    return DelimitedSource(file, layout, display, path.name, shown, file.encoding)


def find_layout(file: TextFile, column: str | None, others: Sequence[str]) -> Layout:
    """Sniff the dialect of a text file once, from its first lines."""
    sample = [line for line in islice(file.lines(), SAMPLE_LINES) if line.text is None or line.text.strip()]
    texts = [line.text for line in sample if line.text is not None and len(line.text) < MAX_SAMPLE_LINE]
    directive = bool(texts) and texts[0].lower().startswith("sep=")
    delimiter = texts[0][4:5] if directive else sniff(texts, _is_wanted(column))
    parsed = _parse(sample[directive:], delimiter)
    if delimiter and not directive and column is None and not others and _all_addresses(parsed):
        delimiter, parsed = None, _parse(sample, None)
    has_header = column is not None and _names_header(parsed, column)
    has_header = has_header or (bool(parsed) and is_header(parsed[0], parsed[1:]))
    header = tuple(parsed[0]) if has_header else None
    rows = parsed[1:] if has_header else parsed
    return Layout(
        delimiter=delimiter or None,
        header=header,
        column=address_column(header, rows, column, file.display),
        others=tuple(named_column(header, name, file.display) for name in others),
        width=len(header) if header else max((len(row) for row in rows), default=1),
        skip=int(has_header) + directive,
    )


MAX_SAMPLE_LINE = 1 << 20


def _is_wanted(column: str | None) -> Callable[[str], bool]:
    return is_address_header if column is None else lambda name: header_key(name) == header_key(column)


def _parse(sample: Sequence[Line], delimiter: str | None) -> list[tuple[str, ...]]:
    found = records(sample, delimiter, lambda _cells: False)
    return [record.cells for record in found if record.problem is None and not record.is_blank]


def _names_header(parsed: Sequence[Sequence[str]], column: str) -> bool:
    return bool(parsed) and any(cell.strip() == column.strip() for cell in parsed[0])


def _all_addresses(parsed: Sequence[Sequence[str]]) -> bool:
    """Say whether the "columns" are several addresses on a line: then the line is one cell."""
    wide = [record for record in parsed if len(record) > 1]
    return bool(wide) and all(all("@" in cell for cell in record if cell.strip()) for record in parsed)


def display_name(path: Path) -> str:
    """Return the path as a report shows it: relative to the working directory when it lies below it."""
    try:
        relative = os.path.relpath(path)
    except ValueError:  # another drive
        return path.as_posix()
    return path.as_posix() if relative.startswith("..") else Path(relative).as_posix()


def _suffix(path: Path) -> str:
    suffixes = [suffix.lower() for suffix in path.suffixes]
    return suffixes[-2] if len(suffixes) > 1 and suffixes[-1] == ".gz" else (suffixes or [""])[-1]


Opener = Callable[[Path, str, str | None, tuple[str, ...]], Source]
_OPENERS: dict[str, Opener] = {}


def unusable(display: str, what: str, todo: str) -> InputError:
    """Return the error for a file that cannot be used as a list."""
    return InputError(Complaint(what, Location(display), todo))
