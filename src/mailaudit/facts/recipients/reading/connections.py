"""Connections to somebody's database: one SELECT over that database, and no other file, network, setting or write.

The campaign file may come from a stranger, so the query is data: its engine counts and classifies the statements, reaches
nothing but the named database, and is stopped when its time is over.
Sources: DuckDB, "Securing DuckDB"; SQLite, "Defense Against The Dark Arts" and "Compile-Time Authorization Callbacks";
PostgreSQL, "SET TRANSACTION" and "Client Connection Defaults".
"""

from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from mailaudit.facts.recipients.reading.source import unusable
from mailaudit.facts.recipients.sql import literal

if TYPE_CHECKING:
    import duckdb

QUERY_S = 60
"""Seconds that a query may take; a table as a whole takes as long as it is."""
CONNECT_S = 10
_HOW = "recipients.query takes one SELECT over the named database"
_LONGEST_CELL = 16 << 20
_STEPS_BETWEEN_LOOKS = 10_000
_READS = frozenset({sqlite3.SQLITE_SELECT, sqlite3.SQLITE_READ, sqlite3.SQLITE_RECURSIVE})
_LOADERS = frozenset({"load_extension", "fts3_tokenizer"})
_SPARK_FILES = frozenset({"avro", "binaryfile", "csv", "delta", "json", "orc", "parquet", "text"})
_SPARK_CODE = frozenset({"java_method", "read_files", "reflect", "try_reflect"})


@contextmanager
def duckdb_connection(
    path: Path, copy: Path, query: str | None, name: str
) -> Iterator[tuple[duckdb.DuckDBPyConnection, str | None]]:
    """Yield a connection that reads one database file and may write the one `copy`, and the text of the SELECT.

    Raises `InputError` for a query that is anything else.
    """
    import duckdb  # noqa: PLC0415 - heavy

    with duckdb.connect(
        config={
            "autoinstall_known_extensions": False,
            "autoload_known_extensions": False,
            "memory_limit": "1GB",
            "temp_directory": str(copy.parent),
        }
    ) as connection:
        connection.execute(f"ATTACH {literal(str(path))} AS list (READ_ONLY)")
        connection.execute(f"SET allowed_paths = [{literal(str(copy))}]")
        for setting in ("enable_external_access = false", "lock_configuration = true"):
            connection.execute(f"SET {setting}")
        connection.execute("USE list")
        if query is None:
            yield connection, None
            return
        statements = connection.extract_statements(query)
        if len(statements) != 1 or statements[0].type != duckdb.StatementType.SELECT:
            raise unusable(name, "the query is not one SELECT", _HOW)
        with _stopped_after(QUERY_S, connection.interrupt):
            yield connection, _without_tail(query, duckdb.tokenize(query))


def _without_tail(query: str, tokens: list[tuple[int, Any]]) -> str:
    """Return a statement without the semicolons and comments behind it, so that it can stand in another one."""
    octets = query.encode()
    for start, kind in reversed(tokens):
        if kind.name != "comment" and octets[start : start + 1] != b";":
            break
        octets = octets[:start]
    return octets.decode()


@contextmanager
def sqlite_connection(path: Path, *, is_query: bool) -> Iterator[sqlite3.Connection]:
    """Yield a connection that can but read; what else is asked raises `sqlite3.DatabaseError`."""
    with closing(sqlite3.connect(f"file:{quote(str(path))}?mode=ro", uri=True)) as connection:
        connection.text_factory = lambda data: data.decode("utf-8", "replace")
        for pragma in ("query_only = ON", "trusted_schema = OFF"):
            connection.execute(f"PRAGMA {pragma}")
        connection.setlimit(sqlite3.SQLITE_LIMIT_ATTACHED, 0)
        connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, _LONGEST_CELL)
        connection.set_authorizer(_authorized)
        if is_query:
            stop = time.monotonic() + QUERY_S
            connection.set_progress_handler(lambda: time.monotonic() > stop, _STEPS_BETWEEN_LOOKS)
        yield connection


@contextmanager
def postgres_cursor(psycopg: Any, address: str) -> Iterator[Any]:
    """Yield a cursor in a transaction that can but read, and whose statements end in time."""
    settings = f"-c default_transaction_read_only=on -c statement_timeout={QUERY_S}s"
    patience = {} if "connect_timeout=" in address else {"connect_timeout": CONNECT_S}
    with psycopg.connect(address, options=settings, **patience) as connection:
        connection.read_only = True
        with connection.cursor("mailaudit") as cursor:
            yield cursor


def require_spark_select(query: str, name: str) -> None:
    """Raise `InputError` for what is not one SELECT over tables: no command, file, script or method of Java."""
    import sqlglot  # noqa: PLC0415 - an optional package
    from sqlglot import exp  # noqa: PLC0415 - as above

    try:
        parsed = [one for one in sqlglot.parse(query, dialect="spark") if one is not None]
    except sqlglot.errors.SqlglotError:
        parsed = []
    if len(parsed) != 1 or not isinstance(parsed[0], exp.Query):
        raise unusable(name, "the query is not one SELECT", _HOW)
    statement = parsed[0]
    files = [table for table in statement.find_all(exp.Table) if table.db.lower() in _SPARK_FILES]
    named = {call.name.lower() for call in statement.find_all(exp.Anonymous)}
    called = {call.key.lower() for call in statement.find_all(exp.Func)} | named
    if files or called & _SPARK_CODE or statement.find(exp.QueryTransform, exp.Command):
        raise unusable(name, "the query reaches beyond tables, to files or programs", _HOW)


def _authorized(action: int, first: str | None, second: str | None, *_: object) -> int:
    is_call = action == sqlite3.SQLITE_FUNCTION and (second or "").lower() not in _LOADERS
    del first
    return sqlite3.SQLITE_OK if action in _READS or is_call else sqlite3.SQLITE_DENY


@contextmanager
def _stopped_after(seconds: float, stop: Any) -> Iterator[None]:
    timer = threading.Timer(seconds, stop)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
