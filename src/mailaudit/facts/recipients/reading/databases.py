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
from urllib.parse import quote, unquote

from mailaudit.campaign.values.types import DatabaseUrl
from mailaudit.facts.recipients.loading.text_table import distinct, work_table
from mailaudit.facts.recipients.reading.columns import Wanted, wanted_columns
from mailaudit.facts.recipients.reading.formats.parquet import ParquetSource
from mailaudit.facts.recipients.reading.rows import SAMPLE_ROWS, as_text
from mailaudit.facts.recipients.reading.source import Origin, Source, unusable
from mailaudit.facts.recipients.sql import identifier, literal

if TYPE_CHECKING:
    from mailaudit.facts.recipients.loading.engine import Workspace

BATCH = 10_000
CONNECT_S = 10
# The engine names the file by its full path, quoted.
_PATHS = re.compile(r"\s*(?:file\s+)?['\"](?:[A-Za-z]:)?[/\\][^'\"]*['\"]")
_LIMITS: dict[str, Any] = {"autoinstall_known_extensions": False, "memory_limit": "1GB"}
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
    if scheme == "duckdb":
        relation = f"({_bare(query)}\n)" if query else f"list.{_dotted(str(table))}"
        return _from_duckdb(origin, relation, wanted, whole=whole)
    statement = query or f"SELECT * FROM {_dotted(str(table))}"
    read = _sqlite_records(origin, statement) if scheme == "sqlite" else _postgres_records(origin, url, statement)
    with closing(read) as records:
        return _from_records(origin, records, wanted, work, whole=whole)


def _from_duckdb(origin: Origin, relation: str, wanted: Wanted, *, whole: bool) -> Source:
    import duckdb  # noqa: PLC0415 - heavy

    try:
        with duckdb.connect(config={**_LIMITS, "temp_directory": str(origin.folder)}) as connection:
            connection.execute(f"ATTACH {literal(str(origin.path))} AS list (READ_ONLY); USE list")
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
        told = _PATHS.sub("", str(error).partition("\n")[0]).partition(": ")[2][:200].strip()
        what = f"the database cannot be read ({told})"
        raise unusable(origin.display, what, "correct the URL, the table or the query") from error
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


def _sqlite_records(origin: Origin, statement: str) -> Records:
    try:
        with closing(sqlite3.connect(f"file:{quote(str(origin.path))}?mode=ro", uri=True)) as connection:
            connection.text_factory = lambda data: data.decode("utf-8", "replace")
            cursor = connection.execute(statement)
            yield [column[0] for column in cursor.description or ()]
            while batch := cursor.fetchmany(BATCH):
                yield from batch
    except sqlite3.Error as error:
        what = f"the database cannot be read ({error})"
        raise unusable(origin.display, what, "correct the table or the query") from error


def _postgres_records(origin: Origin, address: str, statement: str) -> Records:
    """Yield what comes through a server-side cursor; needs the package psycopg."""
    try:
        import psycopg  # type: ignore[import-not-found,unused-ignore]  # noqa: PLC0415 - an optional package
    except ImportError as error:
        what = "reading PostgreSQL needs the package psycopg"
        raise unusable(origin.display, what, "pip install 'mailaudit[postgres]'") from error
    try:
        with psycopg.connect(_patient(address)) as connection, connection.cursor("mailaudit") as cursor:
            connection.read_only = True
            cursor.itersize = BATCH
            cursor.execute(statement)
            yield [column.name for column in cursor.description or ()]
            yield from cursor
    except psycopg.Error as error:
        what = f"the database cannot be read ({str(error).partition(chr(10))[0]})"
        raise unusable(origin.display, what, "correct the URL or the query") from error


def _patient(address: str) -> str:
    """Return a URL with a limit to how long connecting may take, unless it has one."""
    if "connect_timeout=" in address:
        return address
    return f"{address}{'&' if '?' in address else '?'}connect_timeout={CONNECT_S}"


def _file(rest: str, url: DatabaseUrl) -> Path:
    """Return the path in `duckdb:///absolute` or `sqlite://relative` (to the campaign file)."""
    # Some write four slashes for an absolute path.
    path = url.folder / re.sub("^//+", "/", unquote(rest.partition("?")[0]))
    if not path.is_file():
        raise unusable(url.masked, "there is no such database file", "write for example sqlite:///srv/shop.db")
    return path


def _bare(query: str) -> str:
    """Return a query without the semicolon at its end, so that it can stand in another one."""
    return query.strip().rstrip(";").rstrip()


def _dotted(table: str) -> str:
    return ".".join(identifier(part) for part in table.split("."))
