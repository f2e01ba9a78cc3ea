"""Who sends, on a terminal."""

from mailaudit.reports.content.second_opinion import TITLE, second_opinion
from mailaudit.reports.content.who_sends import departure
from mailaudit.reports.document.types import Document
from mailaudit.reports.terminal.page import Page

_INDENT = 3


def write_departure(page: Page, document: Document) -> None:
    """Write where the campaign leaves from, and the whole trail that led there."""
    found = departure(document)
    if found is None:
        return
    page.heading("Who sends")
    page.write((found.told, "bold"), indent=_INDENT)
    for reason in found.trail or found.reasons:
        page.write((reason, ""), first=(page.signs.note, ""), indent=_INDENT + 2)
    for text in found.missing:
        page.write((f"Add {text}.", "dim"), first=(page.signs.arrow, "dim"), indent=_INDENT + 3)
    if found.services:
        page.write(("May send for the domain:", ""), indent=_INDENT)
        for text in found.services:
            page.write((text, ""), first=(page.signs.note, ""), indent=_INDENT + 2)


def write_second_opinion(page: Page, document: Document) -> None:
    """Write where another program agrees with us and where it differs, when one was asked."""
    sentences = second_opinion(document)
    if not sentences:
        return
    page.heading(TITLE)
    for sentence in sentences:
        page.write((sentence, ""), first=(page.signs.note, ""), indent=_INDENT + 2)
