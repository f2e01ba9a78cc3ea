"""The workspace of one list: its tables, what is run on them, and how far that is."""

from __future__ import annotations

import threading
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from enum import Enum
from functools import lru_cache
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar, cast

from mailaudit.errors import refused
from mailaudit.facts.recipients.tables.database import MEMORY_MB, Database, threads
from mailaudit.facts.recipients.tables.schema import columns_of

if TYPE_CHECKING:
    import duckdb

    from mailaudit.facts.recipients.progress import OnProgress, Part

# A longer list is given an MB for every so many rows: some of what is grouped cannot go to disk.
ROWS_IN_MEMORY = 25_000_000
ROWS_AN_MB = 100_000
BATCH = 20_000
# Up to so many bytes and rows, planning a statement well costs more than the statement itself.
SMALL_BYTES = 400_000
SMALL_ROWS = 5_000
_ATTEMPTS = 200
# Of small lists, parsing takes much of the time, and one is asked what the other was.
_STATEMENTS = 500
_WATCH_S = 0.5
T = TypeVar("T")
# Without these the engine does not count how far a statement is; it prints nothing itself.
_COUNTING = "SET enable_progress_bar = true; SET enable_progress_bar_print = false; SET progress_bar_time = 0"
# In a notebook, and wherever `__main__` is no file, the engine would draw its bar unasked.
_SILENT = "SET enable_progress_bar = false"


class Stopped(Exception):  # noqa: N818 - not an error: somebody pressed Ctrl-C
    """The workspace was closed while it was in use."""


class Repairs(Enum):
    """What is done about cells that plainly mean an address: nothing, a proposal, or what is proposed."""

    NONE = 0
    PROPOSED = 1
    APPLIED = 2


