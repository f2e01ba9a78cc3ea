"""Spreadsheets: XLSX, XLS, XLSB and ODS, through calamine."""

import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

from mailaudit.errors import InputError
from mailaudit.facts.recipients.reading.columns import Wanted, is_address_header, shown_name
from mailaudit.facts.recipients.reading.delimited import Record
from mailaudit.facts.recipients.reading.foreign import archived
from mailaudit.facts.recipients.reading.list_format import ListFormat, suffix_of
from mailaudit.facts.recipients.reading.rows import SAMPLE_ROWS, as_text, layout_of
from mailaudit.facts.recipients.reading.sheet_extent import MAX_ROWS, too_far
from mailaudit.facts.recipients.reading.source import Origin, TableSource, unusable
from mailaudit.facts.recipients.reading.text_file import complaint

# What unpacks to more than this is no list: a million rows of twenty cells are less.
MAX_UNPACKED = 1 << 30
MAX_RATIO = 120
# From such a share of rows with an address on, a sheet without the name of a column is a list.
LIST_SHARE = 0.5


@dataclass(slots=True, kw_only=True)
class SheetSource(TableSource):
    """A sheet of a workbook; line numbers are those of the spreadsheet program."""

    sheet: int

    def records(self) -> Iterator[Record]:
        """Yield every row in sheet order."""
        return sheet_records(self.origin, self.sheet)


def _open(origin: Origin, wanted: Wanted) -> SheetSource:
    """Open a workbook and find the sheet and the columns; raises `InputError`, also when several sheets hold a list."""
    _reject_bomb(origin.data, origin.display)
    display = origin.display
    workbook = _workbook(origin)
    names = list(workbook.sheet_names)
    if wanted.sheet is not None:
        return _named_sheet(origin, names, wanted)
    hidden = {sheet.name for sheet in workbook.sheets_metadata if not str(sheet.visible).endswith("Visible")}
    found: list[tuple[int, SheetSource]] = []
    failure: InputError | None = None
    for at, name in enumerate(names):
        try:
            rank, source = _examined(origin, at, wanted)
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


def _named_sheet(origin: Origin, names: list[str], wanted: Wanted) -> SheetSource:
    if wanted.sheet not in names:
        told = ", ".join(map(shown_name, names))
        raise unusable(
            origin.display, f"there is no sheet {wanted.sheet!r}; the sheets are: {told}", "correct its name"
        )
    return _examined(origin, names.index(str(wanted.sheet)), wanted)[1]


def _examined(origin: Origin, at: int, wanted: Wanted) -> tuple[int, SheetSource]:
    """Return how much like a list a sheet looks, and the sheet; raises `InputError` when its columns cannot be told."""
    sample = [record for record in islice(sheet_records(origin, at), SAMPLE_ROWS) if not record.is_blank]
    layout = layout_of(sample, wanted, origin.display)
    written = "xlsx" if suffix_of(Path(origin.name)) == ".xlsx" else "csv"
    source = SheetSource(
        origin=origin, wanted=wanted, column=layout.column_name, written=written, layout=layout, sheet=at
    )
    rows = [record.cells for record in sample if record.line >= layout.first_line]
    hits = sum("@" in row[layout.column] for row in rows if layout.column < len(row))
    is_named = layout.header is not None and is_address_header(layout.header[layout.column])
    if hits and (is_named or hits >= LIST_SHARE * len(rows)):
        return _LIST, source
    return (_SOME_ADDRESSES if hits else _NO_ADDRESS if sample else _EMPTY), source


def sheet_records(origin: Origin, sheet: int) -> Iterator[Record]:
    """Yield every row of a sheet from its first used one, numbered as the spreadsheet program does."""
    with _readable(origin):
        opened = _workbook(origin).get_sheet_by_index(sheet)
    if opened.total_height > MAX_ROWS:
        what = "the sheet claims more rows than any spreadsheet has"
        raise unusable(origin.display, what, "save the list as CSV (UTF-8)")
    first = (opened.start or (0, 0))[0]
    for number, cells in enumerate(opened.iter_rows(), first + 1):
        yield Record(number, tuple(as_text(cell) for cell in cells))


def _workbook(origin: Origin) -> Any:
    import python_calamine  # noqa: PLC0415 - needed only for spreadsheets

    with _readable(origin):
        return python_calamine.CalamineWorkbook.from_path(str(origin.data))


@contextmanager
def _readable(origin: Origin) -> Iterator[None]:
    """Turn what the reader of workbooks says in anger into an `InputError`; also when it gives itself up."""
    try:
        yield
    except InputError:
        raise
    except OSError as error:
        raise InputError(complaint(error, origin.display)) from error
    except BaseException as error:
        if not isinstance(error, Exception) and type(error).__name__ != "PanicException":
            raise
        todo = "open it and save it again, or save it as CSV (UTF-8)"
        raise unusable(origin.display, "the spreadsheet cannot be read", todo) from error


def _reject_bomb(path: Path, display: str) -> None:
    try:
        if not zipfile.is_zipfile(path):
            return
        with zipfile.ZipFile(path) as archive:
            parts = archive.infolist()
        if sum(part.file_size for part in parts) > MAX_UNPACKED or any(
            part.file_size > MAX_RATIO * max(part.compress_size, 1 << 20) for part in parts
        ):
            raise unusable(display, "the spreadsheet unpacks to a suspicious size", "save the list as CSV (UTF-8)")
        why = too_far(path)
    except (OSError, zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError) as error:
        raise unusable(
            display, "the spreadsheet is damaged", "save it again, or save it as CSV (UTF-8)"
        ) from error
    if why:
        raise unusable(display, why, "delete what lies far from the list, or save the list as CSV (UTF-8)")


def _is_workbook(path: Path, head: bytes) -> bool:
    if not head.startswith(b"PK\x03\x04"):
        return head.startswith(b"\xd0\xcf\x11\xe0")
    names = archived(path)
    return not names or any(name.startswith("xl/") or name == "content.xml" for name in names)


# Text and pages are called .xls too.
FORMAT = ListFormat("a spreadsheet", (".xlsx", ".xls", ".xlsb", ".ods"), _open, _is_workbook, is_proof=False)
