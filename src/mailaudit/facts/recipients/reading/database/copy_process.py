"""A process of its own that copies a table or a SELECT of a database file; what it holds may be a query too (a view).

No engine bounds the memory of each of its functions or stops within one (`repeat`, `damerau_levenshtein`): the system
bounds the process, and whoever started it ends it. It is asked and answers in lines of JSON: the task; the names of the
columns and the first rows; which columns are wanted; the end.
Sources: setrlimit(2), RLIMIT_DATA and RLIMIT_FSIZE; SQLite, "Defense Against The Dark Arts".
"""
# ruff: noqa: S608 - names are quoted as identifiers, paths as literals, and the query is the user's own

from __future__ import annotations

import json
import signal
import sqlite3
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, suppress
from itertools import chain, islice
from pathlib import Path
from typing import Any

from msgspec import Struct

from mailaudit.errors import InputError
from mailaudit.facts.recipients.reading.database.connections import duckdb_connection, sqlite_connection
from mailaudit.facts.recipients.reading.rows import SAMPLE_ROWS, as_text
from mailaudit.facts.recipients.reading.source import unusable
from mailaudit.facts.recipients.sql import dotted, identifier, literal
from mailaudit.facts.recipients.tables.engine import Workspace
from mailaudit.facts.recipients.tables.text_table import distinct, work_table
from mailaudit.reach.confinement import confine

MEMORY = 1536 << 20
FILE = 16 << 30
BATCH = 10_000
_SHOWN = 300
Ask = Callable[[Sequence[str], Sequence[Sequence[str]]], Sequence[int]]


class Task(Struct, frozen=True):
    """A table or a query of a database file, where its copy goes, what reports call it, and how many seconds it has."""

    scheme: str
    path: str
    table: str | None
    query: str | None
    copy: str
    name: str
    seconds: float


def copy_records(records: Iterator[Sequence[Any]], ask: Ask, work: Workspace, copy: Path, name: str) -> None:
    """Write the asked columns of records, the first of which names them, to a Parquet file as text."""
    header = [str(column) for column in next(records)]
    if not header:
        raise unusable(name, "the query returns no columns", "select those of the list")
    head = list(islice(records, SAMPLE_ROWS))
    kept = ask(header, [[as_text(cell) for cell in record] for record in head])
    table = work_table(work, "from_database", len(kept))
    for record in chain(head, records):
        table.add([as_text(record[place]) for place in kept])
    table.write_parquet(copy, distinct([header[place] for place in kept]))


def copy_from_file(task: Task, ask: Ask) -> None:
    """Write the asked columns of a table or a query to a Parquet file as text; raises `InputError` or as the engine does."""
    if task.scheme == "duckdb":
        _copy_duckdb(task, ask)
        return
    work = Workspace()
    try:
        statement = task.query or f"SELECT * FROM {dotted(str(task.table))}"
        with closing(_sqlite_records(Path(task.path), statement)) as records:
            copy_records(records, ask, work, Path(task.copy), task.name)
    finally:
        work.close()


def _copy_duckdb(task: Task, ask: Ask) -> None:
    with duckdb_connection(Path(task.path), Path(task.copy), task.query, task.name) as (connection, select):
        relation = f"({select}\n)" if select else f"list.{dotted(str(task.table))}"
        found = connection.execute(f"SELECT columns(*)::VARCHAR FROM {relation} LIMIT {SAMPLE_ROWS}")
        header = [column[0] for column in found.description or ()]
        kept = [header[at] for at in ask(header, [[as_text(cell) for cell in row] for row in found.fetchall()])]
        pairs = zip(kept, distinct(kept), strict=True)
        names = ", ".join(f"{identifier(old)}::VARCHAR AS {identifier(new)}" for old, new in pairs)
        connection.execute(f"COPY (SELECT {names} FROM {relation}) TO {literal(task.copy)} (FORMAT parquet)")


def _sqlite_records(path: Path, statement: str) -> Any:
    with sqlite_connection(path) as connection:
        cursor = connection.execute(statement)
        yield [column[0] for column in cursor.description or ()]
        while batch := cursor.fetchmany(BATCH):
            yield from batch


def _bound(seconds: float) -> None:
    with suppress(ImportError):  # Windows has none
        import resource  # noqa: PLC0415 - as above

        for kind, most in (
            (resource.RLIMIT_DATA, MEMORY),
            (resource.RLIMIT_FSIZE, FILE),
            (resource.RLIMIT_CORE, 0),
        ):
            hard = resource.getrlimit(kind)[1]
            resource.setrlimit(kind, (most if hard == resource.RLIM_INFINITY else min(most, hard), hard))
        # Should nobody be there any more to end it.
        signal.alarm(int(seconds) + 5)


def _ask(header: Sequence[str], sample: Sequence[Sequence[str]]) -> Sequence[int]:
    _tell(header=list(header), sample=[[cell[:_SHOWN] for cell in row] for row in sample])
    kept: Sequence[int] = json.loads(sys.stdin.readline())
    return kept


def _tell(**told: object) -> None:
    print(json.dumps(told), flush=True)  # noqa: T201 - whoever started this process reads it


def _main() -> None:
    import duckdb  # noqa: PLC0415 - heavy

    task = Task(**json.loads(sys.stdin.readline()))
    _bound(task.seconds)
    path = Path(task.path)
    # SQLite makes files beside its own to read one that others write to meanwhile ("Write-Ahead Logging").
    writable = {Path(task.copy).parent, *([path.parent] if task.scheme == "sqlite" else [])}
    # Where the kernel cannot, the engines' own bounds stand alone.
    confine((path, path.with_name(f"{path.name}.wal")), writable, ())
    try:
        copy_from_file(task, _ask)
        _tell(done=True)
    except (MemoryError, duckdb.OutOfMemoryException):
        todo = "let it make fewer or shorter values"
        _tell(what=f"the query needs more than {MEMORY >> 20} MiB of memory", todo=todo)
    except InputError as error:
        _tell(what=error.complaints[0].what, todo=error.complaints[0].todo)
    except (duckdb.Error, sqlite3.Error, sqlite3.Warning) as error:
        _tell(error=str(error).partition("\n")[0][:2000])


if __name__ == "__main__":
    _main()
