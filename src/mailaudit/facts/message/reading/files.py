"""Read the file of a message without waiting for a device or a pipe, and without loading what no provider takes."""

import codecs
import os
import stat
from pathlib import Path

from msgspec import Struct

from mailaudit.errors import refused
from mailaudit.location import Location

MOST_OCTETS = 60 * 1024 * 1024
_UTF16 = {codecs.BOM_UTF16_LE: "utf-16-le", codecs.BOM_UTF16_BE: "utf-16-be"}


class MessageFile(Struct, frozen=True):
    """The octets of a file, without its byte order mark; `size` is that of the file, in octets.

    What is a device or a pipe, or larger than `MOST_OCTETS`, has no octets and a `fault`: a clause about the file.
    `is_transcoded` says that an editor saved the file as UTF-16: the octets are then its text in UTF-8, and say
    nothing about the charsets of the message.
    """

    path: Path
    size: int
    octets: bytes = b""
    fault: str | None = None
    is_transcoded: bool = False


def read_message_file(path: Path) -> MessageFile:
    """Return the octets of a file, or why they are not read; raises `InputError` for one that cannot be opened."""
    try:
        return _read(path)
    except OSError as error:
        reason = error.strerror or type(error).__name__
        where = Location(path.name)
        raise refused(f"cannot be read ({reason})", where, "name the message file") from error


def _read(path: Path) -> MessageFile:
    # Opening a pipe waits for its writer, unless it is asked not to.
    handle = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
    with os.fdopen(handle, "rb") as stream:
        status = os.fstat(handle)
        if not stat.S_ISREG(status.st_mode):
            return MessageFile(path, 0, fault=f"{path.name} is a device or a pipe, and no file")
        if status.st_size > MOST_OCTETS:
            fault = f"{path.name} is larger than {MOST_OCTETS // 1024 // 1024} MiB"
            return MessageFile(path, status.st_size, fault=fault)
        raw = stream.read(MOST_OCTETS)
    encoding = _UTF16.get(raw[:2])
    if encoding:
        text = raw[2:].decode(encoding, "replace")
        return MessageFile(path, len(raw), text.encode("utf-8", "replace"), is_transcoded=True)
    return MessageFile(path, len(raw), raw.removeprefix(codecs.BOM_UTF8))
