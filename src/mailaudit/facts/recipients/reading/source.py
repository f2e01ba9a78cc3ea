"""A list of any format: what every one of them can do, and where it comes from."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from msgspec import Struct

from mailaudit.errors import InputError, refused
from mailaudit.facts.recipients.reading.columns import Wanted, wanted_columns
from mailaudit.facts.recipients.reading.delimited import TOO_LONG, Record
from mailaudit.facts.recipients.reading.rows import SAMPLE_ROWS, Layout, Row, as_text
from mailaudit.facts.recipients.reading.text_file import TextFile, complaint, open_text
from mailaudit.location import Location, display_name

if TYPE_CHECKING:
    from mailaudit.facts.recipients.reading.formats.delimited import DelimitedSource
    from mailaudit.facts.recipients.reading.formats.json_lines import JsonLinesSource
    from mailaudit.facts.recipients.reading.formats.parquet import ParquetSource

T_co = TypeVar("T_co", covariant=True)
Numbered = tuple[int, tuple[str, ...]]


class Origin(Struct, frozen=True):
    """Where a list comes from: `path` is the user's file (nothing when it is none), `data` what is read in its stead.

    `display` is how reports name it, `name` the last part of that; `folder` is where copies may be made.
    """

    path: Path | None
    data: Path
    display: str
    name: str
    folder: Path


class ByShape(Protocol[T_co]):
    """Something that is done with a list in the way that suits how it is stored; `table` suits every list."""

    def text(self, source: DelimitedSource) -> T_co:
        """Do it with lines of text that are split into cells."""
        ...

    def objects(self, source: JsonLinesSource) -> T_co:
        """Do it with one object a line."""
        ...

    def parquet(self, source: ParquetSource) -> T_co:
        """Do it with a columnar file."""
        ...

    def table(self, source: Source) -> T_co:
        """Do it row by row."""
        ...


@dataclass(slots=True, kw_only=True)
class Source(ABC):
    """A list that can be read several times; `written` is the format in which its clean list is written by default."""

    origin: Origin
    wanted: Wanted
    column: str
    encoding: str = ""
    written: str = "csv"

    @property
    def display(self) -> str:
        """How reports name the list."""
        return self.origin.display

    @property
    def name(self) -> str:
        """The last part of how reports name the list."""
        return self.origin.name

    @abstractmethod
    def rows(self) -> Iterator[Row]:
        """Yield every row in list order; lines that hold nothing are no rows."""

    @abstractmethod
    def header(self) -> tuple[str, ...]:
        """Return the names of all columns; a list without a header gets one of its address column."""

    @abstractmethod
    def cells(self, header: tuple[str, ...]) -> Iterator[Numbered]:
        """Yield every row with its number and all its cells as text; lines that hold nothing may be among them."""

    def by_shape(self, use: ByShape[T_co]) -> T_co:
        """Let something be done with the list in the way that suits how it is stored."""
        return use.table(self)

    def stamp(self) -> object:
        """Return something that changes when the content does: the size and the time of the last change."""
        return stamp(self.origin.path) if self.origin.path else None

    @abstractmethod
    def address_place(self, header: tuple[str, ...]) -> int:
        """Return the place of the address column among all columns."""

    def spare(self) -> int | None:
        """Return the place of a column that may take what a row has beyond the header, or nothing."""
        return None


@dataclass(slots=True, kw_only=True)
class TableSource(Source):
    """A list whose records are cells in the order of its columns."""

    layout: Layout

    @abstractmethod
    def records(self) -> Iterator[Record]:
        """Yield every record in list order."""

    def rows(self) -> Iterator[Row]:
        """Yield every row in list order; records without any content are no rows."""
        for record in self.records():
            if record.line >= self.layout.first_line and not record.is_blank:
                yield self.layout.row(record)

    def header(self) -> tuple[str, ...]:
        """Return the names of all columns."""
        layout = self.layout
        if layout.header:
            return layout.header
        return tuple("email" if at == layout.column else f"column_{at + 1}" for at in range(layout.width))

    def cells(self, header: tuple[str, ...]) -> Iterator[Numbered]:
        """Yield every record with its number."""
        del header
        return ((record.line, record.cells) for record in self.records())

    def address_place(self, header: tuple[str, ...]) -> int:
        """Return the place of the address column."""
        del header
        return self.layout.column

    def spare(self) -> int | None:
        """Return the last column that holds neither the address nor another wanted cell."""
        taken = {self.layout.column, *self.layout.others}
        return next((at for at in reversed(range(len(self.header()))) if at not in taken), None)


class Entry(Struct, frozen=True):
    """One object of a list, or the text that is none; `text` is nothing when it is too long to be held."""

    line: int
    values: Mapping[str, Any] | None
    text: str | None = ""


@dataclass(slots=True, kw_only=True)
class ObjectSource(Source):
    """A list of objects with names for their values; `keys` are those of the address and of the other wanted ones."""

    keys: tuple[str, ...]
    file: TextFile
    read: Callable[[TextFile], Iterator[Entry]]

    def entries(self) -> Iterator[Entry]:
        """Yield every object in list order."""
        return self.read(self.file)

    def rows(self) -> Iterator[Row]:
        """Yield every row in list order."""
        for entry in self.entries():
            if entry.values is None:
                yield Row(entry.line, problem=TOO_LONG if entry.text is None else NO_OBJECT)
                continue
            cell, *others = (as_text(entry.values.get(key)) for key in self.keys)
            yield Row(entry.line, cell, tuple(others))

    def header(self) -> tuple[str, ...]:
        """Return all names; one may occur for the first time in the last object."""
        found: dict[str, None] = {}
        for entry in self.entries():
            found.update(dict.fromkeys(entry.values or ()))
        return tuple(found)

    def address_place(self, header: tuple[str, ...]) -> int:
        """Return the place of the name of the address."""
        return header.index(self.keys[0]) if self.keys[0] in header else 0  # a list of nothing has no names

    def cells(self, header: tuple[str, ...]) -> Iterator[Numbered]:
        """Yield every object with its number; one that is broken is shown as it stands."""
        for entry in self.entries():
            if entry.values is None:
                yield entry.line, (entry.text or "",)
            else:
                yield entry.line, tuple(as_text(entry.values.get(key)) for key in header)


# So many objects are looked at for names, and so many names are taken: hostile files have no end of them.
NAMED_ROWS = 50_000
MOST_NAMES = 2_000
NO_OBJECT = "the line is no JSON object"


def wanted_keys(entries: Iterable[Entry], wanted: Wanted, display: str) -> tuple[tuple[str, ...], str]:
    """Find the wanted names in the first objects of a list, and return them and the column's; raises `InputError`.

    Programs leave out what is empty: the name that says who unsubscribed stands first where somebody did.
    """
    found: dict[str, None] = {}
    sample: list[Mapping[str, Any]] = []
    for entry in islice(entries, NAMED_ROWS):
        if entry.values is not None and len(found) < MOST_NAMES:
            found.update(dict.fromkeys(entry.values))
            sample += [entry.values] if len(sample) < SAMPLE_ROWS else []
    keys = list(found)
    cells = [[as_text(values.get(key)) for key in keys] for values in sample]
    at = wanted_columns(keys, cells, wanted, display)
    return tuple(keys[place] if keys else "" for place in at), keys[at[0]] if keys else ""


def opens_objects(read: Callable[[TextFile], Iterator[Entry]]) -> Callable[[Origin, Wanted], ObjectSource]:
    """Return what opens a list whose objects are read so; it raises `InputError` for what cannot be used."""

    def opened(origin: Origin, wanted: Wanted) -> ObjectSource:
        file = open_text(origin.data, origin.display, wanted.encoding)
        keys, column = wanted_keys(read(file), wanted, origin.display)
        return ObjectSource(
            origin=origin, wanted=wanted, column=column, encoding=file.encoding, keys=keys, file=file, read=read
        )

    return opened


def stamp(path: Path) -> object:
    """Return the size and the time of the last change of a file."""
    try:
        status = path.stat()
    except OSError as error:
        raise InputError(complaint(error, display_name(path))) from error
    return status.st_size, status.st_mtime_ns


def unusable(display: str, what: str, todo: str) -> InputError:
    """Return the error for a file that cannot be used as a list."""
    return refused(what, Location(display), todo)
