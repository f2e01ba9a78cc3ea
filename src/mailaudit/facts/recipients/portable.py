"""The hygiene of a list in a few statements of portable SQL, for engines that hold more than one machine can.

The statements are written once, in DuckDB's dialect without any of its specialities, and transpiled by sqlglot. Only the
distinct domains and the distinct cells that are not plainly valid leave the engine; there are no user-defined functions.
"""
# ruff: noqa: S608 - names are quoted as identifiers, texts as literals

from __future__ import annotations

from collections.abc import Iterable

from mailaudit.facts.recipients.relations import identifier
from mailaudit.facts.recipients.roles import ROLE_NAMES
from mailaudit.facts.recipients.statements import SAFE_LENGTH, literal, plain_address

DIALECTS = ("spark", "databricks", "bigquery", "snowflake", "trino", "clickhouse", "postgres", "duckdb")
# Tables and views that the statements create or expect.
RESIDUE, JUDGED, PEOPLE, STOP = "mailaudit_residue", "mailaudit_judged", "mailaudit_people", "mailaudit_stop"
DISPOSABLE, TYPO, DEAD = "mailaudit_disposable", "mailaudit_typo", "mailaudit_dead"


def transpiled(statement: str, dialect: str) -> str:
    """Return a statement in the dialect of an engine; raises `sqlglot.errors.SqlglotError` when it cannot be told there."""
    import sqlglot  # noqa: PLC0415 - an optional package

    return sqlglot.transpile(statement, read="duckdb", write=dialect, unsupported_level=sqlglot.ErrorLevel.RAISE)[
        0
    ]


def cells(table: str, column: str) -> str:
    """Return the query for the address cells of a table, without spaces around them; a missing one is empty."""
    quoted = ".".join(identifier(part) for part in table.split("."))
    return f"SELECT trim(coalesce(cast({identifier(column)} AS VARCHAR), '')) AS c FROM {quoted}"


def is_plain(cell: str = "c") -> str:
    """Return the condition under which a cell is surely valid; nothing of it may be left when the pattern is taken away.

    A pattern alone would not do: in some engines `$` also matches before a line break at the end.
    """
    pattern = literal(f"^{plain_address()}$")
    return f"(length({cell}) BETWEEN 1 AND {SAFE_LENGTH} AND regexp_replace({cell}, {pattern}, '') = '')"


def residue(table: str, column: str) -> str:
    """Return the query for the distinct cells that need a closer look, with the number of their rows."""
    return f"SELECT c, count(*) AS n FROM ({cells(table, column)}) AS listed WHERE NOT {is_plain()} GROUP BY c"


def people(table: str, column: str) -> str:
    """Return the query for every distinct valid address `k`, with its domain, its name and the number of its rows.

    The table `mailaudit_judged(c, k)` holds what the closer look found valid.
    """
    keys = (
        f"SELECT lower(c) AS k FROM ({cells(table, column)}) AS plain WHERE {is_plain()} UNION ALL "
        f"SELECT {JUDGED}.k AS k FROM ({cells(table, column)}) AS other JOIN {JUDGED} ON {JUDGED}.c = other.c"
    )
    return (
        "SELECT k, split_part(k, '@', 1) AS name, split_part(k, '@', 2) AS d, n FROM "
        f"(SELECT k, count(*) AS n FROM ({keys}) AS valid GROUP BY k) AS counted"
    )


def totals() -> str:
    """Return the query for the valid rows, the distinct addresses and the distinct domains."""
    return f"SELECT coalesce(sum(n), 0) AS valid, count(*) AS uniq, count(DISTINCT d) AS domains FROM {PEOPLE}"


def domains() -> str:
    """Return the query for the distinct domains with the number of their recipients."""
    return f"SELECT d, count(*) AS n FROM {PEOPLE} GROUP BY d"


def suppressed() -> str:
    """Return the query for the number of recipients on the suppression list `mailaudit_stop(k)`."""
    return f"SELECT count(*) AS n FROM {PEOPLE} WHERE k IN (SELECT k FROM {STOP})"


def roles() -> str:
    """Return the query for the number of recipients that are functions."""
    names = ", ".join(literal(name) for name in ROLE_NAMES)
    return f"SELECT count(*) AS n FROM {PEOPLE} WHERE split_part(name, '+', 1) IN ({names})"


def statements(table: str, column: str) -> tuple[str, ...]:
    """Return all statements, in the order in which they are run."""
    return (residue(table, column), people(table, column), totals(), domains(), suppressed(), roles())


def in_dialect(table: str, column: str, dialect: str) -> Iterable[str]:
    """Yield all statements in the dialect of an engine."""
    return (transpiled(statement, dialect) for statement in statements(table, column))
