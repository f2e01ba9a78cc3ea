"""Where something stands in an input file."""

import os
from pathlib import Path

from msgspec import Struct


class Location(Struct, frozen=True):
    """A place in a file; `line` and `column` count from 1 and are missing where they make no sense."""

    path: str
    line: int | None = None
    column: int | None = None

    def __str__(self) -> str:
        """Return `path:line:column`, as editors and compilers write it."""
        return ":".join(str(part) for part in (self.path, self.line, self.column) if part is not None)


def display_name(path: Path) -> str:
    """Return the path as a report shows it: relative to the working directory when it lies below it, and without `..`."""
    try:
        relative = os.path.relpath(path)
    except ValueError:  # another drive
        return path.as_posix()
    return Path(os.path.normpath(path) if relative.startswith("..") else relative).as_posix()
