"""Several campaigns as one HTML page."""

from mailaudit.reports.content import headline
from mailaudit.reports.fleet.model import WORDS, Fleet, by_urgency, tally
from mailaudit.reports.formats import RenderOptions
from mailaudit.reports.html import page
from mailaudit.reports.html.view import task_cards


def render(fleet: Fleet, options: RenderOptions) -> str:
    """Return the summary as a page of its own: a row for each campaign, the worst first, then what each has to do."""
    del options
    found = [
        (row, headline.headline(report) if report else "", task_cards(report) if report else ())
        for row, report in by_urgency(fleet)
    ]
    return page("fleet.html.j2", tally=tally(fleet), found=found, words=WORDS, is_compared=fleet.is_compared)
