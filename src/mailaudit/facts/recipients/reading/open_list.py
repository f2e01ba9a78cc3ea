"""Opens a list of any format: by its suffix, and by its first bytes when the suffix says nothing."""

from __future__ import annotations

import os
import select
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from mailaudit.campaign.values.types import STDIN, DatabaseUrl
from mailaudit.errors import refused
from mailaudit.facts.recipients.progress import reading
from mailaudit.facts.recipients.reading.columns import Wanted
from mailaudit.facts.recipients.reading.database.open_database import open_database
from mailaudit.facts.recipients.reading.list_format import format_of, suffix_of
from mailaudit.facts.recipients.reading.source import Origin, Source, unusable
from mailaudit.location import display_name
from mailaudit.reach import bounded

if TYPE_CHECKING:
    from mailaudit.facts.recipients.tables.engine import Workspace

STDIN_NAME = "standard input"
# The name of the copy of what has none of its own.
PIPED = "stdin"
_PIECE = 1 << 20
MAX_PIPED = 64 << 30
_WAIT_S = 0.2
_ANY = Wanted()


def open_source(
    path: Path | DatabaseUrl,
    work: Workspace,
    wanted: Wanted = _ANY,
    *,
    table: str | None = None,
    query: str | None = None,
    whole: bool = False,
) -> Source:
    """Open a list; raises `InputError` when it or a wanted column cannot be used.

    `table` or `query` say what to read from a database, `whole` that all its columns are wanted, to be written again.
    Standard input, pipes and what a database returns, which can be read only once, are copied to the workspace first.
    """
    work.tell(reading(path.masked if isinstance(path, DatabaseUrl) else path.name))
    if isinstance(path, DatabaseUrl):
        return open_database(path, wanted, work, table=table, query=query, whole=whole)
    if path == STDIN:
        copy = _copied(sys.stdin.buffer, work, STDIN_NAME)
        origin = Origin(None, copy, STDIN_NAME, PIPED, work.folder)
    else:
        data = read_once(path, work)
        origin = Origin(path if data == path else None, data, display_name(path), path.name, work.folder)
    return format_of(origin, suffix_of(path)).opens(origin, wanted)


def read_once(path: Path, work: Workspace) -> Path:
    """Return a file, or the copy of a pipe, which can be read only once; raises `InputError` when there is no room."""
    if not path.exists() or path.is_file() or path.is_dir():
        return path
    if not path.is_fifo():
        raise unusable(str(path), "this is a device, and no list of recipients", "name a file")
    # A named pipe is opened without waiting for who writes into it, so that Ctrl-C still ends the run.
    flags = os.O_RDONLY | (os.O_NONBLOCK if sys.platform == "linux" else 0)
    with os.fdopen(os.open(path, flags), "rb") as pipe:
        return _copied(pipe, work, display_name(path))


def _copied(stream: BinaryIO, work: Workspace, display: str) -> Path:
    """Copy what can be read only once to the workspace; raises `InputError` when there is no room."""
    folder = Path(tempfile.mkdtemp(dir=work.folder))
    copy = folder / PIPED
    try:
        with copy.open("wb") as file:
            size = 0
            for piece in _pieces(stream, work, display):
                size += len(piece)
                if size > MAX_PIPED:
                    raise unusable(
                        display, "more comes through the pipe than any list holds", "write it to a file"
                    )
                file.write(piece)
    except OSError as error:
        what = f"{work.place}: there is no room for a copy of {display} ({error.strerror or error})"
        todo = "free some room there, or name another folder in the environment variable TMPDIR"
        raise refused(what, todo=todo) from error
    return copy


def _pieces(stream: BinaryIO, work: Workspace, display: str) -> Iterator[bytes]:
    """Yield what comes; while nothing does, the run may be stopped. Nobody is waited for who has not opened a named pipe."""
    try:
        number = stream.fileno()
    except (OSError, ValueError):  # made of text by a test or another program
        yield stream.read()
        return
    until = time.monotonic() + bounded.PATIENCE_S
    while True:
        is_silent = os.name == "posix" and not select.select([number], [], [], _WAIT_S)[0]
        if is_silent:
            work.require_going()
            if os.get_blocking(number) or time.monotonic() < until:
                continue
        try:
            piece = os.read(number, _PIECE)
        except BlockingIOError:  # somebody has opened it, and takes the time
            continue
        if is_silent and not piece:
            raise unusable(display, f"nobody writes into this pipe for {bounded.PATIENCE_S:g} s", "name a file")
        if not piece:
            return
        yield piece
