"""Several campaigns as one HTML page."""

from mailaudit.reports.fleet.model import WORDS, Fleet, rows, tally
from mailaudit.reports.formats import RenderOptions
from mailaudit.reports.html import page


def render(fleet: Fleet, options: RenderOptions) -> str:
    """Return the summary as a page of its own: a row for each campaign, its tasks in order."""
    del options
    return page("fleet.html.j2", tally=tally(fleet), rows=rows(fleet), words=WORDS, is_compared=fleet.is_compared)
