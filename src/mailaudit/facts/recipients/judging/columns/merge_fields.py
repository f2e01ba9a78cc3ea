"""Joins the fields of a template with the columns of the list, and counts what their cells hold.

No value leaves the engine.
"""
# ruff: noqa: S608 - every name and number in these statements is our own

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice

from mailaudit.facts.message.merge.model import Cells, Join
from mailaudit.facts.recipients.judging.columns.own_time import ZoneColumn, is_language, place_of
from mailaudit.facts.recipients.judging.counts import ListCounts
from mailaudit.facts.recipients.reading.columns import column_name, header_key, is_address_header
from mailaudit.facts.recipients.reading.permission_columns import ColumnNotes
from mailaudit.knowledge.load import entries, kept
from mailaudit.knowledge.types.list_columns import ListColumnsFile

MOST_FIELDS = 30
# A program's words for nothing, and how few signs stand for it.
NOTHING = tuple(
    "null none nan nil n/a n.a. na #n/a undefined (null) [null] <null> - -- . ... ? _ \u2013 \u2014".split()
)
# What is blank to a reader: spaces of all kinds, and characters without a width.
_BLANKS = " \t\r\n\u00a0\u2002\u2003\u2009\u200b\u200c\u200d\u202f\u2060\u3000\ufeff"
_TAGS = ("{{", "*|", "%%", "[[")
_AGGREGATES = 6
# The names of fields, each with the column that the campaign names for it.
Wishes = Mapping[str, str | None]


def candidates(name: str, mapped: str | None, header: Sequence[str], address: int) -> tuple[tuple[int, ...], bool]:
    """Return the places of the columns that may fill a field, and whether their names are equal to the field's."""
    keys = [header_key(column) for column in header]
    wanted = header_key(mapped or name)
    exact = [at for at, column in enumerate(header) if mapped and column.strip() == mapped.strip()]
    equal = exact or [at for at, key in enumerate(keys) if key == wanted]
    if equal or mapped:
        return tuple(equal), True
    if is_address_header(name):
        return (address,), False
    groups = _groups()
    group = groups.get(wanted)
    alike = [at for at, key in enumerate(keys) if group is not None and groups.get(key) == group]
    return tuple(alike), False


@kept
def _groups() -> dict[str, int]:
    """Return the names that mean the same as others, with the number of their group."""
    told = enumerate(entries(ListColumnsFile).same_names)
    return {header_key(name): place for place, names in told for name in names.split()}


@dataclass(slots=True)
class FieldColumns:
    """Notes which columns of one file may fill the fields; `before` notes what is wanted of it otherwise.

    Slots are places among the further cells of a row (`o0`, `o1` …); `width` is the number of all of these. With `by_zone` a
    column that tells where people live is wanted too: `zone`.
    """

    wishes: Wishes
    before: ColumnNotes
    has_header: bool = True
    columns: dict[str, tuple[str, ...]] = field(default_factory=dict)
    by_name: dict[str, bool] = field(default_factory=dict)
    slots: dict[str, int] = field(default_factory=dict)
    width: int = 0
    by_zone: bool = False
    zone: ZoneColumn | None = None

    def __call__(
        self, header: Sequence[str] | None, sample: Sequence[Sequence[str]], taken: Sequence[int]
    ) -> tuple[int, ...]:
        """Return the places of further columns that are wanted; `taken` are those of the address and of the named ones."""
        found = list(self.before(header, sample, taken))
        self.has_header = header is not None
        self.width = len(taken) - 1 + len(found)
        for name, mapped in islice(self.wishes.items(), MOST_FIELDS):
            places, self.by_name[name] = candidates(name, mapped, header or (), taken[0])
            self.columns[name] = tuple(column_name(header, at) for at in places)
            if len(places) == 1:
                self.slots[name] = self.width
                found.append(places[0])
                self.width += 1
        place = place_of(header or (), (*taken, *found)) if self.by_zone else None
        if place is not None:
            self.zone = ZoneColumn(self.width, is_language(header or (), place))
            found.append(place)
            self.width += 1
        return tuple(found)


