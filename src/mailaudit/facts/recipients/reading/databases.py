"""Lists in a database, so that nobody must export them: DuckDB, SQLite and PostgreSQL."""
# ruff: noqa: S608 - the table's name is quoted as an identifier, and the query is the user's own

from __future__ import annotations

import re
import sqlite3
from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote

from mailaudit.campaign.values.types import DatabaseUrl
from mailaudit.facts.recipients.loading.fast_path_sql import literal
from mailaudit.facts.recipients.reading.columns import Wanted, wanted_columns
from mailaudit.facts.recipients.reading.duckdb_tables import identifier, open_relation
from mailaudit.facts.recipients.reading.json_lines import as_text
from mailaudit.facts.recipients.reading.rows import Row, Source, stamp, unusable

SAMPLE_ROWS = 200
BATCH = 10_000
CONNECT_S = 10


def open_database(url: DatabaseUrl, wanted: Wanted, *, table: str | None, query: str | None) -> Source:
    """Open a table or a query of a database; raises `InputError`."""
    if not (table or query):
        raise unusable(url.masked, "which table holds the list?", "name recipients.table or recipients.query")
    scheme, _, rest = url.partition("://")
    shown = f"{url.masked} {table or 'query'}"
    if scheme == "duckdb":
        path = _file(rest, url)
        attach = f"ATTACH {literal(str(path))} AS list (READ_ONLY)"
        relation = f"({_bare(query)}\n)" if query else f"list.{_dotted(str(table))}"
        return open_relation(path, relation, wanted, display=shown, name=path.name, attach=f"{attach}; USE list")
    statement = query or f"SELECT * FROM {_dotted(str(table))}"
    if scheme == "sqlite":
        path = _file(rest, url)
        return _opened(SqliteSource(path, str(path), statement, (0,), shown, path.name, ""), wanted)
    return _opened(PostgresSource(None, str(url), statement, (0,), shown, url.masked, ""), wanted)


@dataclass(slots=True)
class _QuerySource(ABC):
    """A query of a database; `columns` are the places of the wanted ones."""

    path: Path | None
    address: str
    statement: str
    columns: tuple[int, ...]
    display: str
    name: str
    column: str
    encoding: str = ""
    takes_hashes: bool = False

    @abstractmethod
    def records(self) -> Iterator[tuple[Sequence[str], Sequence[Any]]]:
        """Yield the column names with each record, and first alone."""

    def rows(self) -> Iterator[Row]:
        """Yield every row in order."""
        number = 0
        for _names, record in self.records():
            if record:
                number += 1
                cell, *others = (as_text(record[at]) for at in self.columns)
                yield Row(number, cell, tuple(others))


@dataclass(slots=True)
class SqliteSource(_QuerySource):
    """A query of an SQLite file, opened for reading only."""

    def records(self) -> Iterator[tuple[Sequence[str], Sequence[Any]]]:
        """Yield the column names with each record."""
        try:
            with closing(sqlite3.connect(f"file:{quote(self.address)}?mode=ro", uri=True)) as connection:
                connection.text_factory = lambda data: data.decode("utf-8", "replace")
                cursor = connection.execute(self.statement)
                names = [column[0] for column in cursor.description or ()]
                yield names, ()
                while batch := cursor.fetchmany(BATCH):
                    for record in batch:
                        yield names, record
        except sqlite3.Error as error:
            raise unusable(
                self.display, f"the database cannot be read ({error})", "correct the table or the query"
            ) from error

    def stamp(self) -> object:
        """Return the size and the time of the last change."""
        return stamp(self.path) if self.path else None


@dataclass(slots=True)
class PostgresSource(_QuerySource):
    """A query of a PostgreSQL database, read through a server-side cursor; needs the package psycopg."""

    def records(self) -> Iterator[tuple[Sequence[str], Sequence[Any]]]:
        """Yield the column names with each record."""
        try:
            import psycopg  # type: ignore[import-not-found,unused-ignore]  # noqa: PLC0415 - an optional package
        except ImportError as error:
            raise unusable(
                self.display, "reading PostgreSQL needs the package psycopg", "pip install 'mailaudit[postgres]'"
            ) from error
        try:
            with psycopg.connect(_patient(self.address)) as connection, connection.cursor("mailaudit") as cursor:
                connection.read_only = True
                cursor.itersize = BATCH
                cursor.execute(self.statement)
                names = [column.name for column in cursor.description or ()]
                yield names, ()
                for record in cursor:
                    yield names, record
        except psycopg.Error as error:
            told = str(error).partition("\n")[0]
            raise unusable(
                self.display, f"the database cannot be read ({told})", "correct the URL or the query"
            ) from error

    def stamp(self) -> object:
        """Return nothing: a query sees one state of the database."""
        return None


def _patient(address: str) -> str:
    """Return a URL with a limit to how long connecting may take, unless it has one."""
    if "connect_timeout=" in address:
        return address
    return f"{address}{'&' if '?' in address else '?'}connect_timeout={CONNECT_S}"


def _opened(source: SqliteSource | PostgresSource, wanted: Wanted) -> Source:
    """Find the wanted columns from the first records."""
    head = list(islice(source.records(), SAMPLE_ROWS))
    names = head[0][0] if head else ()
    sample = [[as_text(cell) for cell in record] for _, record in head if record]
    source.columns = wanted_columns(names, sample, wanted, source.display)
    source.column = names[source.columns[0]] if names else ""
    source.takes_hashes = wanted.takes_hashes
    return source


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
