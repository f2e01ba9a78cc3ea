"""What the checks of the list have in common: one problem a file, with rows as evidence."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Unpack

from msgspec import Struct

from mailaudit.checks.rule import (
    Evidence,
    Facts,
    Impact,
    Magnitude,
    Owner,
    Problem,
    ProblemDetails,
    Severity,
)
from mailaudit.facts.recipients.kinds import Kind
from mailaudit.language.spoken import word
from mailaudit.location import Location

if TYPE_CHECKING:
    from mailaudit.facts.recipients.model import ListFile

MAX_EVIDENCE = 10
# Sending platforms commonly suspend an account whose hard bounces reach 2 %.
HARD_BOUNCE_SHARE = 0.02


class ListProblem(Struct, frozen=True):
    """Makes the problem of the rows of one kind in one file: where they begin, which they are, whom it touches."""

    facts: Facts
    file: ListFile
    kind: Kind

    def __call__(self, message: str, *steps: str, **told: Unpack[ProblemDetails]) -> Problem:
        """Return the problem, told in this way, with what the list's owner does about it."""
        count = self.file.counts.get(self.kind, 0)
        of_rows = ProblemDetails(
            location=first_row(self.file, self.kind),
            evidence=evidence(self.file, self.kind),
            impact=impact(self.facts, self.kind, count),
            magnitude=Magnitude(count, "rows" if self.kind.of_rows else "recipients"),
        )
        return Problem.about(self.file.name, message, *steps, owner=Owner.LIST_OWNER, **(of_rows | told))


def hits(facts: Facts, kind: Kind) -> Iterator[tuple[int, ListProblem]]:
    """Yield the number of the rows of a kind in each file that holds any, and what makes a problem of them."""
    for file in facts.recipients.files:
        count = file.counts.get(kind, 0)
        if count:
            yield count, ListProblem(facts, file, kind)


def bounce_severity(count: int, total: int) -> Severity:
    """Return error from the share on at which so many hard bounces suspend an account, else warning."""
    return Severity.ERROR if share(count, total) >= HARD_BOUNCE_SHARE else Severity.WARNING


def first_row(file: ListFile, kind: Kind) -> Location:
    """Return the place of the first row of a kind."""
    samples = file.samples.get(kind, ())
    return Location(file.path, samples[0].line if samples else None)


def evidence(file: ListFile, kind: Kind) -> tuple[Evidence, ...]:
    """Return the first rows of a kind, each masked and with its reason, and how many more there are."""
    shown = file.samples.get(kind, ())[:MAX_EVIDENCE]
    rows = [
        Evidence(
            f"{file.name}:{sample.line}" if sample.line else file.name,
            f"{sample.address}: {sample.reason}" if sample.address else sample.reason,
        )
        for sample in shown
    ]
    more = file.counts.get(kind, 0) - len(shown)
    return (*rows, Evidence(file.name, f"and {more:,} more")) if more > 0 else tuple(rows)


def impact(facts: Facts, kind: Kind, count: int) -> Impact:
    """Return for how many people a problem matters, or for how many rows where rows are what is counted."""
    people = facts.recipients
    return Impact(count, share(count, people.rows if kind.of_rows else people.unique))


def share(count: int, total: int) -> float:
    """Return a fraction from 0 to 1."""
    return count / total if total else 0.0


def percent(count: int, total: int) -> str:
    """Return a share for people: `33 %`, `0.4 %`, `under 0.1 %`."""
    part = 100 * share(count, total)
    if part >= 10:  # noqa: PLR2004 - from there on, decimals only distract
        return word("over 99 %") if 99 < part < 100 else f"{part:.0f} %"  # noqa: PLR2004 - never all for less than all
    return word("under 0.1 %") if 0 < part < 0.1 else f"{part:.1f} %"  # noqa: PLR2004 - the smallest share shown


def those(count: int, one: str, many: str) -> str:
    """Return what a step is about: `the address`, `the 2,310 addresses`."""
    return f"the {one}" if count == 1 else f"the {count:,} {many}"
