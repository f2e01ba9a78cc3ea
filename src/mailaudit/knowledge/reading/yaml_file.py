"""A knowledge file as plain texts that know on which line they stand."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from msgspec import Struct

from mailaudit.errors import Complaint, InputError, refused
from mailaudit.location import Location
from mailaudit.reach.bounded import read_bounded

Step = str | int
Steps = tuple[Step, ...]
MAX_BYTES = 4 << 20
_MAX_NODES = 200_000


class YamlFile(Struct, frozen=True):
    """The mapping that a file holds; `places` are as in a document, `mistakes` what is wrong with its form."""

    path: Path
    data: dict[str, Any]
    places: Mapping[str, tuple[int, int]]
    mistakes: tuple[Complaint, ...] = ()

    def where(self, steps: Steps) -> Location:
        """Return the place of an entry, or of its nearest parent that is written; a text step finds a list's row by `id`."""
        here: Any = self.data
        way, place = "", (1, 1)
        for step in steps:
            key = _place_of(step, here) if isinstance(here, list) and isinstance(step, str) else step
            way = f"{way}.{key}" if way else str(key)
            if way not in self.places:
                break
            here, place = here[key], self.places[way]
        return Location(str(self.path), *place)


def octets_of(path: Path) -> bytes:
    """Return the content of a knowledge file; raises `InputError` when it cannot be read or is far too large."""
    try:
        return read_bounded(path, MAX_BYTES)
    except OSError as error:
        raise refused(
            f"cannot be read: {error.strerror}", Location(str(path)), "check the file's rights"
        ) from None


def read_yaml(path: Path, octets: bytes) -> YamlFile:
    """Return the mapping in a file; raises `InputError` when it holds none."""
    # Our own files are compiled, so most runs need no YAML here.
    from mailaudit.reach.yaml.document import compose_document  # noqa: PLC0415

    try:
        text = octets.decode("utf-8")
    except UnicodeDecodeError:
        raise refused("this file is not UTF-8 text", Location(str(path)), "save it as UTF-8") from None
    document = compose_document(text, str(path), max_nodes=_MAX_NODES)
    if not isinstance(document.data, dict):
        what, todo = "this file holds no mapping of keys to values", "see docs/knowledge.md for the format"
        raise InputError(*document.complaints, Complaint(what, Location(str(path), 1, 1), todo))
    return YamlFile(path, document.data, document.places, document.complaints)


def _place_of(name: str, rows: list[Any]) -> int:
    return next((place for place, row in enumerate(rows) if isinstance(row, dict) and row.get("id") == name), -1)
