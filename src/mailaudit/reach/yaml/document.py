"""YAML text becomes plain lists, mappings and texts, with the place of every key."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

import yaml
from msgspec import Struct
from yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    Event,
    MappingEndEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
    StreamEndEvent,
)

from mailaudit.errors import Complaint, InputError, refused
from mailaudit.location import Location
from mailaudit.reach.yaml.errors import in_plain_words
from mailaudit.reach.yaml.unusable import spelled

# The real depth is five and the real size some hundred; aliases count each time that they are used.
# Keys are bounded because each place repeats the keys above it.
MAX_DEPTH = 16
MAX_NODES = 10_000
MAX_CHARACTERS = 2 << 20
MAX_KEY = 100

_NULLS = frozenset({"", "~", "null", "Null", "NULL"})
_TEXT_TAGS = frozenset({None, "!", "tag:yaml.org,2002:str"})
# An escape in double quotes can write what the file itself must not hold.
_CONTROL = "[^\t\n\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]"
_CONTROL_ASCII = "[^\t\n\x20-\x7e]"  # the same among ASCII characters, without ranges that take long to compile
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

Place: TypeAlias = tuple[int, int]
Loc: TypeAlias = tuple[int | str, ...]
Plain: TypeAlias = "str | list[Plain] | dict[str, Plain] | None"


class Document(Struct, frozen=True):
    """A YAML document whose scalars are their written text, or `None` for null; `places` as in `Source`."""

    data: Plain
    places: Mapping[str, Place]
    complaints: tuple[Complaint, ...]


@dataclass(slots=True)
class _Node:
    """A value with its place; `size` and `height` count it as if every alias were written out."""

    place: Place
    value: str | list[_Node] | dict[str, tuple[Place, _Node]] | None
    size: int = 1
    height: int = 0
    characters: int = 0


def compose_document(text: str, display: str, *, max_nodes: int = MAX_NODES) -> Document:
    """Return the only document of a YAML text, of at most so many values; raises `InputError` when it is no such thing."""
    try:
        builder = _Builder(iter(yaml.parse(text, Loader=_LOADER)), display, max_nodes)
        root = builder.document()
    except yaml.YAMLError as error:
        raise InputError(in_plain_words(error, text, display)) from None
    places: dict[str, Place] = {}
    return Document(_plain(root, "", places), places, tuple(builder.complaints))


@dataclass(slots=True)
class _Builder:
    """Builds nodes from parser events, so that nothing grows before its size is known."""

    events: Iterator[Event]
    display: str
    max_nodes: int
    complaints: list[Complaint] = field(default_factory=list)
    anchors: dict[str, _Node | None] = field(default_factory=dict)
    work: int = 0

    def document(self) -> _Node:
        """Read the whole stream; an empty one is null."""
        root: _Node | None = None
        for event in self.events:
            if isinstance(event, DocumentStartEvent):
                if root is not None:
                    raise self._error("a second YAML document begins here", event, "remove the line `---`")
                root = self._node(next(self.events), (), 0)
            elif isinstance(event, StreamEndEvent):
                break
        return root or _Node((1, 1), None)

    def _node(self, event: Event, path: Loc, depth: int) -> _Node:
        self._spend(1, event)
        if isinstance(event, AliasEvent):
            node = self._aliased(event)
        else:
            anchor = getattr(event, "anchor", None)
            if anchor is not None:
                self.anchors[anchor] = None
            if depth >= MAX_DEPTH:
                raise self._error(f"the file is nested deeper than {MAX_DEPTH} levels", event)
            node = self._written(event, path, depth)
            if anchor is not None:
                self.anchors[anchor] = node
        if node.size > self.max_nodes:
            raise self._error(f"the file holds more than {self.max_nodes} values", event, "write fewer aliases")
        if node.characters > MAX_CHARACTERS:
            raise self._error("the file holds too much text", event, "write fewer aliases")
        if depth + node.height > MAX_DEPTH:
            raise self._error(f"the file is nested deeper than {MAX_DEPTH} levels", event)
        return node

    def _aliased(self, event: AliasEvent) -> _Node:
        name = str(event.anchor)
        if name not in self.anchors:
            raise self._error(
                f"the alias *{name[:60]} has no anchor", event, "put text that begins with * in quotes"
            )
        node = self.anchors[name]
        if node is None:
            raise self._error(f"the alias *{name[:60]} stands inside its own anchor", event, "write the value out")
        return node

    def _written(self, event: Event, path: Loc, depth: int) -> _Node:
        if getattr(event, "tag", None) not in _TEXT_TAGS:
            raise self._error("a YAML tag stands here", event, "put text that begins with ! in quotes")
        if isinstance(event, ScalarEvent):
            return _Node(_place(event), self._text(event), characters=len(event.value))
        if isinstance(event, SequenceStartEvent):
            return self._sequence(event, path, depth)
        return self._mapping(event, path, depth)

    def _text(self, event: ScalarEvent) -> str | None:
        value: str = event.value
        if not event.style and event.tag is None and value in _NULLS:
            return None
        bad = re.search(_CONTROL_ASCII if value.isascii() else _CONTROL, value)
        if bad:
            raise self._error(f"the text holds the control character U+{ord(bad[0]):04X}", event, "delete it")
        return value

    def _sequence(self, start: Event, path: Loc, depth: int) -> _Node:
        items: list[_Node] = []
        for event in self.events:
            if isinstance(event, SequenceEndEvent):
                break
            items.append(self._node(event, (*path, len(items)), depth + 1))
        return _collection(_place(start), items, items)

    def _mapping(self, start: Event, path: Loc, depth: int) -> _Node:
        entries: dict[str, tuple[Place, _Node]] = {}
        merged: list[tuple[Event, _Node]] = []
        for event in self.events:
            if isinstance(event, MappingEndEvent):
                break
            key = self._key(event)
            node = self._node(next(self.events), (*path, key), depth + 1)
            if key == "<<" and isinstance(event, ScalarEvent) and not event.style:
                merged.append((event, node))
            elif key in entries:
                self._complain_twice((*path, key), entries[key][0], event)
            else:
                entries[key] = (_place(event), node)
        for event, node in merged:
            self._merge(event, node, entries)
        return _collection(_place(start), entries, [node for _, node in entries.values()])

    def _key(self, event: Event) -> str:
        self._spend(1, event)
        if isinstance(event, AliasEvent):
            key = self._aliased(event).value
        elif isinstance(event, ScalarEvent):
            key = self._text(event) or event.value
        else:
            key = None
        if not isinstance(key, str):
            raise self._error(
                "a list or mapping stands where a key is expected",
                event,
                "put text that begins with { or [ in quotes",
            )
        if len(key) > MAX_KEY:
            raise self._error(f"a key is longer than {MAX_KEY} characters", event)
        return key

    def _merge(self, event: Event, node: _Node, entries: dict[str, tuple[Place, _Node]]) -> None:
        sources = node.value if isinstance(node.value, list) else [node]
        for source in sources:
            if not isinstance(source.value, dict):
                raise self._error("<< takes a mapping", event, "name an anchor such as <<: *defaults")
            self._spend(len(source.value), event)
            for key, entry in source.value.items():
                entries.setdefault(key, entry)

    def _complain_twice(self, loc: Loc, first: Place, event: Event) -> None:
        where = Location(self.display, *_place(event))
        what = f"{spelled(loc)}: written twice, in line {first[0]} and in line {where.line}"
        self.complaints.append(Complaint(what, where, "keep one of them"))

    def _spend(self, nodes: int, event: Event) -> None:
        self.work += nodes
        if self.work > self.max_nodes:
            raise self._error(f"the file holds more than {self.max_nodes} values", event)

    def _error(self, what: str, event: Event, todo: str | None = None) -> InputError:
        return refused(what, Location(self.display, *_place(event)), todo)


def _collection(place: Place, value: list[_Node] | dict[str, tuple[Place, _Node]], children: list[_Node]) -> _Node:
    return _Node(
        place,
        value,
        size=1 + sum(child.size for child in children),
        height=1 + max((child.height for child in children), default=0),
        characters=sum(child.characters for child in children),
    )


def _place(event: Event) -> Place:
    mark = event.start_mark
    return (1, 1) if mark is None else (mark.line + 1, mark.column + 1)


def _plain(node: _Node, path: str, places: dict[str, Place]) -> Plain:
    prefix = f"{path}." if path else ""
    if isinstance(node.value, list):
        plain: list[Plain] = []
        for index, item in enumerate(node.value):
            places[f"{prefix}{index}"] = item.place
            plain.append(_plain(item, f"{prefix}{index}", places))
        return plain
    if isinstance(node.value, dict):
        mapping: dict[str, Plain] = {}
        for key, (place, item) in node.value.items():
            places[f"{prefix}{key}"] = place
            mapping[key] = _plain(item, f"{prefix}{key}", places)
        return mapping
    return node.value
