"""Puts into a list what its cells plainly mean, where nothing comes of it that the list had not."""
# ruff: noqa: S608 - every name in these statements is our own

from collections.abc import Collection

from mailaudit.cleaning.choose_rows import decide
from mailaudit.facts.recipients.judging.counts import ListCounts
from mailaudit.facts.recipients.judging.judge_list import JudgedList
from mailaudit.facts.recipients.kinds import Kind

SAME_MAILBOX = "another row has the same mailbox"
OTHER_ROWS = "with it something is found of other rows"
_OPEN = "SELECT r FROM repair WHERE clash IS NULL"
_STAYS = "r NOT IN (SELECT r FROM removed)"
_TAKE = (
    "UPDATE judged SET k = repair.k, w = nullif(new, repair.k), kind = NULL FROM repair "
    "WHERE judged.r = repair.r AND clash IS NULL"
)
_LEAVE = (
    f"UPDATE judged SET k = NULL, w = NULL, kind = '{Kind.INVALID.value}' "
    "WHERE r IN (SELECT r FROM repair WHERE clash IS NOT NULL)"
)
_SHARED = "SELECT k FROM mailbox WHERE box IN (SELECT box FROM mailbox GROUP BY box HAVING count(*) > 1)"


class TakenRepairs:
    """Takes all repairs once a list was judged without them, and leaves those of which something is found.

    A repaired row that would stay, though something is found of it or of its mailbox, remains a row without an address;
    so do all when more is found of the other rows than before. Rows that a class of `classes` removes do no harm.
    """

    def __init__(self, classes: Collection[str]) -> None:
        self._classes = classes
        self._before: dict[Kind, int] = {}
        self._is_taken = False

    def __call__(self, judged: JudgedList) -> bool:
        """Change the rows of a list, and say whether any were; each time fewer repairs are left."""
        found, work = judged.found, judged.found.work
        left: int = work.one(f"SELECT count(*) FROM ({_OPEN})")
        if not left:
            return False
        decide(judged, self._classes)
        kinds = [kind for kind in Kind if found.total(kind)]
        others = {
            kind: work.one(f"SELECT count(*) FROM {_staying(kind)} WHERE r NOT IN ({_OPEN})") for kind in kinds
        }
        if not self._is_taken:
            self._before, self._is_taken = others, True
            work.run(_TAKE)
            return True
        for kind in kinds:
            work.run(
                f"UPDATE repair SET clash = '{kind.value}: ' || why FROM {_staying(kind)} "
                "WHERE repair.r = told.r AND clash IS NULL"
            )
        if found.total(Kind.SAME_MAILBOX):
            _leave(found, SAME_MAILBOX, f"k IN ({_SHARED}) AND {_STAYS}")
        if left == work.one(f"SELECT count(*) FROM ({_OPEN})"):
            if all(count <= self._before.get(kind, 0) for kind, count in others.items()):
                return False
            _leave(found, OTHER_ROWS, "TRUE")
        work.run(_LEAVE)
        return True


def _leave(found: ListCounts, why: str, condition: str) -> None:
    found.work.run(f"UPDATE repair SET clash = '{why}' WHERE clash IS NULL AND {condition}")


def _staying(kind: Kind) -> str:
    """Return the FROM item `told(r, why)` of the rows of a kind that no class removes."""
    people = f"(SELECT mailed.r, why FROM mailed JOIN {kind.view} AS named ON mailed.k = named.k)"
    return f"(SELECT r, why FROM {kind.view if kind.of_rows else people} AS every WHERE {_STAYS}) AS told"
