"""Counts a list row by row: exact, and meant for lists that fit in memory."""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from mailaudit.facts.recipients.address import judge, mask
from mailaudit.facts.recipients.model import Kind, ListFile, Sample
from mailaudit.facts.recipients.source import Source

MAX_SAMPLES = 20


@dataclass(slots=True)
class FileTally:
    """What is being counted in one file."""

    rows: int = 0
    valid: int = 0
    counts: Counter[Kind] = field(default_factory=Counter)
    samples: dict[Kind, list[Sample]] = field(default_factory=dict)

    def add(self, kind: Kind, line: int | None, text: str, reason: str) -> None:
        """Count one row, and keep it as a sample while there is room."""
        self.counts[kind] += 1
        kept = self.samples.setdefault(kind, [])
        if len(kept) < MAX_SAMPLES:
            kept.append(Sample(line, mask(text) if text else "", reason))


@dataclass(frozen=True, slots=True)
class Tally:
    """What the whole list holds; `sequence` has an index into `domains` for every valid row, in list order."""

    files: tuple[ListFile, ...]
    unique: int
    suppressed: int | None
    domains: tuple[str, ...]
    recipients_by_domain: tuple[int, ...]
    sequence: array[int]


def tally(sources: Sequence[Source], suppressed: frozenset[str] | None) -> Tally:
    """Count every row of the sources; `suppressed` holds comparable addresses, or `None` without such a list."""
    seen: dict[str, tuple[int, int | None]] = {}
    domains: dict[str, int] = {}
    recipients: list[int] = []
    sequence = array("l")
    files: list[ListFile] = []
    for number, source in enumerate(sources):
        part = FileTally()
        for row in source.rows():
            part.rows += 1
            if row.problem is not None:
                part.add(Kind.UNREADABLE, row.line, "", row.problem)
                continue
            verdict = judge(row.cell)
            if verdict.reason is not None:
                part.add(Kind.INVALID, row.line, row.cell, verdict.reason)
                continue
            part.valid += 1
            key = verdict.key
            at = domains.setdefault(verdict.domain, len(domains))
            if at == len(recipients):
                recipients.append(0)
            sequence.append(at)
            if key in seen:
                first = _place(sources, seen[key], number)
                part.add(Kind.DUPLICATE, row.line, key, f"stands already in {first}")
                continue
            seen[key] = (number, row.line)
            recipients[at] += 1
            if suppressed is not None and key in suppressed:
                part.add(Kind.SUPPRESSED, row.line, key, "stands in the suppression list")
        files.append(_finish(source, part, suppression=suppressed is not None))
    return Tally(
        files=tuple(files),
        unique=len(seen),
        suppressed=None if suppressed is None else sum(f.counts[Kind.SUPPRESSED] for f in files),
        domains=tuple(domains),
        recipients_by_domain=tuple(recipients),
        sequence=sequence,
    )


def _place(sources: Sequence[Source], place: tuple[int, int | None], number: int) -> str:
    file, line = place
    where = "line" if file == number else f"{sources[file].name}, line"
    return f"{where} {line}"


def _finish(source: Source, part: FileTally, *, suppression: bool) -> ListFile:
    looked_for = [Kind.INVALID, Kind.UNREADABLE, Kind.DUPLICATE, *([Kind.SUPPRESSED] if suppression else [])]
    return ListFile(
        path=source.display,
        name=source.name,
        column=source.column,
        rows=part.rows,
        valid=part.valid,
        invalid=part.counts[Kind.INVALID],
        unreadable=part.counts[Kind.UNREADABLE],
        blank_lines=source.blank_lines,
        encoding=source.encoding,
        counts={kind: part.counts[kind] for kind in looked_for},
        samples={kind: tuple(samples) for kind, samples in part.samples.items()},
    )


def comparable(sources: Iterable[Source]) -> tuple[frozenset[str], list[tuple[int, int]]]:
    """Return the comparable addresses of suppression files, and for each file its rows and its unusable rows."""
    keys: set[str] = set()
    counted: list[tuple[int, int]] = []
    for source in sources:
        rows = unusable = 0
        for row in source.rows():
            rows += 1
            verdict = judge(row.cell) if row.problem is None else None
            if verdict is not None and verdict.is_valid:
                keys.add(verdict.key)
            else:
                unusable += 1
        counted.append((rows, unusable))
    return frozenset(keys), counted
