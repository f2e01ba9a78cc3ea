"""What tells messages of one shape apart by their faults: marks of fields, traces of errors, empty values, odd lines."""

import re

from mailaudit.capture.header import Header

# What a mark means is for the audit of the message to say. A search for one octet costs a tenth of one for more: marks are
# looked for only where theirs stands, and where none is found everywhere.
_MARKS = {
    first.encode("ascii"): tuple(mark.encode("ascii") for mark in marks)
    for first, marks in {
        "{": ("{{", "${", "{%", "#{"),
        "[": ("[[", "%[", "[object "),
        "%": ("%%", "<%", "%FIRST", "%first"),
        "*": ("*|",),
        "@": ("@@",),
        "?": ("<?php",),
        "(": ("Traceback (",),
        "#": ("href='#", 'href="#'),
        "": (" on line ", "undefined", "null", " None", " ,", "localhost", "127.0.0.1", '=""'),
    }.items()
}
_CAPITALS = re.compile(rb"\[[A-Z][A-Z0-9 _-]{1,40}\]")
_YEAR = re.compile(rb"\b\d{4}\b")
_BOUNDARY = re.compile(rb"boundary=(?:\"[^\"]*\"|[^;\s]*)", re.IGNORECASE)
_IDENTIFIER = re.compile(rb"<[^<>\s@]+@([^<>\s@]+)>")
_NOT_FINAL = re.compile(rb"(?:re|fwd?|tr|aw)\s*:|\W*test", re.IGNORECASE)
# Gmail shows no more of a message; longer lines are cut by servers (RFC 5321, section 4.5.3.1.6).
_CLIPPED, _LONGEST_LINE = 104_448, 999
_MOST_PLAIN = 5_000


class Marks:
    """Finds marks in texts; lines that most texts have, and without any, are looked at once."""

    def __init__(self) -> None:
        self._plain: set[bytes] = set()

    def within(self, text: bytes) -> set[bytes]:
        """Return the marks in a text."""
        lines = [line for line in text.split(b"\n") if line not in self._plain]
        found = _marks(b"\n".join(lines))
        room = _MOST_PLAIN - len(self._plain)
        self._plain.update(line for line in lines[:room] if len(line) < _LONGEST_LINE and not _marks(line))
        return found


def _marks(text: bytes) -> set[bytes]:
    found = {mark for first, marks in _MARKS.items() if first in text for mark in marks if mark in text}
    found.update(_CAPITALS.findall(text)[:1])
    return found


def traits_of(header: Header, content: bytes, marks: set[bytes]) -> frozenset[bytes]:
    """Return what is particular to a message with such marks; what changes with each person is no trait."""
    found = set(marks)
    found.add(b"octets %d" % len(content).bit_length())
    found.add(b"ascii %d clipped %d" % (content.isascii(), len(content) > _CLIPPED))
    found.add(b"long line %d" % (max(map(len, content.split(b"\n"))) > _LONGEST_LINE))
    found.update(name.encode("ascii") for name, value in header.values.items() if not value)
    found.update(
        name.encode("ascii") + b" not ascii" for name, value in header.values.items() if not value.isascii()
    )
    return frozenset(found | _of_fields(header))


def _of_fields(header: Header) -> set[bytes]:
    value = header.values.get
    year = _YEAR.search(value("date", b""))
    identifier = _IDENTIFIER.fullmatch(value("message-id", b""))
    return {
        b"date " + (year[0] if year else b""),
        b"message-id " + (identifier[1] if identifier else b""),
        b"content-type " + b"".join(_BOUNDARY.sub(b"", value("content-type", b"")).lower().split()),
        b"reply-to " + value("reply-to", b"").rpartition(b"@")[2],
        b"subject %d" % bool(_NOT_FINAL.match(value("subject", b""))),
    }
