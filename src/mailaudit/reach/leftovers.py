"""Temporary files that a killed run left behind: whoever uses one holds a lock on it, and what nobody holds is swept."""

import os
import shutil
import time
from contextlib import suppress
from pathlib import Path

try:
    import fcntl
except ImportError:  # Windows removes what is open no more by other means
    fcntl = None  # type: ignore[assignment]

# How folders for temporary files are called, and the file in each that tells who uses it.
SCRATCH, IN_USE = "mailaudit-", "in-use"
# Between the making of a file and the lock on it lies a moment.
_GRACE_S = 1


def hold(path: Path) -> int:
    """Open a file and hold it for as long as this process lives or until the descriptor is closed."""
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0), 0o600)
    if fcntl is not None:
        with suppress(OSError):  # a file system without locks
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    return descriptor


def sweep(folder: Path, pattern: str, lock: str = "") -> None:
    """Remove the files (or folders, held by the file `lock` in them) of a pattern that are ours and nobody holds."""
    if fcntl is None:
        return
    with suppress(OSError):
        for path in folder.glob(pattern):
            with suppress(OSError):
                if _is_abandoned(path, path / lock if lock else path):
                    _remove(path)


def _is_abandoned(path: Path, held: Path) -> bool:
    status = path.lstat()
    if status.st_uid != os.getuid() or path.is_symlink() or time.time() - status.st_mtime < _GRACE_S:
        return False
    descriptor = os.open(held, os.O_RDWR | os.O_NOFOLLOW)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    finally:
        os.close(descriptor)
    return True


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink()
