"""All columns of a list as text, for writing it in another format than it came in."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from pathlib import Path

from mailaudit.facts.recipients.reading.databases import PostgresSource, SqliteSource
from mailaudit.facts.recipients.reading.delimited import MAX_SPAN, TOO_LONG, records
from mailaudit.facts.recipients.reading.duckdb_tables import RelationSource
from mailaudit.facts.recipients.reading.json_lines import JsonLinesSource, as_text, parsed_object
from mailaudit.facts.recipients.reading.rows import DelimitedSource, Source
from mailaudit.facts.recipients.reading.sheets import SheetSource, sheet_records
from mailaudit.facts.recipients.reading.text_file import Line

Numbered = tuple[int, tuple[str, ...]]


class _Remembering:
    """Yields lines, and knows the text of those that were read last: a broken one is shown as it stands."""

    def __init__(self, lines: Iterable[Line]) -> None:
        self._lines = lines
        self._last: deque[Line] = deque(maxlen=MAX_SPAN + 2)

    def __iter__(self) -> Iterator[Line]:
        """Yield every line."""
        for line in self._lines:
            self._last.append(line)
            yield line

    def text_of(self, number: int) -> str:
        """Return the text of a line, or that it is too long to be shown."""
        return next(
            (line.text for line in self._last if line.number == number and line.text is not None), TOO_LONG
        )


def header_of(source: Source) -> tuple[str, ...]:
    """Return the names of all columns; a list without a header gets one of its address column."""
    if isinstance(source, (DelimitedSource, SheetSource)):
        layout = source.layout
        if layout.header:
            return layout.header
        return tuple("email" if at == layout.column else f"column_{at + 1}" for at in range(layout.width))
    if isinstance(source, JsonLinesSource):
        # A key may occur for the first time in the last line.
        found: dict[str, None] = {}
        for line in source.file.lines():
            found.update(dict.fromkeys(parsed_object(line.text or "") or ()))
        return tuple(found)
    if isinstance(source, (SqliteSource, PostgresSource)):
        return tuple(next(source.records(), ((), ()))[0])
    if isinstance(source, RelationSource):
        return source.all_columns()
    raise TypeError(type(source).__name__)


def cells_of(source: Source, header: tuple[str, ...]) -> Iterator[Numbered]:
    """Yield every line or row with its number and all its cells as text; lines that hold nothing may be among them."""
    if isinstance(source, DelimitedSource):
        texts = _Remembering(source.file.lines())
        for record in records(texts, source.layout.delimiter, source.looks_like_row):
            yield record.line, record.cells if record.problem is None else (texts.text_of(record.line),)
    elif isinstance(source, SheetSource):
        sheet = sheet_records(source.path or Path(), source.display, source.sheet)
        yield from ((record.line, record.cells) for record in sheet)
    elif isinstance(source, JsonLinesSource):
        for line in source.file.lines():
            found = parsed_object(line.text or "")
            cells = (line.text or "",) if found is None else tuple(as_text(found.get(key)) for key in header)
            yield line.number, cells
    elif isinstance(source, (SqliteSource, PostgresSource)):
        listed = (record for _, record in source.records() if record)
        yield from ((at, tuple(map(as_text, record))) for at, record in enumerate(listed, 1))
    elif isinstance(source, RelationSource):
        yield from enumerate(source.all_rows(), 1)
