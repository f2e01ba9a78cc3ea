"""Spreadsheets: XLSX, XLS, XLSB and ODS, through calamine."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mailaudit.errors import InputError
from mailaudit.facts.recipients.reading.columns import (
    column_name,
    header_place,
    is_address_header,
    shown_name,
    wanted_columns,
    wide_enough,
)
from mailaudit.facts.recipients.reading.delimited import Record
from mailaudit.facts.recipients.reading.json_lines import as_text
from mailaudit.facts.recipients.reading.rows import SAMPLE_LINES, Layout, Row, stamp, to_row, unusable
from mailaudit.facts.recipients.reading.text_file import complaint

if TYPE_CHECKING:
    from mailaudit.facts.recipients.reading.columns import Wanted

# What unpacks to more than this is no list: a million rows of twenty cells are less.
MAX_UNPACKED = 1 << 30
MAX_RATIO = 120
MAX_ROWS = 1_048_576
# From such a share of rows with an address on, a sheet without the name of a column is a list.
LIST_SHARE = 0.5


@dataclass(slots=True)
class SheetSource:
    """The first sheet of a workbook that holds addresses; line numbers are those of the spreadsheet program."""

    path: Path | None
    sheet: int
    layout: Layout
    display: str
    name: str
    column: str
    encoding: str = ""
    takes_hashes: bool = False

    def rows(self) -> Iterator[Row]:
        """Yield every row in sheet order; rows without any content are no rows."""
        for record in sheet_records(self.path or Path(), self.display, self.sheet):
            if record.line >= self.layout.first_line and not record.is_blank:
                yield to_row(record, self.layout)

    def stamp(self) -> object:
        """Return the size and the time of the last change."""
        return stamp(self.path or Path())


def open_sheet(path: Path, display: str, wanted: Wanted) -> SheetSource:
    """Open a workbook and find the sheet and the columns; raises `InputError`, also when several sheets hold a list."""
    _reject_bomb(path, display)
    workbook = _workbook(path, display)
    names = list(workbook.sheet_names)
    if wanted.sheet is not None:
        return _named_sheet(path, display, names, wanted)
    hidden = {sheet.name for sheet in workbook.sheets_metadata if not str(sheet.visible).endswith("Visible")}
    found: list[tuple[int, SheetSource]] = []
    failure: InputError | None = None
    for at, name in enumerate(names):
        try:
            rank, source = _examined(path, display, at, wanted)
        except InputError as error:
            failure = failure or error
            continue
        found.append((rank + (name in hidden) * len(_RANKS), source))
    if not found:
        raise failure or unusable(display, "the workbook holds no sheet", "save the list as CSV (UTF-8)")
    best = min(rank for rank, _ in found)
    chosen = [source for rank, source in found if rank == best]
    if len(chosen) > 1 and best == _LIST:
        told = ", ".join(shown_name(names[source.sheet]) for source in chosen)
        raise unusable(display, f"several sheets hold a list: {told}", "name one of them in recipients.sheet")
    return chosen[0]


_RANKS = _LIST, _SOME_ADDRESSES, _NO_ADDRESS, _EMPTY = range(4)


def _named_sheet(path: Path, display: str, names: list[str], wanted: Wanted) -> SheetSource:
    if wanted.sheet not in names:
        told = ", ".join(map(shown_name, names))
        raise unusable(display, f"there is no sheet {wanted.sheet!r}; the sheets are: {told}", "correct its name")
    return _examined(path, display, names.index(str(wanted.sheet)), wanted)[1]


def _examined(path: Path, display: str, at: int, wanted: Wanted) -> tuple[int, SheetSource]:
    """Return how much like a list a sheet looks, and the sheet; raises `InputError` when its columns cannot be told."""
    sample = [r for r in islice(sheet_records(path, display, at), SAMPLE_LINES) if not r.is_blank]
    layout = _layout(sample, wanted, display)
    shown = column_name(layout.header, layout.column)
    source = SheetSource(path, at, layout, display, path.name, shown, takes_hashes=wanted.takes_hashes)
    rows = [record.cells for record in sample if record.line >= layout.first_line]
    hits = sum("@" in row[layout.column] for row in rows if layout.column < len(row))
    is_named = layout.header is not None and is_address_header(layout.header[layout.column])
    if hits and (is_named or hits >= LIST_SHARE * len(rows)):
        return _LIST, source
    return (_SOME_ADDRESSES if hits else _NO_ADDRESS if sample else _EMPTY), source


def sheet_records(path: Path, display: str, sheet: int) -> Iterator[Record]:
    """Yield every row of a sheet from its first used one, numbered as the spreadsheet program does."""
    opened = _workbook(path, display).get_sheet_by_index(sheet)
    if opened.total_height > MAX_ROWS:
        raise unusable(
            display, "the sheet claims more rows than any spreadsheet has", "save the list as CSV (UTF-8)"
        )
    first = (opened.start or (0, 0))[0]
    for number, cells in enumerate(opened.iter_rows(), first + 1):
        yield Record(number, tuple(as_text(cell) for cell in cells))


def _layout(sample: list[Record], wanted: Wanted, display: str) -> Layout:
    cells = [record.cells for record in sample]
    at = header_place(cells, wanted.column)
    header = cells[at] if at is not None else None
    rows = cells if at is None else cells[at + 1 :]
    column, *others = columns = wanted_columns(header, rows, wanted, display)
    header = wide_enough(header, columns)
    return Layout(
        delimiter=None,
        header=header,
        column=column,
        others=tuple(others),
        width=max((len(row) for row in cells), default=1),
        first_line=1 if at is None else sample[at].line + 1,
    )


def _workbook(path: Path, display: str) -> Any:
    import python_calamine  # noqa: PLC0415 - needed only for spreadsheets

    try:
        return python_calamine.CalamineWorkbook.from_path(str(path))
    except OSError as error:
        raise InputError(complaint(error, display)) from error
    except Exception as error:
        raise unusable(
            display, "the spreadsheet cannot be read", "open it and save it again, or save it as CSV (UTF-8)"
        ) from error


def _reject_bomb(path: Path, display: str) -> None:
    try:
        if not zipfile.is_zipfile(path):
            return
        with zipfile.ZipFile(path) as archive:
            parts = archive.infolist()
    except (OSError, zipfile.BadZipFile) as error:
        raise unusable(
            display, "the spreadsheet is damaged", "save it again, or save it as CSV (UTF-8)"
        ) from error
    if sum(part.file_size for part in parts) > MAX_UNPACKED or any(
        part.file_size > MAX_RATIO * max(part.compress_size, 1 << 20) for part in parts
    ):
        raise unusable(display, "the spreadsheet unpacks to a suspicious size", "save the list as CSV (UTF-8)")
