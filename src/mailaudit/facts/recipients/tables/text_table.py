"""A table of text cells in the workspace, filled row by row and read back in order."""
# ruff: noqa: S608 - names are our own or quoted as identifiers, paths as literals

from collections.abc import Iterator, Sequence
from pathlib import Path

from mailaudit.facts.recipients.sql import identifier, literal
from mailaudit.facts.recipients.tables.engine import Workspace

# Rows and characters that wait for being inserted together.
MAX_ROWS = 20_000
MAX_CHARACTERS = 16_000_000


class TextTable:
    """Rows of equal width, which wait for being inserted many at a time."""

    def __init__(self, work: Workspace, name: str, width: int) -> None:
        self._work = work
        self._name = name
        self._width = width
        self._waiting: list[Sequence[str]] = []
        self._characters = 0

    def add(self, row: Sequence[str]) -> None:
        """Add a row; half of a character that is none alone is shown as its number."""
        self._waiting.append([_whole(cell) for cell in row])
        self._characters += sum(map(len, row))
        if len(self._waiting) >= MAX_ROWS or self._characters >= MAX_CHARACTERS:
            self._flush()

    def _flush(self) -> None:
        self._work.fill(self._name, ["VARCHAR"] * self._width, self._waiting)
        self._waiting = []
        self._characters = 0

    def rows(self) -> Iterator[Sequence[str]]:
        """Yield every row in order."""
        self._flush()
        yield from self._work.stream(f"SELECT * FROM {self._name} ORDER BY rowid")

    def write_parquet(self, path: Path, names: Sequence[str]) -> None:
        """Write all rows to a Parquet file with these names of columns, and drop the table."""
        self._flush()
        named = ", ".join(f"c{at} AS {identifier(name)}" for at, name in enumerate(names))
        query = f"SELECT {named} FROM {self._name} ORDER BY rowid"
        self._work.run(f"COPY ({query}) TO {literal(str(path))} (FORMAT parquet, USE_TMP_FILE false)")
        self.drop()

    def drop(self) -> None:
        """Drop the table."""
        self._work.run(f"DROP TABLE {self._name}")


def work_table(work: Workspace, name: str, width: int) -> TextTable:
    """Create a table of so many columns `c0`, `c1` … in the workspace."""
    work.run(f"CREATE TABLE {name}({', '.join(f'c{at} VARCHAR' for at in range(width))})")
    return TextTable(work, name, width)


def distinct(names: Sequence[str]) -> list[str]:
    """Return names that a file of columns can hold: none empty, no two equal but for case; the last ones stay as they are."""
    wanted = [name or f"column_{at}" for at, name in enumerate(names, 1)]
    found: list[str] = []
    seen: set[str] = set()
    for name in reversed(wanted):
        one, number = name, 2
        while one.lower() in seen or (one != name and one.lower() in {other.lower() for other in wanted}):
            one = f"{name}_{number}"
            number += 1
        seen.add(one.lower())
        found.append(one)
    return found[::-1]


def _whole(cell: str) -> str:
    return cell if cell.isascii() else cell.encode("utf-8", "backslashreplace").decode("utf-8")
