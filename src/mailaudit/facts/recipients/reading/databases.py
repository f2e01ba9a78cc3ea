"""Lists in a database, so that nobody must export them: DuckDB, SQLite and PostgreSQL.

A query is run once, and what it returns is kept as text: the next time it might give its rows in another order.
"""
# ruff: noqa: S608 - names are quoted as identifiers, paths as literals, and the query is the user's own

from __future__ import annotations

import re
import sqlite3
import tempfile
from collections.abc import Generator, Iterator, Sequence
from contextlib import closing
from itertools import chain, islice
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from mailaudit.campaign.values.types import DatabaseUrl
from mailaudit.errors import InputError
from mailaudit.facts.recipients.loading.text_table import distinct, work_table
from mailaudit.facts.recipients.reading.columns import Wanted, wanted_columns
from mailaudit.facts.recipients.reading.connections import (
    QUERY_S,
    duckdb_connection,
    in_time,
    postgres_cursor,
    sqlite_connection,
)
from mailaudit.facts.recipients.reading.formats.parquet import ParquetSource
from mailaudit.facts.recipients.reading.rows import SAMPLE_ROWS, as_text
from mailaudit.facts.recipients.reading.source import Origin, Source, unusable
from mailaudit.facts.recipients.sql import identifier, literal

if TYPE_CHECKING:
    from mailaudit.facts.recipients.loading.engine import Workspace

BATCH = 10_000
# The engine names the file by its full path, quoted.
_PATHS = re.compile(r"\s*(?:file\s+)?['\"](?:[A-Za-z]:)?[/\\][^'\"]*['\"]")
_ADDRESS = re.compile(r"[^\s\"'<>(),;:]+@[^\s\"'<>(),;:]+")
Records = Generator[Sequence[Any]]


def open_database(
    url: DatabaseUrl, wanted: Wanted, work: Workspace, *, table: str | None, query: str | None, whole: bool
) -> Source:
    """Copy a table or a query of a database to the workspace; raises `InputError`.

    Only the wanted columns are copied, unless the `whole` list is to be written again.
    """
    if not (table or query):
        raise unusable(url.masked, "which table holds the list?", "name recipients.table or recipients.query")
    scheme, _, rest = url.partition("://")
    copy = Path(tempfile.mkdtemp(dir=work.folder)) / "list.parquet"
    shown = f"{url.masked} {table or 'query'}"
    path = _file(rest, url) if scheme in {"duckdb", "sqlite"} else None
    origin = Origin(path, copy, shown, path.name if path else url.masked, copy.parent)
    if scheme == "duckdb" and path:
        return _from_duckdb(path, origin, query, f"list.{_dotted(str(table))}", wanted, whole=whole)
    statement = query or f"SELECT * FROM {_dotted(str(table))}"
    read = (
        _sqlite_records(path, origin, statement, is_query=query is not None)
        if path
        else _postgres_records(origin, url, statement, query)
    )
    with closing(read) as records:
        return _from_records(origin, records, wanted, work, whole=whole)


def _from_duckdb(
    path: Path, origin: Origin, query: str | None, table: str, wanted: Wanted, *, whole: bool
) -> Source:
    import duckdb  # noqa: PLC0415 - heavy

    try:
        with duckdb_connection(path, origin.data, query, origin.display) as (connection, select):
            relation = f"({select}\n)" if select else table
            found = connection.execute(f"SELECT columns(*)::VARCHAR FROM {relation} LIMIT {SAMPLE_ROWS}")
            header = [column[0] for column in found.description or ()]
            sample = [[as_text(cell) for cell in row] for row in found.fetchall()]
            columns = [header[at] for at in wanted_columns(header, sample, wanted, origin.display)]
            kept = header if whole else list(dict.fromkeys(columns))
            names = ", ".join(f"{identifier(name)}::VARCHAR AS {identifier(name)}" for name in kept)
            connection.execute(
                f"COPY (SELECT {names} FROM {relation}) TO {literal(str(origin.data))} (FORMAT parquet)"
            )
    except duckdb.Error as error:
        raise _unreadable(origin, error) from error
    return _copied(origin, wanted, columns, columns[0])


def _from_records(
    origin: Origin, records: Iterator[Sequence[Any]], wanted: Wanted, work: Workspace, *, whole: bool
) -> Source:
    """Copy records, the first of which names the columns."""
    header = [str(name) for name in next(records)]
    if not header:
        raise unusable(origin.display, "the query returns no columns", "select those of the list")
    head = list(islice(records, SAMPLE_ROWS))
    sample = [[as_text(cell) for cell in record] for record in head]
    at = wanted_columns(header, sample, wanted, origin.display)
    kept = range(len(header)) if whole else tuple(dict.fromkeys(at))
    names = distinct([header[place] for place in kept])
    table = work_table(work, "from_database", len(names))
    for record in chain(head, records):
        table.add([as_text(record[place]) for place in kept])
    table.write_parquet(origin.data, names)
    return _copied(origin, wanted, [names[tuple(kept).index(place)] for place in at], header[at[0]])


def _copied(origin: Origin, wanted: Wanted, columns: Sequence[str], column: str) -> Source:
    return ParquetSource(origin=origin, wanted=wanted, column=column, columns=tuple(columns), is_copy=True)


def _sqlite_records(path: Path, origin: Origin, statement: str, *, is_query: bool) -> Records:
    try:
        with sqlite_connection(path, is_query=is_query) as connection:
            cursor = connection.execute(statement)
            yield [column[0] for column in cursor.description or ()]
            while batch := cursor.fetchmany(BATCH):
                yield from batch
    except (sqlite3.Error, sqlite3.Warning) as error:
        raise _unreadable(origin, error) from error


def _postgres_records(origin: Origin, address: str, statement: str, query: str | None) -> Records:
    """Yield what comes through a server-side cursor; needs the package psycopg."""
    try:
        import psycopg  # type: ignore[import-not-found,unused-ignore]  # noqa: PLC0415 - an optional package
    except ImportError as error:
        what = "reading PostgreSQL needs the package psycopg"
        raise unusable(origin.display, what, "pip install 'mailaudit[postgres]'") from error
    try:
        with postgres_cursor(psycopg, address, query, origin.display) as cursor:
            cursor.itersize = BATCH
            cursor.execute(statement)
            yield [column.name for column in cursor.description or ()]
            yield from in_time(cursor, origin.display) if query else cursor
    except psycopg.Error as error:
        raise _unreadable(origin, error) from error


def _unreadable(origin: Origin, error: Exception) -> InputError:
    """Return what an engine said: the first line, without full paths and without the addresses of rows that it quotes."""
    told = _PATHS.sub("", str(error).partition("\n")[0])
    told = _ADDRESS.sub("…@…", re.sub(r"^[\w ]+Error: ", "", told))[:200].strip()
    is_late = "interrupt" in told.lower() or "statement timeout" in told
    what = f"the query took longer than {QUERY_S} s" if is_late else f"the database cannot be read ({told})"
    return unusable(origin.display, what, "correct the URL, the table or the query")


def _file(rest: str, url: DatabaseUrl) -> Path:
    """Return the path in `duckdb:///absolute` or `sqlite://relative` (to the campaign file)."""
    # Some write four slashes for an absolute path.
    path = url.folder / re.sub("^//+", "/", unquote(rest.partition("?")[0]))
    if not path.is_file():
        raise unusable(url.masked, "there is no such database file", "write for example sqlite:///srv/shop.db")
    return path


def _dotted(table: str) -> str:
    return ".".join(identifier(part) for part in table.split("."))
