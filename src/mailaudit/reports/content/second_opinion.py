"""A second opinion in sentences."""

from mailaudit.reports.document.types import Document

TITLE = "Second opinion"


def second_opinion(document: Document) -> tuple[str, ...]:
    """Return where both programs agree and where they differ; nothing when no second one was asked."""
    found = document.facts.second_opinion
    if found is None:
        return ()
    same = [point for point in found.points if point.agrees]
    told = [f"{point.question} ({point.ours})" for point in same]
    agreed = (f"{found.program} agrees on {', '.join(told)}.",) if told else ()
    differing = tuple(
        f"{point.question[:1].upper()}{point.question[1:]}: we say {point.ours}, {found.program} says {point.theirs}."
        + (f" {point.ruling}" if point.ruling else "")
        for point in found.points
        if not point.agrees
    )
    return (*agreed, *differing, *(f"Not compared: {reason}." for reason in found.unverified))
