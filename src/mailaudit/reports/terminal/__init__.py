"""The report as text for a terminal: the verdict first, then what to fix first."""

from __future__ import annotations

from mailaudit.reports.content import headline, ranking
from mailaudit.reports.document.types import Document
from mailaudit.reports.formats import RenderOptions
from mailaudit.reports.terminal.findings import write_compact, write_fix_first, write_rest
from mailaudit.reports.terminal.numbers import write_list, write_volume
from mailaudit.reports.terminal.page import Page
from mailaudit.reports.terminal.providers import write_providers
from mailaudit.reports.terminal.remaining_sections import (
    write_not_asked,
    write_passed,
    write_suppressed,
    write_terms,
    write_undecided,
)
from mailaudit.reports.terminal.who_sends import write_departure, write_second_opinion

_STYLES = {
    "ready": "green",
    "ready-with-warnings": "yellow",
    "ready-with-accepted": "yellow",
    "not-ready": "red",
    "incomplete": "magenta",
}


def render(document: Document, options: RenderOptions) -> str:
    """Return the report as terminal text."""
    return render_terminal(
        document,
        width=options.width,
        color=options.color,
        unicode=options.unicode,
        verbose=max(0, options.verbosity),
        quiet=options.verbosity < 0,
    )


def render_terminal(
    document: Document,
    *,
    width: int,
    color: bool = False,
    unicode: bool = True,
    verbose: int = 0,
    quiet: bool = False,
) -> str:
    """Return the report wrapped to `width` columns; DNS records alone are never wrapped.

    `quiet` leaves the verdict, a few lines for each finding to fix first, and why the audit is incomplete.
    """
    page = Page(width=width, color=color, unicode=unicode)
    _write_verdict(page, document)
    if quiet:
        for item in ranking.fix_first(document):
            page.blank()
            write_compact(page, item)
        if document.verdict == "incomplete":
            write_undecided(page, document, verbose)
        return str(page)
    write_fix_first(page, document, verbose)
    write_rest(page, document, verbose)
    write_departure(page, document, verbose)
    write_second_opinion(page, document)
    write_providers(page, document, verbose)
    write_list(page, document, verbose)
    write_volume(page, document, verbose)
    write_undecided(page, document, verbose)
    write_passed(page, document)
    write_not_asked(page, document, verbose)
    write_suppressed(page, document, verbose)
    write_terms(page, document)
    _write_end(page, document)
    return str(page)


def _write_verdict(page: Page, document: Document) -> None:
    style = _STYLES[document.verdict]
    mark = {
        "ready": page.signs.passed,
        "ready-with-warnings": page.signs.warning,
        "ready-with-accepted": page.signs.warning,
        "not-ready": page.signs.error,
        "incomplete": page.signs.open,
    }[document.verdict]
    page.write((headline.headline(document), f"bold {style}"), first=(mark, f"bold {style}"), indent=2)
    more = headline.subline(document)
    if more:
        page.write((more, ""), indent=2)
    campaign = document.campaign
    parts = (campaign.name, campaign.from_domain, campaign.file)
    page.write((page.signs.dot.join(part for part in parts if part), "dim"), indent=2)


def _write_end(page: Page, document: Document) -> None:
    page.blank()
    page.write((f"{headline.tally(document).capitalize()}.", _STYLES[document.verdict]))
    first = ranking.fix_first(document)
    if first:
        page.write(("More about a finding: ", "dim"), (f"mailaudit explain {first[0].result.check}", ""))
