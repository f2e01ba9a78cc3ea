"""Takes down what cells that hold no address plainly mean; judged in their place only when that is wanted."""

from mailaudit.facts.recipients.judging.address import Verdict, judge
from mailaudit.facts.recipients.judging.repairs import repaired
from mailaudit.facts.recipients.loading.engine import Repairs, Workspace

_BATCH = 20_000


class RepairNotes:
    """Fills the table `repair(r, old, new, k, reason)`."""

    def __init__(self, work: Workspace) -> None:
        self._work = work
        self._waiting: list[tuple[int, str, str, str, str]] = []

    def take(self, row: int, cell: str, verdict: Verdict) -> Verdict:
        """Note what an invalid cell means, and return the verdict that counts."""
        if self._work.repairs is Repairs.NONE:
            return verdict
        meant = repaired(cell)
        found = judge(meant) if meant is not None else verdict
        if meant is None or not found.is_valid:
            return verdict
        self._waiting.append((row, cell, meant, found.key, str(verdict.reason)))
        if len(self._waiting) == _BATCH:
            self.flush()
        return found if self._work.repairs is Repairs.APPLIED else verdict

    def flush(self) -> None:
        """Write what waits."""
        self._work.fill("repair", ("BIGINT", *["VARCHAR"] * 4), self._waiting)
        self._waiting = []
