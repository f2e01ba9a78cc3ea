"""The findings as CSV (RFC 4180, but with line feeds): one row each, the most urgent first, then those set aside."""

import csv
from collections.abc import Iterable, Sequence
from io import StringIO

from mailaudit.language.spoken import said
from mailaudit.reports.content import ranking
from mailaudit.reports.document.types import Document
from mailaudit.reports.formats import RenderOptions
from mailaudit.reports.places import in_repository
from mailaudit.reports.safe_text import plain

COLUMNS = (
    "severity", "check", "subject", "message", "file", "line", "owner", "first_step", "recipients", "magnitude", "suppressed",
)  # fmt: skip
# A cell that begins like this is a formula to a spreadsheet.
_FORMULA = ("=", "+", "-", "@")


def render(document: Document, options: RenderOptions) -> str:
    """Return the table with a header."""
    found = (*ranking.items(document), *ranking.suppressed(document))
    return as_table(COLUMNS, (_row(item, options) for item in found))


def as_table(columns: Sequence[str], rows: Iterable[Iterable[object]]) -> str:
    """Return rows under a header."""
    text = StringIO()
    table = csv.writer(text, lineterminator="\n")
    table.writerow(columns)
    table.writerows(map(cell, row) for row in rows)
    return text.getvalue()


def _row(item: ranking.Item, options: RenderOptions) -> tuple[object, ...]:
    finding, place = item.finding, item.finding.location
    return (
        finding.severity.value,
        item.result.check,
        finding.subject,
        said(finding.message),
        in_repository(place.path, options) if place else None,
        place.line if place else None,
        finding.fix.owner.value,
        said(finding.fix.steps[0]) if finding.fix.steps else None,
        finding.impact.recipients if finding.impact else None,
        finding.magnitude.value if finding.magnitude else None,
        finding.suppressed.reason if finding.suppressed else None,
    )


def cell(value: object) -> str:
    """Return a value as a cell that no spreadsheet takes for a formula."""
    text = "" if value is None else plain(str(value))
    return f"'{text}" if text.lstrip().startswith(_FORMULA) else text
