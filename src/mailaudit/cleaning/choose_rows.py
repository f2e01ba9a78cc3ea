"""Decides which rows a clean list leaves out, each for one reason."""
# ruff: noqa: S608 - every name and number in these statements is our own

from collections.abc import Collection, Iterator

from mailaudit.cleaning.best_row import repeats_beside_the_best
from mailaudit.facts.recipients.cells.misspellings import misspellings
from mailaudit.facts.recipients.judging.counts import DOMAIN, ListCounts
from mailaudit.facts.recipients.judging.judge_list import JudgedList
from mailaudit.facts.recipients.kinds import CLASSES, Kind
from mailaudit.facts.recipients.loading.load import Loaded

NAMES = tuple(CLASSES)
DEFAULT = frozenset(name for name, kind in CLASSES.items() if kind.removal and kind.removal.by_default)
# The repairs that were taken: their rows have an address.
APPLIED = "SELECT r, new FROM repair JOIN judged USING (r) WHERE judged.k IS NOT NULL"
Fate = tuple[int, str | None, str | None, str | None]


def decide(judged: JudgedList, classes: Collection[str]) -> dict[str, int]:
    """Create `removed(r, class, reason)`; return how many rows each class removes, in the order of the kinds."""
    found, work = judged.found, judged.found.work
    work.create("removed")
    counts: dict[str, int] = {}
    for name, kind in CLASSES.items():
        if name not in classes:
            continue
        before: int = work.one("SELECT count(*) FROM removed")
        if found.total(kind):
            rows = repeats_beside_the_best(found) if kind is Kind.DUPLICATE else None
            work.run(f"INSERT INTO removed {_rows(name, kind, rows or kind.view)}")
        counts[name] = work.one("SELECT count(*) FROM removed") - before
    return counts


def remove_lone_slips(found: ListCounts, classes: Collection[str]) -> None:
    """Remove who looks mistyped only now that others are gone, unless such people may stay anyway.

    Several people at a domain tell that it is none of the slips; one of them alone would be told of in the clean list.
    """
    name = Kind.TYPO.value
    others = "SELECT count(*) FROM domain JOIN misspelling ON d = slip WHERE NOT known"
    if not classes or (found.total(Kind.TYPO) and name not in classes) or not found.that_matter(misspellings()):
        return
    if not found.work.one(others):
        return
    stays = "mailed WHERE r NOT IN (SELECT r FROM removed)"
    counted = f"(SELECT {DOMAIN} AS d, count(DISTINCT k) AS n FROM {stays} GROUP BY d)"
    lone = (
        f"SELECT here.d, meant FROM {counted} AS here JOIN misspelling ON here.d = slip "
        f"LEFT JOIN {counted} AS right_one ON right_one.d = meant WHERE here.n < coalesce(right_one.n, 2)"
    )
    found.work.run(
        f"INSERT INTO removed SELECT r, '{name}', 'did they mean ' || meant || '?' FROM "
        f"(SELECT r, {DOMAIN} AS d FROM {stays}) JOIN ({lone}) USING (d)"
    )


def _rows(name: str, kind: Kind, rows: str) -> str:
    """Return the query for the rows of a class that no earlier class removed."""
    left = "NOT EXISTS (SELECT 1 FROM removed WHERE removed.r = found.r)"
    if kind.of_rows:
        return f"SELECT r, '{name}', why FROM {rows} AS found WHERE {left}"
    return f"SELECT found.r, '{name}', why FROM mailed AS found JOIN {rows} AS named ON found.k = named.k WHERE {left}"


def not_told(known: Collection[Kind], classes: Collection[str]) -> dict[str, str]:
    """Return the classes that were wanted and whose kind was not looked for, each with what was lacking."""
    return {
        name: kind.removal.lacking
        for name, kind in CLASSES.items()
        if kind.removal and name in classes and kind not in known
    }


def fates(judged: JudgedList, file: Loaded, *, in_parts: bool = False) -> Iterator[Fate]:
    """Yield for every row of a file, in order: its line, the class and the reason when it is removed, a new address.

    The addresses of a cell that was split are as many rows of one line. A row that stays has no reason, or with `in_parts`
    the number of its part as `place(r, part)` has it.
    """
    work = judged.found.work
    reason = "coalesce(removed.reason, place.part::VARCHAR)" if in_parts else "removed.reason"
    places = "LEFT JOIN place ON every.r = place.r " if in_parts else ""
    yield from work.stream(
        f"SELECT coalesce(line, every.r - {file.first} + 1) AS line, class, {reason}, "
        "coalesce(address, CASE WHEN class IS NULL THEN new END) FROM "
        "(SELECT r FROM mailed UNION ALL SELECT r FROM judged WHERE k IS NULL) AS every "
        f"LEFT JOIN removed ON every.r = removed.r {places}LEFT JOIN ({APPLIED}) AS applied ON every.r = applied.r "
        "LEFT JOIN part ON every.r = part.r "
        f"WHERE every.r >= {file.first} AND every.r < {file.end} ORDER BY line, every.r"
    )


def continuations(judged: JudgedList, file: Loaded) -> Iterator[int]:
    """Yield the lines that belong to the row before them, in order."""
    for (row,) in judged.found.work.stream(f"SELECT r FROM inside WHERE {file.within} ORDER BY r"):
        yield file.line(row)
