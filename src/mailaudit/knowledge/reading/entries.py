"""Plain data becomes typed entries, with every mistake of a file told at once."""

import difflib
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from typing import Any, TypeVar

import msgspec
from msgspec import Struct, field

from mailaudit.knowledge.patterns import Pattern
from mailaudit.knowledge.reading.entry_keys import EntryKey, described, identity, is_fact, keys_of, options_of
from mailaudit.knowledge.reading.merge import REPLACES, merged
from mailaudit.knowledge.reading.yaml_file import Steps
from mailaudit.knowledge.types.fact import Confidence, Entry, Provenance

FACT_KEYS: Mapping[str, Any] = {"source": str, "confidence": Confidence, "date": date}
_FLAGS = {"yes": "true", "on": "true", "no": "false", "off": "false"}
Found = tuple[Steps, str]
E_ = TypeVar("E_", bound=Entry)


def typed(kind: type[E_], data: Any) -> E_:
    """Return resolved data as an entry."""
    return msgspec.convert(data, kind, dec_hook=own_types(()))


def own_types(facts: tuple[Provenance, ...]) -> Callable[[Any, Any], Any]:
    """Return the hook that makes values of our own types; a number under `provenance` is a place in `facts`."""

    def make(kind: Any, value: Any) -> Any:
        if isinstance(value, kind):
            return value
        return facts[value] if kind is Provenance else Pattern(value)

    return make


class FileFacts(Struct, frozen=True):
    """What a file says of all its facts: short names of sources, and the provenance of what has none of its own."""

    default: Provenance
    sources: Mapping[str, str] = field(default_factory=dict)

    def resolved(self, entry: type[Entry], data: Mapping[str, Any], around: Provenance | None = None) -> Any:
        """Return an entry's data with `provenance` in place of source, confidence and date, by default that around it."""
        known = keys_of(entry)
        around = around or self.default
        found = {key: value for key, value in data.items() if key in known or key == REPLACES}
        if is_fact(entry):
            around = found["provenance"] = self._provenance(data, around)
        elif "confidence" in known:
            found.setdefault("confidence", around.confidence)
        for key in found.keys() & known.keys():
            inner = known[key].entry
            if inner and found[key] is not None:
                rows = found[key] if known[key].is_list else [found[key]]
                done = [self.resolved(inner, row, around) for row in rows]
                found[key] = done if known[key].is_list else done[0]
            elif not inner and key != "provenance":
                found[key] = _plain(_read(found[key], known[key].kind))
        return found

    def mistakes(self, entry: type[Entry], data: Any, ours: Any = None, steps: Steps = ()) -> Iterator[Found]:
        """Yield everything that does not fit, with the way to it; `ours` is what a user's entry is merged into."""
        if not isinstance(data, dict):
            yield steps, "here stands no mapping of keys to values"
            return
        known = keys_of(entry)
        found = [*self._of_keys(entry, data, ours, steps)]
        # A key that nobody knows may be the misspelt name of the one that is missing.
        if not data.keys() - self._written(entry).keys():
            found += [
                (steps, f"`{key}` is missing; it must be {described(shape.kind)}")
                for key, shape in known.items()
                if shape.is_required and key not in {*data, *(ours or {}), "provenance", "confidence"}
            ]
        yield from found
        if not found and steps:
            whole = merged(entry, ours, self.resolved(entry, data)) if ours else self.resolved(entry, data)
            yield from ((under(steps, key), text) for key, text in typed(entry, whole).mistakes())

    @staticmethod
    def _written(entry: type[Entry]) -> dict[str, Any]:
        known = keys_of(entry)
        written: dict[str, Any] = {key: shape.kind for key, shape in known.items() if key != "provenance"}
        written |= FACT_KEYS if is_fact(entry) else {}
        return {**written, REPLACES: tuple[str, ...]} if "id" in known else written

    def _of_keys(self, entry: type[Entry], data: dict[str, Any], ours: Any, steps: Steps) -> Iterator[Found]:
        known, written = keys_of(entry), self._written(entry)
        for key, value in data.items():
            here = (*steps, key)
            if key not in written:
                close = difflib.get_close_matches(str(key)[:40], written, n=1)
                meant = f"; did you mean `{close[0]}`?" if close else ""
                yield here, f"`{str(key)[:80]}` is not a key that is known here{meant}"
            elif key in known and known[key].entry:
                yield from self._of_entries(key, known[key], value, (ours or {}).get(key), here)
            elif not _fits(value, written[key]):
                yield here, f"`{key}` must be {described(written[key])}"
            elif key == REPLACES:
                yield from (
                    (here, f"`{name[:80]}` in `{key}` is no list of this entry")
                    for name in value
                    if not _is_list(known, name)
                )

    def _of_entries(self, key: str, shape: EntryKey, value: Any, ours: Any, here: Steps) -> Iterator[Found]:
        assert shape.entry is not None  # noqa: S101 - the caller has looked
        if not shape.is_list:
            yield from self.mistakes(shape.entry, value, ours, here)
            return
        if not isinstance(value, list):
            yield here, f"`{key}` must be a list"
            return
        by_id = {row.get("id"): row for row in ours or ()} if identity(shape.entry) == ("id",) else {}
        seen: set[Any] = set()
        for place, row in enumerate(value):
            name = row.get("id") if isinstance(row, dict) and isinstance(row.get("id"), str) else None
            if name and name in seen:
                yield (*here, place), f"`{name[:80]}` stands here twice"
            seen.add(name)
            yield from self.mistakes(shape.entry, row, by_id.get(name), (*here, place))

    def _provenance(self, data: Mapping[str, Any], around: Provenance) -> Provenance:
        if not FACT_KEYS.keys() & data.keys():
            return around
        source = data.get("source")
        confidence = Confidence(data["confidence"]) if data.get("confidence") else around.confidence
        return Provenance(
            self.sources.get(source, source) if source else around.source,
            as_day(data.get("date")) or around.date,
            confidence,
        )


def _is_list(known: Mapping[str, EntryKey], name: str) -> bool:
    return name in known and known[name].is_list


def under(steps: Steps, key: str | Steps) -> Steps:
    """Return the way to a key."""
    return (*steps, *((key,) if isinstance(key, str) else key))


def as_day(value: object) -> date | None:
    """Return a day of a YAML file, or its ISO text; nothing for anything else."""
    try:
        return msgspec.convert(value, date)
    except msgspec.ValidationError:
        return None


def _fits(value: Any, kind: Any) -> bool:
    try:
        found = _read(value, kind)
    except (msgspec.ValidationError, TypeError):
        return False
    texts = found if isinstance(found, tuple) else (found,)
    return not any(_is_empty(one) for one in texts)


def _read(value: Any, kind: Any) -> Any:
    """Return what the written texts of a key stand for."""
    if isinstance(value, str) and options_of(kind)[0] is bool:
        value = _FLAGS.get(value.lower(), value)
    return msgspec.convert(value, kind, strict=False, dec_hook=lambda _, text: Pattern(_text(text)))


def _plain(value: Any) -> Any:
    if isinstance(value, (tuple, frozenset)):
        return [_plain(one) for one in value]
    return value.text if isinstance(value, Pattern) else value


def _is_empty(value: Any) -> bool:
    return not value.strip() if isinstance(value, str) else type(value) in {int, float} and value < 0


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError
    return value
