"""An HTML table, or Excel's XML of 2003: what shops and reports send as `.xls`."""

import re
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from mailaudit.facts.recipients.reading.columns import Wanted
from mailaudit.facts.recipients.reading.delimited import Record
from mailaudit.facts.recipients.reading.list_format import HEAD, ListFormat, beginning
from mailaudit.facts.recipients.reading.rows import SAMPLE_ROWS, layout_of
from mailaudit.facts.recipients.reading.source import Origin, TableSource, unusable
from mailaudit.facts.recipients.reading.text_file import TextFile, open_text

_TAG = re.compile(
    r"<(/?)(?:[a-z]+:)?(table|worksheet|tr|row|t[dh]|cell|br|p|script|style)\b([^<>]{0,4000})>", re.IGNORECASE
)
_OTHER_TAG = re.compile(r"<[^<>]{0,4000}>")
_INDEX = re.compile(r'\bindex="(\d{1,5})"', re.IGNORECASE)
_CHARSET = re.compile(rb"charset\s*=\s*[\"']?([A-Za-z0-9_-]{2,30})", re.IGNORECASE)
_TABLES, _ROWS, _CELLS = {"table", "worksheet"}, {"tr", "row"}, {"td", "th", "cell"}
MAX_TAG = 8000
MAX_CELL = 100_000
MAX_COLUMNS = 16_384
# So many rows are looked at to find the table that holds the list.
_LOOK_AT = 5000


@dataclass(slots=True, kw_only=True)
class HtmlTableSource(TableSource):
    """The first table of a page that holds addresses; rows are counted from 1, those of other tables too."""

    file: TextFile
    table: int

    def records(self) -> Iterator[Record]:
        """Yield every row of the table."""
        return (record for table, record in _records(self.file) if table == self.table)


def _records(file: TextFile) -> Iterator[tuple[int, Record]]:
    """Yield every row of the page with the number of its table."""
    reader = _Reader()
    for sign, name, rest in _tokens(file):
        yield from reader.take(sign, name, rest)
    yield from reader.end_row()


def _tokens(file: TextFile) -> Iterator[tuple[str, str, str]]:
    """Yield tags as (`/` or nothing, name, attributes) and texts as (`text`, the text, nothing)."""
    left = ""
    for piece in file.pieces():
        text = left + piece
        # A tag may go on in the next piece.
        cut = text.rfind("<")
        cut = len(text) if cut < 0 or ">" in text[cut:] or len(text) - cut > MAX_TAG else cut
        text, left = text[:cut], text[cut:]
        at = 0
        for tag in _TAG.finditer(text):
            yield "text", text[at : tag.start()], ""
            yield tag[1], tag[2].lower(), tag[3]
            at = tag.end()
        yield "text", text[at:], ""
    yield "text", left, ""


class _Reader:
    """Makes rows of tags and texts; tags that are not closed do no harm."""

    def __init__(self) -> None:
        self._table = 0
        self._number = 0
        self._cells: list[str] | None = None
        self._cell: list[str] | None = None
        self._length = 0
        self._is_code = False

    def take(self, sign: str, name: str, rest: str) -> Iterator[tuple[int, Record]]:
        """Take a tag or a text, and yield the row that it ends."""
        if sign == "text":
            self._add(name)
        elif name in _TABLES:
            yield from self.end_row()
            self._table += not sign
        elif name in _ROWS:
            yield from self.end_row()
            self._cells = None if sign else []
        elif name in _CELLS and self._cells is not None:
            self._end_cell()
            if not sign:
                place = int(found[1]) - 1 if (found := _INDEX.search(rest)) else 0
                self._cells += [""] * (min(place, MAX_COLUMNS) - len(self._cells))
                self._cell, self._length = [], 0
        elif name in {"script", "style"}:
            self._is_code = not sign
        else:
            self._add(" ")

    def end_row(self) -> Iterator[tuple[int, Record]]:
        """Yield the row that has begun, if any."""
        self._end_cell()
        if self._cells:
            self._number += 1
            yield self._table, Record(self._number, tuple(self._cells))
        self._cells = None

    def _add(self, text: str) -> None:
        if self._cell is not None and not self._is_code and self._length < MAX_CELL:
            self._cell.append(text)
            self._length += len(text)

    def _end_cell(self) -> None:
        if self._cell is not None and self._cells is not None and len(self._cells) < MAX_COLUMNS:
            self._cells.append(_plain("".join(self._cell)))
        self._cell = None


def _plain(text: str) -> str:
    from html import unescape  # noqa: PLC0415 - a large table of names, needed only here

    plain = _OTHER_TAG.sub("", text)
    return " ".join((unescape(plain) if "&" in plain else plain).replace("\xa0", " ").split())


def _open(origin: Origin, wanted: Wanted) -> HtmlTableSource:
    with origin.data.open("rb") as raw:
        told = _CHARSET.search(raw.read(HEAD))
    file = open_text(origin.data, origin.display, wanted.encoding)
    if told and file.encoding in {"cp1252", "latin-1"}:
        with suppress(LookupError):  # a name that nobody knows
            file = open_text(origin.data, origin.display, told[1].decode())
    rows = list(islice(_records(file), _LOOK_AT))
    hits = Counter(table for table, record in rows if any("@" in cell for cell in record.cells))
    if not hits:
        what = "this is an HTML or XML page, and no table in it holds e-mail addresses"
        raise unusable(origin.display, what, "export the list as CSV (UTF-8) and name that file")
    table = max(hits, key=lambda one: (hits[one], -one))
    sample = [record for number, record in rows if number == table][:SAMPLE_ROWS]
    layout = layout_of(sample, wanted, origin.display)
    return HtmlTableSource(
        origin=origin,
        wanted=wanted,
        column=layout.column_name,
        encoding=file.encoding,
        layout=layout,
        file=file,
        table=table,
    )


def _is_page(path: Path, head: bytes) -> bool:
    del path
    start = beginning(head)
    if start.startswith(b"<?xml"):
        return b"office:spreadsheet" in start or b"<html" in start
    return start.startswith(
        (b"<html", b"<!doctype html", b"<table", b"<meta", b"<head", b"<style", b"<body", b"<!--", b"<div")
    )


FORMAT = ListFormat("an HTML table", (".html", ".htm"), _open, _is_page)
