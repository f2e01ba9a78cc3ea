"""What the types of entries say about their written form: which key holds what."""

import types
from datetime import date
from enum import StrEnum
from functools import cache
from typing import Any, Literal, NamedTuple, Union, get_args, get_origin

import msgspec

from mailaudit.knowledge.patterns import Pattern
from mailaudit.knowledge.types.fact import Entry, Provenance


class EntryKey(NamedTuple):
    """What stands under a key: `entry` when it is a mapping of ours or, when `is_list`, a list of such."""

    kind: Any
    default: Any
    entry: type[Entry] | None
    is_list: bool

    @property
    def is_required(self) -> bool:
        """Whether the key has to be written."""
        return self.default is msgspec.NODEFAULT


@cache
def keys_of(entry: type[Entry]) -> dict[str, EntryKey]:
    """Return the keys of an entry; `provenance` is among them when the entry is a fact."""
    return {item.encode_name: _key(item.type, item.default) for item in msgspec.structs.fields(entry)}


def is_fact(entry: type[Entry]) -> bool:
    """Say whether an entry carries source, confidence and date."""
    return "provenance" in keys_of(entry)


@cache
def identity(entry: type[Entry]) -> tuple[str, ...]:
    """Return the keys by which a row of a list is told from the others."""
    return ("id",) if "id" in keys_of(entry) else entry.identity


def described(kind: Any) -> str:
    """Return in plain words what a value must be."""
    options = options_of(kind)
    if get_origin(options[0]) is Literal:
        return f"one of {', '.join(get_args(options[0]))}"
    if isinstance(options[0], type) and issubclass(options[0], StrEnum):
        return f"one of {', '.join(options[0])}"
    if get_origin(options[0]) in {tuple, frozenset}:
        return f"a list, each item {described(get_args(options[0])[0])}"
    words: dict[Any, str] = {
        str: "a text", int: "a whole number", float: "a number", bool: "true or false", Pattern: "a regular expression",
        date: "a day such as 2026-11-23", Provenance: "a source",
    }  # fmt: skip
    return words.get(options[0], "a mapping of keys to values")


def _key(kind: Any, default: Any) -> EntryKey:
    inner = options_of(kind)[0]
    is_list = get_origin(inner) is tuple
    entry = get_args(inner)[0] if is_list else inner
    is_entry = isinstance(entry, type) and issubclass(entry, Entry)
    return EntryKey(kind, default, entry if is_entry else None, is_list)


def options_of(kind: Any) -> list[Any]:
    """Return the types that a value may have, without that of nothing."""
    if get_origin(kind) in {Union, types.UnionType}:
        return [one for one in get_args(kind) if one is not types.NoneType]
    return [kind]
