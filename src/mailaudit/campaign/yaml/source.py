"""The campaign file as text: its name, its hash and where each key stands."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from msgspec import Struct

from mailaudit.location import Location


class Source(Struct, frozen=True):
    """Where a campaign came from.

    `path` is the file, `display` the name under which it is shown (as the user typed it), `sha256` the hash of
    its bytes. `places` maps a dotted key path (`sending.ips.0`) to line and column, counted from 1. `shared` is the
    file that it extends, in which the keys stand that it does not write itself. `given` are the keys whose value the
    command line gives instead.
    """

    path: Path
    display: str
    sha256: str
    places: Mapping[str, tuple[int, int]]
    shared: Source | None = None
    given: frozenset[str] = frozenset()

    def holds(self, key: str) -> bool:
        """Say whether a key is written in the file, or in the one that it extends."""
        return key in self.places or (self.shared is not None and key in self.shared.places)

    def where(self, key: str) -> Location:
        """Return the place of a key, or of its nearest parent that is written in the file or given beside it."""
        given = max((one for one in self.given if f"{key}.".startswith(f"{one}.")), key=len, default=None)
        if given is not None:
            return Location(f"--set {given}")
        while key and key not in self.places:
            if self.shared and key in self.shared.places:
                return self.shared.where(key)
            key = key.rpartition(".")[0]
        line, column = self.places.get(key, (1, 1))
        return Location(self.display, line, column)
