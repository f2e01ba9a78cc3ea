"""The campaign file's bytes become text, or one clear error."""

import hashlib
import os
import re
import stat
import sys
from pathlib import Path

from msgspec import Struct

from mailaudit.campaign.values.types import STDIN
from mailaudit.errors import Complaint, InputError, refused
from mailaudit.location import Location

MAX_BYTES = 1 << 20

# The characters that YAML 1.2 (section 5.1) allows, without NEL, LS and PS, which would shift the line numbers.
_FORBIDDEN = "[^\t\n\r\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]"
# The same among ASCII characters: large ranges take long to compile.
_FORBIDDEN_ASCII = "[^\t\n\r\x20-\x7e]"
_NUL = "the file holds a NUL character, so it is not plain text"
_LISTS = (".csv", ".tsv", ".xlsx", ".xls", ".ods", ".parquet")
_UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")


class FileText(Struct, frozen=True):
    """The text of a campaign file with lines ended by a line feed, and the SHA-256 of its bytes in hexadecimal."""

    text: str
    sha256: str


def read_file_text(path: Path, display: str) -> FileText:
    """Read a campaign file of at most 1 MiB in UTF-8 or in UTF-16 with a byte order mark; raises `InputError`."""
    data = _read_bytes(path, display)
    text = _decoded(data, display).replace("\r\n", "\n").replace("\r", "\n")
    forbidden = re.search(_FORBIDDEN_ASCII if text.isascii() else _FORBIDDEN, text)
    if forbidden:
        raise InputError(_control_character(text, forbidden.start(), display))
    return FileText(text, hashlib.sha256(data).hexdigest())


def _read_bytes(path: Path, display: str) -> bytes:
    where = Location(display)
    if path == STDIN:
        data = sys.stdin.buffer.read(MAX_BYTES + 1)
        return _sized(data, len(data), where)
    try:
        mode = path.stat().st_mode
        if stat.S_ISDIR(mode):
            raise refused("this is a directory", where, "name the campaign file in it, such as campaign.yml")
        if not stat.S_ISREG(mode):
            raise refused("this is not a regular file", where, "save the campaign in a file and name that")
        if path.suffix.lower() in _LISTS:
            todo = "name it beside your domain: mailaudit check acme.example --recipients FILE"
            raise refused("this is a list, not a campaign file", where, todo)
        with open(path, "rb", opener=_open_without_waiting) as file:
            size = os.fstat(file.fileno()).st_size
            data = b"" if size > MAX_BYTES else file.read(MAX_BYTES + 1)
    except FileNotFoundError:
        raise refused(
            "there is no such file", where, "name another file, or write one with: mailaudit init"
        ) from None
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        raise refused(f"the file cannot be read: {reason}", where) from None
    return _sized(data, max(size, len(data)), where)


def _sized(data: bytes, size: int, where: Location) -> bytes:
    if size > MAX_BYTES:
        raise refused("the file is larger than 1 MiB", where, "a campaign file holds the plan, not the recipients")
    return data


def _open_without_waiting(name: str, flags: int) -> int:
    # A FIFO that replaces the file after the test of its type must not hang the audit.
    return os.open(name, flags | getattr(os, "O_NONBLOCK", 0))


def _decoded(data: bytes, display: str) -> str:
    encoding = "utf-16" if data.startswith(_UTF16_MARKS) else "utf-8-sig"
    if encoding != "utf-16" and b"\0" in data:
        where = Location(display, *_line_and_column(data.partition(b"\0")[0].decode("utf-8-sig", "replace")))
        raise refused(_NUL, where, "save it as UTF-8 text")
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        if encoding == "utf-16":
            raise refused("the file is damaged UTF-16", Location(display), "save it as UTF-8") from None
        before = data[: error.start].decode("utf-8-sig")
        where = Location(display, *_line_and_column(before))
        raise refused(
            f"the file is not UTF-8 (byte 0x{data[error.start]:02x})", where, "save it as UTF-8"
        ) from None


def _control_character(text: str, position: int, display: str) -> Complaint:
    code = ord(text[position])
    where = Location(display, *_line_and_column(text[:position]))
    if code == 0:
        return Complaint(_NUL, where, "save it as UTF-8 text")
    return Complaint(f"the file holds the control character U+{code:04X}", where, "delete it")


def _line_and_column(before: str) -> tuple[int, int]:
    lines = before.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return len(lines), len(lines[-1]) + 1
