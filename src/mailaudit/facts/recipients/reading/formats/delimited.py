"""CSV, TSV and plain text."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from msgspec.structs import replace

from mailaudit.errors import InputError
from mailaudit.facts.recipients.reading.columns import Wanted, header_key, is_address_header
from mailaudit.facts.recipients.reading.delimited import MAX_SPAN, TOO_LONG, Record, records, sniff
from mailaudit.facts.recipients.reading.list_format import ListFormat, suffix_of
from mailaudit.facts.recipients.reading.rows import SAMPLE_ROWS, Layout, layout_of
from mailaudit.facts.recipients.reading.source import ByShape, Numbered, Origin, T_co, TableSource
from mailaudit.facts.recipients.reading.text_file import Line, TextFile, open_text
from mailaudit.facts.recipients.reading.whole_quotes import unquoted

MAX_SAMPLE_LINE = 1 << 20
# What a file is taken for when nothing proves anything.
LEGACY = {"cp1252", "latin-1"}


@dataclass(slots=True, kw_only=True)
class DelimitedSource(TableSource):
    """Lines of text, which a delimiter splits into cells."""

    file: TextFile

    def records(self) -> Iterator[Record]:
        """Yield every record in file order."""
        return records(self.file.lines(), self.layout.delimiter, self.looks_like_row)

    def cells(self, header: tuple[str, ...]) -> Iterator[Numbered]:
        """Yield every record with its number; a broken one is a cell that shows it as it stands."""
        del header
        texts = _Remembering(self.file.lines())
        for record in records(texts, self.layout.delimiter, self.looks_like_row):
            yield record.line, record.cells if record.problem is None else (texts.text_of(record.line),)

    def by_shape(self, use: ByShape[T_co]) -> T_co:
        """Let something be done with the lines."""
        return use.text(self)

    def looks_like_row(self, cells: Sequence[str]) -> bool:
        """Say whether cells could be a row of this list; used to tell a broken quote from a long cell."""
        return len(cells) == self.layout.width and "@" in cells[self.layout.column]


class _Remembering:
    """Yields lines, and knows the text of those that were read last."""

    def __init__(self, lines: Iterable[Line]) -> None:
        self._lines = lines
        self._last: deque[Line] = deque(maxlen=MAX_SPAN + 2)

    def __iter__(self) -> Iterator[Line]:
        for line in self._lines:
            self._last.append(line)
            yield line

    def text_of(self, number: int) -> str:
        """Return the text of a line, or that it is too long to be shown."""
        known = (line.text for line in self._last if line.number == number and line.text is not None)
        return next(known, TOO_LONG)


def _open(origin: Origin, wanted: Wanted) -> DelimitedSource:
    file = open_text(origin.data, origin.display, wanted.encoding, (wanted.column or "", *wanted.others))
    if (plain := unquoted(origin, file)) is not origin:
        origin, file = plain, open_text(plain.data, plain.display, "utf-8")
    try:
        layout = _layout(file, wanted)
    except InputError as error:
        if file.encoding not in LEGACY or ((wanted.column or "").isascii() and "".join(wanted.others).isascii()):
            raise
        hint = f"correct its name, or say how the file is written in recipients.encoding ({file.encoding} was assumed)"
        raise InputError(*(replace(told, todo=hint) for told in error.complaints)) from None
    return DelimitedSource(
        origin=origin,
        wanted=wanted,
        column=layout.column_name,
        encoding=file.encoding,
        written=suffix_of(Path(origin.name))[1:] or "csv",
        layout=layout,
        file=file,
    )


def _layout(file: TextFile, wanted: Wanted) -> Layout:
    """Sniff the dialect of a text file once, from its first lines."""
    column = wanted.column
    sample = [line for line in islice(file.lines(), SAMPLE_ROWS) if line.text is None or line.text.strip()]
    texts = [line.text for line in sample if line.text is not None and len(line.text) < MAX_SAMPLE_LINE]
    directive = bool(texts) and texts[0].lower().startswith("sep=")
    delimiter = texts[0][4:5] if directive else sniff(texts, _is_wanted(column))
    parsed = _parse(sample[directive:], delimiter)
    if delimiter and not directive and column is None and not wanted.others and _all_addresses(parsed):
        delimiter, parsed = None, _parse(sample, None)
    return layout_of(parsed, wanted, file.display, delimiter=delimiter or None, first_line=1 + directive)


def _is_wanted(column: str | None) -> Callable[[str], bool]:
    return is_address_header if column is None else lambda name: header_key(name) == header_key(column)


def _parse(sample: Sequence[Line], delimiter: str | None) -> list[Record]:
    found = records(sample, delimiter, lambda _cells: False)
    return [record for record in found if record.problem is None and not record.is_blank]


def _all_addresses(parsed: Sequence[Record]) -> bool:
    """Say whether the "columns" are several addresses on a line: then the line is one cell."""
    is_wide = any(len(record.cells) > 1 for record in parsed)
    return is_wide and all(all("@" in cell for cell in record.cells if cell.strip()) for record in parsed)


FORMAT = ListFormat("CSV, TSV or plain text", (".csv", ".tsv", ".txt"), _open)
