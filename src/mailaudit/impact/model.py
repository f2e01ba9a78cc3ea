"""The matrix of mailbox providers and what they ask of senders."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from msgspec import Struct

if TYPE_CHECKING:
    # Only a type: a report that is read back loads no knowledge.
    from mailaudit.knowledge.types.provider import Requirement


class State(StrEnum):
    """Whether the campaign does what a provider asks."""

    MET = "met"
    UNMET = "unmet"
    UNVERIFIED = "unverified"
    NOT_REQUIRED = "not-required"


class Cell(Struct, frozen=True):
    """One requirement of one provider, and how the campaign stands."""

    requirement: Requirement
    state: State

    @property
    def effect(self) -> str | None:
        """What happens to mail that does not meet it: `refused`, `junked`, `deferred`; missing when nobody says."""
        consequence = self.requirement.consequence
        return consequence.effect if consequence and consequence.effect != "unknown" else None


class Row(Struct, frozen=True):
    """A provider's part of the list (`share` is a fraction from 0 to 1) and its requirements."""

    provider: str
    name: str
    recipients: int
    share: float
    cells: tuple[Cell, ...]

    def cell(self, kind: str) -> Cell | None:
        """Return the cell of a kind of requirement, or nothing when the provider does not ask for it."""
        return next((cell for cell in self.cells if cell.requirement.kind == kind), None)


class Matrix(Struct, frozen=True):
    """The providers of the list, the largest first, with the kinds of requirement in a fixed order.

    Providers of which no requirement is known have a row without cells.
    """

    kinds: tuple[str, ...]
    rows: tuple[Row, ...]
