"""Several campaigns as one HTML page."""

from mailaudit.reports.fleet.model import Fleet, rows, tally
from mailaudit.reports.formats import RenderOptions
from mailaudit.reports.html import page


def render(fleet: Fleet, options: RenderOptions) -> str:
    """Return the summary as a page of its own: a row for each campaign, its tasks in order."""
    del options
    told = [(row, report.verdict) for row, report in zip(rows(fleet), fleet.reports, strict=True)]
    return page("fleet.html.j2", tally=tally(fleet), rows=told, is_compared=fleet.is_compared)
