"""Connections to somebody's database: one SELECT over that database, and no other file, network, setting or write.

The campaign file may come from a stranger, so the query is data: its engine counts and classifies the statements, reaches
nothing but the named database. Time and memory are bounded by the process (`copy_process`), or by the server.
Sources: DuckDB, "Securing DuckDB"; SQLite, "Defense Against The Dark Arts" and "Compile-Time Authorization Callbacks";
PostgreSQL, "SET TRANSACTION", "Function Volatility Categories" and "Client Connection Defaults".
"""

from __future__ import annotations

import re
import sqlite3
import time
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from mailaudit.errors import InputError
from mailaudit.facts.recipients.reading.source import unusable
from mailaudit.facts.recipients.sql import literal
from mailaudit.facts.recipients.tables.database import threads

if TYPE_CHECKING:
    import duckdb

QUERY_S = 60
"""Seconds that a query may take."""
CONNECT_S = 10
_HOW = "recipients.query takes one SELECT over the named database"
_LONGEST_CELL = 16 << 20
_READS = frozenset({sqlite3.SQLITE_SELECT, sqlite3.SQLITE_READ, sqlite3.SQLITE_RECURSIVE})
_LOADERS = frozenset({"load_extension", "fts3_tokenizer"})
_WORDS, _QUOTED = re.compile(r"[^\W\d][\w$]*"), re.compile(r'"([^"]+)"')
_CALLED = re.compile(r'(?:"([^"]+)"|([^\W\d][\w$]*))\s*\(')
_ESCAPED_NAME = re.compile(r"\bU&\"", re.IGNORECASE)
_HARMLESS = frozenset({"bernoulli", "clock_timestamp", "gen_random_uuid", "random", "system", "timeofday"})
_EFFECTS = """
WITH effect AS (
    SELECT proname::text AS name, p.oid, proargtypes[0] AS of FROM pg_catalog.pg_proc p
    LEFT JOIN pg_catalog.pg_aggregate ON aggfnoid = p.oid
    WHERE provolatile = 'v' OR EXISTS (
        SELECT FROM pg_catalog.pg_proc s WHERE s.oid IN (aggtransfn, aggfinalfn) AND s.provolatile = 'v'
    ) OR pronamespace = 'pg_catalog'::regnamespace AND (left(proname, 3) = 'pg_' OR proname = 'current_setting')
)
SELECT min(name) FROM (
    SELECT name FROM effect WHERE name = ANY(%(called)s::text[])
    UNION ALL SELECT name FROM effect JOIN pg_catalog.pg_type t ON t.oid = of
        WHERE typtype IN ('c', 'd', 'p') AND name = ANY(%(words)s::text[])
    UNION ALL SELECT oprname::text FROM effect JOIN pg_catalog.pg_operator ON oprcode = effect.oid
        WHERE left(name, 3) <> 'pg_' AND position(oprname::text IN %(query)s::text) > 0
    UNION ALL SELECT relname::text FROM pg_catalog.pg_class
        WHERE relnamespace = 'pg_catalog'::regnamespace AND relname::text = ANY(%(words)s::text[])
) AS named
"""
_SPARK_FILES = frozenset({"avro", "binaryfile", "csv", "delta", "json", "orc", "parquet", "text"})
_PLAIN_NAME = re.compile(r"[\w$-]+")
_SPARK_CODE = frozenset(
    {"identifier", "java_method", "python_data_source", "read_files", "reflect", "try_reflect"}
)


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
            "threads": threads(),
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
def sqlite_connection(path: Path) -> Iterator[sqlite3.Connection]:
    """Yield a connection that can but read; what else is asked raises `sqlite3.DatabaseError`."""
    with closing(sqlite3.connect(f"file:{quote(str(path))}?mode=ro", uri=True)) as connection:
        connection.text_factory = lambda data: data.decode("utf-8", "replace")
        for pragma in ("query_only = ON", "trusted_schema = OFF"):
            connection.execute(f"PRAGMA {pragma}")
        connection.setlimit(sqlite3.SQLITE_LIMIT_ATTACHED, 0)
        connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, _LONGEST_CELL)
        connection.set_authorizer(_authorized)
        yield connection


