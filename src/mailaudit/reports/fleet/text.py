"""Several campaigns on a terminal: the summary, then each report."""

from msgspec.structs import replace

from mailaudit.language.spoken import Pasted, form, said
from mailaudit.reports import terminal
from mailaudit.reports.fleet.model import UNUSABLE, WORDS, Fleet, Row, by_urgency, gone, tally
from mailaudit.reports.formats import RenderOptions
from mailaudit.reports.terminal.page import Page
from mailaudit.wording import numbered

_IN_SHORT = frozenset({"ready", "ready-with-warnings"})


def render(fleet: Fleet, options: RenderOptions) -> str:
    """Return a line or two for each campaign, the worst first, then every report, and how many have which verdict.

    What is ready is told in short without -v.
    """
    found = by_urgency(fleet)
    page = _page(options)
    page.write((tally(fleet), "bold"))
    for row, _ in found:
        file = f" ({row.file})" if row.file != row.name else ""
        page.write(
            (row.name, "bold"),
            (Pasted(f"{file}{form('joint', ': ')}{_told(row)}"), ""),
            first=terminal.mark(page, row.verdict),
            indent=3,
        )
    if missing := gone(fleet.before, (row.file for row, _ in found)):
        page.write((missing, "dim"), indent=3)
    pieces = [str(page)]
    for row, report in found:
        if report is not None:
            rule = _page(options)
            rule.heading(report.campaign.file)
            brief = (
                replace(options, verbosity=-1) if row.verdict in _IN_SHORT and not options.verbosity else options
            )
            pieces += ["\n", str(rule), "\n", terminal.render(report, brief)]
    end = _page(options)
    end.write((tally(fleet), "bold"))
    return "".join((*pieces, "\n", str(end)))


def _page(options: RenderOptions) -> Page:
    return Page(width=options.width, color=options.color, unicode=options.unicode)


def _told(row: Row) -> str:
    more = len(row.tasks) - 1
    todo = row.tasks if row.verdict == UNUSABLE else row.tasks[:1]
    rest = numbered(more, "more task") if more > 0 and row.verdict != UNUSABLE else ""
    return form("joint", "; ").join(
        map(said, filter(None, (WORDS[row.verdict], *todo, rest, row.providers, row.change)))
    )
