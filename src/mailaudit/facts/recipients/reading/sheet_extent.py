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
_CELL = re.compile(rb"<(?:\w+:)?c\b[^>]{0,200}?\br=\"([A-Z]{1,3})(\d{1,7})\"")
_ODS = re.compile(rb"<table:(table-row|table-cell|covered-table-cell|table)\b([^>]{0,2000})>")
_REPEATED = re.compile(rb"number-(?:columns|rows)-repeated=\"(\d{1,9})\"")


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
            elif name.startswith("xl/worksheets/") and name.endswith(".xml"):
                extents = [_xlsx_extent(_pieces(archive, name))]
            else:
                continue
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
        places = _CELL.findall(piece)
        if places:
            longest = max(len(column) for column, _ in places)
            column = max(column for column, _ in places if len(column) == longest)
            found.reach(max(int(row) for _, row in places), _number(column), len(places))
    return found


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
            if b"value-type=" in attributes:
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
