"""Writes the rows that stay and the rows that go, line by line, exactly as they stand in the list."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TextIO

from msgspec import Struct

from mailaudit.cleaning.choose_rows import Fate
from mailaudit.facts.recipients.reading.delimited import BrokenQuotes, join, split
from mailaudit.facts.recipients.reading.formats.delimited import DelimitedSource
from mailaudit.facts.recipients.reading.formats.json_lines import JsonLinesSource
from mailaudit.facts.recipients.reading.source import Source, unusable
from mailaudit.facts.recipients.reading.text_file import Line

REMOVED_COLUMNS = ("line", "class", "reason")
TOO_LONG = "(a line of more than 4 million characters, see the original file)"
# What begins like a formula and is none: an address, and a number. The engine reads these patterns too.
PLAIN_ADDRESS = r"[^\s()\[\]|,;!@]+@[^\s()\[\]|,;!@\"'<>{}=+*/]+"
PLAIN_NUMBER = r"[+-][0-9\s.,()/-]*"
_ADDRESS = re.compile(PLAIN_ADDRESS)
_NUMBER = re.compile(PLAIN_NUMBER)


@dataclass(slots=True)
class Written:
    """How many rows were kept and removed, and how many kept cells a spreadsheet would run as a formula."""

    kept: int = 0
    removed: int = 0
    formulas: int = 0


def is_formula(cell: str) -> bool:
    """Say whether a spreadsheet program would take a cell for a formula (a phone number or an address is none)."""
    return not _ADDRESS.fullmatch(cell) and _begins_formula(cell)


def _begins_formula(cell: str) -> bool:
    return cell[:1] in {"=", "@", "\t", "\r"} or (cell[:1] in {"+", "-"} and not _NUMBER.fullmatch(cell))


def rewrite_delimited(
    source: DelimitedSource,
    fates: Iterable[Fate],
    inside: Iterable[int],
    kept: Mapping[str | None, TextIO],
    removed: TextIO,
    *,
    neutral: bool,
) -> Written:
    """Copy the lines of a text file to where they belong; a record of several lines stays together.

    A row that stays goes into the file of `kept` that is named in the place of a reason.
    """
    layout = source.layout
    delimiter = layout.delimiter
    ending = next((line.end for line in source.file.lines()), "") or "\n"
    counts = Written()
    header = [line for line in _lines(source) if line.number < layout.first_line] if layout.first_line > 1 else []
    for file in kept.values():
        file.writelines(f"{line.text or ''}{line.end or ending}" for line in header)
    # Titles above the names of the columns belong to the list, not to the rows that are taken out of it.
    removed.write(join((*REMOVED_COLUMNS, *(layout.header or ("row",))), delimiter or ",") + ending)
    for row in _records(source, fates, inside):
        if row.kind is None:
            text = _readdressed(_kept_text(row, source), source, row.address)
            counts.kept += 1
            formulas = _formulas(text, source)
            counts.formulas += formulas
            kept[row.reason].write(
                (_neutralised(text, source) if neutral and formulas else text) + (row.end or ending)
            )
            continue
        counts.removed += 1
        told = join((str(row.number), row.kind, row.reason or ""), delimiter or ",")
        text = TOO_LONG if row.text is None else _readdressed(row.text, source, row.address)
        if neutral and _formulas(text, source):
            text = _neutralised(text, source)
        # A broken row is one cell here, whatever its quotation marks would make of it.
        shown = text if delimiter and row.kind != "unreadable" else join((text,), delimiter or ",")
        removed.write(f"{told}{delimiter or ','}{shown}{ending}")
    return counts


def rewrite_json_lines(
    source: JsonLinesSource, fates: Iterable[Fate], kept: Mapping[str | None, TextIO], removed: TextIO
) -> Written:
    """Copy the lines of a JSON Lines file to where they belong, as `rewrite_delimited` does."""
    counts = Written()
    for line in _records(source, fates, ()):
        if line.kind is None:
            counts.kept += 1
            text = _with_address(_kept_text(line, source), source.keys[0], line.address)
            kept[line.reason].write(text + (line.end or "\n"))
            continue
        counts.removed += 1
        text = TOO_LONG if line.text is None else _with_address(line.text, source.keys[0], line.address)
        try:
            row = json.loads(text)
        except (ValueError, RecursionError):
            row = text
        told = {"line": line.number, "class": line.kind, "reason": line.reason, "row": row}
        removed.write(json.dumps(told, ensure_ascii=False) + "\n")
    return counts


class _Row(Struct, frozen=True):
    """A row as it stands in the file, all its lines together; `text` is nothing when it is too long to be held."""

    number: int
    kind: str | None
    reason: str | None
    text: str | None
    end: str
    address: str | None


def _kept_text(row: _Row, source: Source) -> str:
    if row.text is None:
        what = f"line {row.number} has more than 4 million characters and cannot be kept"
        raise unusable(source.display, what, "let unreadable rows be removed")
    return row.text


def _readdressed(text: str, source: DelimitedSource, address: str | None) -> str:
    """Return a row with another address, if there is one."""
    if address is None:
        return text
    delimiter, at = source.layout.delimiter, source.layout.column
    if delimiter is None:
        return address
    cells = _cells(text, source)
    return join((*cells[:at], address, *cells[at + 1 :]), delimiter)


def _with_address(text: str, key: str, address: str | None) -> str:
    """Return an object with another address, if there is one, under a key, which may be that of an object in it."""
    if address is None:
        return text
    row = json.loads(text)
    if isinstance(row, str):
        return json.dumps(address)
    outer, _, inner = key.partition(".")
    if key in row:
        row[key] = address
    else:
        row[outer][inner] = address
    return json.dumps(row, ensure_ascii=False)


def _lines(source: DelimitedSource) -> Iterator[Line]:
    for line in source.file.lines():
        if line.number >= source.layout.first_line:
            return
        yield line


def _records(
    source: DelimitedSource | JsonLinesSource, fates: Iterable[Fate], inside: Iterable[int]
) -> Iterator[_Row]:
    """Yield each row with its text as it stands in the file, without the last line break; rows of one line share it."""
    lines = iter(source.file.lines())
    more = iter(inside)
    next_inside = next(more, None)
    parts: list[Line] = []
    for number, kind, reason, address in fates:
        if not parts or parts[0].number != number:
            parts = [_line(source, lines, number)]
            while next_inside is not None and next_inside <= number:
                next_inside = next(more, None)
            while next_inside is not None and next_inside == number + len(parts):
                parts.append(_line(source, lines, next_inside))
                next_inside = next(more, None)
        last = parts[-1]
        whole = "".join((part.text or "") + part.end for part in parts[:-1]) + (last.text or "")
        is_too_long = any(part.text is None for part in parts)
        yield _Row(number, kind, reason, None if is_too_long else whole, last.end, address)


def _line(source: Source, lines: Iterator[Line], number: int) -> Line:
    for line in lines:
        if line.number == number:
            return line
    raise unusable(source.display, "the file changed while it was being read", "wait until it is complete")


def _cells(text: str, source: DelimitedSource) -> tuple[str, ...]:
    try:
        return tuple(split(text, source.layout.delimiter))
    except BrokenQuotes:
        return (text,)


def _formulas(text: str, source: DelimitedSource) -> int:
    if not any(sign in text for sign in "=+-@\t\r"):
        return 0
    if source.layout.delimiter and '"' not in text:
        return sum(map(is_formula, text.split(source.layout.delimiter)))
    return sum(map(is_formula, _cells(text, source)))


def _neutralised(text: str, source: DelimitedSource) -> str:
    """Return a row with an apostrophe before every cell that a spreadsheet would run."""
    cells = [f"'{cell}" if is_formula(cell) else cell for cell in _cells(text, source)]
    return join(cells, source.layout.delimiter) if source.layout.delimiter else cells[0]
