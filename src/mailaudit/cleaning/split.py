"""Writes a list in parts, one file a day or lane, in the list's own format; every row is in one of them or accounted for."""
# ruff: noqa: S608 - every name and number in these statements is our own

import asyncio
import io
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from datetime import datetime
from pathlib import Path
from typing import TextIO

from msgspec import Struct

from mailaudit.campaign.model import Campaign
from mailaudit.cleaning.choose_rows import Fate, continuations, fates
from mailaudit.cleaning.convert import WRITERS, kept_cells, opened
from mailaudit.cleaning.copy_lines import REMOVED_COLUMNS, Written, rewrite_delimited, rewrite_json_lines
from mailaudit.cleaning.outputs import publish, refuse, temporary
from mailaudit.cleaning.parts import Part, place_rows
from mailaudit.cleaning.to_parquet import copy_part
from mailaudit.errors import refused
from mailaudit.facts.dns.answer import Resolver
from mailaudit.facts.recipients.judging.judge_list import JudgedList, judge_list
from mailaudit.facts.recipients.list_plan import list_plan_of
from mailaudit.facts.recipients.loading.load import Loaded
from mailaudit.facts.recipients.reading.formats.delimited import DelimitedSource
from mailaudit.facts.recipients.reading.formats.json_lines import JsonLinesSource
from mailaudit.facts.recipients.reading.formats.parquet import ParquetSource
from mailaudit.facts.recipients.reading.source import Source
from mailaudit.facts.recipients.receiving.limits import LookUpLimits
from mailaudit.facts.recipients.tables.engine import Workspace
from mailaudit.facts.recipients.tables.text_table import work_table

# More lists than this nobody sends; each is a file that is open at once.
MOST_PARTS = 500


class SplitFile(Struct, frozen=True):
    """One list in parts: `rows = sum of parts + sum of left_out`; `written` are the files by label."""

    name: str
    rows: int
    parts: Mapping[str, int]
    left_out: Mapping[str, int]
    written: Mapping[str, Path]


async def split(  # noqa: PLR0917 - as `clean`
    campaign: Campaign,
    dns: Resolver | None,
    parts: Sequence[Part],
    folder: Path,
    limits: LookUpLimits | None,
    now: datetime | None,
    *,
    engaged_first: bool,
) -> tuple[SplitFile, ...]:
    """Write each list of the campaign in parts into a folder; raises `InputError`, and then nothing was written.

    DNS is asked only for lanes, which depend on who receives for a domain.
    """
    lists = list_plan_of(campaign, now)
    if lists is None or lists.in_spark:
        raise refused("only lists in files or databases can be split", todo="take the calendar instead")
    if len(parts) > MOST_PARTS:
        todo = "plan fewer days, or take the calendar instead (-o plan.ics)"
        raise refused(f"{len(parts):,} lists are too many; at most {MOST_PARTS} are written", todo=todo)
    work = Workspace(limits.progress if limits else None, reads=lists.lists.reads)
    try:
        asked = dns if any(part.is_lane for part in parts) else None
        judged = await judge_list(work, lists, asked, limits, whole=True)
        schedule = campaign.schedule
        zone = str(schedule.timezone or "UTC") if schedule else "UTC"
        return await asyncio.to_thread(_split, judged, parts, folder, engaged_first=engaged_first, own_zone=zone)
    finally:
        work.close()


def _split(
    judged: JudgedList, parts: Sequence[Part], folder: Path, *, engaged_first: bool, own_zone: str
) -> tuple[SplitFile, ...]:
    place_rows(judged, parts, engaged_first=engaged_first, own_zone=own_zone)
    counted = [_counted(judged, file, parts) for file in judged.found.files]
    targets = [_targets(file, told, folder) for file, told in zip(judged.found.files, counted, strict=True)]
    taken = {path.resolve() for file in judged.found.files if (path := file.source.origin.path)}
    refuse([path for paths in targets for path in paths.values()], taken, force=False)
    pairs: list[tuple[Path, Path]] = []
    with ExitStack() as undo:
        try:
            for file, paths in zip(judged.found.files, targets, strict=True):
                made = {label: temporary(target, undo) for label, target in paths.items()}
                pairs += [(made[label], target) for label, target in paths.items()]
                file.source.by_shape(_Splitting(judged, file, [part.label for part in parts], made))
        except OSError as error:
            what = f"{folder}: cannot be written ({error.strerror or error})"
            raise refused(what, todo="nothing was changed: free some room or choose another folder") from error
        for file in judged.found.files:
            file.require_unchanged()
        publish(pairs, force=False)
    return tuple(
        SplitFile(file.source.name, sum(told.values()) + sum(gone.values()), told, gone, paths)
        for file, (told, gone), paths in zip(judged.found.files, counted, targets, strict=True)
    )


