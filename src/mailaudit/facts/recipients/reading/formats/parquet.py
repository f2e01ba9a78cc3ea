"""Parquet, which the engine reads itself."""
# ruff: noqa: S608 - names are quoted as identifiers, paths as literals

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mailaudit.facts.recipients.reading.columns import Wanted, wanted_columns
from mailaudit.facts.recipients.reading.list_format import ListFormat
from mailaudit.facts.recipients.reading.rows import SAMPLE_ROWS, Row, as_text
from mailaudit.facts.recipients.reading.source import ByShape, Numbered, Origin, Source, T_co, unusable
from mailaudit.facts.recipients.sql import identifier, literal


@dataclass(slots=True, kw_only=True)
class ParquetSource(Source):
    """A Parquet file; `columns` are the wanted ones, the address first. A copy of ours cannot change (`is_copy`)."""

    columns: tuple[str, ...]
    is_copy: bool = False

    @property
    def relation(self) -> str:
        """The FROM item for the file."""
        return parquet_file(self.origin.data)

    def select(self) -> str:
        """Return the query for the wanted columns as text: `cell`, `o0`, `o1`."""
        names = ["cell", *(f"o{at}" for at in range(len(self.columns) - 1))]
        wanted = ", ".join(
            f"{identifier(column)}::VARCHAR AS {name}" for column, name in zip(self.columns, names, strict=True)
        )
        return f"SELECT {wanted} FROM {self.relation}"

    def rows(self) -> Iterator[Row]:
        """Yield every row in order."""
        for number, (cell, *others) in enumerate(_texts(self.select(), self.display), 1):
            yield Row(number, cell, tuple(others))

    def header(self) -> tuple[str, ...]:
        """Return the names of all columns."""
        with _engine(self.display) as connection:
            described = connection.execute(f"SELECT * FROM {self.relation} LIMIT 0").description
            return tuple(column[0] for column in described)

    def cells(self, header: tuple[str, ...]) -> Iterator[Numbered]:
        """Yield every row with its number and all its columns as text."""
        del header
        rows = _texts(f"SELECT columns(*)::VARCHAR FROM {self.relation}", self.display)
        return ((number, tuple(row)) for number, row in enumerate(rows, 1))

    def address_place(self, header: tuple[str, ...]) -> int:
        """Return the place of the address column."""
        return header.index(self.columns[0])

    def by_shape(self, use: ByShape[T_co]) -> T_co:
        """Let something be done with the columns."""
        return use.parquet(self)

    def stamp(self) -> object:
        """Return the size and the time of the last change."""
        return None if self.is_copy else super(ParquetSource, self).stamp()


def parquet_file(path: Path) -> str:
    """Return the FROM item for one Parquet file, whatever signs its path holds, and nothing but what is in it."""
    only = "".join(f"[{sign}]" if sign in "[*?" else sign for sign in str(path))
    return f"read_parquet({literal(only)}, hive_partitioning=false)"


def damaged(display: str) -> Exception:
    """Return the error for a file that the engine cannot read, without the engine's own words, which would only puzzle."""
    return unusable(
        display,
        "this is no Parquet file, or it is damaged or incomplete",
        "export it again, or export the list as CSV and name that file",
    )


@contextmanager
def _engine(display: str) -> Iterator[Any]:
    import duckdb  # noqa: PLC0415 - heavy

    try:
        with duckdb.connect(config={"autoinstall_known_extensions": False}) as connection:
            yield connection
    except duckdb.Error as error:
        raise damaged(display) from error


def _texts(query: str, display: str) -> Iterator[Sequence[str]]:
    with _engine(display) as connection:
        found = connection.execute(query)
        while batch := found.fetchmany(10_000):
            yield from ([as_text(cell) for cell in row] for row in batch)


def _open(origin: Origin, wanted: Wanted) -> ParquetSource:
    with _engine(origin.display) as connection:
        query = f"SELECT columns(*)::VARCHAR FROM {parquet_file(origin.data)} LIMIT {SAMPLE_ROWS}"
        found = connection.execute(query)
        header = [column[0] for column in found.description]
        sample = [[as_text(cell) for cell in row] for row in found.fetchall()]
    columns = tuple(header[at] for at in wanted_columns(header, sample, wanted, origin.display))
    return ParquetSource(origin=origin, wanted=wanted, column=columns[0], written="parquet", columns=columns)


FORMAT = ListFormat("Parquet", (".parquet",), _open, lambda _path, head: head.startswith(b"PAR1"))
