"""Several campaigns on a terminal: the summary, then each report."""

from mailaudit.reports import terminal
from mailaudit.reports.content import headline
from mailaudit.reports.fleet.model import UNUSABLE, WORDS, Fleet, rows, tally
from mailaudit.reports.formats import RenderOptions
from mailaudit.reports.terminal.page import Page


def render(fleet: Fleet, options: RenderOptions) -> str:
    """Return a line or two for each campaign, then every report."""
    page = Page(width=options.width, color=options.color, unicode=options.unicode)
    page.write((tally(fleet), "bold"))
    for row in rows(fleet):
        is_usable = row.verdict != UNUSABLE
        todo = headline.plural(len(row.tasks), "task") if row.tasks and is_usable else "; ".join(row.tasks)
        told = "; ".join(part for part in (WORDS[row.verdict], todo, row.providers, row.change) if part)
        file = f" ({row.file})" if row.file != row.name else ""
        page.write((row.name, "bold"), (f"{file}: {told}", ""), first=terminal.mark(page, row.verdict), indent=3)
    pieces = [str(page)]
    for report in fleet.reports:
        rule = Page(width=options.width, color=options.color, unicode=options.unicode)
        rule.heading(report.campaign.file)
        pieces += ["\n", str(rule), "\n", terminal.render(report, options)]
    return "".join(pieces)
