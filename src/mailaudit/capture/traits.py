"""What tells messages of one shape apart by their faults: marks of fields, traces of errors, empty values, odd lines."""

import binascii
import itertools
import re

from mailaudit.capture.header import Header

# Each is a search for octets, a microsecond on 10 KB: what a mark means is for the audit of the message to say.
_MARKS = tuple(
    mark.encode("ascii")
    for mark in (
        *("{{", "[[", "%%", "*|", "${", "<%", "{%", "#{", "@@", "%[", "<?php", "%FIRST", "%first"),
        *(
            "Warning:",
            "Notice:",
            "Deprecated:",
            "Fatal error",
            "Traceback (",
            "Undefined ",
            "undefined",
            "[object ",
        ),
        *(" null", ">null", " None", " NaN", "Exception", "orem ipsum", " ,", " !"),
        *("localhost", "127.0.0.1", "192.168.", 'href=""', "href='#", 'href="#', 'src=""'),
    )
)
_CAPITALS = re.compile(rb"\[[A-Z][A-Z0-9 _-]{1,40}\]")
_YEAR = re.compile(rb"\b\d{4}\b")
_BOUNDARY = re.compile(rb"boundary=(?:\"[^\"]*\"|[^;\s]*)", re.IGNORECASE)
_IDENTIFIER = re.compile(rb"<[^<>\s@]+@([^<>\s@]+)>")
_NOT_FINAL = re.compile(rb"(?:re|fwd?|tr|aw)\s*:|\W*test", re.IGNORECASE)
_LOOKED_AT = 262_144
_HEAD = 1_024
# Gmail shows no more of a message; longer lines are cut by servers (RFC 5321, section 4.5.3.1.6).
_CLIPPED, _LONGEST_LINE = 104_448, 999


def traits_of(header: Header, content: bytes) -> frozenset[bytes]:
    """Return what is particular to a message, so that one of each kind is kept; what changes with each person is no trait."""
    seen = content[:_LOOKED_AT]
    text = _readable(seen)
    found = {mark for mark in _MARKS if mark in text}
    found.update(_CAPITALS.findall(text)[:1])
    found.add(b"octets %d" % len(content).bit_length())
    found.add(b"ascii %d clipped %d" % (content.isascii(), len(content) > _CLIPPED))
    found.add(b"long line %d" % (max(map(len, seen.split(b"\n"))) > _LONGEST_LINE))
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


def _readable(content: bytes) -> bytes:
    """Return a message with the texts that stand in it as base64, and without the soft line ends of quoted-printable."""
    texts = [content.replace(b"=\r\n", b"")]
    if b"ase64" in content:
        blocks = content.split(b"\r\n\r\n")
        for above, block in itertools.pairwise(blocks):
            head = above[-_HEAD:].lower()
            if b"base64" in head and b"text/" in head:
                texts.append(_decoded(block.partition(b"\r\n--")[0]))
    return b"\n".join(texts)


def _decoded(text: bytes) -> bytes:
    try:
        return binascii.a2b_base64(text[: len(text) // 4 * 4])
    except binascii.Error:
        return b""
