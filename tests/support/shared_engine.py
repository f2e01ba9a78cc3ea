"""One database engine for all lists of a test run: to start one takes longer than to judge a list of three rows.

Each list has a database of its own in it, with no name in common with those of other lists. The tests of the engine itself,
and whatever runs in a process of its own, start one as the program does.
"""

from __future__ import annotations

import tempfile
from functools import cache
from itertools import count
from pathlib import Path
from typing import Any

import duckdb

from mailaudit.facts.recipients.loading import engine

start = engine.start
_NUMBERS = count()


class Database:
    """A connection whose tables are gone once it is closed, as if it had the engine to itself."""

    def __init__(self, spill: Path) -> None:
        del spill
        self._name = f"list_{next(_NUMBERS)}"
        self._connection = _engine().cursor()
        self._connection.execute(f"ATTACH ':memory:' AS {self._name}; USE {self._name}")

    def __getattr__(self, name: str) -> Any:
        """Do whatever else a connection does."""
        return getattr(self._connection, name)

    def cursor(self) -> duckdb.DuckDBPyConnection:
        """Return a second connection to the same tables."""
        cursor = self._connection.cursor()
        cursor.execute(f"USE {self._name}")
        return cursor

    def close(self) -> None:
        """Drop the tables."""
        self._connection.close()
        _engine().cursor().execute(f"DETACH {self._name}")


@cache
def _engine() -> duckdb.DuckDBPyConnection:
    return start(Path(tempfile.gettempdir(), "mailaudit-tests-spill"))
