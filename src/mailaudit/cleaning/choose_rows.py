"""Decides which rows a clean list leaves out, each for one reason."""
# ruff: noqa: S608 - every name and number in these statements is our own

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from mailaudit.facts.recipients.judging.judge_list import Examined
from mailaudit.facts.recipients.loading.load import Loaded
from mailaudit.facts.recipients.model import Kind


@dataclass(frozen=True, slots=True)
class RemovalClass:
    """A class of rows that can be removed: `table(k, …)` holds its addresses, `reason` is SQL over its columns."""

    name: str
    table: str | None
    reason: str
    by_default: bool = False


# In this order: a row that belongs to several classes is counted under the first one.
CLASSES = (
    RemovalClass("unreadable", None, "", by_default=True),
    RemovalClass("invalid", None, "", by_default=True),
    RemovalClass("suppressed", "suppressed", "'stands in the suppression list'", by_default=True),
    RemovalClass("refuted", "refuted", "why"),
    RemovalClass("undeliverable", "undeliverable", "why", by_default=True),
    RemovalClass("parked", "parked", "why", by_default=True),
    RemovalClass("no-consent", "consent_missing", "'no consent is recorded'"),
    RemovalClass("old-consent", "consent_expired", "'consent last on ' || day::VARCHAR"),
    RemovalClass("disposable", "disposable", "why"),
    RemovalClass("typo", "typo", "why"),
    RemovalClass("machine-made", "machine_made", "'one of a run of numbered addresses'"),
    RemovalClass("inactive", "last_engaged_expired", "'last active on ' || day::VARCHAR"),
    RemovalClass("role", "role", "'the name of a function, not of a person'"),
    RemovalClass("international", "international", "'needs SMTPUTF8'"),
    RemovalClass("same-mailbox", "same_mailbox", ""),
    RemovalClass("duplicates", "later", "", by_default=True),
)
NAMES = tuple(item.name for item in CLASSES)
DEFAULT = frozenset(item.name for item in CLASSES if item.by_default)
_EXAMINED = {"suppressed": Kind.SUPPRESSED, "refuted": Kind.REFUTED, "parked": Kind.PARKED}
Fate = tuple[int, str | None, str | None]


def decide(examined: Examined, classes: Collection[str], dated: list[str]) -> dict[str, int]:
    """Create `removed(r, class, reason)`; return how many rows each class removes, in the order of `CLASSES`."""
    work = examined.found.work
    work.run("CREATE TABLE removed(r BIGINT, class VARCHAR, reason VARCHAR)")
    counts: dict[str, int] = {}
    for item in CLASSES:
        if item.name not in classes:
            continue
        before: int = work.one("SELECT count(*) FROM removed")
        query = _rows(examined, item, dated)
        if query:
            work.run(f"INSERT INTO removed {query}")
        counts[item.name] = work.one("SELECT count(*) FROM removed") - before
    return counts


def _rows(examined: Examined, item: RemovalClass, dated: list[str]) -> str | None:
    """Return the query for the rows of a class that no earlier class removed, or nothing when it was not examined."""
    left = "NOT EXISTS (SELECT 1 FROM removed WHERE removed.r = found.r)"
    place = examined.found.place_of("first")
    if item.table is None:
        return f"SELECT r, '{item.name}', reason FROM judged AS found WHERE kind = '{item.name}' AND {left}"
    if item.name == "duplicates":
        return f"SELECT r, 'duplicates', 'stands already in ' || {place} FROM later AS found WHERE {left}"
    if item.name == "same-mailbox":
        reason = f"'the same mailbox as in ' || {examined.found.place_of('first', 'found.r')}"
    else:
        reason = item.reason
    table = item.table
    for at, name in enumerate(dated):
        table = table.replace(f"{name}_", f"o{at}_")
    if table.startswith(("consent_", "last_engaged_")) or (
        table in _EXAMINED and not examined.found.counts.get(_EXAMINED[table])
    ):
        return None
    return (
        f"SELECT found.r, '{item.name}', {reason} FROM mailed AS found JOIN {table} AS named ON found.k = named.k "
        f"WHERE {left}"
    )


def fates(examined: Examined, file: Loaded) -> Iterator[Fate]:
    """Yield for every row of a file, in order: its line, and the class and the reason when it is removed."""
    rows = examined.found.work.stream(
        "SELECT every.r, class, reason FROM (SELECT r FROM mailed UNION ALL SELECT r FROM judged WHERE k IS NULL) AS every "
        f"LEFT JOIN removed ON every.r = removed.r WHERE every.r >= {file.first} AND every.r < {file.end} ORDER BY every.r"
    )
    for row, kind, reason in rows:
        yield file.line(row), kind, reason


def continuations(examined: Examined, file: Loaded) -> Iterator[int]:
    """Yield the lines that belong to the row before them, in order."""
    for (row,) in examined.found.work.stream(f"SELECT r FROM inside WHERE {file.within} ORDER BY r"):
        yield file.line(row)
