"""How far the cells of a workbook reach: a reader holds every place between the first and the last one."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from zipfile import ZipFile

# A million rows of thirty columns; each place takes some thirty bytes.
MAX_PLACES = 32_000_000
# A sheet with one cell in so many places has strayed.
_SPARSE = 20
_PIECE = 1 << 20
_MAX_TAG = 1 << 14
# ECMA-376, part 1, 18.3.1.4 (cells) and 18.3.1.73 (rows); OpenDocument 1.3, part 3, 9.1.
# The places of cells and the numbers of rows, however they are written: the reader believes in any.
_PLACE = re.compile(rb"\br\s*=\s*[\"']([A-Za-z]{0,40})(\d{1,40})")
_TAG = re.compile(rb"<(?:\w+:)?(row|c)\b")
_ODS = re.compile(rb"<table:(table-row|table-cell|covered-table-cell|table)\b((?:[^>\"']|\"[^\"]*\"|'[^']*')*)>")
_REPEATED = re.compile(rb"number-(?:columns|rows)-repeated\s*=\s*[\"'](\d{1,40})")
MAX_ROWS, _MAX_COLUMNS = 1_048_576, 16_384
_BINARY_CELLS = range(2, 12)


@dataclass(slots=True)
class _Extent:
    """The last row and column of a sheet, counted from 1, and how many of its places hold something."""

    row: int = 0
    column: int = 0
    cells: int = 0

    def reach(self, row: int, column: int, cells: int = 1) -> None:
        """Count cells that end at a place."""
        self.row, self.column, self.cells = max(self.row, row), max(self.column, column), self.cells + cells


def too_far(path: Path) -> str | None:
    """Say why the cells of a workbook reach too far to be read, or nothing when they do not or it is no archive."""
    with ZipFile(path) as archive:
        for name in archive.namelist():
            if name == "content.xml":
                extents = list(_ods_extents(_pieces(archive, name)))
            elif name.startswith("xl/worksheets/") and name.endswith(".bin"):
                extents = [_xlsb_extent(archive.read(name))]
            elif name.startswith(("xl/sharedStrings.xml", "xl/media/")) or name.endswith(".bin"):
                continue
            else:  # a workbook says itself which of its parts are sheets
                extents = [_xlsx_extent(_pieces(archive, name))]
            for extent in extents:
                if extent.row * extent.column > MAX_PLACES:
                    last = f"{_letters(extent.column)}{extent.row}"
                    if extent.cells * _SPARSE < extent.row * extent.column:
                        return f"a sheet reaches to {last}, because of a stray cell far from the list"
                    return f"a sheet reaches to {last}, which is too large for a workbook"
    return None


def _pieces(archive: ZipFile, name: str) -> Iterator[bytes]:
    """Yield a part in pieces that end where a tag ends, unless it is a very long one."""
    left = b""
    with archive.open(name) as part:
        while piece := part.read(_PIECE):
            text = left + piece
            cut = text.rfind(b"<")
            cut = len(text) if cut < 0 or len(text) - cut > _MAX_TAG else cut
            yield text[:cut]
            left = text[cut:]
    yield left


def _xlsx_extent(pieces: Iterator[bytes]) -> _Extent:
    found = _Extent()
    for piece in pieces:
        places = _PLACE.findall(piece)
        cells = [(column, int(row)) for column, row in places if column]
        rows = [int(row) for column, row in places if not column]
        if cells:
            longest = max(len(column) for column, _ in cells)
            column = max(column.upper() for column, _ in cells if len(column) == longest)
            found.reach(max(row for _, row in cells), _number(column), len(cells))
        if max(rows, default=0) > MAX_ROWS:
            found.reach(max(rows), _MAX_COLUMNS, 0)
        # Cells without a place stand one beside the other in their row.
        if piece.count(b"<c") + piece.count(b":c") > len(cells):
            tags = _TAG.findall(piece)
            found.reach(max(rows, default=1), max(map(len, b"".join(tags).split(b"row"))), tags.count(b"c"))
    return found


def _xlsb_extent(records: bytes) -> _Extent:
    """Follow the records of a binary sheet: rows (kind 0) and the cells that hold something (MS-XLSB, section 2.1.4)."""
    found = _Extent()
    at = row = 0
    try:
        while at < len(records):
            kind, at = _number_of_sevens(records, at)
            size, at = _number_of_sevens(records, at)
            place = int.from_bytes(records[at : at + 4], "little")
            if kind == 0:
                row = place
            elif kind in _BINARY_CELLS:
                found.reach(row + 1, place + 1)
            at += size
    except IndexError:  # a part of another kind, or a damaged one, of which the reader complains
        return found
    return found


def _number_of_sevens(records: bytes, at: int) -> tuple[int, int]:
    """Read a number of seven bits an octet, and where it ends."""
    number = shift = 0
    while True:
        octet = records[at]
        number |= (octet & 0x7F) << shift
        at, shift = at + 1, shift + 7
        if octet < 0x80 or shift > 21:  # noqa: PLR2004 - at most four octets
            return number, at


def _ods_extents(pieces: Iterator[bytes]) -> Iterator[_Extent]:
    found = _Extent()
    row = height = column = 0
    for tag, attributes in (tag for piece in pieces for tag in _ODS.findall(piece)):
        repeated = int(told[1]) if (told := _REPEATED.search(attributes)) else 1
        if tag == b"table":
            yield found
            found, row, height = _Extent(), 0, 0
        elif tag == b"table-row":
            row, height, column = row + height, repeated, 0
        else:
            column += repeated
            if b"value-type" in attributes:
                found.reach(row + height, column, repeated * height)
    yield found


def _number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def _letters(number: int) -> str:
    letters = ""
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters
