"""The report as text for a terminal: the verdict, what to do, one line for the rest; everything with -v."""

from mailaudit.reports.content import headline, ranking
from mailaudit.reports.content.figures import list_figures
from mailaudit.reports.document.types import Document
from mailaudit.reports.formats import RenderOptions
from mailaudit.reports.terminal import summary
from mailaudit.reports.terminal.findings import write_fix_first, write_rest
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
from mailaudit.reports.terminal.tasks import write_every_task, write_later, write_tasks, write_titles
from mailaudit.reports.terminal.who_sends import write_departure, write_second_opinion
from mailaudit.wording import numbered

VERDICT_AT_MOST = 4
_WIDTH = 80
_STYLES = {
    "ready": "green",
    "ready-with-warnings": "yellow",
    "ready-with-accepted": "yellow",
    "not-ready": "red",
    "unusable": "red",
    "incomplete": "magenta",
}


def render(document: Document, options: RenderOptions) -> str:
    """Return the report as terminal text, wrapped to its columns; DNS records alone are never wrapped.

    A quiet one leaves the verdict, what to do first, and why the audit is incomplete.
    """
    page = Page(width=options.width, color=options.color, unicode=options.unicode)
    left = _write_verdict(page, document, options.progress)
    if options.verbosity < 0:
        page.blank()
        write_titles(page, document)
        if document.verdict == "incomplete":
            summary.write_undecided(page, document)
        page.blank()
        page.write((" ".join(left), ""), indent=2)
        return str(page)
    if options.verbosity:
        write_every_task(page, document)
        _write_everything(page, document)
    else:
        write_tasks(page, document)
        write_later(page, document)
        summary.write_summary(page, document)
    page.write((" ".join(left), ""), indent=3)
    _write_end(page, document, "" if options.verbosity else "-v")
    return str(page)


def _write_everything(page: Page, document: Document) -> None:
    write_fix_first(page, document)
    write_rest(page, document)
    write_departure(page, document)
    write_second_opinion(page, document)
    write_providers(page, document)
    write_list(page, document)
    write_volume(page, document)
    write_undecided(page, document)
    write_passed(page, document)
    write_not_asked(page, document)
    write_suppressed(page, document)
    write_terms(page, document)
    page.blank()
    page.write((f"{headline.tally(document).capitalize()}.", _STYLES[document.verdict]), indent=3)


def _write_verdict(page: Page, document: Document, progress: str) -> list[str]:
    """Write the verdict and as much beside it as a few lines hold; return what has to stand elsewhere."""
    sign, style = mark(page, "incomplete" if headline.is_unasked(document) else document.verdict)
    verdict = headline.headline(document)
    parts = [*filter(None, (progress, *headline.sublines(document)))]
    beside = [part for part in parts if part in document.gate.notes]  # what judges the audit is never moved away
    for part in parts:
        fuller = [one for one in parts if one in beside or one == part]
        beside = fuller if _lines(page, verdict, fuller)[0] else beside
    more = " ".join(beside)
    if _lines(page, verdict, beside)[1]:
        page.write((verdict, style), first=(sign, style), indent=2)
        page.write((more, ""), indent=2)
    else:
        page.write((verdict, style), (" ", ""), (more, ""), first=(sign, style), indent=2)
    return [part for part in parts if part not in beside]


def _lines(page: Page, verdict: str, beside: list[str]) -> tuple[bool, bool]:
    """Say whether a verdict and what stands beside it keep to a few lines, and whether they do as two paragraphs."""
    most = VERDICT_AT_MOST * max(1, _WIDTH // page.prose)
    more = " ".join(beside)
    are_apart = page.height(verdict, 2) + page.height(more, 2) <= most
    return are_apart or page.height(f"{verdict} {more}", 2) <= most, are_apart


def mark(page: Page, verdict: str) -> tuple[str, str]:
    """Return the sign of a verdict and its style."""
    signs = {
        "ready": page.signs.passed,
        "ready-with-warnings": page.signs.warning,
        "ready-with-accepted": page.signs.warning,
        "not-ready": page.signs.error,
        "unusable": page.signs.error,
        "incomplete": page.signs.open,
    }
    return signs[verdict], f"bold {_STYLES[verdict]}"


def _campaign(document: Document) -> tuple[str, str]:
    """Return the campaign's name and to how many people it goes."""
    audience = list_figures(document)
    people = next((part.count for part in audience.parts if part.key == "unique"), 0) if audience else 0
    return document.campaign.name or "", numbered(people, "person", "people") if people else ""


def _write_end(page: Page, document: Document, verbosely: str) -> None:
    found = ranking.items(document)
    about = f"mailaudit explain {found[0].result.check}" if found else ""
    more = page.signs.dot.join(filter(None, (verbosely, "-o report.html", about)))
    page.write((f"More: {more}", "dim"), indent=3)
    campaign = document.campaign
    about_it = (*_campaign(document), campaign.file, campaign.from_domain)
    page.write((page.signs.dot.join(dict.fromkeys(filter(None, about_it))), "dim"), indent=3)
