"""The findings: in full what to fix first, compactly the rest."""

from __future__ import annotations

from collections import Counter

from mailaudit.checks.finding import Severity
from mailaudit.reports.content import headline, ranking
from mailaudit.reports.content.check_page import why
from mailaudit.reports.content.proof import panel_lines, proof_sentence
from mailaudit.reports.content.ranking import Item
from mailaudit.reports.document.types import Document, FindingEntry
from mailaudit.reports.safe_text import shorten
from mailaudit.reports.terminal.page import Page

STYLES = {Severity.ERROR: "red", Severity.WARNING: "yellow", Severity.NOTE: "blue"}
FULL_AT_MOST = 8
# Many findings of one check must not hide those of others.
FULL_OF_ONE_CHECK = 3
WITH_STEP_OF_ONE_CHECK = 3
OF_ONE_CHECK = 25
EVIDENCE_AT_MOST = 4
EVIDENCE_LENGTH = 400
_INDENT = 3


def sign(page: Page, severity: Severity) -> str:
    """Return the sign of a severity."""
    return {
        Severity.ERROR: page.signs.error,
        Severity.WARNING: page.signs.warning,
        Severity.NOTE: page.signs.note,
    }[severity]


def write_fix_first(page: Page, document: Document, verbose: int) -> None:
    """Write what stops the send: each with owner, consequence, steps, DNS record and evidence."""
    found = ranking.fix_first(document)
    if not found:
        return
    page.heading("Fix first")
    full, others = (found, []) if verbose else _parted(found)
    explained: set[str] = set()
    for number, item in enumerate(full, 1):
        page.blank()
        _write_full(page, document, item, f"{number}.", verbose, explain=item.result.check not in explained)
        explained.add(item.result.check)
    if others:
        page.blank()
        page.write(("Then these; ", "dim"), ("-v", "bold"), (" shows them in full:", "dim"))
        _write_compactly(page, others)


def _parted(found: list[Item]) -> tuple[list[Item], list[Item]]:
    """Return what is shown in full, of each check a few before more of any, and the others."""
    told: Counter[str] = Counter()
    first: list[int] = []
    for place, item in enumerate(found):
        told[item.result.check] += 1
        if told[item.result.check] <= FULL_OF_ONE_CHECK:
            first.append(place)
    more = [place for place in range(len(found)) if place not in first]
    shown = set([*first, *more][:FULL_AT_MOST])
    return (
        [item for place, item in enumerate(found) if place in shown],
        [item for place, item in enumerate(found) if place not in shown],
    )


def write_rest(page: Page, document: Document, verbose: int) -> None:
    """Write the other findings by family."""
    for family, found in ranking.the_rest(document).items():
        page.heading(headline.family(family))
        explained: set[str] = set()
        for item in found if verbose else ():
            page.blank()
            mark = sign(page, item.finding.severity)
            _write_full(page, document, item, mark, verbose, explain=item.result.check not in explained)
            explained.add(item.result.check)
        if not verbose:
            _write_compactly(page, found)


def _write_compactly(page: Page, found: list[Item]) -> None:
    told: Counter[str] = Counter()
    for item in found:
        told[item.result.check] += 1
        if told[item.result.check] <= OF_ONE_CHECK:
            write_compact(page, item, brief=told[item.result.check] > WITH_STEP_OF_ONE_CHECK)
    for check, number in told.items():
        if number > OF_ONE_CHECK:
            page.write((f"and {number - OF_ONE_CHECK:,} more of {check}, with -v", "dim"), indent=_INDENT)


def write_compact(page: Page, item: Item, *, brief: bool = False) -> None:
    """Write a finding in a few lines: what is wrong and, unless it shall be brief, where, and the first step."""
    finding = item.finding
    page.write(
        (finding.message, ""), first=(sign(page, finding.severity), STYLES[finding.severity]), indent=_INDENT
    )
    if brief:
        return
    page.write((_facts_line(page, item), "dim"), indent=_INDENT)
    if finding.severity is not Severity.NOTE and finding.fix.steps:
        more = " (-v shows the record)" if finding.fix.dns_record else ""
        step = f"{finding.fix.steps[0]}{more}"
        page.write((step, ""), first=(page.signs.arrow, ""), indent=_INDENT + len(page.signs.arrow) + 1)


def _write_full(page: Page, document: Document, item: Item, mark: str, verbose: int, *, explain: bool) -> None:
    finding = item.finding
    page.write((finding.message, "bold"), first=(mark, f"bold {STYLES[finding.severity]}"), indent=_INDENT + 1)
    indent = _INDENT + 1
    page.write((_facts_line(page, item), "dim"), indent=indent)
    touched = headline.touches(finding, document)
    if touched:
        page.write(("Touches ", ""), (touched, "bold"), (".", ""), indent=indent)
    reason = why(item.result)
    if explain and reason:
        page.write((reason, ""), indent=indent)
    _write_fix(page, finding, indent, verbose)
    _write_evidence(page, finding, indent, verbose)


def _write_fix(page: Page, finding: FindingEntry, indent: int, verbose: int) -> None:
    page.blank()
    page.write(("For ", "dim"), (headline.OWNERS[finding.fix.owner], "bold"), (":", "dim"), indent=indent)
    for number, step in enumerate(finding.fix.steps, 1):
        page.write((step, ""), first=(f"{number}.", "dim"), indent=indent + 3)
    if finding.fix.dns_record:
        page.blank()
        for line in finding.fix.dns_record.splitlines():
            page.verbatim(line, "cyan")
        if finding.fix.proof:
            page.write((proof_sentence(finding.fix.proof), "dim"), indent=indent)
        for line in panel_lines(finding.fix) if verbose else ():
            page.write((line, "dim"), indent=indent)
    page.blank()


def _write_evidence(page: Page, finding: FindingEntry, indent: int, verbose: int) -> None:
    shown = finding.evidence if verbose else finding.evidence[:EVIDENCE_AT_MOST]
    for entry in shown:
        value = entry.value if verbose else shorten(entry.value, EVIDENCE_LENGTH)
        page.write((f"{entry.label}: ", "dim"), (value, ""), indent=indent)
    if len(finding.evidence) > len(shown):
        left = len(finding.evidence) - len(shown)
        page.write((f"and {headline.plural(left, 'more observation')}, with -v", "dim"), indent=indent)


def _facts_line(page: Page, item: Item) -> str:
    finding = item.finding
    parts = [finding.severity.value, item.result.check]
    if finding.location:
        parts.append(str(finding.location))
    if finding.confidence.value != "high":
        parts.append(f"{finding.confidence.value} confidence")
    return page.signs.dot.join(parts)
