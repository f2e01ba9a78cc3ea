"""Writes a source as plain lines, one for each line or row of it, so that one fast reader serves every format."""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import BinaryIO

from mailaudit.facts.recipients.loading.fast_path_sql import MAX_LINE_BYTES
from mailaudit.facts.recipients.reading.delimited import TOO_LONG
from mailaudit.facts.recipients.reading.rows import Layout, Row
from mailaudit.facts.recipients.reading.text_file import Line

# Cells of a written row are joined by the unit separator; a row that cannot be written so is one JSON object.
_SEPARATOR = "\x1f"
ESCAPED = "\x02"
_CLEANED = str.maketrans({"\x01": "\x00", "\x02": "\x00"})


def rows_layout(others: int) -> Layout:
    """Return the layout of written rows: the address first, then the other wanted cells."""
    return Layout(
        delimiter=_SEPARATOR,
        header=None,
        column=0,
        others=tuple(range(1, others + 1)),
        width=others + 1,
        first_line=1,
    )


def write_lines(lines: Iterable[Line], path: Path) -> int:
    """Write physical lines as UTF-8 with LF, and return how many; a line that is too long becomes a marker."""
    count = 0
    with path.open("wb") as file:
        for line in lines:
            count += 1
            data = b"" if line.text is None else line.text.translate(_CLEANED).encode("utf-8", "replace")
            if line.text is None or len(data) >= MAX_LINE_BYTES:
                data = _escape(Row(line.number, problem=TOO_LONG))
            file.write(data + b"\n")
    return count


def write_rows(rows: Iterable[Row], path: Path) -> int:
    """Write rows at the line of their number (rows that are left out become empty lines), and return how many."""
    count = 0
    with path.open("wb") as file:
        for row in rows:
            count = _fill_up(file, count, row.line) + 1
            cells = (row.cell, *row.others)
            if row.problem is None and row.cell.strip() and all(cell.isprintable() for cell in cells):
                data = _SEPARATOR.join(cells).encode("utf-8", "replace")
            else:
                data = _escape(row)
            file.write((data if len(data) < MAX_LINE_BYTES else _escape(Row(row.line, problem=TOO_LONG))) + b"\n")
    return count


def _fill_up(file: BinaryIO, count: int, number: int | None) -> int:
    missing = (number or 0) - 1 - count
    if missing > 0:
        file.write(b"\n" * missing)
        return count + missing
    return count


def _escape(row: Row) -> bytes:
    data = {"cell": row.cell, "others": row.others, "problem": row.problem}
    return (ESCAPED + json.dumps(data)).encode()


def unescaped(number: int, text: str) -> Row | None:
    """Return the row that a marker stands for, or nothing when the line is no marker."""
    if not text.startswith(ESCAPED):
        return None
    data = json.loads(text[1:])
    return Row(number, data["cell"], tuple(data["others"]), data["problem"])
