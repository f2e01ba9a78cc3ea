"""Several campaigns on a terminal: the summary, then each report."""

from mailaudit.reports import terminal
from mailaudit.reports.content import headline
from mailaudit.reports.fleet.model import Fleet, rows, tally
from mailaudit.reports.formats import RenderOptions
from mailaudit.reports.terminal.page import Page


def render(fleet: Fleet, options: RenderOptions) -> str:
    """Return a line or two for each campaign, then every report."""
    page = Page(width=options.width, color=options.color, unicode=options.unicode)
    page.write((tally(fleet), "bold"))
    for row, report in zip(rows(fleet), fleet.reports, strict=True):
        todo = headline.plural(len(row.tasks), "task") if row.tasks else ""
        told = "; ".join(part for part in (row.verdict, todo, row.providers, row.change) if part)
        mark = terminal.mark(page, report)
        page.write((row.name, "bold"), (f" ({row.file}): {told}", ""), first=mark, indent=3)
    pieces = [str(page)]
    for report in fleet.reports:
        rule = Page(width=options.width, color=options.color, unicode=options.unicode)
        rule.heading(report.campaign.file)
        pieces += ["\n", str(rule), "\n", terminal.render(report, options)]
    return "".join(pieces)
