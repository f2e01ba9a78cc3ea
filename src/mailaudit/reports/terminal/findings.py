"""The findings in full, with -v."""

from mailaudit.checks.finding import Severity
from mailaudit.language.spoken import Pasted
from mailaudit.reports.content import ranking, words
from mailaudit.reports.content.check_page import why
from mailaudit.reports.content.proof import panel_fields, proof_sentence, remembered_sentence
from mailaudit.reports.content.ranking import Item
from mailaudit.reports.document.fix import FixEntry
from mailaudit.reports.document.types import Document, FindingEntry
from mailaudit.reports.terminal.page import Page

STYLES = {Severity.ERROR: "red", Severity.WARNING: "yellow", Severity.NOTE: "blue"}
_INDENT = 3


def sign(page: Page, severity: Severity) -> str:
    """Return the sign of a severity."""
    return {
        Severity.ERROR: page.signs.error,
        Severity.WARNING: page.signs.warning,
        Severity.NOTE: page.signs.note,
    }[severity]


def write_fix_first(page: Page, document: Document) -> None:
    """Write what stops the send: each with owner, consequence, steps, DNS record and evidence."""
    found = ranking.fix_first(document)
    if found:
        page.heading("What stops the send")
        _write_all(page, document, found)


def write_rest(page: Page, document: Document) -> None:
    """Write the other findings by family."""
    for family, found in ranking.the_rest(document).items():
        page.heading(words.family(family))
        _write_all(page, document, found)


def _write_all(page: Page, document: Document, found: list[Item]) -> None:
    explained: set[str] = set()
    for item in found:
        page.blank()
        _write_full(page, document, item, explain=item.result.check not in explained)
        explained.add(item.result.check)


def _write_full(page: Page, document: Document, item: Item, *, explain: bool) -> None:
    finding = item.finding
    mark = sign(page, finding.severity)
    page.write((finding.message, "bold"), first=(mark, f"bold {STYLES[finding.severity]}"), indent=_INDENT + 1)
    indent = _INDENT + 1
    page.write((_facts_line(page, item), "dim"), indent=indent)
    touched = words.touches(finding, document)
    if touched:
        page.write((f"Touches {touched}.", "bold"), indent=indent)
    reason = why(item.result)
    if explain and reason:
        page.write((reason, ""), indent=indent)
    _write_fix(page, document, finding, indent)
    _write_evidence(page, finding, indent)


def _write_fix(page: Page, document: Document, finding: FindingEntry, indent: int) -> None:
    page.blank()
    page.write((f"For {words.OWNERS[finding.fix.owner]}:", "bold"), indent=indent)
    for number, step in enumerate(finding.fix.steps, 1):
        page.write((step, ""), first=(f"{number}.", "dim"), indent=indent + 3)
    if finding.fix.dns_record:
        page.blank()
        for line in finding.fix.dns_record.splitlines():
            page.verbatim(line, "cyan")
        if finding.fix.proof:
            page.write((proof_sentence(finding.fix.proof), "dim"), indent=indent)
        remembered = remembered_sentence(finding.fix, document.generated_at)
        if remembered:
            page.write((remembered, "dim"), indent=indent)
        _write_panel(page, finding.fix, indent)
    page.blank()


def _write_panel(page: Page, fix: FixEntry, indent: int) -> None:
    for record in fix.dns_records:
        page.write((f"{record.action.capitalize()} in the zone {record.zone}:", "dim"), indent=indent)
        for label, value in panel_fields(record):
            page.write((Pasted(value), ""), first=(label, "dim"), indent=indent + 13)
    for line in fix.panel:
        page.write((line, "dim"), indent=indent)


def _write_evidence(page: Page, finding: FindingEntry, indent: int) -> None:
    for entry in finding.evidence:
        page.write((f"{entry.label}: ", "dim"), (entry.value, ""), indent=indent)


def _facts_line(page: Page, item: Item) -> str:
    finding = item.finding
    parts = [finding.severity.value, item.result.check]
    if finding.location:
        parts.append(str(finding.location))
    if finding.confidence.value != "high":
        parts.append(f"{finding.confidence.value} confidence")
    return page.signs.dot.join(parts)
