"""Where something stands in an input file."""

from msgspec import Struct


class Location(Struct, frozen=True):
    """A place in a file; `line` and `column` count from 1 and are missing where they make no sense."""

    path: str
    line: int | None = None
    column: int | None = None

    def __str__(self) -> str:
        """Return `path:line:column`, as editors and compilers write it."""
        return ":".join(str(part) for part in (self.path, self.line, self.column) if part is not None)