@contextmanager
def postgres_cursor(psycopg: Any, address: str, query: str | None, name: str) -> Iterator[Any]:
    """Yield a cursor in a transaction that can but read; raises `InputError` for a query that calls what does more."""
    settings = f"-c default_transaction_read_only=on -c statement_timeout={round(QUERY_S * 1000)}"
    patience = {} if "connect_timeout=" in address else {"connect_timeout": CONNECT_S}
    with psycopg.connect(address, options=settings, **patience) as connection:
        connection.read_only = True
        if query is None:
            with connection.cursor("mailaudit") as cursor:
                yield cursor
            return
        if called := _with_effects(connection, query):
            raise unusable(name, f"the query names {called}, which may do more than read tables", _HOW)
        with connection.cursor("mailaudit") as cursor:
            yield cursor


def in_time(rows: Iterable[Any], name: str) -> Iterator[Any]:
    """Yield the rows of a query until its time is over, which raises `InputError`; the server bounds each batch alone."""
    stop = time.monotonic() + QUERY_S
    for row in rows:
        if time.monotonic() > stop:
            raise too_long(name, QUERY_S)
        yield row


def too_long(name: str, seconds: float) -> InputError:
    """Return the error that a query took longer than so many seconds."""
    return unusable(name, f"the query took longer than {seconds} s", _HOW)


def _with_effects(connection: Any, query: str) -> str | None:
    """Return a word of a query by which the server knows what reaches beyond tables: its files, settings or other sessions.

    A transaction that can but read does not keep a function from reading and writing files or from connecting elsewhere;
    the catalogue calls each of these volatile (PostgreSQL, "Function Volatility Categories"). One with a row for its only
    argument may be called like a column of it ("Using Composite Types in Queries").
    """
    if _ESCAPED_NAME.search(query):
        return 'U&"…"'
    # A quotation mark may stand in a literal: no word of the text is passed over.
    words = {*_WORDS.findall(query), *_QUOTED.findall(query)}
    has_comment = "--" in query or "/*" in query
    called = words if has_comment else {quoted or plain for quoted, plain in _CALLED.findall(query)}
    asked = {"words": _in_any_case(words), "called": _in_any_case(called), "query": query}
    found = connection.execute(_EFFECTS, asked).fetchone()[0]
    # A database of no known encoding answers in octets.
    return found.decode(errors="replace") if isinstance(found, bytes) else found


def _in_any_case(words: set[str]) -> list[str]:
    return [*(words | {word.lower() for word in words}) - _HARMLESS]


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
    tables = [table for table in statement.find_all(exp.Table) if table.name]
    files = [
        one for one in tables if one.db.lower() in _SPARK_FILES or not all(_is_plain(part) for part in one.parts)
    ]
    named = {call.name.lower() for call in statement.find_all(exp.Anonymous)}
    called = {call.key.lower() for call in statement.find_all(exp.Func)} | named
    # Spark puts variables of the environment and settings in the place of ${…}, within literals too.
    is_beyond = "${" in query or files or called & _SPARK_CODE
    if is_beyond or statement.find(exp.QueryTransform, exp.Command):
        raise unusable(name, "the query reaches beyond tables, to files, settings or programs", _HOW)


def _is_plain(part: Any) -> bool:
    return _PLAIN_NAME.fullmatch(part.name) is not None


def _authorized(action: int, first: str | None, second: str | None, *_: object) -> int:
    is_call = action == sqlite3.SQLITE_FUNCTION and (second or "").lower() not in _LOADERS
    del first
    return sqlite3.SQLITE_OK if action in _READS or is_call else sqlite3.SQLITE_DENY
