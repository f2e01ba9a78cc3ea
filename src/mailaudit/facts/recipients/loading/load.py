"""Brings the rows of a file into the workspace: the plain ones in SQL, every other one through Python.

Of `people`, `k` is the comparable address of a plain row, `w` how it is written where that differs, `alike` a digest
that the spellings of one mailbox share, `rest` the text of a line that needs a closer look; lines that are no row (blank,
header, inside a quoted cell) have none of them.
"""
# ruff: noqa: S608 - every name and number in these statements is our own; values are parameters

from array import array
from collections.abc import Iterator, Sequence
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from mailaudit.facts.recipients.cells.spellings import alike
from mailaudit.facts.recipients.loading.close_look import JUDGED, CloseLook, Judged
from mailaudit.facts.recipients.loading.fast_path_sql import cells_of, looked_at
from mailaudit.facts.recipients.loading.plain_lines import ESCAPED, rows_layout, unescaped, write_lines, write_rows
from mailaudit.facts.recipients.progress import reading
from mailaudit.facts.recipients.reading.delimited import Record, RecordReader, split
from mailaudit.facts.recipients.reading.formats.delimited import DelimitedSource
from mailaudit.facts.recipients.reading.formats.parquet import ParquetSource, damaged
from mailaudit.facts.recipients.reading.rows import Layout
from mailaudit.facts.recipients.reading.source import Source, unusable
from mailaudit.facts.recipients.sql import literal
from mailaudit.facts.recipients.tables.engine import BATCH, Workspace

_TABLES = ("people", "judged", "inside", "repair", "part")


class Loaded(Struct, frozen=True):
    """A file in the workspace: its lines are the rows of `people` from `first` up to but not including `end`.

    The last of these are no lines but the further addresses of cells that were split; `split` are the lines of their cells.
    """

    source: Source
    first: int
    end: int
    stamp: object = None
    split: Sequence[int] = ()

    def require_unchanged(self) -> None:
        """Raise `InputError` when the file is not the one that was read."""
        if self.source.stamp() != self.stamp:
            raise unusable(
                self.source.display, "the file changed while it was being read", "wait until it is complete"
            )

    def line(self, row: int) -> int:
        """Return the line number in the file, counted from 1."""
        behind = row - self.end + len(self.split)
        return row - self.first + 1 if behind < 0 else self.split[behind]

    @property
    def within(self) -> str:
        """The condition that a row number `r` lies in this file."""
        return f"r >= {self.first} AND r < {self.end}"


class _Feed(Struct, frozen=True):
    """How plain lines become cells; `quoted` is the source whose quoted lines are to be looked at as records."""

    path: Path
    layout: Layout
    line_count: int | None
    has_quotes: bool = False
    quoted: DelimitedSource | None = None


def create_tables(work: Workspace, others: int) -> None:
    """Create the empty tables, in place of an earlier list's; `others` is the number of further columns that are wanted."""
    for table in _TABLES:
        work.create(table, others)
    more = "".join(f", o{at}" for at in range(others))
    work.run(  # every row with a valid address, in no particular order
        f"CREATE OR REPLACE VIEW mailed AS SELECT rowid AS r, k, w{more} FROM people WHERE k IS NOT NULL "
        f"UNION ALL SELECT r, k, w{more} FROM judged WHERE k IS NOT NULL"
    )


def load(work: Workspace, source: Source, others: int = 0) -> Loaded:
    """Load a file and judge all its rows; raises `InputError` when it changes meanwhile."""
    first: int = work.one("SELECT count(*) FROM people")
    before = source.stamp()
    work.tell(reading(source.name))
    try:
        feed = source.by_shape(_Insertion(work, first, others))
    except OSError as error:
        todo = "free some room there, or name another folder in the environment variable TMPDIR"
        raise unusable(str(work.place), f"cannot be written ({error.strerror or error})", todo) from error
    loaded = Loaded(source, first, first + (feed.line_count or 0), before)
    loaded.require_unchanged()
    work.make_room(loaded.end)
    if feed.layout.first_line > 1:
        work.run(
            "UPDATE people SET k = NULL, rest = NULL WHERE rowid >= ? AND rowid < ?",
            first,
            first + feed.layout.first_line - 1,
        )
    look = CloseLook(work, first, loaded.end, others, takes_hashes=source.wanted.takes_hashes)
    if feed.quoted and feed.has_quotes and feed.layout.delimiter:
        _judge_quoted(work, loaded, feed.quoted, others, look)
    work.fill("judged", (*JUDGED, *["VARCHAR"] * others), _judge_rest(work, loaded, feed.layout, look))
    look.note_footers()
    look.finish()
    return replace(loaded, end=loaded.end + len(look.lines), split=look.lines)


