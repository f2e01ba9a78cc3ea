"""Finds the columns of a list that say who may be mailed: by the name in the header and by what the cells hold."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from msgspec import Struct

from mailaudit.facts.recipients.cells.permission import Answer, answer
from mailaudit.facts.recipients.reading.columns import column_name
from mailaudit.knowledge.list_columns import ListColumns, comparable
from mailaudit.knowledge.types.list_columns import ColumnNames, Sense

MAX_COLUMNS = 12
# Of the cells that are filled, so many must hold an address in a second column of addresses.
ADDRESS_SHARE = 0.5
_OF_STATUSES = frozenset({Answer.SEND, Answer.REFUSING, Answer.UNSURE, Answer.NOTHING})


class PermissionColumn(Struct, frozen=True):
    """A column that says who may be mailed: its name, what it asks, and its place among the further columns."""

    name: str
    rule: ColumnNames
    slot: int


@dataclass(slots=True)
class ColumnNotes:
    """Notes which columns of one file are wanted beside those that the campaign names, and what they are taken for.

    `status` is the column whose words the campaign explains itself: then no other column is taken for one of statuses.
    A `consent` column answers too, whatever its name is. `fallback` is the place of a column that tells a date where
    that of the consent is empty, `width` the number of all further columns.
    """

    known: ListColumns
    status: str | None = None
    consent: str | None = None
    permissions: list[PermissionColumn] = field(default_factory=list)
    other_addresses: list[str] = field(default_factory=list)
    fallback: int | None = None
    width: int = 0

    def __call__(
        self, header: Sequence[str] | None, sample: Sequence[Sequence[str]], taken: Sequence[int]
    ) -> tuple[int, ...]:
        """Return the places of further columns that are wanted; `taken` are those of the address and of the named ones."""
        names = list(header or ())
        wanted = list(taken[1:])
        for at in range(max(len(names), *map(len, sample), 0) if sample else len(names)):
            cells = [record[at] for record in sample if at < len(record) and record[at].strip()]
            if at == taken[0]:
                continue
            if cells and sum("@" in cell for cell in cells) >= ADDRESS_SHARE * len(cells):
                self.other_addresses.append(column_name(header, at))
                continue
            rule = self._rule(names[at] if at < len(names) else "", cells, names)
            if rule and len(self.permissions) < MAX_COLUMNS:
                if at not in wanted:
                    wanted.append(at)
                self.permissions.append(PermissionColumn(column_name(header, at), rule, wanted.index(at)))
        later = self.known.fallbacks.get(comparable(self.consent or ""))
        if later and later in map(comparable, names):
            self.fallback = len(wanted)
            wanted.append(next(at for at, name in enumerate(names) if comparable(name) == later))
        self.width = len(wanted)
        return tuple(wanted[len(taken) - 1 :])

    def _rule(self, name: str, cells: Sequence[str], names: Sequence[str]) -> ColumnNames | None:
        key = comparable(name)
        rule = self.known.rule(name) if name.strip() else None
        if self.status is not None and (key == comparable(self.status) or (rule and rule.sense is Sense.STATUS)):
            return None
        if rule is None:
            is_consent = self.consent is not None and key == comparable(self.consent)
            rule = (
                ColumnNames(Sense.AGREEMENT, "not subscribed")
                if is_consent
                else _by_cells(name, cells, self.known)
            )
        elif self.known.is_of_another_trade(name, names):
            return None
        if rule and rule.sense is Sense.AGREEMENT and cells and _all_days(cells, self.known):
            return None  # it tells when people agreed, and nobody who did not
        return None if rule and rule.sense is Sense.STATUS and self.status is not None else rule


def _all_days(cells: Sequence[str], known: ListColumns) -> bool:
    return all(answer(cell, known.words) in {Answer.DAY, Answer.NOTHING} for cell in set(cells))


def _by_cells(name: str, cells: Sequence[str], known: ListColumns) -> ColumnNames | None:
    """Take a column whose name tells nothing for one of statuses when it holds the words of statuses and nothing else."""
    meanings: set[Answer] = set()
    for cell in set(cells):
        meanings.add(answer(cell, known.words))
        if meanings - _OF_STATUSES:
            return None
    if Answer.REFUSING not in meanings:
        return None
    return None if known.asks_elsewhere(name) else ColumnNames(Sense.STATUS)
