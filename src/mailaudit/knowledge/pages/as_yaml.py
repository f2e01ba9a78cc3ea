"""An entry of ours as a user would write it: what to start from when one fact has to be corrected."""

from collections.abc import Iterator
from datetime import date
from enum import StrEnum
from typing import Any

import msgspec

from mailaudit.knowledge.load import FILES, OURS_ALONE, entries
from mailaudit.knowledge.names import names_of, plain
from mailaudit.knowledge.patterns import Pattern
from mailaudit.knowledge.types.fact import Entry, Provenance


def entry_yaml(name: str, today: date) -> str | None:
    """Return a file of knowledge for each thing of this name, ready to be corrected; nothing when none has it."""
    import yaml  # noqa: PLC0415 - only for those who ask

    class Plain(yaml.SafeDumper):
        def ignore_aliases(self, _: Any) -> bool:
            return True  # each value is to be corrected where it stands

    found = []
    for stem, key, entry in _named(name):
        body: dict[str, Any] = {"date": today, key: [written(entry)]}
        text = yaml.dump(
            body, Dumper=Plain, sort_keys=False, allow_unicode=True, width=110, default_flow_style=None
        )
        found.append(f"# {stem}.yml\n{text}")
    return "---\n".join(found) or None


def _named(name: str) -> Iterator[tuple[str, str, Entry]]:
    wanted = plain(name)
    for file, stem in FILES.items():
        if file in OURS_ALONE:
            continue
        whole = entries(file)
        for key in file.__struct_fields__:
            rows = getattr(whole, key)
            for row in rows if isinstance(rows, tuple) else ():
                if isinstance(row, Entry) and wanted and wanted in names_of(row):
                    yield stem, written_key(file, key), row


def written_key(file: type[Entry], attribute: str) -> str:
    """Return what a field is called in the file."""
    return next(item.encode_name for item in msgspec.structs.fields(file) if item.name == attribute)


def written(entry: Entry, around: Provenance | None = None) -> dict[str, Any]:
    """Return an entry with the keys of its file, without what a reader takes for granted."""
    found: dict[str, Any] = {}
    own = getattr(entry, "provenance", None)
    for item in msgspec.structs.fields(entry):
        value = getattr(entry, item.name)
        if item.encode_name != "provenance" and not (item.default == value and not item.required):
            found[item.encode_name] = _plain(value, own or around)
    if own is not None and own != around:
        found |= {"confidence": own.confidence.value, "source": own.source, "date": own.date}
    return found


def _plain(value: Any, around: Provenance | None) -> Any:
    if isinstance(value, Entry):
        return written(value, around)
    if isinstance(value, (tuple, frozenset)):
        return [_plain(item, around) for item in value]
    if isinstance(value, Pattern):
        return value.text
    return value.value if isinstance(value, StrEnum) else value
