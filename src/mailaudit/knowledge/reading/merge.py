"""A user's entry is merged into ours key by key."""

from collections.abc import Mapping
from typing import Any

from mailaudit.knowledge.reading.entry_keys import EntryKey, identity, keys_of
from mailaudit.knowledge.types.fact import Entry

REPLACES = "replaces"


def merged(entry: type[Entry], ours: Mapping[str, Any], theirs: Mapping[str, Any]) -> dict[str, Any]:
    """Return resolved data of two entries as one.

    A key that theirs leaves out stays. Of lists, texts are added, and a row takes the place of the row that it corrects
    (`Entry.identity`) or else is added; the lists named under `replaces` take the place of ours.
    """
    known = keys_of(entry)
    whole = set(theirs.get(REPLACES, ()))
    found = dict(ours)
    for key, value in theirs.items():
        if key == REPLACES:
            continue
        have = found.get(key)
        found[key] = value if have is None or key in whole else _joined(known[key], have, value)
    return found


def _joined(shape: EntryKey, ours: Any, theirs: Any) -> Any:
    if isinstance(ours, dict) and shape.entry and theirs is not None:
        return merged(shape.entry, ours, theirs)
    if not isinstance(ours, list) or not isinstance(theirs, list):
        return theirs
    if shape.entry is None:
        return [*ours, *(item for item in theirs if item not in ours)]
    return _rows(shape.entry, ours, theirs)


def _rows(entry: type[Entry], ours: list[Any], theirs: list[Any]) -> list[Any]:
    keys = {key: keys_of(entry)[key].default for key in identity(entry)}
    if not keys:
        return [*ours, *(row for row in theirs if row not in ours)]
    found = {_name(row, keys): row for row in ours}
    for row in theirs:
        name = _name(row, keys)
        found[name] = merged(entry, found[name], row) if "id" in keys and name in found else row
    return list(found.values())


def _name(row: Mapping[str, Any], keys: Mapping[str, Any]) -> tuple[str, ...]:
    return tuple(str(row.get(key, default)) for key, default in keys.items())
