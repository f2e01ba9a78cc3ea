"""Looks closely at the rows that are not plainly valid, one by one; a cell of several addresses may become several rows."""

from __future__ import annotations

import heapq
from array import array
from collections.abc import Iterator
from typing import TYPE_CHECKING

from mailaudit.facts.recipients.cells.address import Verdict, addresses_in, judge
from mailaudit.facts.recipients.cells.footers import FOOTER, Behind, footers
from mailaudit.facts.recipients.cells.stop_entries import stop_entries
from mailaudit.facts.recipients.kinds import Kind
from mailaudit.facts.recipients.loading.repairs import RepairNotes
from mailaudit.facts.recipients.mask import mask

if TYPE_CHECKING:
    from mailaudit.facts.recipients.reading.rows import Row
    from mailaudit.facts.recipients.tables.engine import Workspace

ENTRY = "entry"
SEVERAL = "several addresses in the cell, of which the first one is counted"
SPLIT = "several addresses in the cell, each of which is counted"
_EMPTY = "the address cell is empty"
_BATCH = 20_000
# A list has no more lines behind it than these.
_MOST_BEHIND = 8
Judged = tuple[object, ...]
JUDGED = ("BIGINT", *["VARCHAR"] * 5)


class CloseLook:
    """Judges rows of one file, whose lines are the rows of `people` from `first` up to but not including `end`.

    When it `splits`, the addresses of one cell behind the first one become rows from `end` on; `lines` are theirs.
    """

    def __init__(self, work: Workspace, first: int, end: int, others: int, *, takes_hashes: bool) -> None:
        self._work, self._first, self._end, self._others = work, first, end, others
        self._takes_hashes = takes_hashes
        self._repairs = RepairNotes(work)
        self._parts: list[tuple[int, int, str]] = []
        self.lines = array("q")
        self._behind: list[Behind] = []

    def judged(self, at: int, row: Row) -> Iterator[Judged]:
        """Yield what is known of the row `at`, and of those that come of it."""
        if row.problem is not None:
            self._look_back(at, row)
            yield self._told(at, Kind.UNREADABLE, row.problem)
            return
        more = (*row.others, *[None] * (self._others - len(row.others)))
        if not row.cell.strip():
            yield (*self._told(at, Kind.MISSING, _EMPTY)[:6], *more)
            return
        verdict = judge(row.cell)
        if self._takes_hashes and (entries := stop_entries(row.cell)):
            yield (at, None, None, ENTRY, "", " ".join(entries), *more)
            return
        if verdict.reason is not None:
            self._repairs.take(at, row.cell, verdict)
            self._look_back(at, row)
            yield (at, None, None, Kind.INVALID.value, verdict.reason, mask(row.cell), *more)
            return
        is_split = verdict.several and self._work.splits
        several = Kind.SEVERAL.value, SPLIT if is_split else SEVERAL, mask(_written(verdict))
        yield (at, verdict.key, _recased(verdict), *(several if verdict.several else (None, None, None)), *more)
        if is_split:
            for place, part in self._split(at, row.cell):
                yield (place, part.key, _recased(part), None, None, None, *more)

    def _look_back(self, at: int, row: Row) -> None:
        """Keep the last rows that hold no address."""
        heapq.heappush(self._behind, (at, row.start or row.cell, row.problem is not None))
        if len(self._behind) > _MOST_BEHIND:
            heapq.heappop(self._behind)

    def note_footers(self) -> None:
        """Count lines of totals or remarks behind the list as rows without an address: nobody is behind them."""
        rows = footers(sorted(self._behind))
        if rows and not self._work.one("SELECT count(*) FROM mailed WHERE r > ? AND r < ?", rows[-1], self._end):
            told = "UPDATE judged SET kind = ?, reason = ?, shown = '' WHERE r IN (SELECT unnest(?::BIGINT[]))"
            self._work.run(told, Kind.MISSING.value, FOOTER, rows)

    def finish(self) -> None:
        """Write what waits, and give the rows behind the lines their places."""
        self._flush()
        self._repairs.flush()
        if self.lines:
            self._work.run("INSERT INTO people(k) SELECT NULL FROM range(?)", len(self.lines))

    def _told(self, at: int, kind: Kind, why: str) -> Judged:
        return (at, None, None, kind.value, why, "", *[None] * self._others)

    def _split(self, at: int, cell: str) -> Iterator[tuple[int, Verdict]]:
        """Take down which row holds which address of a cell, and yield those behind the first one."""
        line = at - self._first + 1
        found = {one.key: one for one in addresses_in(cell)}
        for number, one in enumerate(found.values()):
            place = self._end + len(self.lines) if number else at
            self._parts.append((place, line, _written(one)))
            if number:
                self.lines.append(line)
                yield place, one
        if len(self._parts) >= _BATCH:
            self._flush()

    def _flush(self) -> None:
        self._work.fill("part", ("BIGINT", "BIGINT", "VARCHAR"), self._parts)
        self._parts = []


def _written(one: Verdict) -> str:
    return f"{one.local}@{one.domain}"


def _recased(one: Verdict) -> str | None:
    written = _written(one)
    return None if written == one.key else written
