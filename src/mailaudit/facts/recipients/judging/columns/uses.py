"""Reads the further columns of a list: dates, statuses and refusals; and says which column was taken for what."""
# ruff: noqa: S608 - every name and number in these statements is our own

from datetime import date

from msgspec.structs import replace

from mailaudit.campaign.recipients import Recipients
from mailaudit.facts.recipients.judging.columns.dated import DatedWish, add_dated
from mailaudit.facts.recipients.judging.columns.opted_out import (
    Refusals,
    add_opted_out,
    add_refusals,
    create_table,
    refusals_beside,
    refusals_of,
)
from mailaudit.facts.recipients.judging.counts import ListCounts
from mailaudit.facts.recipients.kinds import DATED
from mailaudit.facts.recipients.model import ColumnUse, Use
from mailaudit.facts.recipients.reading.permission_columns import ColumnNotes

USES = {"consent": Use.CONSENT, "last_engaged": Use.LAST_ENGAGED}


def slots(plan: Recipients) -> dict[str, int]:
    """Return the place of each further column that the campaign names, by its key."""
    names = [name for name in (*DATED, "status") if getattr(plan, name)]
    names += [f"{name}.fallback" for name in DATED if (part := getattr(plan, name)) and part.fallback]
    return {name: at for at, name in enumerate(names)}


def date_places(name: str, places: dict[str, int], note: ColumnNotes) -> list[int]:
    """Return the places of the columns that tell a date in turn."""
    further = (places.get(f"{name}.fallback"), note.fallback if name == "consent" else None)
    return [places[name], *(place for place in further if place is not None)]


def _date_cell(places: list[int]) -> str:
    cells = [f"nullif(trim(o{place}), '')" for place in places]
    return f"coalesce({', '.join(cells)}, '')"


def refusal_columns(plan: Recipients, note: ColumnNotes) -> list[tuple[int, Refusals, ColumnUse]]:
    """Return the columns that may refuse: their places, what finds the refusing cells, and what they are read as."""
    found = [
        (column.slot, refusals_of(column), ColumnUse(column.name, Use(column.rule.sense.value)))
        for column in note.permissions
    ]
    if plan.status:
        name = plan.status.column
        found.append((slots(plan)["status"], refusals_beside(plan.status.send, name), ColumnUse(name, Use.STATUS)))
    return found


def read_columns(found: ListCounts, notes: list[ColumnNotes], plan: Recipients, today: date) -> None:
    """Count whom the further columns concern, and take down what each column was read as."""
    for at, file in enumerate(found.files):
        uses = [ColumnUse(file.source.column, Use.ADDRESS)]
        found.columns[at] = uses + [ColumnUse(name, Use.OTHER_ADDRESS) for name in notes[at].other_addresses]
    _read_dates(found, notes, plan, today)
    _read_refusals(found, notes, plan)


def _read_dates(found: ListCounts, notes: list[ColumnNotes], plan: Recipients, today: date) -> None:
    places = slots(plan)
    for name, kinds in DATED.items():
        column = getattr(plan, name)
        if column is None:
            continue
        cells = [_date_cell(date_places(name, places, note)) for note in notes]
        parts = [
            f"SELECT r, k, {cell} AS cell FROM mailed WHERE {file.within}"
            for file, cell in zip(found.files, cells, strict=True)
        ]
        is_one = len(set(cells)) == 1
        rows = f"SELECT r, k, {cells[0]} AS cell FROM mailed" if is_one else " UNION ALL ".join(parts)
        told = add_dated(found, name, f"({rows})", DatedWish(column, today, kinds))
        for uses in found.columns.values():
            uses.append(ColumnUse(column.column, USES[name], told))


def _read_refusals(found: ListCounts, notes: list[ColumnNotes], plan: Recipients) -> None:
    create_table(found)
    understood = []
    for at, file in enumerate(found.files):
        for slot, refusals, use in refusal_columns(plan, notes[at]):
            told = add_refusals(found, file, slot, refusals)
            understood.append(told.is_understood)
            found.columns[at].append(replace(use, note=told.note))
    if any(understood):
        add_opted_out(found)
