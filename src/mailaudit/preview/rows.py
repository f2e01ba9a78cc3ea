"""Choose the rows of a list that hurt a template most: what is empty, longest, or breaks a text."""
# ruff: noqa: S608 - every name and number in these statements is our own

from collections.abc import Sequence

from msgspec import Struct

from mailaudit.facts.recipients.judging.columns.merge_fields import (
    NOTHING,
    FieldColumns,
    cells_query,
    joined_fields,
)
from mailaudit.facts.recipients.judging.counts import ListCounts
from mailaudit.language.spoken import word

_CANDIDATES = 3


class WorstRow(Struct, frozen=True):
    """One row: why it was chosen, where it stands (file and line), its address, and the values of the fields."""

    why: str
    place: str
    address: str
    values: dict[str, str]


def worst_rows(found: ListCounts, notes: Sequence[FieldColumns], count: int) -> list[WorstRow]:
    """Return at most so many rows, each for another reason while there is one; no row twice."""
    fields = joined_fields(notes)
    if not fields:
        return []
    listed = cells_query(found, notes, fields)
    chosen: dict[int, WorstRow] = {}
    for why, condition, order in _wishes(len(fields)):
        if len(chosen) >= count:
            break
        query = f"SELECT * FROM ({listed}) WHERE {condition} ORDER BY {order} DESC, r LIMIT {_CANDIDATES + count}"
        for row, address, *cells in found.work.rows(query):
            if row not in chosen:
                values = dict(zip(fields, map(str, cells), strict=True))
                chosen[row] = WorstRow(why, _place(found, row), str(address), values)
                break
    return list(chosen.values())


def _wishes(width: int) -> list[tuple[str, str, str]]:
    cells = [f"f{at}" for at in range(width)]
    words = ", ".join(f"'{word}'" for word in NOTHING)
    blank = [f"(trim({cell}) = '')" for cell in cells]
    gaps = " + ".join(f"{one}::INT" for one in blank)
    length = " + ".join(f"length({cell})" for cell in cells)

    def any_cell(pattern: str) -> str:
        return " OR ".join(f"regexp_matches({cell}, '{pattern}')" for cell in cells)

    return [
        (word("empty"), " OR ".join(blank), gaps),
        (word("longest"), f"{length} > 0", length),
        ("a word for nothing", " OR ".join(f"lower(trim({cell})) IN ({words})" for cell in cells), "1"),
        (word("markup"), any_cell(r"[<>&]|\{\{|\*\||%%"), length),
        ("right to left", any_cell(r"[\x{0590}-\x{08FF}]"), length),
        (word("emoji"), any_cell(r"[\x{2600}-\x{27BF}\x{1F300}-\x{1FAFF}]"), length),
        ("another empty one", " OR ".join(blank), "1"),
        ("an ordinary one", f"NOT ({' OR '.join(blank)})", "1"),
    ]


def _place(found: ListCounts, row: int) -> str:
    file = next((file for file in found.files if file.first <= row < file.end), None)
    return f"{file.source.name}:{file.line(row)}" if file else f"row {row + 1}"
