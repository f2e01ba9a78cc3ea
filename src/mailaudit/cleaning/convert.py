"""Writes a list in its own format or in another: the rows that stay, and the removed ones with their reasons."""

from __future__ import annotations

import codecs
import csv
import gzip
import io
import itertools
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import IO, cast

from mailaudit.cleaning.choose_rows import continuations, fates
from mailaudit.cleaning.copy_lines import (
    REMOVED_COLUMNS,
    Written,
    is_formula,
    rewrite_delimited,
    rewrite_json_lines,
)
from mailaudit.cleaning.to_parquet import rewrite_parquet
from mailaudit.cleaning.to_xlsx import write_workbook
from mailaudit.errors import Complaint, InputError
from mailaudit.facts.recipients.judging.judge_list import JudgedList
from mailaudit.facts.recipients.loading.engine import Workspace
from mailaudit.facts.recipients.loading.load import Loaded
from mailaudit.facts.recipients.loading.text_table import TextTable, distinct, work_table
from mailaudit.facts.recipients.reading.all_columns import cells_of, header_of
from mailaudit.facts.recipients.reading.duckdb_tables import RelationSource
from mailaudit.facts.recipients.reading.json_lines import JsonLinesSource
from mailaudit.facts.recipients.reading.open_list import suffix_of
from mailaudit.facts.recipients.reading.rows import DelimitedSource, Source, unusable
from mailaudit.facts.recipients.reading.sheets import SheetSource


def write_both(
    judged: JudgedList, file: Loaded, temporary: tuple[Path, Path], *, to: str | None, neutral: bool
) -> Written:
    """Write the rows that stay and those that go to two files, in the format `to` or in the list's own."""
    source = file.source
    told = fates(judged, file)
    if keeps_format(source, to) and isinstance(source, (DelimitedSource, JsonLinesSource)):
        with _text(temporary[0], source) as kept, _text(temporary[1], source) as removed:
            if isinstance(source, JsonLinesSource):
                return rewrite_json_lines(source, told, kept, removed)
            inside = continuations(judged, file)
            return rewrite_delimited(source, told, inside, kept, removed, neutral=neutral)
    if isinstance(source, RelationSource) and source.is_file and (to or format_of(source)) == "parquet":
        return rewrite_parquet(judged, file, temporary, neutral=neutral)
    header = header_of(source)
    counts = Written()
    work = judged.found.work
    writer = _WRITERS[to or format_of(source)]
    # A generator cannot feed two writers: the removed rows are few, and wait in the workspace.
    left = work_table(work, "left_over", len(REMOVED_COLUMNS) + len(header))
    writer(temporary[0], header, _kept(source, header, told, left, counts, neutral=neutral), work)
    writer(temporary[1], (*REMOVED_COLUMNS, *header), left.rows(), work)
    left.drop()
    return counts


def _kept(
    source: Source, header: tuple[str, ...], told: Iterator[tuple[int, str | None, str | None]], left: TextTable,
    counts: Written, *, neutral: bool,
) -> Iterator[Sequence[str]]:  # fmt: skip
    cells = cells_of(source, header)
    spare = _spare(source, len(header))
    for number, kind, reason in told:
        found = next((found for at, found in cells if at == number), None)
        if found is None:
            raise unusable(source.display, "the list changed while it was being read", "wait until it is complete")
        row = _fitted(found, len(header), spare)
        if row is None:
            what = f"line {number} has more cells than the header has columns"
            raise unusable(source.display, what, "write the list in its own format (without --to)")
        if kind is not None:
            counts.removed += 1
            left.add((str(number), kind, reason or "", *row))
            continue
        counts.kept += 1
        dangerous = [is_formula(cell) for cell in row]
        counts.formulas += sum(dangerous)
        yield [f"'{cell}" if neutral and bad else cell for cell, bad in zip(row, dangerous, strict=True)]


def _fitted(cells: Sequence[str], width: int, spare: int | None) -> tuple[str, ...] | None:
    """Return as many cells as the header has; what a row has beyond them goes into the `spare` one."""
    if len(cells) <= width:
        return (*cells, *[""] * (width - len(cells)))
    more = [cell for cell in cells[width:] if cell]
    if not more:
        return tuple(cells[:width])
    if spare is None:
        return None
    return (*cells[:spare], " ".join((cells[spare], *more)), *cells[spare + 1 : width])


def _spare(source: Source, width: int) -> int | None:
    """Return the last column that holds neither the address nor a date."""
    taken = (
        {source.layout.column, *source.layout.others}
        if isinstance(source, (DelimitedSource, SheetSource))
        else set()
    )
    return next((at for at in reversed(range(width)) if at not in taken), None)


def _write_csv(path: Path, header: Sequence[str], rows: Iterator[Sequence[str]], work: Workspace) -> None:
    del work
    with path.open("w", encoding="utf-8", errors="backslashreplace", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(header)
        writer.writerows(rows)


def _write_xlsx(path: Path, header: Sequence[str], rows: Iterator[Sequence[str]], work: Workspace) -> None:
    del work
    with path.open("wb") as file:
        try:
            write_workbook(file, itertools.chain([header], rows))
        except ValueError as error:
            raise InputError(Complaint(str(error), todo="write --to csv")) from error


def _write_parquet(path: Path, header: Sequence[str], rows: Iterator[Sequence[str]], work: Workspace) -> None:
    table = work_table(work, "between", len(header))
    for row in rows:
        table.add(row)
    table.write_parquet(path, distinct(header))


Writer = Callable[[Path, Sequence[str], Iterator[Sequence[str]], Workspace], None]
_WRITERS: dict[str, Writer] = {"csv": _write_csv, "xlsx": _write_xlsx, "parquet": _write_parquet}


def format_of(source: Source) -> str:
    """Return the format in which a list is written by default: its own, or CSV where we write none such."""
    if isinstance(source, JsonLinesSource):
        return "jsonl"
    suffix = suffix_of(source.path) if source.path else ".csv"
    return {".parquet": "parquet", ".xlsx": "xlsx"}.get(suffix, "csv")


def keeps_format(source: Source, to: str | None) -> bool:
    """Say whether a list is written in its own format: a TSV or text file is no CSV."""
    suffix = suffix_of(source.path) if source.path else ".csv"
    return to is None or (to == format_of(source) and suffix not in {".tsv", ".txt"})


def _text(path: Path, source: DelimitedSource | JsonLinesSource) -> io.TextIOWrapper:
    """Open a file in the encoding of the list, and compressed like it."""
    opened: IO[bytes] = path.open("wb")
    if source.path and source.path.suffix.lower() == ".gz":
        opened = cast("IO[bytes]", _Zipped(opened))
    encoding = source.encoding or "utf-8"
    mark = source.file.mark
    if mark in {codecs.BOM_UTF16_BE, codecs.BOM_UTF32_BE}:
        opened.write(mark)
        encoding += "-be"
    return io.TextIOWrapper(opened, encoding=encoding, errors="replace", newline="")


class _Zipped(gzip.GzipFile):
    """A gzip stream without name and time, which closes the file below it."""

    def __init__(self, below: IO[bytes]) -> None:
        self._below = below
        super().__init__(filename="", mode="wb", fileobj=below, mtime=0)

    def close(self) -> None:
        """Close the stream and the file."""
        super().close()
        self._below.close()