class Workspace:
    """The tables of one list, and a folder for the files that it needs; close it when done.

    `reads` are the files and databases that will be read: nothing is planned for the sake of speed when all are small files.
    """

    def __init__(
        self,
        progress: OnProgress | None = None,
        repairs: Repairs = Repairs.NONE,
        reads: Iterable[object] | None = None,
    ) -> None:
        import duckdb  # noqa: PLC0415 - heavy, and not needed without a list

        self._progress = progress
        self.repairs = repairs
        self.splits = False
        self.error: type[Exception] = duckdb.Error
        self._lock = threading.Lock()
        self._is_stopped = False
        self._cursors: set[duckdb.DuckDBPyConnection] = set()
        self._is_small = _are_small(reads)
        self._database = Database(is_small=self._is_small)
        self.folder, self.place = self._database.folder, self._database.place
        settings = _COUNTING if progress is not None else _SILENT
        planning = "; PRAGMA disable_optimizer" if self._is_small else ""
        self._connection = self._database.connected(settings + planning)

    def close(self) -> None:
        """Drop the tables and the folder; what another thread still does with them ends early, with `Stopped`."""
        self._is_stopped = True
        is_free = False
        for _ in range(_ATTEMPTS):
            for connection in (self._connection, *self._cursors):
                with suppress(self.error):
                    connection.interrupt()
            is_free = self._lock.acquire(timeout=0.05)
            if is_free:
                break
        with suppress(self.error):
            self._connection.close()
        with suppress(self.error):
            self._database.close()
        if is_free:
            self._lock.release()

    def make_room(self, rows: int) -> None:
        """Let the database plan and hold in memory what so many rows need."""
        if self._is_small and rows > SMALL_ROWS:
            self._is_small = False
            self.run("PRAGMA enable_optimizer")
            self.run(f"SET threads = {threads()}")
        if rows > ROWS_IN_MEMORY:
            self.run(f"SET memory_limit = '{max(MEMORY_MB, rows // ROWS_AN_MB)}MB'")

    def tell(self, phase: str, done: int = 0, total: int | None = None) -> None:
        """Tell whoever waits what is being done, and how far it is."""
        if self._progress is not None:
            self._progress(phase, done, total)

    def counted(self, rows: Iterable[T], phase: str, total: int | None = None) -> Iterator[T]:
        """Yield rows, and tell now and then how many there were."""
        for done, row in enumerate(rows):
            if not done % BATCH:
                self.tell(phase, done, total)
            yield row

    def in_turn(self, part: Part, steps: Sequence[Callable[[], object]], rows: int) -> None:
        """Take steps that each go through all rows, and tell their progress as that of the rows."""
        each = part.of / len(steps)
        for at, step in enumerate(steps):
            with self.watched(part.phase, rows, part.after + at * each, each):
                step()

    @contextmanager
    def watched(self, phase: str, total: int | None = None, before: float = 0, part: float = 1) -> Iterator[None]:
        """Tell how far a statement is that takes long, as the engine sees it.

        It is so large a part of the phase, and comes after what is before it; both are shares of one.
        """
        done = round(before * (total or 0))
        self.tell(phase, done, total)
        if self._progress is None:
            yield
            return
        is_done = threading.Event()

        def watch() -> None:
            most = done
            while not is_done.wait(_WATCH_S):
                share = max(0.0, self._connection.query_progress()) / 100
                # Of several statements the next one begins again.
                most = max(most, round((before + share * part) * (total or 0)))
                self.tell(phase, most, total)

        watcher = threading.Thread(target=watch, daemon=True)
        watcher.start()
        try:
            yield
        finally:
            is_done.set()
            watcher.join()

    def create(self, table: str, others: int = 0) -> None:
        """Create an empty table of the schema, with so many further cells, in place of one of that name."""
        self.run(f"CREATE OR REPLACE TABLE {table}({columns_of(table, others)})")

    def as_before(self, table: str, asked: Callable[[], object], made: Callable[[], T]) -> T:
        """Let a table be made and return what `made` does; small lists that ask for the same get copies of one table."""
        engine = self._database.shared
        if engine is None:
            return made()
        with engine.keeping:
            key = asked()
            if key in engine.kept:
                name, found = engine.kept[key]
                self.run(f"CREATE TABLE {table} AS FROM {name}")
            else:
                found, name = made(), engine.place()
                self.run(f"CREATE TABLE {name} AS FROM {table}")
                engine.kept[key] = name, found
        return cast("T", found)

    def made(self, table: str, query: str, *values: object) -> int:
        """Create a table of the rows of a query, and return how many there are."""
        count: int = self.one(f"CREATE TABLE {table} AS {query}", *values)
        return count

    def put(self, table: str, rows: Iterable[Sequence[object]]) -> None:
        """Create a table of the schema of these rows, in place of one of that name."""
        columns = [column.split() for column in columns_of(table).split(", ")]
        named = ", ".join(f"unnest(?::{kind}[]) AS {name}" for name, kind in columns)
        rest = iter(rows)
        first = list(islice(rest, BATCH))
        if not first:
            self.create(table)
            return
        values = [list(column) for column in zip(*first, strict=True)]
        self.run(f"CREATE OR REPLACE TABLE {table} AS SELECT {named}", *values)
        self.fill(table, [kind for _, kind in columns], rest)

    def forget(self, but: Collection[str]) -> None:
        """Drop every table and view but these."""
        told = (
            "SELECT table_type, table_name FROM information_schema.tables WHERE table_catalog = current_database()"
        )
        for kind, name in sorted(self.rows(told), reverse=True):  # views first
            if name not in but:
                self.run(f"DROP {kind.split()[-1]} {name}")

    def run(self, sql: str, *values: object) -> None:
        """Execute a statement; raises `InputError` when memory or the disk for what does not fit there is full."""
        with self._room():
            self._connection.execute(_parsed(sql), list(values))

    def rows(self, sql: str, *values: object) -> list[tuple[Any, ...]]:
        """Return all rows of a query whose result is known to be small."""
        with self._room():
            return self._connection.execute(_parsed(sql), list(values)).fetchall()

    def one(self, sql: str, *values: object) -> Any:
        """Return the only value of a query."""
        return self.rows(sql, *values)[0][0]

    def stream(self, sql: str, *values: object) -> Iterator[tuple[Any, ...]]:
        """Yield the rows of a query in batches; other statements may run meanwhile."""
        if self._is_small:  # a connection for them takes longer than they do
            yield from self.rows(sql, *values)
            return
        with self._room():
            cursor = self._database.connected()
        self._cursors.add(cursor)
        try:
            cursor.execute(_parsed(sql), list(values))
            while batch := cursor.fetchmany(BATCH):
                self.require_going()
                yield from batch
        finally:
            self._cursors.discard(cursor)
            cursor.close()

    def columns(self, sql: str, *values: object) -> dict[str, Any]:
        """Return the columns of a query as NumPy arrays."""
        with self._room():
            return self._connection.execute(_parsed(sql), list(values)).fetchnumpy()

    def fill(self, table: str, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
        """Insert rows into a table, a batch at a time; `columns` are SQL types."""
        batch: list[Sequence[object]] = []
        for row in rows:
            batch.append(row)
            if len(batch) == BATCH:
                self._insert(table, columns, batch)
                batch = []
        if batch:
            self._insert(table, columns, batch)

    def require_going(self) -> None:
        """Raise `Stopped` when the workspace was closed meanwhile."""
        if self._is_stopped:
            raise Stopped

    @contextmanager
    def _room(self) -> Iterator[None]:
        import duckdb  # noqa: PLC0415 - as above

        try:
            with self._lock:
                self.require_going()
                yield
        except duckdb.Error as error:
            if isinstance(error, duckdb.OutOfMemoryException) or "space left" in str(error):
                todo = "free some room there, or name another folder in the environment variable TMPDIR"
                what = f"{self.place}: there is no room for the list's temporary data"
                raise refused(what, todo=todo) from error
            raise

    def _insert(self, table: str, columns: Sequence[str], batch: list[Sequence[object]]) -> None:
        unnested = ", ".join(f"unnest(?::{kind}[])" for kind in columns)
        self.run(f"INSERT INTO {table} SELECT {unnested}", *[list(column) for column in zip(*batch, strict=True)])


def _are_small(paths: Iterable[object] | None) -> bool:
    if paths is None:
        return False
    sizes = [path.stat().st_size if isinstance(path, Path) and path.is_file() else None for path in paths]
    return None not in sizes and sum(size or 0 for size in sizes) <= SMALL_BYTES


@lru_cache(maxsize=_STATEMENTS)
def _parsed(sql: str) -> duckdb.Statement:
    import duckdb  # noqa: PLC0415 - as above

    return duckdb.extract_statements(sql)[0]
