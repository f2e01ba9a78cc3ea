"""At most twenty messages that show how the others look: the first, the last, one of each shape and kind."""

import os
from contextlib import suppress
from pathlib import Path

from mailaudit.facts.capture.read import MOST_SAMPLES, SAMPLES, sample_name

_MOST_SHAPES = 10_000
# A shape of header that comes later takes the place of one of these.
_MOST_KINDS = 9


class Samples:
    """Writes samples as they come; the last message is kept in memory until the end."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder / SAMPLES
        self._folder.mkdir(mode=0o700)
        self._shapes: dict[tuple[str, ...], int] = {}
        self._kinds: set[tuple[int, frozenset[bytes]]] = set()
        self._of_kinds: list[Path] = []
        self._written = 0
        self._last: tuple[int, bytes] | None = None

    def add(self, number: int, shape: tuple[str, ...], traits: frozenset[bytes], content: bytes) -> int:
        """Take a message, and return the number of its shape, 0 for one beyond the ten thousandth."""
        known = self._shapes.get(shape)
        if known is None and len(self._shapes) < _MOST_SHAPES:
            known = self._shapes[shape] = len(self._shapes) + 1
            self._kinds.add((known, traits))
            if self._written >= MOST_SAMPLES - 1 and self._of_kinds:
                self._of_kinds.pop().unlink()
                self._written -= 1
            self._keep(number, content, is_wanted=True)
            return known
        kind = (known or 0, traits)
        has_room = self._written < MOST_SAMPLES - 1 and len(self._of_kinds) < _MOST_KINDS
        is_new = has_room and kind not in self._kinds
        if is_new:
            self._kinds.add(kind)
            self._of_kinds.append(self._path(number))
        self._keep(number, content, is_wanted=is_new)
        return known or 0

    def _keep(self, number: int, content: bytes, *, is_wanted: bool) -> None:
        # One place stays free for the last message.
        if is_wanted and self._written < MOST_SAMPLES - 1:
            self._write(number, content)
            self._last = None
        else:
            self._last = (number, content)

    def finish(self) -> int:
        """Write the last message, and return how many samples there are; raises `OSError`."""
        if self._last is not None:
            self._write(*self._last)
            self._last = None
        return self._written

    def _path(self, number: int) -> Path:
        return self._folder / sample_name(number)

    def _write(self, number: int, content: bytes) -> None:
        path = self._path(number)
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(content)
        except OSError:
            with suppress(OSError):
                path.unlink()
            raise
        self._written += 1
