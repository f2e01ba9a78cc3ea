"""What passed, what could not be verified, what was not asked, what is suppressed."""

from mailaudit.reports.content import ranking, words
from mailaudit.reports.content.glossary import terms
from mailaudit.reports.document.types import Document
from mailaudit.reports.terminal.page import Page
from mailaudit.wording import numbered

ALONE_AT_MOST = 3
_INDENT = 3


def write_undecided(page: Page, document: Document) -> None:
    """Write a line for each check without a verdict, and why; checks that share a reason stand together."""
    causes = ranking.causes(document)
    if causes:
        page.heading("Could not be verified")
    for cause in causes:
        mark = (page.signs.open, "magenta")
        if len(cause.checks) > ALONE_AT_MOST:
            named = numbered(len(cause.checks), "check")
            page.write((f"{named}: ", "bold"), (cause.reason, ""), first=mark, indent=_INDENT)
            page.write((", ".join(cause.checks), "dim"), indent=_INDENT)
            continue
        for check, subjects in cause.checks.items():
            about = f" ({words.listed(list(subjects), len(subjects))})" if subjects else ""
            page.write((f"{check}{about}: ", "bold"), (cause.reason, ""), first=mark, indent=_INDENT)


def write_passed(page: Page, document: Document) -> None:
    """Write one positive line for each check that passed."""
    passed = ranking.passed(document)
    if not passed:
        return
    page.heading(f"Passed ({sum(map(len, passed.values()))})")
    for family, results in passed.items():
        page.blank()
        page.write((f"{words.family(family)} ({len(results)})", "bold"), indent=_INDENT)
        for result in results:
            page.write(
                (result.passed_message or result.check, ""), first=(page.signs.passed, "green"), indent=_INDENT
            )


def write_not_asked(page: Page, document: Document) -> None:
    """Write why checks were not asked: a line for each reason, with the checks' names."""
    grouped = ranking.not_asked(document)
    if not grouped:
        return
    page.heading(f"Not asked ({sum(map(len, grouped.values()))})")
    for reason, checks in grouped.items():
        page.write((f"{', '.join(checks)}: ", ""), (reason, "dim"), indent=_INDENT)


def write_terms(page: Page, document: Document) -> None:
    """Write what the technical words of the findings mean."""
    found = terms(document)
    if not found:
        return
    page.heading("In a few words")
    for term, meaning in found:
        page.write((f"{term}: ", "bold"), (f"{meaning}.", ""), indent=_INDENT)


def write_suppressed(page: Page, document: Document) -> None:
    """Write which findings are suppressed, each with its reason."""
    found = ranking.suppressed(document)
    if not found:
        return
    page.blank()
    page.write((f"{numbered(len(found), 'finding')} suppressed.", "dim"))
    for item in found:
        entry = item.finding.suppressed
        if entry is not None:
            until = f" until {entry.until}" if entry.until else ""
            page.write(
                (f"{item.result.check} ({item.finding.subject}): ", ""),
                (f"{entry.reason}{until}", "dim"),
                indent=_INDENT,
            )
