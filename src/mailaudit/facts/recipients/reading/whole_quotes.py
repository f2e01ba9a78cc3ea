"""Rows that stand as a whole in quotes: `"ann@acme.example,Ann"`, as spreadsheets write a column of lines."""

import re
import tempfile
from collections import Counter
from collections.abc import Sequence
from itertools import islice
from pathlib import Path

from msgspec.structs import replace

from mailaudit.facts.recipients.reading.delimited import MOST
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
    """Say whether nearly every row is one quoted cell that holds an address, at the same place, and other cells."""
    inside = [text for row in rows if row is not None and len(row) < MAX_LINE and (text := _inside(row))]
    least = max(1.0, MOST * len(rows))
    return len(inside) >= least and any(_holding_cells(inside, sign) >= least for sign in _DELIMITERS)


def _inside(row: str) -> str | None:
    found = _WHOLE.match(row)
    return found[1].replace('""', '"') if found else None


def _holding_cells(rows: Sequence[str], delimiter: str) -> int:
    """Return how many rows have an address where most have one, beside a cell without any."""
    cells = [row.split(delimiter) for row in rows]
    wide = [row for row in cells if any("@" not in cell for cell in row)]
    places = Counter(at for row in wide for at, cell in enumerate(row) if _ADDRESS.match(cell))
    return max(places.values(), default=0)
