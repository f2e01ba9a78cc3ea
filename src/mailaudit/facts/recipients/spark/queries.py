"""The hygiene of a list in a few statements of portable SQL, for engines that hold more than one machine can.

The statements are written once, in DuckDB's dialect without any of its specialities, and transpiled by sqlglot. Only the
distinct domains, the distinct cells that are not plainly valid and the distinct days leave the engine; there are no
user-defined functions.
"""
# ruff: noqa: S608 - names are quoted as identifiers, texts as literals

from collections.abc import Sequence

from mailaudit.facts.recipients.loading.fast_path_sql import SAFE_LENGTH, plain_address
from mailaudit.facts.recipients.sql import dotted, identifier, literal

# Views that the statements expect: what was looked at closely, and the valid addresses.
JUDGED, PEOPLE, TOLD = "mailaudit_judged", "mailaudit_people", "mailaudit_told"


def transpiled(statement: str, dialect: str) -> str:
    """Return a statement in the dialect of an engine; raises `sqlglot.errors.SqlglotError` when it cannot be told there."""
    import sqlglot  # noqa: PLC0415 - an optional package

    return sqlglot.transpile(statement, read="duckdb", write=dialect, unsupported_level=sqlglot.ErrorLevel.RAISE)[
        0
    ]


def cells(table: str, column: str, further: Sequence[Sequence[str]] = (), *, whole: bool = False) -> str:
    """Return the query for the address cells `c` of a table, and the cells `o0`, `o1` … of further columns.

    An address has no spaces around it, a missing one is empty. Of a moment only the day is left. A further cell that is
    empty is told by the next of its columns. The columns of the table stay beside those of a `whole` row (`mailaudit_c` …).
    """
    own, prefix = (f"{dotted(table)}.*, ", "mailaudit_") if whole else ("", "")
    days = "".join(f", {_first_of(names)} AS {prefix}o{at}" for at, names in enumerate(further))
    return f"SELECT {own}{cell(column)} AS {prefix}c{days} FROM {dotted(table)}"


def cell(column: str) -> str:
    """Return the expression for the text of an address cell."""
    return f"trim(coalesce(cast({identifier(column)} AS VARCHAR), ''))"


def _first_of(columns: Sequence[str]) -> str:
    found = [f"nullif({_day_of(column)}, '')" for column in columns]
    return f"coalesce({', '.join((*found, chr(39) * 2))})"


def _day_of(column: str) -> str:
    text = f"trim(cast({identifier(column)} AS VARCHAR))"
    iso = literal("^[0-9]{4}-[0-9]{2}-[0-9]{2}([^0-9].*)?$")
    other = literal("^[0-9]{1,2}[-/.][0-9]{1,2}[-/.][0-9]{2,4} .*$")
    return (
        f"CASE WHEN regexp_replace({text}, {iso}, '') = '' THEN substr({text}, 1, 10) "
        f"WHEN regexp_replace({text}, {other}, '') = '' THEN split_part({text}, ' ', 1) ELSE {text} END"
    )


def is_plain(cell: str = "c") -> str:
    """Return the condition under which a cell is surely valid; nothing of it may be left when the pattern is taken away.

    A pattern alone would not do: in some engines `$` also matches before a line break at the end.
    """
    pattern = literal(f"^{plain_address()}$")
    return f"(length({cell}) BETWEEN 1 AND {SAFE_LENGTH} AND regexp_replace({cell}, {pattern}, '') = '')"


def residue(table: str, column: str) -> str:
    """Return the query for the distinct cells that need a closer look, with the number of their rows."""
    return f"SELECT c, count(*) AS n FROM ({cells(table, column)}) AS listed WHERE NOT {is_plain()} GROUP BY c"


def answers(table: str, column: str, further: Sequence[Sequence[str]], at: int) -> str:
    """Return the query for the distinct cells of one of the further columns."""
    return f"SELECT DISTINCT o{at} AS cell FROM ({cells(table, column, further)}) AS listed WHERE o{at} <> ''"


def people(table: str, column: str, further: Sequence[Sequence[str]] = ()) -> str:
    """Return the query for every distinct valid address `k`, with its domain, its name and the number of its rows.

    The view `mailaudit_judged(c, k, reason, written)` holds what was looked at closely; `k` is missing where it is no
    address, and a cell that was split stands there with each of its addresses.
    What the `further` columns tell is in the views `mailaudit_told_0(cell, day, late, said, refused)` …; of a person's rows
    the latest days and the gravest refusal count. `cell0` … is one of the cells.
    """
    all_cells = cells(table, column, further)
    numbers = range(len(further))
    plain = "".join(f", o{at}" for at in numbers)
    other = "".join(f", other.o{at} AS o{at}" for at in numbers)
    joins = "".join(f" LEFT JOIN {TOLD}_{at} AS told_{at} ON told_{at}.cell = valid.o{at}" for at in numbers)
    told = "".join(
        f", max(told_{at}.day) AS day{at}, max(told_{at}.late) AS late{at}, max(told_{at}.said) AS said{at}, "
        f"min(told_{at}.refused) AS refused{at}, max(valid.o{at}) AS cell{at}"
        for at in numbers
    )
    shown = "".join(f", day{at}, late{at}, said{at}, refused{at}, cell{at}" for at in numbers)
    keys = (
        f"SELECT lower(c) AS k{plain} FROM ({all_cells}) AS plain WHERE {is_plain()} UNION ALL "
        f"SELECT {JUDGED}.k AS k{other} FROM ({all_cells}) AS other JOIN {JUDGED} ON {JUDGED}.c = other.c "
        f"WHERE {JUDGED}.k IS NOT NULL"
    )
    return (
        f"SELECT k, split_part(k, '@', 1) AS name, split_part(k, '@', 2) AS d, n{shown} FROM "
        f"(SELECT valid.k AS k, count(*) AS n{told} FROM ({keys}) AS valid{joins} GROUP BY valid.k) AS counted"
    )


def totals() -> str:
    """Return the query for the valid rows, the distinct addresses and the distinct domains."""
    return f"SELECT coalesce(sum(n), 0) AS valid, count(*) AS uniq, count(DISTINCT d) AS domains FROM {PEOPLE}"


def domains() -> str:
    """Return the query for the distinct domains with the number of their recipients."""
    return f"SELECT d, count(*) AS n FROM {PEOPLE} GROUP BY d"


def statements(table: str, column: str, further: Sequence[Sequence[str]] = ()) -> tuple[str, ...]:
    """Return all statements that read the list, in the order in which they are run."""
    by_cell = (answers(table, column, further, at) for at in range(len(further)))
    return (residue(table, column), *by_cell, people(table, column, further), totals(), domains())
