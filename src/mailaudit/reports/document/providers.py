"""The part of the report that says how the campaign stands with each mailbox provider."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from pydantic import Field

from mailaudit.reports.document.base import Part, Share, Text

if TYPE_CHECKING:
    # Only types: reading a saved report loads nothing of what observes or judges.
    from mailaudit.impact.model import Cell, Matrix


class CellEntry(Part):
    """One requirement of a provider: what it asks, how the campaign stands, what happens to mail otherwise."""

    requirement: str
    state: Literal["met", "unmet", "unverified", "not-required"]
    text: Text
    effect: Literal["refused", "junked", "deferred"] | None = None
    code: Text | None = None
    threshold: int | None = Field(None, description="messages in a day from which it is asked")
    confidence: Literal["high", "medium", "low"]
    source: Text = ""


class MatrixRow(Part):
    """A provider's part of the list; `share` is a fraction from 0 to 1."""

    provider: Text
    name: Text
    recipients: int = Field(ge=0)
    share: Share = Field(ge=0, le=1)
    cells: tuple[CellEntry, ...] = ()


class MatrixSection(Part):
    """The kinds of requirement in order, and the providers of the list, the largest first."""

    requirements: tuple[str, ...]
    rows: tuple[MatrixRow, ...]


def matrix_section(matrix: Matrix) -> MatrixSection:
    """Return what the report says about the list's providers."""
    rows = tuple(MatrixRow.of(row, cells=tuple(map(_cell, row.cells))) for row in matrix.rows)
    return MatrixSection(requirements=matrix.kinds, rows=rows)


def _cell(cell: Cell) -> CellEntry:
    asked = cell.requirement
    return CellEntry.of(
        asked,
        requirement=asked.kind,
        state=cell.state.value,
        effect=cell.effect,
        code=asked.consequence.code if asked.consequence else None,
        threshold=asked.threshold.count if asked.threshold else None,
        confidence=asked.provenance.confidence.value,
        source=asked.provenance.source,
    )
