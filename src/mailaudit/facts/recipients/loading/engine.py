"""A DuckDB database for one run: bounded memory, spill to a temporary folder, gone afterwards."""

from __future__ import annotations

import os
import tempfile
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from mailaudit.errors import refused
from mailaudit.facts.recipients.loading.repairs import Repairs
from mailaudit.facts.recipients.loading.schema import columns_of
from mailaudit.reach.leftovers import IN_USE, SCRATCH, hold, sweep

if TYPE_CHECKING:
    import duckdb

    from mailaudit.facts.recipients.progress import OnProgress

# What DuckDB may hold in memory, in MB; the rest goes to disk. 20 million rows then stay below 600 MiB of resident memory.
MEMORY_MB = 256
# A longer list is given an MB for every so many rows: some of what is grouped cannot go to disk.
ROWS_IN_MEMORY = 25_000_000
ROWS_AN_MB = 100_000
MAX_THREADS = 4
BATCH = 20_000
# Up to so many bytes and rows, planning a statement well costs more than the statement itself.
SMALL_BYTES = 400_000
SMALL_ROWS = 5_000
_ATTEMPTS = 200
_WATCH_S = 0.5
T = TypeVar("T")
# Without these the engine does not count how far a statement is; it prints nothing itself.
_COUNTING = (
    "SET enable_progress_bar = true",
    "SET enable_progress_bar_print = false",
    "SET progress_bar_time = 0",
)
# In a notebook, and wherever `__main__` is no file, the engine would draw its bar unasked.
_SILENT = ("SET enable_progress_bar = false",)


class Stopped(Exception):  # noqa: N818 - not an error: somebody pressed Ctrl-C
    """The workspace was closed while it was in use."""


class Workspace:
    """An in-memory database and a folder for the files that it needs; close it when done."""

    def __init__(self, progress: OnProgress | None = None, repairs: Repairs = Repairs.NONE) -> None:
        self._progress = progress
        self.repairs = repairs
        self.splits = False
        self._is_small = False
        import duckdb  # noqa: PLC0415 - heavy, and not needed without a list

        sweep(Path(tempfile.gettempdir()), f"{SCRATCH}*", IN_USE)
        self._temporary = tempfile.TemporaryDirectory(prefix=SCRATCH, ignore_cleanup_errors=True)
        self.folder = Path(self._temporary.name)
        self._held = hold(self.folder / IN_USE)
        self.error: type[Exception] = duckdb.Error
        self._lock = threading.Lock()
        self._is_stopped = False
        self._cursors: set[duckdb.DuckDBPyConnection] = set()
        self._connection = start(self.folder / "spill")
        for setting in _COUNTING if progress is not None else _SILENT:
            self._connection.execute(setting)

    def close(self) -> None:
        """Drop the database and the folder; what another thread still does with them ends early, with `Stopped`."""
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
        with suppress(OSError):
            os.close(self._held)
        self._temporary.cleanup()
        if is_free:
            self._lock.release()

    def expect(self, paths: Iterable[object]) -> None:
        """Plan nothing for the sake of speed when all of a list's files are small."""
        sizes = [path.stat().st_size if isinstance(path, Path) and path.is_file() else None for path in paths]
        self._is_small = None not in sizes and sum(size or 0 for size in sizes) <= SMALL_BYTES
        if self._is_small:
            self.run("PRAGMA disable_optimizer")
            self.run("SET threads = 1")

    def make_room(self, rows: int) -> None:
        """Let the database plan and hold in memory what so many rows need."""
        if self._is_small and rows > SMALL_ROWS:
            self._is_small = False
            self.run("PRAGMA enable_optimizer")
            self.run(f"SET threads = {_threads()}")
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

    def in_turn(self, phase: str, steps: Sequence[Callable[[], object]], rows: int) -> None:
        """Take steps that each go through all rows, and tell their progress as that of the rows."""
        for at, step in enumerate(steps):
            with self.watched(phase, rows, at / len(steps), 1 / len(steps)):
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
        """Create an empty table of the schema, with so many further cells."""
        self.run(f"CREATE TABLE {table}({columns_of(table, others)})")

    def run(self, sql: str, *values: object) -> None:
        """Execute a statement; raises `InputError` when memory or the disk for what does not fit there is full."""
        with self._room():
            self._connection.execute(sql, list(values))

    def rows(self, sql: str, *values: object) -> list[tuple[Any, ...]]:
        """Return all rows of a query whose result is known to be small."""
        with self._room():
            return self._connection.execute(sql, list(values)).fetchall()

    def one(self, sql: str, *values: object) -> Any:
        """Return the only value of a query."""
        return self.rows(sql, *values)[0][0]

    def stream(self, sql: str, *values: object) -> Iterator[tuple[Any, ...]]:
        """Yield the rows of a query in batches; other statements may run meanwhile."""
        with self._room():
            cursor = self._connection.cursor()
        self._cursors.add(cursor)
        try:
            cursor.execute(sql, list(values))
            while batch := cursor.fetchmany(BATCH):
                self.require_going()
                yield from batch
        finally:
            self._cursors.discard(cursor)
            cursor.close()

    def columns(self, sql: str, *values: object) -> dict[str, Any]:
        """Return the columns of a query as NumPy arrays."""
        with self._room():
            return self._connection.execute(sql, list(values)).fetchnumpy()

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
                what = f"{self.folder.parent}: there is no room for the list's temporary data"
                raise refused(what, todo=todo) from error
            raise

    def _insert(self, table: str, columns: Sequence[str], batch: list[Sequence[object]]) -> None:
        unnested = ", ".join(f"unnest(?::{kind}[])" for kind in columns)
        self.run(f"INSERT INTO {table} SELECT {unnested}", *[list(column) for column in zip(*batch, strict=True)])


def _threads() -> int:
    return min(os.cpu_count() or 1, MAX_THREADS)


def start(spill: Path) -> duckdb.DuckDBPyConnection:
    """Return a connection to a new engine, bounded in memory and threads, that spills to a folder."""
    import duckdb  # noqa: PLC0415 - as above

    return duckdb.connect(
        ":memory:",
        config={
            "memory_limit": f"{MEMORY_MB}MB",
            "threads": _threads(),
            "temp_directory": str(spill),
            "autoinstall_known_extensions": False,
            "autoload_known_extensions": False,
        },
    )
