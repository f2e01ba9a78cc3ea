"""At most twenty messages that show how the others look: the first, the last, and one of each shape of header."""

import os
from contextlib import suppress
from pathlib import Path

from mailaudit.facts.capture.read import MOST_SAMPLES, SAMPLES

_MOST_SHAPES = 10_000


class Samples:
    """Writes samples as they come; the last message is kept in memory until the end."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder / SAMPLES
        self._folder.mkdir(mode=0o700)
        self._shapes: dict[tuple[str, ...], int] = {}
        self._written = 0
        self._last: tuple[int, bytes] | None = None

    def add(self, number: int, shape: tuple[str, ...], content: bytes) -> int:
        """Take a message, and return the number of its shape, 0 for one beyond the ten thousandth."""
        known = self._shapes.get(shape)
        if known is not None:
            self._last = (number, content)
            return known
        if len(self._shapes) >= _MOST_SHAPES:
            return 0
        self._shapes[shape] = len(self._shapes) + 1
        # One place stays free for the last message.
        if self._written < MOST_SAMPLES - 1:
            self._write(number, content)
            self._last = None
        else:
            self._last = (number, content)
        return self._shapes[shape]

    def finish(self) -> int:
        """Write the last message, and return how many samples there are; raises `OSError`."""
        if self._last is not None:
            self._write(*self._last)
            self._last = None
        return self._written

    def _write(self, number: int, content: bytes) -> None:
        path = self._folder / f"{number:08}.eml"
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(content)
        except OSError:
            with suppress(OSError):
                path.unlink()
            raise
        self._written += 1
