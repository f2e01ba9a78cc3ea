"""All columns of a list as text, for writing it in another format than it came in."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from mailaudit.facts.recipients.databases import PostgresSource, SqliteSource
from mailaudit.facts.recipients.delimited import records
from mailaudit.facts.recipients.json_lines import JsonLinesSource, as_text, parsed_object
from mailaudit.facts.recipients.relations import RelationSource
from mailaudit.facts.recipients.sheets import SheetSource, sheet_records
from mailaudit.facts.recipients.source import DelimitedSource, Source

Numbered = tuple[int, tuple[str, ...]]


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
        found = records(source.file.lines(), source.layout.delimiter, source.looks_like_row)
        yield from ((record.line, record.cells or (record.problem or "",)) for record in found)
    elif isinstance(source, SheetSource):
        sheet = sheet_records(source.path or Path(), source.display, source.sheet)
        yield from ((record.line, record.cells) for record in sheet)
    elif isinstance(source, JsonLinesSource):
        for line in source.file.lines():
            record = parsed_object(line.text or "")
            cells = (line.text or "",) if record is None else tuple(as_text(record.get(key)) for key in header)
            yield line.number, cells
    elif isinstance(source, (SqliteSource, PostgresSource)):
        listed = (record for _, record in source.records() if record)
        yield from ((at, tuple(map(as_text, record))) for at, record in enumerate(listed, 1))
    elif isinstance(source, RelationSource):
        yield from enumerate(source.all_rows(), 1)
