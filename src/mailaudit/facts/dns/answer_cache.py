"""Remembers DNS answers from one run to the next, for no longer than their time to live.

One SQLite file holds the answers of every server. It is a cache: when it cannot be opened, read or written, the run
goes on without it, and a damaged file is thrown away. Failures are never remembered.
"""

import json
import os
import sqlite3
import time
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, Self, TypeAlias

from mailaudit.facts.dns.answer import Status
from mailaudit.facts.dns.sources.servers import Server

Plain: TypeAlias = "dict[str, Any]"
"""An answer as JSON: at least its `status` and its `records` as text."""

FILE_NAME = "dns-answers-1.sqlite"
# RFC 2308, section 5: an absence for three hours at most; RFC 8767, section 4, has the reasons for a bound on the rest.
LONGEST_S = 24 * 3600
LONGEST_ABSENCE_S = 3 * 3600
MAX_BYTES = 256 * 2**20
_PAGE = 4096
# Names in one question to the file, and answers that wait for being written together.
READ_AT_ONCE = 900
_WRITE_AT_ONCE = 5_000
_PATIENCE_S = 1.0
_LAYOUT = """
CREATE TABLE IF NOT EXISTS asked(id INTEGER PRIMARY KEY, servers TEXT UNIQUE);
CREATE TABLE IF NOT EXISTS answer(
    asked INTEGER, type TEXT, name TEXT, told TEXT, expires INTEGER, PRIMARY KEY (asked, type, name)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS by_age ON answer(expires);
"""


class Memory:
    """The answers that some servers gave in this and earlier runs; use it as a context manager, in one thread.

    `now` returns the time in seconds since 1970. `reused` counts the answers that were found, by type.
    """

    def __init__(self, path: Path, servers: Iterable[Server], *, now: Callable[[], float] = time.time) -> None:
        self._path = path
        self._servers = ", ".join(map(str, servers))
        self._now = now
        self._asked = 0
        self._waiting: list[tuple[int, str, str, str, int]] = []
        self._file: sqlite3.Connection | None = None
        self.reused: Counter[str] = Counter()

    def __enter__(self) -> Self:
        """Open the file, and make room in it."""
        try:
            self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            # Which domains a list holds is nobody else's business.
            os.close(os.open(self._path, os.O_CREAT | os.O_RDWR, 0o600))
            self._file = sqlite3.connect(self._path, timeout=_PATIENCE_S)
            self._prepare(self._file)
        except (OSError, sqlite3.Error) as error:
            self._forget(error)
        return self

    def __exit__(self, *_error: object) -> None:
        """Write what waits, and close the file."""
        self._write()
        if self._file is not None:
            self._file.close()
            self._file = None

    def known(self, names: Sequence[str], rdtype: str) -> dict[str, Plain]:
        """Return the remembered answers for so many of the names as there are."""
        if self._file is None:
            return {}
        found: dict[str, Plain] = {}
        try:
            for begin in range(0, len(names), READ_AT_ONCE):
                part = names[begin : begin + READ_AT_ONCE]
                marks = ", ".join("?" * len(part))
                rows = self._file.execute(
                    f"SELECT name, told FROM answer WHERE asked = ? AND type = ? AND expires > ? AND name IN ({marks})",  # noqa: S608 - only marks
                    (self._asked, rdtype, int(self._now()), *part),
                )
                found.update((name, json.loads(told)) for name, told in rows)
        except (sqlite3.Error, ValueError) as error:
            self._forget(error)
            return {}
        self.reused[rdtype] += len(found)
        return found

    def keep(self, name: str, rdtype: str, answer: Plain, ttl: int | None) -> None:
        """Remember an answer for `ttl` seconds; a failure, or one that nobody may keep (RFC 2308, section 5), is not."""
        longest = LONGEST_S if answer["status"] == Status.ANSWER else LONGEST_ABSENCE_S
        if self._file is None or not ttl or answer["status"] not in _KNOWLEDGE:
            return
        told = json.dumps(answer, separators=(",", ":"))
        self._waiting.append((self._asked, rdtype, name, told, int(self._now()) + min(ttl, longest)))
        if len(self._waiting) >= _WRITE_AT_ONCE:
            self._write()

    def _prepare(self, file: sqlite3.Connection) -> None:
        file.execute("PRAGMA synchronous = OFF")
        file.execute(f"PRAGMA max_page_count = {MAX_BYTES // _PAGE}")
        file.executescript(_LAYOUT)
        now = int(self._now())
        # What lives longer than anything may was written under a clock that was wrong.
        file.execute("DELETE FROM answer WHERE expires <= ? OR expires > ?", (now, now + LONGEST_S))
        (pages,), (free,) = (
            file.execute(f"PRAGMA {name}").fetchone() for name in ("page_count", "freelist_count")
        )
        if (pages - free) * _PAGE > MAX_BYTES * 3 // 4:
            file.execute(
                "DELETE FROM answer WHERE (asked, type, name) IN (SELECT asked, type, name FROM answer "
                "ORDER BY expires LIMIT (SELECT count(*) / 2 FROM answer))"
            )
        file.execute("INSERT OR IGNORE INTO asked(servers) VALUES (?)", (self._servers,))
        (self._asked,) = file.execute("SELECT id FROM asked WHERE servers = ?", (self._servers,)).fetchone()
        file.commit()

    def _write(self) -> None:
        waiting, self._waiting = self._waiting, []
        if self._file is None or not waiting:
            return
        try:
            with self._file:
                self._file.executemany("INSERT OR REPLACE INTO answer VALUES (?, ?, ?, ?, ?)", waiting)
        except sqlite3.OperationalError:
            pass  # another run writes just now, or the file is full: these answers are asked for again next time
        except sqlite3.Error as error:
            self._forget(error)

    def _forget(self, error: Exception) -> None:
        """Go on without the file; one that is damaged is thrown away."""
        if self._file is not None:
            self._file.close()
            self._file = None
        is_busy_or_refused = isinstance(error, (OSError, sqlite3.OperationalError))
        if not is_busy_or_refused:
            with suppress(OSError):
                self._path.unlink()


_KNOWLEDGE = frozenset({Status.ANSWER, Status.NODATA, Status.NXDOMAIN})
