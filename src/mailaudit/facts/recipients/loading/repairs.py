"""Takes down what cells that hold no address plainly mean, for whoever asks for it."""

from mailaudit.facts.recipients.cells.address import Verdict, judge
from mailaudit.facts.recipients.cells.misspellings import misspellings
from mailaudit.facts.recipients.cells.repairs import repaired
from mailaudit.facts.recipients.tables.engine import Repairs, Workspace

_BATCH = 20_000


class RepairNotes:
    """Fills the table `repair(r, old, new, k, reason, clash)`."""

    def __init__(self, work: Workspace) -> None:
        self._work = work
        self._waiting: list[tuple[int, str, str, str, str, str | None]] = []

    def take(self, row: int, cell: str, verdict: Verdict) -> None:
        """Note what an invalid cell means."""
        meant = None if self._work.repairs is Repairs.NONE else repaired(cell)
        if meant is None or not (found := judge(meant)).is_valid:
            return
        # Which domain is a slip depends on how many people have it, and these may go.
        slip = misspellings().get(found.domain)
        clash = f"did they mean {slip.meant}?" if slip else None
        self._waiting.append((row, cell, meant, found.key, str(verdict.reason), clash))
        if len(self._waiting) == _BATCH:
            self.flush()

    def flush(self) -> None:
        """Write what waits."""
        self._work.fill("repair", ("BIGINT", *["VARCHAR"] * 5), self._waiting)
        self._waiting = []
