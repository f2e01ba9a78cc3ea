"""Columnar files and DuckDB databases, which the engine reads itself."""
# ruff: noqa: S608 - names are quoted as identifiers, paths as literals

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from mailaudit.errors import InputError
from mailaudit.facts.recipients.loading.fast_path_sql import literal
from mailaudit.facts.recipients.reading.columns import Wanted, wanted_columns
from mailaudit.facts.recipients.reading.json_lines import as_text
from mailaudit.facts.recipients.reading.rows import Row, stamp, unusable

SAMPLE_ROWS = 200
# The engine names the file by its full path, quoted.
_PATHS = re.compile(r"\s*(?:file\s+)?['\"](?:[A-Za-z]:)?[/\\][^'\"]*['\"]")


@dataclass(slots=True)
class RelationSource:
    """A table that DuckDB can read: `relation` is a FROM item, `columns` its wanted columns, the address first.

    `is_file` says that it is the Parquet file at `path`, `is_copy` that it was copied from there and cannot change.
    """

    path: Path | None
    relation: str
    columns: tuple[str, ...]
    display: str
    name: str
    column: str
    encoding: str = ""
    takes_hashes: bool = False
    attach: str | None = None
    is_file: bool = False
    is_copy: bool = False

    def select(self) -> str:
        """Return the query for the wanted columns as text: `cell`, `o0`, `o1`."""
        names = ["cell", *(f"o{at}" for at in range(len(self.columns) - 1))]
        wanted = ", ".join(
            f"{identifier(column)}::VARCHAR AS {name}" for column, name in zip(self.columns, names, strict=True)
        )
        return f"SELECT {wanted} FROM {self.relation}"

    def rows(self) -> Iterator[Row]:
        """Yield every row in order."""
        import duckdb  # noqa: PLC0415 - heavy

        with duckdb.connect() as connection:
            if self.attach:
                connection.execute(self.attach)
            found = connection.execute(self.select())
            number = 0
            while batch := found.fetchmany(10_000):
                for cell, *others in batch:
                    number += 1
                    yield Row(number, as_text(cell), tuple(as_text(other) for other in others))

    def all_columns(self) -> tuple[str, ...]:
        """Return the names of all columns."""
        import duckdb  # noqa: PLC0415 - heavy

        with duckdb.connect() as connection:
            if self.attach:
                connection.execute(self.attach)
            return tuple(
                column[0] for column in connection.execute(f"SELECT * FROM {self.relation} LIMIT 0").description
            )

    def all_rows(self) -> Iterator[tuple[str, ...]]:
        """Yield every row with all its columns as text, in order."""
        import duckdb  # noqa: PLC0415 - heavy

        with duckdb.connect() as connection:
            if self.attach:
                connection.execute(self.attach)
            found = connection.execute(f"SELECT columns(*)::VARCHAR FROM {self.relation}")
            while batch := found.fetchmany(10_000):
                yield from (tuple(map(as_text, row)) for row in batch)

    def stamp(self) -> object:
        """Return the size and the time of the last change."""
        return stamp(self.path) if self.path and not self.is_copy else None


def open_parquet(path: Path, display: str, wanted: Wanted) -> RelationSource:
    """Open a Parquet file; raises `InputError`."""
    found = open_relation(path, parquet_file(path), wanted, display=display, name=path.name)
    return replace(found, is_file=True)


def parquet_file(path: Path) -> str:
    """Return the FROM item for one Parquet file, whatever signs its path holds, and nothing but what is in it."""
    only = "".join(f"[{sign}]" if sign in "[*?" else sign for sign in str(path))
    return f"read_parquet({literal(only)}, hive_partitioning=false)"


def open_relation(
    path: Path | None, relation: str, wanted: Wanted, *, display: str, name: str, attach: str | None = None
) -> RelationSource:
    """Find the wanted columns of anything that DuckDB can select from; raises `InputError`."""
    import duckdb  # noqa: PLC0415 - heavy

    try:
        with duckdb.connect(config={"autoinstall_known_extensions": False}) as connection:
            if attach:
                connection.execute(attach)
            found = connection.execute(f"SELECT columns(*)::VARCHAR FROM {relation} LIMIT {SAMPLE_ROWS}")
            header = [column[0] for column in found.description or ()]
            sample = [[as_text(cell) for cell in row] for row in found.fetchall()]
    except duckdb.Error as error:
        raise unreadable(error, display, is_database=attach is not None) from error
    columns = wanted_columns(header, sample, wanted, display)
    return RelationSource(
        path=path,
        relation=relation,
        columns=tuple(header[at] for at in columns),
        display=display,
        name=name,
        column=header[columns[0]],
        takes_hashes=wanted.takes_hashes,
        attach=attach,
    )


def unreadable(error: Exception, display: str, *, is_database: bool) -> InputError:
    """Say what is wrong, without the engine's own words where they would only puzzle, and without its paths."""
    if is_database:
        told = _PATHS.sub("", str(error).partition("\n")[0]).partition(": ")[2][:200].strip()
        return unusable(
            display, f"the database cannot be read ({told})", "correct the URL, the table or the query"
        )
    return unusable(
        display,
        "this is no Parquet file, or it is damaged or incomplete",
        "export it again, or export the list as CSV and name that file",
    )


def identifier(name: str) -> str:
    """Return a name quoted as an SQL identifier."""
    return '"' + name.replace('"', '""') + '"'
