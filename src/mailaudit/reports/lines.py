"""The findings as editors and grep read them: `file:line:column: severity name message`, one line each."""

from mailaudit.language.spoken import said
from mailaudit.reports.content import ranking
from mailaudit.reports.document.types import Document, LocationEntry
from mailaudit.reports.formats import RenderOptions
from mailaudit.reports.safe_text import plain


def render(document: Document, options: RenderOptions) -> str:
    """Return a line for each finding that counts, the most urgent first; one without a place stands at the file's start."""
    del options
    start = LocationEntry(path=document.campaign.file)
    return "".join(f"{_line(item, item.finding.location or start)}\n" for item in ranking.items(document))


def _line(item: ranking.Item, place: LocationEntry) -> str:
    where = f"{plain(place.path)}:{place.line or 1}:{place.column or 1}"
    return f"{where}: {item.finding.severity.value} {item.result.check} {plain(said(item.finding.message))}"
