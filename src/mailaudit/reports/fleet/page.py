"""Several campaigns as one HTML page."""

from mailaudit.reports.content import headline
from mailaudit.reports.fleet.model import WORDS, Fleet, by_urgency, gone, tally
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
    missing = gone(fleet.before, (row.file for row, _, _ in found))
    told = {"tally": tally(fleet), "gone": missing, "found": found, "words": WORDS}
    return page("fleet.html.j2", **told, is_compared=fleet.is_compared)
