"""Our own files, which are compiled to JSON because that reads a hundred times faster than YAML."""

import hashlib
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any, Generic, TypeVar

import msgspec
from msgspec import Struct

from mailaudit.knowledge.reading.entries import own_types, typed
from mailaudit.knowledge.reading.user_file import resolved_file
from mailaudit.knowledge.reading.yaml_file import octets_of, read_yaml
from mailaudit.knowledge.types.fact import Confidence, Entry, Provenance

COMPILED = "compiled"
E_ = TypeVar("E_", bound=Entry)


class _Saved(msgspec.Struct):
    """A compiled file: `data` refers to `facts` by their number."""

    sha256: str
    facts: tuple[tuple[str, date, Confidence], ...]
    data: msgspec.Raw


class OwnData(Struct, Generic[E_], frozen=True):
    """What one of our files holds: the compiled form, or the data read from YAML when that is newer."""

    file: type[E_]
    saved: _Saved | None
    data: Any

    def typed(self) -> E_:
        """Return the entries."""
        if self.saved is None:
            return typed(self.file, self.data)
        hook = own_types(_provenances(self.saved))
        return msgspec.json.decode(self.saved.data, type=self.file, dec_hook=hook)

    def plain(self) -> Any:
        """Return plain data into which a user's can be merged."""
        if self.saved is None:
            return self.data
        return _with_facts(msgspec.json.decode(self.saved.data), _provenances(self.saved))


def own_data(file: type[E_], path: Path) -> OwnData[E_]:
    """Return one of our files; what is compiled counts only while the YAML has the octets that it was made from."""
    octets = octets_of(path)
    saved = _saved(path, octets)
    return OwnData(file, saved, None if saved else resolved_file(file, read_yaml(path, octets)))


def compiled_text(file: type[Entry], path: Path) -> bytes:
    """Return the compiled form of one of our files; raises `InputError` with every mistake in it."""
    octets = octets_of(path)
    data = resolved_file(file, read_yaml(path, octets))
    facts = list(dict.fromkeys(_facts_in(data)))
    places = {fact: place for place, fact in enumerate(facts)}
    saved = {"sha256": hashlib.sha256(octets).hexdigest(), "facts": [fact.key for fact in facts], "data": data}
    return msgspec.json.encode(saved, enc_hook=places.__getitem__) + b"\n"


def _saved(path: Path, octets: bytes) -> _Saved | None:
    try:
        saved = msgspec.json.decode((path.parent / COMPILED / f"{path.stem}.json").read_bytes(), type=_Saved)
    except (OSError, msgspec.MsgspecError):
        return None
    return saved if saved.sha256 == hashlib.sha256(octets).hexdigest() else None


def _provenances(saved: _Saved) -> tuple[Provenance, ...]:
    return tuple(Provenance(*fact) for fact in saved.facts)


def _facts_in(data: Any) -> Iterator[Provenance]:
    if isinstance(data, Provenance):
        yield data
    for value in data.values() if isinstance(data, dict) else data if isinstance(data, list) else ():
        yield from _facts_in(value)


def _with_facts(data: Any, facts: tuple[Provenance, ...]) -> Any:
    if isinstance(data, list):
        return [_with_facts(item, facts) for item in data]
    if not isinstance(data, dict):
        return data
    return {key: facts[item] if key == "provenance" else _with_facts(item, facts) for key, item in data.items()}
