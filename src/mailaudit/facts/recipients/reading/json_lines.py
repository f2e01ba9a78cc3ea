"""JSON Lines: one object (or one address) a line."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

from mailaudit.facts.recipients.reading.columns import Wanted, wanted_columns
from mailaudit.facts.recipients.reading.delimited import TOO_LONG
from mailaudit.facts.recipients.reading.rows import Row, stamp
from mailaudit.facts.recipients.reading.text_file import Line, TextFile, open_text

NO_OBJECT = "the line is no JSON object"
SAMPLE_LINES = 200


@dataclass(slots=True)
class JsonLinesSource:
    """A JSON Lines file; `keys` are those of the address and of the other wanted values."""

    path: Path | None
    file: TextFile
    keys: tuple[str, ...]
    display: str
    name: str
    column: str
    encoding: str
    takes_hashes: bool = False

    def rows(self) -> Iterator[Row]:
        """Yield every row in list order; blank lines are no rows."""
        for line in self.file.lines():
            if line.text is None:
                yield Row(line.number, problem=TOO_LONG)
            elif line.text.strip():
                yield self._row(line.number, line.text)

    def stamp(self) -> object:
        """Return the size and the time of the last change."""
        return stamp(self.file.path)

    def _row(self, number: int, text: str) -> Row:
        record = parsed_object(text)
        if record is None:
            return Row(number, problem=NO_OBJECT)
        cell, *others = (as_text(record.get(key)) for key in self.keys)
        return Row(number, cell, tuple(others))


def open_json_lines(path: Path, display: str, wanted: Wanted) -> JsonLinesSource:
    """Open a JSON Lines file and find out its keys; raises `InputError`."""
    file = open_text(path, display)
    sample = [record for record in map(_from_line, islice(file.lines(), SAMPLE_LINES)) if record is not None]
    keys = list(dict.fromkeys(key for record in sample for key in record))
    cells = [[as_text(record.get(key)) for key in keys] for record in sample]
    at = wanted_columns(keys, cells, wanted, display)
    return JsonLinesSource(
        path=path,
        file=file,
        keys=tuple(keys[place] if keys else "" for place in at),
        display=display,
        name=path.name,
        column=keys[at[0]] if keys else "",
        encoding=file.encoding,
        takes_hashes=wanted.takes_hashes,
    )


def _from_line(line: Line) -> dict[str, Any] | None:
    return parsed_object(line.text) if line.text else None


def parsed_object(text: str) -> dict[str, Any] | None:
    """Return the object in a line (a bare string is an address), or nothing."""
    try:
        record = json.loads(text)
    except (ValueError, RecursionError):
        return None
    if isinstance(record, str):
        return {"email": record}
    return record if isinstance(record, dict) else None


def as_text(value: object) -> str:
    """Return a value of JSON, a sheet or a database as the text of a cell."""
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, bytes):  # a database that does not know its encoding
        return value.decode("utf-8", "replace")
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)
