"""The part of the report that lays checkdmarc's judgement beside ours."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydantic import Field

from mailaudit.reports.document.base import Part, Text

if TYPE_CHECKING:
    # Only types: reading a saved report loads nothing of what observes or judges.
    from mailaudit.facts.sender.second_opinion.model import SecondOpinion


class PointEntry(Part):
    """One question that both answered; `ruling` tells who is right by the standard, where that is known."""

    question: Text
    ours: Text
    theirs: Text
    agrees: bool
    ruling: Text | None = None


class SecondOpinionSection(Part):
    """What another program says of the same records over the same answers (`--second-opinion`)."""

    program: Text
    points: tuple[PointEntry, ...] = ()
    unverified: tuple[Text, ...] = Field((), description="why SPF or DMARC could not be compared")


def second_opinion_section(found: SecondOpinion) -> SecondOpinionSection:
    """Return what the report says about the second opinion."""
    parts = (found.spf, found.dmarc)
    points = [point for part in parts for point in part.value or ()]
    return SecondOpinionSection(
        program=found.program,
        points=tuple(PointEntry.of(one, ruling=None if one.agrees else one.ruling) for one in points),
        unverified=tuple(part.unavailable for part in parts if part.unavailable),
    )
