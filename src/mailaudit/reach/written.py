"""Writes a text to where somebody wants it: a whole file or none, and a device or a pipe as it stands."""

import contextlib
import errno
import os
import stat
import tempfile
from pathlib import Path


def write_whole(path: Path, text: str) -> None:
    """Write a file in one step, following a link; raises `OSError`, also for a pipe that nobody reads."""
    if path.exists() and not path.is_file():
        with os.fdopen(_opened(path), "w", encoding="utf-8", newline="\n") as stream:
            stream.write(text)
        return
    target = Path(os.path.realpath(path))  # unlike resolve(), never fails on links that lead in a circle
    handle, name = tempfile.mkstemp(prefix=f".{target.name}.", dir=target.parent)
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as stream:
            stream.write(text)
        Path(name).chmod(_mode(target))
        Path(name).replace(target)
    except BaseException:
        with contextlib.suppress(OSError):
            Path(name).unlink()
        raise


def _opened(path: Path) -> int:
    if not stat.S_ISFIFO(path.stat().st_mode):
        return os.open(path, os.O_WRONLY)
    # To open a pipe waits for a reader, who may never come.
    try:
        handle = os.open(path, os.O_WRONLY | os.O_NONBLOCK)
    except OSError as error:
        if error.errno == errno.ENXIO:
            raise OSError(errno.ENXIO, "nobody reads this pipe") from error
        raise
    os.set_blocking(handle, True)
    return handle


def _mode(target: Path) -> int:
    if target.exists():
        return target.stat().st_mode & 0o777
    umask = os.umask(0)
    os.umask(umask)
    return 0o666 & ~umask
