"""Writes the clean list and the removed rows of a campaign: whole files or nothing, never over an input."""

from __future__ import annotations

import asyncio
import csv
import gzip
import io
import os
import tempfile
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO, cast

from mailaudit.campaign.model import Campaign
from mailaudit.errors import Complaint, InputError
from mailaudit.facts.dns.answer import Resolver
from mailaudit.facts.recipients.examine import Examined, dated_columns, examine, require_list
from mailaudit.facts.recipients.json_lines import JsonLinesSource
from mailaudit.facts.recipients.load import Loaded
from mailaudit.facts.recipients.model import Kind
from mailaudit.facts.recipients.opening import suffix_of
from mailaudit.facts.recipients.removal import continuations, decide, fates
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


@dataclass(frozen=True, slots=True)
class CleanPlan:
    """What to remove and where to write; without `folder` beside each list, `to` is `csv`, `parquet` or the list's own."""

    classes: Collection[str]
    folder: Path | None = None
    to: str | None = None
    dry_run: bool = False
    force: bool = False
    neutral: bool = False


@dataclass(frozen=True, slots=True)
class CleanedFile:
    """One cleaned file; `kept` and `removed` add up to its rows. The paths are nothing after a dry run."""

    name: str
    rows: int
    kept: int
    removed: dict[str, int]
    formulas: int
    clean: Path | None
    leftovers: Path | None


@dataclass(frozen=True, slots=True)
class Cleaned:
    """What cleaning did; `not_examined` are classes that were wanted and could not be told (no DNS, no column)."""

    files: tuple[CleanedFile, ...]
    rows: int
    not_examined: tuple[str, ...]


async def clean(
    campaign: Campaign, dns: Resolver | None, plan: CleanPlan, *, now: datetime | None = None
) -> Cleaned:
    """Clean the campaign's lists; raises `InputError` when an input or an output cannot be used."""
    if campaign.recipients is not None and campaign.recipients.engine == "spark":
        raise InputError(
            Complaint("a list in Spark is not cleaned here", todo="clean it there, or export it as Parquet")
        )
    recipients = require_list(campaign)
    if recipients is None:
        raise InputError(Complaint("the campaign names no recipient list", todo="name it under recipients.files"))
    work = Workspace()
    try:
        examined = await examine(work, campaign, recipients, dns, now)
        return await asyncio.to_thread(_clean, examined, plan, dated_columns(recipients))
    finally:
        work.close()


def _clean(examined: Examined, plan: CleanPlan, dated: list[str]) -> Cleaned:
    targets = [_targets(file.source, plan) for file in examined.found.files]
    taken = {path.resolve() for file in examined.found.files if (path := file.source.path)}
    if not plan.dry_run:
        _refuse(targets, taken, force=plan.force)
    decide(examined, plan.classes, dated)
    with ExitStack() as undo:
        done = [
            _clean_file(examined, file, plan, target, undo)
            for file, target in zip(examined.found.files, targets, strict=True)
        ]
        for temporary, target in [pair for _, pairs in done for pair in pairs]:
            temporary.replace(target)
        undo.pop_all()
    return Cleaned(tuple(result for result, _ in done), examined.found.rows, _not_examined(examined, plan, dated))


def _not_examined(examined: Examined, plan: CleanPlan, dated: list[str]) -> tuple[str, ...]:
    unknown = {
        "undeliverable": examined.undeliverable is None,
        "suppressed": examined.suppressed is None,
        "refuted": Kind.REFUTED not in examined.found.counts,
        "no-consent": "consent" not in dated,
        "old-consent": "consent" not in dated,
        "inactive": "last_engaged" not in dated,
    }
    return tuple(name for name, is_unknown in unknown.items() if is_unknown and name in plan.classes)


def _clean_file(
    examined: Examined, file: Loaded, plan: CleanPlan, targets: tuple[Path, Path], undo: ExitStack
) -> tuple[CleanedFile, list[tuple[Path, Path]]]:
    by_class = dict(
        examined.found.work.rows(
            f"SELECT class, count(*) FROM removed WHERE {file.within} GROUP BY class ORDER BY class"  # noqa: S608 - numbers of our own
        )
    )
    rows = sum(1 for _ in fates(examined, file)) if plan.dry_run else 0
    written = Written(rows - sum(by_class.values()), sum(by_class.values()))
    pairs: list[tuple[Path, Path]] = []
    if not plan.dry_run:
        try:
            pairs = [(_temporary(target, undo), target) for target in targets]
            written = _write(examined, file, plan, (pairs[0][0], pairs[1][0]))
        except OSError as error:
            todo = "nothing was changed: free some room or choose another folder (--output)"
            raise InputError(
                Complaint(f"{targets[0]}: cannot be written ({error.strerror or error})", todo=todo)
            ) from error
    return CleanedFile(
        name=file.source.name,
        rows=written.kept + written.removed,
        kept=written.kept,
        removed=by_class,
        formulas=written.formulas,
        clean=None if plan.dry_run else targets[0],
        leftovers=None if plan.dry_run else targets[1],
    ), pairs


