"""Rows that stand as a whole in quotes: `"ann@acme.example,Ann"`, as spreadsheets write a column of lines."""

import re
import tempfile
from collections.abc import Sequence
from itertools import islice
from pathlib import Path

from msgspec.structs import replace

from mailaudit.facts.recipients.reading.rows import SAMPLE_ROWS
from mailaudit.facts.recipients.reading.source import Origin
from mailaudit.facts.recipients.reading.text_file import MAX_LINE, TextFile

_WHOLE = re.compile(r'\s*"((?:[^"]|"")*)"\s*\Z')
_ADDRESS = re.compile(r"\s*\"?[^\s@<>\"]+@[^\s@<>\"]+\"?\s*\Z")
_DELIMITERS = ",;\t|"


def unquoted(origin: Origin, file: TextFile) -> Origin:
    """Return the origin of a copy without the quotes around whole rows, or the same one where there are none."""
    sample = [line.text for line in islice(file.lines(), SAMPLE_ROWS) if line.text is None or line.text.strip()]
    if not _are_whole(sample[1:] or sample):
        return origin
    copy = Path(tempfile.mkdtemp(dir=origin.folder)) / "unquoted"
    with copy.open("w", encoding="utf-8", errors="replace", newline="") as written:
        for line in file.lines():
            text = "x" * MAX_LINE if line.text is None else line.text
            written.write((_inside(text) or text) + "\n")
    return replace(origin, data=copy)


def _are_whole(rows: Sequence[str | None]) -> bool:
    """Say whether every row is one quoted cell that holds an address, at the same place, and other cells."""
    if not rows or not all(
        row is not None and len(row) < MAX_LINE and row.lstrip().startswith('"') for row in rows
    ):
        return False
    inside = [text for row in rows if row is not None and (text := _inside(row))]
    return len(inside) == len(rows) and any(_holds_cells(inside, sign) for sign in _DELIMITERS)


def _inside(row: str) -> str | None:
    found = _WHOLE.match(row)
    return found[1].replace('""', '"') if found else None


def _holds_cells(rows: Sequence[str], delimiter: str) -> bool:
    cells = [row.split(delimiter) for row in rows]
    places = set.intersection(*({at for at, cell in enumerate(row) if _ADDRESS.match(cell)} for row in cells))
    return bool(places) and all(any("@" not in cell for cell in row) for row in cells)
