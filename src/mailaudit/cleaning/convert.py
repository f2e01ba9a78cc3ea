"""Writes a list in its own format or in another: the rows that stay, and the removed ones with their reasons."""

import codecs
import csv
import gzip
import io
import itertools
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import IO, cast

from msgspec import Struct

from mailaudit.cleaning.choose_rows import Fate, continuations, fates
from mailaudit.cleaning.copy_lines import (
    REMOVED_COLUMNS,
    Written,
    is_formula,
    rewrite_delimited,
    rewrite_json_lines,
)
from mailaudit.cleaning.to_parquet import rewrite_parquet
from mailaudit.cleaning.to_xlsx import write_workbook
from mailaudit.errors import refused
from mailaudit.facts.recipients.judging.judge_list import JudgedList
from mailaudit.facts.recipients.loading.load import Loaded
from mailaudit.facts.recipients.progress import writing
from mailaudit.facts.recipients.reading.formats.delimited import DelimitedSource
from mailaudit.facts.recipients.reading.formats.json_lines import JsonLinesSource
from mailaudit.facts.recipients.reading.formats.parquet import ParquetSource
from mailaudit.facts.recipients.reading.source import Source, unusable
from mailaudit.facts.recipients.tables.engine import Workspace
from mailaudit.facts.recipients.tables.text_table import TextTable, distinct, work_table


class Rewriting(Struct, frozen=True):
    """Writes the rows that stay and those that go to two files, in the format `to` or in the list's own."""

    judged: JudgedList
    file: Loaded
    temporary: tuple[Path, Path]
    to: str | None
    neutral: bool
    name: str

    def text(self, source: DelimitedSource) -> Written:
        """Copy lines of text."""
        if not self._keeps(source):
            return self.table(source)
        with opened(self.temporary[0], source) as kept, opened(self.temporary[1], source) as removed:
            inside = continuations(self.judged, self.file)
            return rewrite_delimited(source, self._fates(), inside, {None: kept}, removed, neutral=self.neutral)

    def objects(self, source: JsonLinesSource) -> Written:
        """Copy lines with objects."""
        if not self._keeps(source):
            return self.table(source)
        with opened(self.temporary[0], source) as kept, opened(self.temporary[1], source) as removed:
            return rewrite_json_lines(source, self._fates(), {None: kept}, removed)

    def parquet(self, source: ParquetSource) -> Written:
        """Copy columns with their types."""
        if source.is_copy or (self.to or source.written) != "parquet":
            return self.table(source)
        with self.judged.found.work.watched(writing(self.name), self.file.end - self.file.first):
            return rewrite_parquet(self.judged, self.file, source, self.temporary, neutral=self.neutral)

    def table(self, source: Source) -> Written:
        """Write cells of text."""
        header = source.header()
        counts = Written()
        work = self.judged.found.work
        writer = WRITERS[self.to or source.written]
        # A generator cannot feed two writers: the removed rows are few, and wait in the workspace.
        left = work_table(work, "left_over", len(REMOVED_COLUMNS) + len(header))
        writer(
            self.temporary[0],
            header,
            kept_cells(source, header, self._fates(), left, counts, neutral=self.neutral),
            work,
        )
        writer(self.temporary[1], (*REMOVED_COLUMNS, *header), left.rows(), work)
        left.drop()
        return counts

    def _keeps(self, source: Source) -> bool:
        return self.to in {None, source.written}

    def _fates(self) -> Iterator[Fate]:
        told, file = fates(self.judged, self.file), self.file
        return self.judged.found.work.counted(told, writing(self.name), file.end - file.first)


def opened(path: Path, source: DelimitedSource | JsonLinesSource) -> io.TextIOWrapper:
    """Open a file for writing in the encoding of the list, and compressed like it."""
    stream: IO[bytes] = path.open("wb")
    if source.origin.path and source.origin.path.suffix.lower() == ".gz":
        stream = cast("IO[bytes]", _Zipped(stream))
    encoding = source.encoding or "utf-8"
    mark = source.file.mark
    if mark in {codecs.BOM_UTF16_BE, codecs.BOM_UTF32_BE}:
        stream.write(mark)
        encoding += "-be"
    return io.TextIOWrapper(stream, encoding=encoding, errors="replace", newline="")


def kept_cells(
    source: Source,
    header: tuple[str, ...],
    told: Iterator[Fate],
    left: TextTable,
    counts: Written,
    *,
    neutral: bool,
) -> Iterator[Sequence[str]]:
    """Yield the cells of the rows that stay, and put those that go into `left`, with why."""
    cells = source.cells(header)
    spare = source.spare()
    place = source.address_place(header)
    last: tuple[int, Sequence[str]] | None = None
    for number, kind, reason, address in told:
        if last is None or last[0] != number:
            last = next((found for found in cells if found[0] == number), None)
        if last is None:
            raise unusable(source.display, "the list changed while it was being read", "wait until it is complete")
        row = _fitted(last[1], len(header), spare)
        if row is None:
            what = f"line {number} has more cells than the header has columns"
            raise unusable(source.display, what, "write the list in its own format (without --to)")
        if address is not None:
            row = (*row[:place], address, *row[place + 1 :])
        dangerous = [is_formula(cell) for cell in row]
        shown = [f"'{cell}" if neutral and bad else cell for cell, bad in zip(row, dangerous, strict=True)]
        if kind is not None:
            counts.removed += 1
            left.add((str(number), kind, reason or "", *shown))
            continue
        counts.kept += 1
        counts.formulas += sum(dangerous)
        yield shown


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
            raise refused(str(error), todo="write --to csv") from error


def _write_parquet(path: Path, header: Sequence[str], rows: Iterator[Sequence[str]], work: Workspace) -> None:
    table = work_table(work, "between", len(header))
    for row in rows:
        table.add(row)
    table.write_parquet(path, distinct(header))


Writer = Callable[[Path, Sequence[str], Iterator[Sequence[str]], Workspace], None]
WRITERS: dict[str, Writer] = {"csv": _write_csv, "xlsx": _write_xlsx, "parquet": _write_parquet}


class _Zipped(gzip.GzipFile):
    """A gzip stream without name and time, which closes the file below it."""

    def __init__(self, below: IO[bytes]) -> None:
        self._below = below
        super().__init__(filename="", mode="wb", fileobj=below, mtime=0)

    def close(self) -> None:
        """Close the stream and the file."""
        super().close()
        self._below.close()
