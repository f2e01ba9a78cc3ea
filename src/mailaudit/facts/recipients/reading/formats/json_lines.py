"""JSON Lines: one object (or one address) a line."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mailaudit.facts.recipients.reading.columns import Wanted
from mailaudit.facts.recipients.reading.list_format import ListFormat, beginning, suffix_of
from mailaudit.facts.recipients.reading.source import ByShape, Entry, ObjectSource, Origin, T_co, wanted_keys
from mailaudit.facts.recipients.reading.text_file import Line, open_text


@dataclass(slots=True, kw_only=True)
class JsonLinesSource(ObjectSource):
    """A JSON Lines file."""

    def by_shape(self, use: ByShape[T_co]) -> T_co:
        """Let something be done with the lines."""
        return use.objects(self)


def _entries(lines: Iterator[Line]) -> Iterator[Entry]:
    for line in lines:
        if line.text is None or line.text.strip():
            yield Entry(line.number, parsed_object(line.text or ""), line.text)


def _open(origin: Origin, wanted: Wanted) -> JsonLinesSource:
    file = open_text(origin.data, origin.display, wanted.encoding)
    keys, column = wanted_keys(_entries(file.lines()), wanted, origin.display)
    return JsonLinesSource(
        origin=origin,
        wanted=wanted,
        column=column,
        encoding=file.encoding,
        written=(suffix_of(Path(origin.name))[1:]) or "jsonl",
        keys=keys,
        file=file,
        read=lambda file: _entries(file.lines()),
    )


def parsed_object(text: str) -> dict[str, Any] | None:
    """Return the object in a line (a bare string is an address), or nothing."""
    try:
        return as_object(json.loads(text))
    except (ValueError, RecursionError):
        return None


def as_object(value: object) -> dict[str, Any] | None:
    """Return an object whose own objects are told as `outer.inner`, or nothing when a value is none.

    One that holds nothing but an object of one object is the envelope of that (`{"msys": {"message_event": {…}}}`).
    """
    if isinstance(value, str):
        return {"email": value}
    if not isinstance(value, dict):
        return None
    inside = _only(_only(value))
    value = value if inside is None else inside
    if not any(isinstance(inner, dict) for inner in value.values()):
        return value
    flat: dict[str, Any] = {}
    for key, inner in value.items():
        if isinstance(inner, dict):
            flat.update((f"{key}.{name}", one) for name, one in inner.items())
        else:
            flat[key] = inner
    return flat


def _only(value: dict[str, Any] | None) -> dict[str, Any] | None:
    inside = next(iter(value.values())) if value and len(value) == 1 else None
    return inside if isinstance(inside, dict) else None


FORMAT = ListFormat(
    "JSON Lines", (".jsonl", ".ndjson"), _open, lambda _path, head: beginning(head).startswith(b"{")
)