def joins(found: ListCounts, notes: Sequence[FieldColumns]) -> tuple[Join, ...] | None:
    """Return each field with its columns and what their cells hold, in one pass; needs the table `owned`.

    Nothing is told of lists whose columns have no names.
    """
    if not all(note.has_header for note in notes):
        return None
    joined = joined_fields(notes)
    return joins_of(notes, _cells(found, notes, joined) if joined else {})


def joined_fields(notes: Sequence[FieldColumns]) -> list[str]:
    """Return the fields that a column fills, in order."""
    return [name for name in (notes[0].wishes if notes else ()) if any(name in note.slots for note in notes)]


def joins_of(notes: Sequence[FieldColumns], cells: Mapping[str, Cells]) -> tuple[Join, ...]:
    """Return each field with its columns, and what was counted of their cells."""
    wishes = notes[0].wishes if notes else {}
    told = []
    for name in islice(wishes, MOST_FIELDS):
        columns = tuple(dict.fromkeys(column for note in notes for column in note.columns.get(name, ())))
        is_one = all(len(note.columns.get(name, ())) <= 1 for note in notes)
        by_name = all(note.by_name.get(name, True) for note in notes)
        told.append(Join(name, columns[:1] if is_one else columns, by_name, cells.get(name) if is_one else None))
    return tuple(told)


def aggregates(cells: Sequence[str]) -> str:
    """Return the expressions that count what some cells hold, six for each: see `Cells`."""
    listed = ", ".join(f"'{word}'" for word in NOTHING)
    told: list[str] = []
    for cell in cells:
        tags = " OR ".join(f"contains({cell}, '{mark}')" for mark in _TAGS)
        # To trim takes most of the time, and what begins with a printable sign of ASCII is not blank.
        trimmed = f"trim({cell}, '{_BLANKS}') = ''"
        blank = f"CASE WHEN {cell} = '' THEN true WHEN {cell} < '!' OR {cell} > '~' THEN {trimmed} ELSE false END"
        conditions = (blank, f"lower(trim({cell})) IN ({listed})")
        others = (f"contains({cell}, '<')", tags, f"{cell} LIKE '%_@_%._%'")
        told += [f"count(*) FILTER (WHERE {condition})" for condition in conditions]
        told.append(f"coalesce(max(length({cell})), 0)")
        told += [f"count(*) FILTER (WHERE {condition})" for condition in others]
    return ", ".join(told)


def cells_query(found: ListCounts, notes: Sequence[FieldColumns], joined: Sequence[str]) -> str:
    """Return the query for every valid row `r` with its address `k` and the cells of the joined fields, `f0`, `f1` …."""
    parts = []
    for file, note in zip(found.files, notes, strict=True):
        cells = (f"coalesce(o{note.slots[name]}, '')" if name in note.slots else "''" for name in joined)
        named = "".join(f", {cell} AS f{at}" for at, cell in enumerate(cells))
        parts.append(f"SELECT r, k{named} FROM mailed WHERE {file.within}")
    return " UNION ALL ".join(parts)


def _cells(found: ListCounts, notes: Sequence[FieldColumns], joined: Sequence[str]) -> dict[str, Cells]:
    listed = f"SELECT *, split_part(k, '@', 2) AS d FROM ({cells_query(found, notes, joined)})"
    rows = found.work.rows(
        f"SELECT coalesce(owned.name, 'other') AS provider, count(*), {aggregates([f'f{at}' for at in range(len(joined))])} "
        f"FROM ({listed}) LEFT JOIN owned USING (d) GROUP BY provider ORDER BY provider"
    )
    return {name: cells_of(rows, at) for at, name in enumerate(joined)}


def cells_of(rows: Sequence[Sequence[object]], place: int) -> Cells:
    """Return what one field's cells hold, from rows of a provider, its number of messages and six counts for each field."""
    size = _AGGREGATES
    numbers = [[int(str(value)) for value in row[1:]] for row in rows]
    mine = [[row[0], *row[1 + place * size : 1 + (place + 1) * size]] for row in numbers]
    total = [sum(column) for column in zip(*mine, strict=True)] if mine else [0] * (size + 1)
    gaps = tuple((str(row[0]), one[1] + one[2]) for row, one in zip(rows, mine, strict=True) if one[1] + one[2])
    longest = max((one[3] for one in mine), default=0)
    return Cells(total[0], total[1], total[2], longest, total[4], total[5], total[6], gaps)
