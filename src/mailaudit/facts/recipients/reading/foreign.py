"""Files that are no list and are often taken for one, each with what to do instead."""

import re
from pathlib import Path
from zipfile import BadZipFile, ZipFile

from mailaudit.errors import InputError
from mailaudit.facts.recipients.reading.source import unusable

_AS_CSV = "save the list as CSV (UTF-8) and name that file"
_UNPACK = "unpack it, and name the list in it"
_CONTACTS = "export the contacts or the list as CSV and name that file"
_BEGINNINGS: tuple[tuple[tuple[bytes, ...], str, str], ...] = (
    ((b"%PDF",), "a PDF document", _AS_CSV),
    ((b"{\\rtf",), "an RTF document", _AS_CSV),
    ((b"SQLite format 3\0",), "an SQLite database", "name it as sqlite:///path with recipients.table"),
    ((b"\x89PNG", b"\xff\xd8\xff", b"GIF8"), "a picture", _AS_CSV),
    ((b"\x7fELF", b"MZ\x90"), "a program", _AS_CSV),
    ((b"Rar!\x1a\x07",), "a RAR archive", _UNPACK),
    ((b"7z\xbc\xaf\x27\x1c",), "a 7-Zip archive", _UNPACK),
    ((b"BZh", b"\xfd7zXZ\0", b"\x28\xb5\x2f\xfd"), "a file that was packed with bzip2, xz or zstd", _UNPACK),
    ((b"!BDN",), "an Outlook data file", _CONTACTS),
    ((b"\0\x01\0\0Standard ",), "an Access database", "export the table as CSV and name that file"),
    ((b"ARROW1", b"FEA1", b"Obj\x01", b"ORC"), "an Arrow, Avro or ORC file", "write the list as Parquet or CSV"),
    ((b"bplist00",), "an Apple property list", _AS_CSV),
    ((b"BEGIN:VCALENDAR",), "a calendar", _CONTACTS),
    (
        (b"Received:", b"Return-Path:", b"Delivered-To:", b"MIME-Version:", b"X-Mozilla-Status:"),
        "an e-mail message or a web archive (MHTML)",
        _CONTACTS,
    ),
)
# Before each message stands a line with an address and the time (RFC 4155), and a field of the header follows.
_MAILBOX = re.compile(rb"From \S+ [^\r\n,;\t]*\r?\n[!-9;-~]+: ")
# What tells an archive that is a document, by the end of a name in it.
_DOCUMENTS: tuple[tuple[str, str, str], ...] = (
    (".iwa", "an Apple Numbers document", "in Numbers choose File > Export To > CSV"),
    ("Index.zip", "an Apple Numbers document", "in Numbers choose File > Export To > CSV"),
    ("word/document.xml", "a Word document", _AS_CSV),
    ("ppt/presentation.xml", "a presentation", _AS_CSV),
)


def refuse_foreign(path: Path, head: bytes, display: str) -> None:
    """Raise `InputError` when the first bytes of a file are those of something that is known to be no list."""
    told = next((row for row in _BEGINNINGS if head.startswith(row[0])), None)
    if told:
        raise _is(display, *told[1:])
    if head[8:12] == b"DUCK":
        raise _is(display, "a DuckDB database", "name it as duckdb:///path with recipients.table")
    if _MAILBOX.match(head):
        raise _is(display, "a mailbox (mbox) of messages", _CONTACTS)
    if head.startswith(b"PK\x03\x04"):
        names = archived(path)
        for ending, what, todo in _DOCUMENTS:
            if any(name.endswith(ending) for name in names):
                raise _is(display, what, todo)


def archived(path: Path) -> tuple[str, ...]:
    """Return the names in a ZIP archive, none when it is damaged."""
    try:
        with ZipFile(path) as archive:
            return tuple(archive.namelist())
    except (OSError, BadZipFile, ValueError, NotImplementedError):
        return ()


def _is(display: str, what: str, todo: str) -> InputError:
    return unusable(display, f"this is {what}, and no list of recipients", todo)
