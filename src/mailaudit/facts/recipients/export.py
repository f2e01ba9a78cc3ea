"""Writes a list in its own format or in another: the rows that stay, and the removed ones with their reasons."""

from __future__ import annotations

import csv
import gzip
import io
import tempfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import IO, cast

from mailaudit.errors import Complaint, InputError
from mailaudit.facts.recipients.examine import Examined
from mailaudit.facts.recipients.json_lines import JsonLinesSource
from mailaudit.facts.recipients.load import Loaded
from mailaudit.facts.recipients.opening import suffix_of
from mailaudit.facts.recipients.removal import continuations, fates
from mailaudit.facts.recipients.rewrite import (
    REMOVED_COLUMNS,
    Written,
    is_formula,
    rewrite_delimited,
    rewrite_json_lines,
)
from mailaudit.facts.recipients.source import DelimitedSource, Source
from mailaudit.facts.recipients.statements import literal
from mailaudit.facts.recipients.tables import cells_of, header_of
from mailaudit.facts.recipients.workspace import Workspace
from mailaudit.facts.recipients.xlsx import write_workbook


def write_both(
    examined: Examined, file: Loaded, temporary: tuple[Path, Path], *, to: str | None, neutral: bool
) -> Written:
    """Write the rows that stay and those that go to two files, in the format `to` or in the list's own."""
    source = file.source
    told = fates(examined, file)
    own_format = to is None or to == format_of(source)
    if own_format and isinstance(source, (DelimitedSource, JsonLinesSource)):
        zipped = bool(source.path and source.path.suffix.lower() == ".gz")
        with (
            _text(temporary[0], source.encoding, zipped) as kept,
            _text(temporary[1], source.encoding, zipped) as removed,
        ):
            if isinstance(source, JsonLinesSource):
                return rewrite_json_lines(source, told, kept, removed)
            inside = continuations(examined, file)
            return rewrite_delimited(source, told, inside, kept, removed, neutral=neutral)
    header = header_of(source)
    counts = Written()
    # A generator cannot feed two writers: the removed rows are few, and wait in a file of their own.
    with tempfile.TemporaryFile("w+", encoding="utf-8", newline="") as waiting:
        left = csv.writer(waiting)
        left.writerow((*REMOVED_COLUMNS, *header))
        writer = _WRITERS[to or format_of(source)]
        writer(temporary[0], _kept(source, header, told, left, counts, neutral=neutral), examined.found.work)
        waiting.seek(0)
        writer(temporary[1], csv.reader(waiting), examined.found.work)
    return counts


def _kept(
    source: Source, header: tuple[str, ...], told: Iterator[tuple[int, str | None, str | None]], left: object,
    counts: Written, *, neutral: bool,
) -> Iterator[Sequence[str]]:  # fmt: skip
    yield header
    cells = cells_of(source, header)
    for number, kind, reason in told:
        row = next((found for at, found in cells if at == number), ())
        row = (*row, *[""] * (len(header) - len(row)))
        if kind is not None:
            counts.removed += 1
            left.writerow((number, kind, reason, *row))  # type: ignore[attr-defined] # the type of csv.writer is private
            continue
        counts.kept += 1
        dangerous = [is_formula(cell) for cell in row]
        counts.formulas += sum(dangerous)
        yield [f"'{cell}" if neutral and bad else cell for cell, bad in zip(row, dangerous, strict=True)]


def _write_csv(path: Path, rows: Iterator[Sequence[str]], work: Workspace) -> None:
    del work
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)


def _write_xlsx(path: Path, rows: Iterator[Sequence[str]], work: Workspace) -> None:
    del work
    with path.open("wb") as file:
        try:
            write_workbook(file, rows)
        except ValueError as error:
            raise InputError(Complaint(str(error), todo="write --to csv")) from error


def _write_parquet(path: Path, rows: Iterator[Sequence[str]], work: Workspace) -> None:
    between = work.folder / "between.csv"
    with between.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, quoting=csv.QUOTE_ALL).writerows(rows)
    options = "header=true, auto_detect=false, delim=',', quote='\"', escape='\"', nullstr=chr(3)"
    listed = f"read_csv({literal(str(between))}, {options}, columns={_columns(between)})"
    work.run(f"COPY (SELECT * FROM {listed}) TO {literal(str(path))} (FORMAT parquet)")  # noqa: S608 - quoted above


def _columns(path: Path) -> str:
    with path.open(encoding="utf-8", newline="") as file:
        names = next(csv.reader(file))
    return "{" + ", ".join(f"{literal(name)}: 'VARCHAR'" for name in names) + "}"


Writer = Callable[[Path, Iterator[Sequence[str]], Workspace], None]
_WRITERS: dict[str, Writer] = {"csv": _write_csv, "xlsx": _write_xlsx, "parquet": _write_parquet}


def format_of(source: Source) -> str:
    """Return the format in which a list is written by default: its own, or CSV where we write none such."""
    if isinstance(source, JsonLinesSource):
        return "jsonl"
    suffix = suffix_of(source.path) if source.path else ".csv"
    return {".parquet": "parquet", ".xlsx": "xlsx"}.get(suffix, "csv")


def _text(path: Path, encoding: str, zipped: bool) -> io.TextIOWrapper:  # noqa: FBT001 - a private helper
    opened = gzip.open(path, "wb") if zipped else path.open("wb")  # noqa: SIM115 - closed with the text around it
    return io.TextIOWrapper(cast("IO[bytes]", opened), encoding=encoding or "utf-8", errors="replace", newline="")