LEFT_OUT = "left-out"


def _counted(judged: JudgedList, file: Loaded, parts: Sequence[Part]) -> tuple[dict[str, int], dict[str, int]]:
    """Return how many rows of a file each part holds, and how many are left out, by class."""
    work = judged.found.work
    counted = dict(work.rows(f"SELECT part, count(*) FROM place WHERE {file.within} GROUP BY part"))
    gone = work.rows(f"SELECT class, count(*) FROM removed WHERE {file.within} GROUP BY class ORDER BY class")
    return {part.label: counted[number] for number, part in enumerate(parts) if number in counted}, dict(gone)


def _targets(file: Loaded, counted: tuple[dict[str, int], dict[str, int]], folder: Path) -> dict[str, Path]:
    path = file.source.origin.path
    suffix = "".join(path.suffixes[-2 if path.suffix.lower() == ".gz" else -1 :]) if path else ""
    stem = path.name.removesuffix(suffix) if path else "recipients"
    told, gone = counted
    if not suffix.lower().endswith((f".{file.source.written}", ".gz")):
        suffix = f".{file.source.written}"
    return {label: folder / f"{stem}.{label}{suffix}" for label in (*told, *([LEFT_OUT] if gone else []))}


class _Splitting(Struct, frozen=True):
    """Writes the rows of one list to the files of their parts, and those that are left out to theirs."""

    judged: JudgedList
    file: Loaded
    labels: Sequence[str]
    made: Mapping[str, Path]

    def text(self, source: DelimitedSource) -> Written:
        """Copy lines of text."""
        with ExitStack() as files:
            kept, removed = self._opened(source, files)
            inside = continuations(self.judged, self.file)
            return rewrite_delimited(source, self._fates(), inside, kept, removed, neutral=False)

    def objects(self, source: JsonLinesSource) -> Written:
        """Copy lines with objects."""
        with ExitStack() as files:
            return rewrite_json_lines(source, self._fates(), *self._opened(source, files))

    def parquet(self, source: ParquetSource) -> Written:
        """Copy columns with their types."""
        if source.is_copy or source.written != "parquet":
            return self.table(source)
        for number, path in self._numbered():
            copy_part(self.judged, self.file, source, path, number)
        self._write_left_out(source)
        return Written()

    def table(self, source: Source) -> Written:
        """Write cells of text, a part at a time."""
        work, header = self.judged.found.work, source.header()
        for number, path in self._numbered():
            chosen = (fate for fate in self._fates() if fate[1] is None and fate[2] == str(number))
            spare = work_table(work, "left_over", len(REMOVED_COLUMNS) + len(header))
            rows = kept_cells(source, header, chosen, spare, Written(), neutral=False)
            WRITERS[source.written](path, header, rows, work)
            spare.drop()
        self._write_left_out(source)
        return Written()

    def _write_left_out(self, source: Source) -> None:
        if LEFT_OUT not in self.made:
            return
        work, header = self.judged.found.work, source.header()
        gone = (fate for fate in self._fates() if fate[1] is not None)
        left = work_table(work, "left_over", len(REMOVED_COLUMNS) + len(header))
        for _ in kept_cells(source, header, gone, left, Written(), neutral=False):
            raise AssertionError("a row that is left out must not stay")
        WRITERS[source.written](self.made[LEFT_OUT], (*REMOVED_COLUMNS, *header), left.rows(), work)
        left.drop()

    def _numbered(self) -> Iterator[tuple[int, Path]]:
        for number, label in enumerate(self.labels):
            if label in self.made:
                yield number, self.made[label]

    def _fates(self) -> Iterator[Fate]:
        return fates(self.judged, self.file, in_parts=True)

    def _opened(
        self, source: DelimitedSource | JsonLinesSource, files: ExitStack
    ) -> tuple[dict[str | None, TextIO], TextIO]:
        kept: dict[str | None, TextIO] = {}
        for number, path in self._numbered():
            kept[str(number)] = files.enter_context(opened(path, source))
        left = self.made.get(LEFT_OUT)
        return kept, files.enter_context(opened(left, source)) if left else io.StringIO()
