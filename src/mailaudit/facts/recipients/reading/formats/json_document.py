"""A JSON document that holds a list: an array of objects, or an object one of whose values is such an array."""

import json
from collections import deque
from collections.abc import Iterator
from itertools import chain, islice
from pathlib import Path
from typing import Any

from mailaudit.errors import InputError
from mailaudit.facts.recipients.cells.digests import holds_digest
from mailaudit.facts.recipients.reading.columns import Wanted
from mailaudit.facts.recipients.reading.formats.json_lines import as_object
from mailaudit.facts.recipients.reading.list_format import ListFormat, beginning
from mailaudit.facts.recipients.reading.rows import SAMPLE_ROWS
from mailaudit.facts.recipients.reading.source import Entry, ObjectSource, Origin, unusable, wanted_keys
from mailaudit.facts.recipients.reading.text_file import MAX_LINE, TextFile, open_text

_DECODER = json.JSONDecoder()
# So many objects may stand around the array.
_DEPTH = 8


def _entries(file: TextFile) -> Iterator[Entry]:
    """Yield the elements of the array, counted from 1."""
    for number, value in enumerate(Document(file).elements(), 1):
        values = as_object(value)
        yield Entry(number, values, json.dumps(value, ensure_ascii=False) if values is None else "")


class Document:
    """Reads a document from its beginning to its end without holding more than one element."""

    def __init__(self, file: TextFile) -> None:
        self._display = file.display
        self._pieces = file.pieces()
        self._text = ""
        self._at = 0

    def values(self) -> Iterator[Any]:
        """Yield the elements of an array, of the first array of objects in an object, or one object after the other."""
        if self._next() == "[":
            yield from self._array()
            return
        while self._next():
            value = self._value(at_end=True)
            inner = value.values() if isinstance(value, dict) else ()
            yield from next(
                (one for one in inner if isinstance(one, list) and one and isinstance(one[0], dict)), [value]
            )

    def elements(self, depth: int = 0) -> Iterator[Any]:
        """Yield the elements of the outermost array, or of the first array of objects or addresses in an object.

        Objects in it are looked into as well. Without such an array, what begins another one is told, for the complaint.
        """
        if self._next() == "[":
            yield from self._array()
            return
        self._expect("{")
        others: list[Any] = []
        while self._next() == '"':
            self._value()
            self._expect(":")
            found = self._inner(depth)
            first = next(found, None)
            if _is_entry(first, depth):
                yield first
                yield from found
                return
            others.extend([] if first is None else [first])
            deque(found, 0)
            if self._next() == ",":
                self._at += 1
        self._expect("}")
        yield from others[: not depth]

    def _inner(self, depth: int) -> Iterator[Any]:
        sign = self._next()
        if sign == "[":
            return self._array()
        if sign == "{" and depth < _DEPTH:
            return self.elements(depth + 1)
        self._value()
        return iter(())

    def _array(self) -> Iterator[Any]:
        self._expect("[")
        while self._next() != "]":
            yield self._value()
            if self._next() == ",":
                self._at += 1
            elif self._next() != "]":
                raise self._broken()
        self._expect("]")

    def _next(self) -> str:
        """Return the next sign that is no white space, or nothing at the end."""
        while True:
            rest = self._text[self._at : self._at + 64].lstrip()
            if rest:
                self._at = self._text.index(rest[0], self._at)
                return rest[0]
            self._at = min(self._at + 64, len(self._text))
            if self._at == len(self._text) and not self._more():
                return ""

    def _expect(self, sign: str) -> None:
        if self._next() != sign:
            raise self._broken()
        self._at += 1

    def _value(self, *, at_end: bool = False) -> Any:
        """Return the next value, which only if that is allowed may be the last thing of the document."""
        self._next()
        while True:
            try:
                value, end = _DECODER.raw_decode(self._text, self._at)
            except RecursionError:
                raise self._broken() from None
            except ValueError:
                end = len(self._text)
                value = None
            # A value at the end of what was read may go on.
            if end < len(self._text):
                self._at = end
                return value
            if len(self._text) - self._at > MAX_LINE or not self._more():
                if at_end and value is not None:
                    self._at = end
                    return value
                raise self._broken()

    def _more(self) -> bool:
        piece = next(self._pieces, "")
        self._text = self._text[self._at :] + piece
        self._at = 0
        return bool(piece)

    def _broken(self) -> InputError:
        return unusable(self._display, "the JSON document is damaged or incomplete", "export the list again")


def _is_entry(first: object, depth: int) -> bool:
    """Say whether this begins a list; further in, many arrays tell something about the list."""
    if isinstance(first, str):
        return "@" in first or holds_digest(first)
    return isinstance(first, dict) and (not depth or "@" in str(first))


def _open(origin: Origin, wanted: Wanted) -> ObjectSource:
    file = open_text(origin.data, origin.display, wanted.encoding)
    entries = _entries(file)
    sample = list(islice(entries, SAMPLE_ROWS))
    if not any(entry.values for entry in sample) and sample:
        what = "the JSON document holds no array of objects or addresses"
        raise unusable(origin.display, what, "write one object a line (JSON Lines), or an array of objects")
    keys, column = wanted_keys(chain(sample, entries), wanted, origin.display)
    return ObjectSource(
        origin=origin, wanted=wanted, column=column, encoding=file.encoding, keys=keys, file=file, read=_entries
    )


def _is_document(path: Path, head: bytes) -> bool:
    """Tell a document from JSON Lines, whose first line is whole."""
    del path
    start = beginning(head)
    if not start.startswith((b"[", b"{")):
        return False
    first = start.partition(b"\n")[0].strip()
    if start.startswith(b"["):
        return first == b"[" or first[1:].lstrip()[:1] in {b"{", b'"', b"]", b"n"}
    try:
        return not isinstance(json.loads(first), dict) or (
            b"\n" not in start.strip() and b":[" in first.replace(b" ", b"")
        )
    except (ValueError, RecursionError):
        return True


FORMAT = ListFormat("a JSON document", (".json",), _open, _is_document)
