"""Databases in memory, one for each list, in engines that are bounded in memory and spill to a folder.

To start an engine takes longer than to judge a thousand rows: small lists share one, which lives as long as the process.
"""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
from contextlib import suppress
from itertools import count
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any

from mailaudit.reach.leftovers import IN_USE, SCRATCH, hold, sweep

if TYPE_CHECKING:
    import duckdb

# What DuckDB may hold in memory, in MB; the rest goes to disk. 20 million rows then stay below 600 MiB of resident memory.
MEMORY_MB = 256
MAX_THREADS = 4
# So many tables are kept for the next small lists.
_MOST_KEPT = 8
_STARTING = Lock()


class Engine:
    """A DuckDB engine, and a folder for the files that it and its lists need."""

    def __init__(self, threads: int) -> None:
        import duckdb  # noqa: PLC0415 - heavy, and not needed without a list

        sweep(Path(tempfile.gettempdir()), f"{SCRATCH}*", IN_USE)
        self._temporary = tempfile.TemporaryDirectory(prefix=SCRATCH, ignore_cleanup_errors=True)
        self.folder = Path(self._temporary.name)
        self._held = hold(self.folder / IN_USE)
        self._numbers = count()
        self.kept: dict[object, tuple[str, Any]] = {}
        self.keeping = Lock()
        self.process = os.getpid()
        self._connection = duckdb.connect(
            ":memory:",
            config={
                "memory_limit": f"{MEMORY_MB}MB",
                "threads": threads,
                "temp_directory": str(self.folder / "spill"),
                "autoinstall_known_extensions": False,
                "autoload_known_extensions": False,
            },
        )

    def database(self) -> str:
        """Return the name of a new database."""
        name = f"list_{next(self._numbers)}"
        self.connected(f"ATTACH ':memory:' AS {name}").close()
        return name

    def place(self) -> str:
        """Return the name for a table that is kept; the oldest one makes room."""
        if len(self.kept) == _MOST_KEPT:
            self.connected(f"DROP TABLE {self.kept.pop(next(iter(self.kept)))[0]}").close()
        return f"memory.main.kept_{next(self._numbers)}"

    def connected(self, statements: str) -> duckdb.DuckDBPyConnection:
        """Return a new connection on which statements were executed."""
        connection = self._connection.cursor()
        connection.execute(statements)
        return connection

    def close(self) -> None:
        """Drop every database and the folder."""
        if self.process != os.getpid():
            return
        self._connection.close()
        with suppress(OSError):
            os.close(self._held)
        self._temporary.cleanup()


class Database:
    """The database of one list, and a folder for its files; close it when done."""

    def __init__(self, *, is_small: bool) -> None:
        self.shared: Engine | None = None
        self._engine, self._name = _in_shared_engine() if is_small else _alone()
        self.place = self._engine.folder.parent
        self.folder = self._engine.folder / self._name
        self.folder.mkdir()
        if is_small:
            self.shared = self._engine

    def connected(self, settings: str = "") -> duckdb.DuckDBPyConnection:
        """Return a new connection to the tables, with settings of its own."""
        return self._engine.connected(f"USE {self._name}; {settings}")

    def close(self) -> None:
        """Drop the tables and the folder; every connection to them was closed."""
        if self.shared:
            shutil.rmtree(self.folder, ignore_errors=True)
            self._engine.connected(f"DETACH {self._name}").close()
        else:
            self._engine.close()


def threads() -> int:
    """Return how many threads a long list is worth."""
    return min(os.cpu_count() or 1, MAX_THREADS)


def _alone() -> tuple[Engine, str]:
    engine = Engine(threads())
    return engine, engine.database()


_shared: list[Engine] = []


def _in_shared_engine() -> tuple[Engine, str]:
    """Return the engine of small lists and a new database in it; another one when a list broke it, or in a fork."""
    import duckdb  # noqa: PLC0415 - as above

    with _STARTING:
        if _shared and _shared[0].process == os.getpid():
            with suppress(duckdb.Error):
                return _shared[0], _shared[0].database()
        _shared[:] = [Engine(1)]
        atexit.register(_shared[0].close)
        return _shared[0], _shared[0].database()
