"""Take the header apart: fields as they are written and as they are read, each with its line (RFC 5322, section 2.2)."""

from mailaudit.facts.message.model import HeaderField
from mailaudit.facts.message.reading.encoded_words import decode_words

MOST_FIELDS = 50_000
_MOST_OCTETS = 4 * 1024 * 1024
_BLANK = (b" ", b"\t")


def split_header(raw: bytes) -> tuple[list[HeaderField], int]:
    """Return the header fields, and the offset at which the body begins.

    Lines may end in CRLF, LF or CR. A line that is no field is passed over, as receivers do. No more than
    `MOST_FIELDS` fields and one are returned.
    """
    fields: list[tuple[str, list[bytes], int]] = []
    place = number = 0
    for line in _lines(raw):
        number += 1
        place += len(line)
        text = line.rstrip(b"\r\n")
        if not text.strip():
            break
        if text[:1] in _BLANK and fields:
            fields[-1][1].append(text)
            continue
        name, colon, value = text.partition(b":")
        shown = name.strip().decode("utf-8", "replace")
        if colon and shown and " " not in shown:
            fields.append((shown, [value], number))
            if len(fields) > MOST_FIELDS:
                break
    return [_field(name, lines, line) for name, lines, line in fields], place


def _lines(raw: bytes) -> list[bytes]:
    """Return the lines of the header, and some of what follows it."""
    ends = [end for mark in (b"\n\n", b"\n\r\n", b"\r\r") if (end := raw.find(mark, 0, _MOST_OCTETS)) >= 0]
    return raw[: min(ends, default=_MOST_OCTETS) + 3].splitlines(keepends=True)


def _field(name: str, lines: list[bytes], number: int) -> HeaderField:
    unfolded = b" ".join(line.strip() for line in lines).strip()
    return HeaderField(name, decode_words(_text(unfolded)), number, raw=b"\n".join(lines))


def _text(octets: bytes) -> str:
    try:
        return octets.decode()
    except UnicodeError:
        return octets.decode("latin-1")
