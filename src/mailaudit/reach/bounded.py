"""Reads a file whose size nobody vouches for: no device, no pipe without end, and never more than a bound."""

import os
import select
import stat
import time
from pathlib import Path

from mailaudit.errors import refused
from mailaudit.location import Location

PATIENCE_S = 10.0
"""Seconds that a pipe may be silent."""
_PIECE = 1 << 16


def read_bounded(path: Path, most: int, display: str | None = None) -> bytes:
    """Return the octets of a file or a pipe; raises `InputError` for a device, for more than `most`, and for silence.

    What counts is what is read: the size that the system tells of a device or a pipe is none. Raises `OSError` for what
    cannot be opened.
    """
    where = Location(display or str(path))
    flags = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
    handle = os.open(path, flags)
    try:
        mode = os.fstat(handle).st_mode
        if not (stat.S_ISREG(mode) or stat.S_ISFIFO(mode) or stat.S_ISDIR(mode)):
            raise refused("this is a device, and no file", where, "name a file")
        pieces, size = [], 0
        while piece := _piece(handle, where, is_pipe=stat.S_ISFIFO(mode)):
            size += len(piece)
            if size > most:
                what = f"this is larger than {most >> 20} MiB"
                raise refused(what, where, "name a smaller file")
            pieces.append(piece)
        return b"".join(pieces)
    finally:
        os.close(handle)


def _piece(handle: int, where: Location, *, is_pipe: bool) -> bytes:
    """Return what comes next; a named pipe into which nobody writes yet is waited for, and not for ever."""
    until = time.monotonic() + PATIENCE_S
    while is_pipe and time.monotonic() < until:
        if select.select([handle], [], [], min(0.2, PATIENCE_S))[0]:
            break
    else:
        if is_pipe:
            todo = "write into it, or name a file"
            raise refused(f"nothing came through this pipe for {PATIENCE_S:g} s", where, todo)
    return os.read(handle, _PIECE)