class _Insertion(Struct, frozen=True):
    """Inserts every line or row of a list, in the way that suits how it is stored."""

    work: Workspace
    first: int
    others: int

    def text(self, source: DelimitedSource) -> _Feed:
        """Insert the lines of a file; one that DuckDB reads otherwise than we do is transcoded and read again."""
        file = source.file
        if file.is_plain:
            feed = _Feed(file.path, source.layout, file.line_count, file.has_quotes, source)
            if self._inserted(source, feed):
                return feed
        count = write_lines(self.work.counted(file.lines(), reading(source.name), file.line_count), self._path)
        return self._required(source, _Feed(self._path, source.layout, count, file.has_quotes, source))

    def table(self, source: Source) -> _Feed:
        """Insert every row of a list, written as a plain line."""
        count = write_rows(self.work.counted(source.rows(), reading(source.name)), self._path)
        return self._required(source, _Feed(self._path, rows_layout(self.others), count))

    objects = table

    def parquet(self, source: ParquetSource) -> _Feed:
        """Insert every row of a file; one that is not plain is kept as a written row."""
        further = len(source.columns) - 1
        kept = ", ".join(f"coalesce(o{at}, '')" for at in range(further))
        row = f"'cell', coalesce(cell, ''), 'others', [{kept}]::VARCHAR[], 'problem', NULL"
        escaped = f"{literal(ESCAPED)} || json_object({row})"
        statement = _insertion(f"({source.select()})", escaped, further, self.others)
        try:
            with self.work.watched(reading(source.name)):
                count = self.work.one(statement)
        except self.work.error as error:
            raise damaged(source.display) from error
        return _Feed(source.origin.data, rows_layout(self.others), count)

    @property
    def _path(self) -> Path:
        return self.work.folder / f"lines-{self.first}"

    def _required(self, source: Source, feed: _Feed) -> _Feed:
        if not self._inserted(source, feed):
            raise unusable(source.display, "the file cannot be read to its end", "export it again")
        return feed

    def _inserted(self, source: Source, feed: _Feed) -> bool:
        """Say whether every line went in; if not, none did."""
        work = self.work
        work.run("BEGIN")
        try:
            with work.watched(reading(source.name), feed.line_count):
                complete: bool = _insert_lines(work, feed, self.others) == feed.line_count
        except work.error:
            complete = False
        work.run("COMMIT" if complete else "ROLLBACK")
        return complete


def _insert_lines(work: Workspace, feed: _Feed, others: int) -> int:
    rows = cells_of(feed.layout, has_quotes=feed.has_quotes)
    count: int = work.one(_insertion(rows, "line", len(feed.layout.others), others), str(feed.path))
    return count


def _insertion(rows: str, rest: str, given: int, others: int) -> str:
    """Return the statement that inserts `rows`, a FROM item with `cell`, so many `given` further cells, and `rest`."""
    wanted = (
        alike("k") + "".join(f", CASE WHEN ok THEN o{at} END" for at in range(given)) + ", NULL" * (others - given)
    )
    return (
        f"INSERT INTO people SELECT k, CASE WHEN c <> k THEN c END, CASE WHEN ok THEN NULL ELSE {rest} END, {wanted} "
        f"FROM (SELECT *, CASE WHEN ok THEN lower(c) END AS k FROM {looked_at(rows)})"
    )


def _judge_quoted(work: Workspace, loaded: Loaded, source: DelimitedSource, others: int, look: CloseLook) -> None:
    """Judge the lines with quotes that are not plainly well formed, in file order, as records of one or more lines."""
    condition = f"rest IS NOT NULL AND contains(rest, '\"') AND rowid >= {loaded.first} AND rowid < {loaded.end}"
    wanted = bytearray(loaded.end - loaded.first)
    for (row,) in work.stream(f"SELECT rowid FROM people WHERE {condition}"):
        wanted[row - loaded.first] = 1
    if not any(wanted):
        return
    swallowed, inside = array("q"), array("q")

    def judged() -> Iterator[Judged]:
        for record in _records_at(work, source, wanted):
            at = loaded.first + record.line - 1
            swallowed.extend(range(at, at + record.lines))
            inside.extend(range(at + 1, at + record.lines))
            if not record.is_blank:
                yield from look.judged(at, source.layout.row(record))

    work.fill("judged", (*JUDGED, *["VARCHAR"] * others), judged())
    work.run("DROP TABLE IF EXISTS swallowed")
    work.create("swallowed")
    work.fill("swallowed", ("BIGINT",), ((row,) for row in swallowed))
    work.fill("inside", ("BIGINT",), ((row,) for row in inside))
    work.run("UPDATE people SET k = NULL, rest = NULL WHERE rowid IN (SELECT r FROM swallowed)")


def _records_at(work: Workspace, source: DelimitedSource, wanted: bytearray) -> Iterator[Record]:
    lines = work.counted(source.file.lines(), reading(source.name), source.file.line_count)
    reader = RecordReader(lines, source.layout.delimiter, source.looks_like_row)
    while (line := reader.next_line()) is not None:
        if wanted[line.number - 1]:
            yield reader.complete(line)


def _judge_rest(work: Workspace, loaded: Loaded, layout: Layout, look: CloseLook) -> Iterator[Judged]:
    condition = f"rest IS NOT NULL AND rowid >= {loaded.first} AND rowid < {loaded.end}"
    lines = loaded.end - loaded.first
    for done, (row, text) in enumerate(
        work.stream(f"SELECT rowid, rest FROM people WHERE {condition} ORDER BY rowid")
    ):
        number = loaded.line(row)
        if done and not done % BATCH:
            work.tell(reading(loaded.source.name), number, lines)
        found = unescaped(number, text)
        if found is None:
            cells = text.split(layout.delimiter) if layout.delimiter else split(text, None)
            record = Record(number, tuple(cells))
            if record.is_blank:
                continue
            found = layout.row(record)
        yield from look.judged(row, found)
