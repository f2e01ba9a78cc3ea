"""Writes the rows that stay and the rows that go, line by line, exactly as they stand in the list."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TextIO

from mailaudit.facts.recipients.delimited import RecordReader
from mailaudit.facts.recipients.json_lines import JsonLinesSource
from mailaudit.facts.recipients.removal import Fate
from mailaudit.facts.recipients.source import DelimitedSource
from mailaudit.facts.recipients.text import Line

REMOVED_COLUMNS = ("line", "class", "reason")
TOO_LONG = "(a line of more than 4 million characters, see the original file)"
_ADDRESS = re.compile(r"[^\s()\[\]|,;!@]+@[A-Za-z0-9.-]+\Z")
_NUMBER = re.compile(r"[+-][\d\s.,()/-]*\Z")


@dataclass(slots=True)
class Written:
    """How many rows were kept and removed, and how many kept cells a spreadsheet would run as a formula."""

    kept: int = 0
    removed: int = 0
    formulas: int = 0


def is_formula(cell: str) -> bool:
    """Say whether a spreadsheet program would take a cell for a formula (a phone number or an address is none)."""
    return not _ADDRESS.match(cell) and _begins_formula(cell)


def _begins_formula(cell: str) -> bool:
    return cell[:1] in {"=", "@", "\t", "\r"} or (cell[:1] in {"+", "-"} and not _NUMBER.match(cell))


def rewrite_delimited(
    source: DelimitedSource,
    fates: Iterable[Fate],
    inside: Iterable[int],
    kept: TextIO,
    removed: TextIO,
    *,
    neutral: bool,
) -> Written:
    """Copy the lines of a text file to where they belong; a record of several lines stays together."""
    layout = source.layout
    delimiter = layout.delimiter
    ending = next((line.end for line in source.file.lines()), "") or "\n"
    counts = Written()
    header = [line for line in _lines(source) if line.number < layout.first_line] if layout.first_line > 1 else []
    kept.writelines(f"{line.text}{ending}" for line in header)
    named = [text for line in header if (text := line.text) and not text.lower().startswith("sep=")]
    out = csv.writer(removed, delimiter=delimiter or ",", lineterminator=ending)
    if delimiter and named:
        removed.write(delimiter.join((*REMOVED_COLUMNS, ending.join(named))) + ending)
    else:
        out.writerow((*REMOVED_COLUMNS, named[-1].strip().strip('"') if named else "row"))
    for number, kind, reason, text in _records(source, fates, inside):
        if kind is None:
            counts.kept += 1
            formulas = _formulas(text, source)
            counts.formulas += formulas
            kept.write((_neutralised(text, source) if neutral and formulas else text) + ending)
            continue
        counts.removed += 1
        if delimiter and kind != "unreadable":
            out_row = io.StringIO(newline="")
            csv.writer(out_row, delimiter=delimiter, lineterminator="").writerow((number, kind, reason))
            removed.write(f"{out_row.getvalue()}{delimiter}{text}{ending}")
        else:
            out.writerow((number, kind, reason, text))
    return counts


def rewrite_json_lines(source: JsonLinesSource, fates: Iterable[Fate], kept: TextIO, removed: TextIO) -> Written:
    """Copy the lines of a JSON Lines file to where they belong."""
    counts = Written()
    for number, kind, reason, text in _records(source, fates, ()):
        if kind is None:
            counts.kept += 1
            kept.write(text + "\n")
            continue
        counts.removed += 1
        try:
            row = json.loads(text)
        except (ValueError, RecursionError):
            row = text
        told = {"line": number, "class": kind, "reason": reason, "row": row}
        removed.write(json.dumps(told, ensure_ascii=False) + "\n")
    return counts


def _lines(source: DelimitedSource) -> Iterator[Line]:
    for line in source.file.lines():
        if line.number >= source.layout.first_line:
            return
        yield line


def _records(
    source: DelimitedSource | JsonLinesSource, fates: Iterable[Fate], inside: Iterable[int]
) -> Iterator[tuple[int, str | None, str | None, str]]:
    """Yield each row with its text as it stands in the file, all its lines together, without the last line break."""
    lines = iter(source.file.lines())
    more = iter(inside)
    next_inside = next(more, None)
    for number, kind, reason in fates:
        parts = [next((line for line in lines if line.number == number), Line(number, None))]
        while next_inside is not None and next_inside <= number:
            next_inside = next(more, None)
        while next_inside == number + len(parts):
            parts.append(next(lines, Line(next_inside, "")))
            next_inside = next(more, None)
        texts = [TOO_LONG if part.text is None else part.text + part.end for part in parts]
        text = "".join(texts)
        yield number, kind, reason, text[: len(text) - len(parts[-1].end)] if parts[-1].text is not None else text


def _cells(text: str, source: DelimitedSource) -> tuple[str, ...]:
    numbered = (Line(at, part) for at, part in enumerate(text.splitlines(), 1))
    reader = RecordReader(numbered, source.layout.delimiter, lambda _cells: False)
    first = reader.next_line()
    return reader.complete(first).cells if first else ()


def _formulas(text: str, source: DelimitedSource) -> int:
    if not any(sign in text for sign in "=+-@\t\r"):
        return 0
    if source.layout.delimiter and '"' not in text:
        return sum(map(is_formula, text.split(source.layout.delimiter)))
    return sum(map(is_formula, _cells(text, source)))


def _neutralised(text: str, source: DelimitedSource) -> str:
    """Return a row with an apostrophe before every cell that a spreadsheet would run."""
    cells = [f"'{cell}" if is_formula(cell) else cell for cell in _cells(text, source)]
    if source.layout.delimiter is None:
        return cells[0]
    row = io.StringIO(newline="")
    csv.writer(row, delimiter=source.layout.delimiter, lineterminator="").writerow(cells)
    return row.getvalue()
