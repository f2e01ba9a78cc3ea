"""Spreadsheets: XLSX, XLS, XLSB and ODS, through calamine."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mailaudit.errors import InputError
from mailaudit.facts.recipients.columns import header_place, wanted_columns
from mailaudit.facts.recipients.delimited import Record
from mailaudit.facts.recipients.json_lines import as_text
from mailaudit.facts.recipients.source import SAMPLE_LINES, Layout, Row, stamp, to_row, unusable
from mailaudit.facts.recipients.text import complaint

if TYPE_CHECKING:
    from mailaudit.facts.recipients.columns import Wanted

# Excel holds a million rows; what unpacks to more than this is no list.
MAX_UNPACKED = 2 << 30
MAX_RATIO = 400


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
    """Open a workbook and find the sheet and the columns; raises `InputError`."""
    _reject_bomb(path, display)
    names = _workbook(path, display).sheet_names
    failure: InputError | None = None
    for at in range(len(names)):
        sample = [r for r in islice(sheet_records(path, display, at), SAMPLE_LINES) if not r.is_blank]
        if not sample and at + 1 < len(names):
            continue
        try:
            layout = _layout(sample, wanted, display)
        except InputError as error:
            failure = failure or error
            continue
        shown = layout.header[layout.column].strip() if layout.header else f"column {layout.column + 1}"
        return SheetSource(path, at, layout, display, path.name, shown, takes_hashes=wanted.takes_hashes)
    raise failure or unusable(display, "the workbook holds no sheet", "save the list as CSV (UTF-8)")


def sheet_records(path: Path, display: str, sheet: int) -> Iterator[Record]:
    """Yield every row of a sheet from its first used one, numbered as the spreadsheet program does."""
    opened = _workbook(path, display).get_sheet_by_index(sheet)
    first = (opened.start or (0, 0))[0]
    for number, cells in enumerate(opened.iter_rows(), first + 1):
        yield Record(number, tuple(as_text(cell) for cell in cells))


def _layout(sample: list[Record], wanted: Wanted, display: str) -> Layout:
    cells = [record.cells for record in sample]
    at = header_place(cells, wanted.column)
    header = cells[at] if at is not None else None
    rows = cells if at is None else cells[at + 1 :]
    column, *others = wanted_columns(header, rows, wanted, display)
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
            unpacked = sum(item.file_size for item in archive.infolist())
            packed = sum(item.compress_size for item in archive.infolist())
    except (OSError, zipfile.BadZipFile) as error:
        raise unusable(
            display, "the spreadsheet is damaged", "save it again, or save it as CSV (UTF-8)"
        ) from error
    if unpacked > MAX_UNPACKED or unpacked > MAX_RATIO * max(packed, 1 << 20):
        raise unusable(display, "the spreadsheet unpacks to a suspicious size", "save the list as CSV (UTF-8)")
