"""Lists in a database, so that nobody must export them: DuckDB, SQLite and PostgreSQL.

A query is run once, and what it returns is kept as text: the next time it might give its rows in another order.
"""
# ruff: noqa: S608 - names are quoted as identifiers, and the query is the user's own

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Generator, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from msgspec.structs import asdict

from mailaudit.campaign.values.types import DatabaseUrl
from mailaudit.errors import InputError
from mailaudit.facts.recipients.reading.columns import Wanted, wanted_columns
from mailaudit.facts.recipients.reading.database.connections import QUERY_S, in_time, postgres_cursor, too_long
from mailaudit.facts.recipients.reading.database.copy_process import BATCH, Task, copy_records
from mailaudit.facts.recipients.reading.formats.parquet import ParquetSource
from mailaudit.facts.recipients.reading.source import Origin, Source, unusable
from mailaudit.facts.recipients.sql import dotted
from mailaudit.facts.recipients.tables.text_table import distinct
from mailaudit.reach.programs import bounded_program, was_killed

if TYPE_CHECKING:
    from mailaudit.facts.recipients.tables.engine import Workspace

TABLE_S = 1800
"""Seconds for a table, which takes as long as it is, and may be a view that never ends."""
_COPYING = "mailaudit.facts.recipients.reading.database.copy_process"
_LONGEST_ANSWER = 64 << 20
# The engine names the file by its full path, quoted.
_PATHS = re.compile(r"\s*(?:file\s+)?['\"](?:[A-Za-z]:)?[/\\][^'\"]*['\"]")
_ADDRESS = re.compile(r"[^\s\"'<>(),;:]+@[^\s\"'<>(),;:]+")


@dataclass(slots=True)
class _Choice:
    """Chooses the columns to be copied: only the wanted ones, unless the `whole` list is to be written again."""

    origin: Origin
    wanted: Wanted
    whole: bool
    column: str = ""
    columns: tuple[str, ...] = ()

    def kept(self, header: Sequence[str], sample: Sequence[Sequence[str]]) -> Sequence[int]:
        """Return the places of the columns to be copied, and remember what the wanted ones are called in the copy."""
        at = wanted_columns(header, sample, self.wanted, self.origin.display)
        kept = tuple(range(len(header)) if self.whole else dict.fromkeys(at))
        names = distinct([header[place] for place in kept])
        self.column = header[at[0]]
        self.columns = tuple(names[kept.index(place)] for place in at)
        return kept


def open_database(
    url: DatabaseUrl, wanted: Wanted, work: Workspace, *, table: str | None, query: str | None, whole: bool
) -> Source:
    """Copy a table or a query of a database to the workspace; raises `InputError`."""
    if not (table or query):
        raise unusable(url.masked, "which table holds the list?", "name recipients.table or recipients.query")
    scheme, _, rest = url.partition("://")
    copy = Path(tempfile.mkdtemp(dir=work.folder)) / "list.parquet"
    path = _file(rest, url) if scheme in {"duckdb", "sqlite"} else None
    origin = Origin(path, copy, f"{url.masked} {table or 'query'}", path.name if path else url.masked, copy.parent)
    choice = _Choice(origin, wanted, whole)
    if path:
        _copy_file(scheme, path, choice, table, query)
    else:
        statement = query or f"SELECT * FROM {dotted(str(table))}"
        with closing(_postgres_records(origin, url, statement, query)) as records:
            copy_records(records, choice.kept, work, copy, origin.display)
    return ParquetSource(origin=origin, wanted=wanted, column=choice.column, columns=choice.columns, is_copy=True)


def _copy_file(scheme: str, path: Path, choice: _Choice, table: str | None, query: str | None) -> None:
    """Let a process of its own copy from a database file."""
    origin, seconds = choice.origin, QUERY_S if query else TABLE_S
    task = Task(scheme, str(path), table, query, str(origin.data), origin.display, seconds)
    words = (sys.executable, "-P", "-m", _COPYING)
    env = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path)), "TMPDIR": str(origin.folder)}
    with bounded_program(words, seconds, stdin=subprocess.PIPE, env=env) as running:
        told = _answer(running, asdict(task), origin, seconds)
        _answer(running, choice.kept(told["header"], told["sample"]), origin, seconds)


def _answer(running: subprocess.Popen[bytes], asked: object, origin: Origin, seconds: float) -> dict[str, Any]:
    """Return what the process answers; raises `InputError` for what went wrong there."""
    line = b""
    if running.stdin and running.stdout:
        with suppress(OSError):
            running.stdin.write(json.dumps(asked).encode() + b"\n")
            running.stdin.flush()
        line = running.stdout.readline(_LONGEST_ANSWER)
    if not line:
        if was_killed(running):
            raise too_long(origin.display, seconds)
        raise unusable(origin.display, "the database engine ended without an answer", "let it do less at once")
    if not line.endswith(b"\n"):
        raise unusable(origin.display, "its columns are too many", "name them in recipients.query")
    told: dict[str, Any] = json.loads(line)
    if "error" in told:
        raise _unreadable(origin, told["error"])
    if "what" in told:
        raise unusable(origin.display, told["what"], told["todo"])
    return told


def _postgres_records(origin: Origin, address: str, statement: str, query: str | None) -> Generator[Sequence[Any]]:
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


def _unreadable(origin: Origin, error: Exception | str) -> InputError:
    """Return what an engine said: the first line, without full paths and without the addresses of rows that it quotes."""
    told = _PATHS.sub("", str(error).partition("\n")[0])
    told = _ADDRESS.sub("…@…", re.sub(r"^[\w ]+Error: ", "", told))[:200].strip()
    if "statement timeout" in told:
        return too_long(origin.display, QUERY_S)
    return unusable(
        origin.display, f"the database cannot be read ({told})", "correct the URL, the table or the query"
    )


def _file(rest: str, url: DatabaseUrl) -> Path:
    """Return the path in `duckdb:///absolute` or `sqlite://relative` (to the campaign file)."""
    # Some write four slashes for an absolute path.
    path = url.folder / re.sub("^//+", "/", unquote(rest.partition("?")[0]))
    if not path.is_file():
        raise unusable(url.masked, "there is no such database file", "write for example sqlite:///srv/shop.db")
    return path
