"""The keys of an entry, read one by one, with complaints about what does not fit."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from enum import StrEnum
from typing import Any, TypeVar

from mailaudit.knowledge.model import Confidence, Provenance

E_ = TypeVar("E_", bound=StrEnum)
Step = str | int


class Malformed(Exception):  # noqa: N818 - internal: becomes an InputError with its place
    """An entry does not fit the schema; `path` leads to it from the top of the file."""

    def __init__(self, path: tuple[Step, ...], message: str) -> None:
        super().__init__(message)
        self.path = path
        self.message = message


class Fields:
    """A mapping of a knowledge file whose keys are read one by one; `done` complains about the others."""

    __slots__ = ("_data", "_path", "_read", "_sources")

    def __init__(self, data: Any, path: tuple[Step, ...], sources: Sources) -> None:
        if not isinstance(data, Mapping):
            raise Malformed(path, "here stands no mapping of keys to values")
        self._data, self._path, self._sources = data, path, sources
        self._read: set[str] = set()

    @property
    def is_ours(self) -> bool:
        """Whether the file is part of the program, and was tried entry by entry by its tests."""
        return self._sources.is_ours

    def fail(self, key: str, message: str) -> Malformed:
        """Return the complaint about one key."""
        return Malformed((*self._path, key), message)

    def raw(self, key: str) -> Any:
        """Return whatever stands under a key, or nothing."""
        self._read.add(key)
        return self._data.get(key)

    def text(self, key: str, default: str | None = None) -> str:
        """Return a text that must be there, unless a default is given."""
        value = self.raw(key)
        if value is None and default is not None:
            return default
        if not isinstance(value, str) or not value.strip():
            raise self.fail(key, f"`{key}` must be a text")
        return value

    def optional(self, key: str) -> str | None:
        """Return a text, or nothing when the key is missing."""
        return None if self.raw(key) is None else self.text(key)

    def texts(self, key: str) -> tuple[str, ...]:
        """Return a list of texts, empty when the key is missing."""
        value = self.raw(key)
        if value is None:
            return ()
        if not isinstance(value, list) or not all(isinstance(item, str) and item for item in value):
            raise self.fail(key, f"`{key}` must be a list of texts")
        return tuple(value)

    def number(self, key: str) -> int | None:
        """Return a whole number, or nothing when the key is missing."""
        value = self.raw(key)
        if value is not None and (isinstance(value, bool) or not isinstance(value, int) or value < 0):
            raise self.fail(key, f"`{key}` must be a whole number")
        return value

    def required_number(self, key: str) -> int:
        """Return a whole number that must be there."""
        value = self.number(key)
        if value is None:
            raise self.fail(key, f"`{key}` is missing; it must be a whole number")
        return value

    def real(self, key: str) -> float | None:
        """Return a number, or nothing when the key is missing."""
        value = self.raw(key)
        if value is not None and (isinstance(value, bool) or not isinstance(value, (int, float))):
            raise self.fail(key, f"`{key}` must be a number")
        return None if value is None else float(value)

    def flag(self, key: str, *, default: bool = False) -> bool:
        """Return true or false."""
        value = self.raw(key)
        if value is not None and not isinstance(value, bool):
            raise self.fail(key, f"`{key}` must be true or false")
        return default if value is None else value

    def day(self, key: str) -> date | None:
        """Return a day, or nothing when the key is missing."""
        value = self.raw(key)
        if value is None:
            return None
        day = as_day(value)
        if day is None:
            raise self.fail(key, f"`{key}` must be a day such as 2026-11-23")
        return day

    def choice(self, key: str, kinds: type[E_], default: E_ | None = None) -> E_:
        """Return a member of an enumeration by its value."""
        value = self.raw(key)
        if value is None and default is not None:
            return default
        if value not in set(kinds):
            raise self.fail(key, f"`{key}` must be one of {', '.join(kinds)}")
        return kinds(value)

    def word(self, key: str, words: frozenset[str], default: str | None = None) -> str:
        """Return one of a few words."""
        value = self.raw(key)
        if value is None and default is not None:
            return default
        if value not in words:
            raise self.fail(key, f"`{key}` must be one of {', '.join(sorted(words))}")
        return str(value)

    def part(self, key: str) -> Fields | None:
        """Return the mapping under a key, or nothing when the key is missing."""
        value = self.raw(key)
        return None if value is None else Fields(value, (*self._path, key), self._sources)

    def parts(self, key: str) -> Iterator[Fields]:
        """Yield the mappings of a list."""
        value = self.raw(key)
        if value is not None and not isinstance(value, list):
            raise self.fail(key, f"`{key}` must be a list")
        for place, item in enumerate(value or ()):
            yield Fields(item, (*self._path, key, place), self._sources)

    def provenance(self, fallback: Provenance | None = None) -> Provenance:
        """Return source, date and confidence of a fact, each from the fallback where it is not given."""
        base = fallback or self._sources.default
        source, confidence, day = self.raw("source"), self.raw("confidence"), self.day("date")
        if source is None and confidence is None and day is None:
            return base
        if confidence is not None and confidence not in set(Confidence):
            raise self.fail("confidence", "`confidence` must be high, medium or low")
        if source is not None and not isinstance(source, str):
            raise self.fail("source", "`source` must be a text")
        return self._sources.fact(source, day or base.date, Confidence(confidence or base.confidence), base.source)

    def done(self) -> None:
        """Complain about a key that nobody read."""
        for key in self._data:
            if key not in self._read:
                raise self.fail(str(key), f"`{key}` is not a key that is known here")


class Sources:
    """The sources of one file, by their short names; equal provenances are one object."""

    __slots__ = ("_facts", "_table", "default", "is_ours")

    def __init__(self, table: Mapping[str, str], default: Provenance, *, is_ours: bool) -> None:
        self._table = table
        self.is_ours = is_ours
        self.default = default
        self._facts: dict[tuple[str, date, Confidence], Provenance] = {}

    def fact(self, source: str | None, day: date, confidence: Confidence, fallback: str) -> Provenance:
        """Return where a fact comes from; a source that is no short name stands for itself."""
        key = (self._table.get(source, source) if source else fallback, day, confidence)
        if key not in self._facts:
            self._facts[key] = Provenance(*key)
        return self._facts[key]


def as_day(value: object) -> date | None:
    """Return a day of a YAML file, or its ISO text; nothing for anything else."""
    if isinstance(value, date):
        return value
    try:
        return date.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None