def _write(examined: Examined, file: Loaded, plan: CleanPlan, temporary: tuple[Path, Path]) -> Written:
    source = file.source
    told = fates(examined, file)
    own_format = plan.to is None or plan.to == _format_of(source)
    if own_format and isinstance(source, (DelimitedSource, JsonLinesSource)):
        zipped = bool(source.path and source.path.suffix.lower() == ".gz")
        with (
            _text(temporary[0], source.encoding, zipped) as kept,
            _text(temporary[1], source.encoding, zipped) as removed,
        ):
            if isinstance(source, JsonLinesSource):
                return rewrite_json_lines(source, told, kept, removed)
            inside = continuations(examined, file)
            return rewrite_delimited(source, told, inside, kept, removed, neutral=plan.neutral)
    header = header_of(source)
    counts = Written()
    # A generator cannot feed two writers: the removed rows are few, and wait in a file of their own.
    with tempfile.TemporaryFile("w+", encoding="utf-8", newline="") as waiting:
        left = csv.writer(waiting)
        left.writerow((*REMOVED_COLUMNS, *header))
        writer = _WRITERS[plan.to or _format_of(source)]
        writer(temporary[0], _kept(source, header, told, left, counts, neutral=plan.neutral), examined.found.work)
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


def _format_of(source: Source) -> str:
    """Return the format in which a list is written by default: its own, or CSV where we write none such."""
    if isinstance(source, JsonLinesSource):
        return "jsonl"
    suffix = suffix_of(source.path) if source.path else ".csv"
    return {".parquet": "parquet", ".xlsx": "xlsx"}.get(suffix, "csv")


def _targets(source: Source, plan: CleanPlan) -> tuple[Path, Path]:
    path = source.path
    folder = plan.folder or (path.parent if path and path.name != "stdin" else Path())
    suffixes = (
        "".join(path.suffixes[-2:]) if path and path.suffix.lower() == ".gz" else path.suffix if path else ""
    )
    stem = path.name.removesuffix(suffixes) if path and path.name != "stdin" else "recipients"
    own = _format_of(source)
    same = isinstance(source, (DelimitedSource, JsonLinesSource)) and plan.to in {None, own}
    suffix = suffixes if same and suffixes else f".{plan.to or own}"
    return folder / f"{stem}.clean{suffix}", folder / f"{stem}.removed{suffix}"


def _refuse(targets: Sequence[tuple[Path, Path]], taken: set[Path], *, force: bool) -> None:
    complaints = []
    seen = set(taken)
    for target in [path for pair in targets for path in pair]:
        if target.resolve() in taken:
            complaints.append(Complaint(f"{target}: is an input file", todo="choose another folder (--output)"))
        elif target.resolve() in seen:
            complaints.append(Complaint(f"{target}: two lists of the same name", todo="clean them one by one"))
        elif target.exists() and not force:
            complaints.append(Complaint(f"{target}: exists already", todo="remove it, or allow it with --force"))
        elif not target.parent.is_dir():
            complaints.append(Complaint(f"{target.parent}: there is no such folder", todo="create it first"))
        seen.add(target.resolve())
    if complaints:
        raise InputError(*complaints)


def _temporary(target: Path, undo: ExitStack) -> Path:
    handle, name = tempfile.mkstemp(prefix=f".{target.name}.", dir=target.parent)
    os.close(handle)
    umask = os.umask(0)
    os.umask(umask)
    Path(name).chmod(0o666 & ~umask)
    undo.callback(_remove, Path(name))
    return Path(name)


def _remove(path: Path) -> None:
    with suppress(OSError):
        path.unlink()


def _text(path: Path, encoding: str, zipped: bool) -> io.TextIOWrapper:  # noqa: FBT001 - a private helper
    opened = gzip.open(path, "wb") if zipped else path.open("wb")  # noqa: SIM115 - closed with the text around it
    return io.TextIOWrapper(cast("IO[bytes]", opened), encoding=encoding or "utf-8", errors="replace", newline="")
