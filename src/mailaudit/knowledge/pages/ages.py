"""Tells which facts were checked long ago, and what was announced for a day to come."""

import hashlib
from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from msgspec import Struct

from mailaudit.knowledge.load import FILES, OWN, entries
from mailaudit.knowledge.types.fact import Entry, Provenance


class StaleFacts(Struct, frozen=True):
    """So many facts about one thing, from one source, that were checked on the same day."""

    checked: date
    file: str
    about: str
    source: str
    facts: int


def stale_facts(days: int, today: date) -> tuple[StaleFacts, ...]:
    """Return the facts that were checked more than so many days ago, the oldest first."""
    latest = today - timedelta(days=min(days, today.toordinal() - 1))
    counted = Counter(
        (fact.date, f"{stem}.yml", about, fact.source)
        for file, stem in FILES.items()
        for about, fact in _facts(entries(file), "")
        if fact.date < latest
    )
    return tuple(StaleFacts(*key, facts) for key, facts in sorted(counted.items()))


def knowledge_version() -> str:
    """Return the day of the latest check of a fact, and a digest of our files."""
    latest = max(fact.date for file in FILES for _, fact in _facts(entries(file), ""))
    digest = hashlib.sha256()
    for stem in sorted(FILES.values()):
        digest.update((OWN / f"{stem}.yml").read_bytes())
    return f"{latest.isoformat()} (SHA-256 {digest.hexdigest()[:12]})"


def _facts(value: Any, about: str) -> Iterator[tuple[str, Provenance]]:
    if isinstance(value, Provenance):
        yield about, value
    elif isinstance(value, Entry):
        name = str(about or getattr(value, "id", "") or getattr(value, "name", ""))
        for key in value.__struct_fields__:
            yield from _facts(getattr(value, key), name)
    elif isinstance(value, tuple):
        for item in value:
            yield from _facts(item, about)
