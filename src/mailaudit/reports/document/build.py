"""A report becomes a document."""

from mailaudit import __version__
from mailaudit.checks.finding import Outcome, Result
from mailaudit.checks.registry import Check
from mailaudit.facts.facts import Facts
from mailaudit.impact.model import Matrix
from mailaudit.policy import Report
from mailaudit.reports.content.letter import letter
from mailaudit.reports.content.ranking import Item
from mailaudit.reports.document.dns import dns_section
from mailaudit.reports.document.fix import fix_entry
from mailaudit.reports.document.providers import matrix_section
from mailaudit.reports.document.sections import section
from mailaudit.reports.document.sender_parts.lookup_tree import spf_tree
from mailaudit.reports.document.sender_parts.mail_servers import known
from mailaudit.reports.document.sender_parts.second_opinion import second_opinion_section
from mailaudit.reports.document.types import (
    CampaignEntry,
    CountsEntry,
    Document,
    FactsSection,
    FindingEntry,
    GateEntry,
    Provenance,
    ResultEntry,
    SpfChangeEntry,
    Tool,
    UnverifiedEntry,
)
from mailaudit.reports.safe_text import shorten
from mailaudit.reports.tasks.tasks import derived

# A check that passed or was not asked needs no documentation in the report.
_DOCUMENTED = frozenset({Outcome.FAILED, Outcome.UNVERIFIED, Outcome.CRASHED})

# A list may lead to a million domains; the count of those that did not answer is told in full.
MAX_UNVERIFIED = 1_000
MAX_REASON = 2_000


def document(report: Report) -> Document:
    """Return the canonical document of a report."""
    campaign, source = report.facts.campaign, report.facts.source
    return _with_tasks(
        _with_letters(
            Document(
                tool=Tool(version=__version__),
                generated_at=report.generated_at.replace(microsecond=0),
                campaign=CampaignEntry(
                    name=campaign.name, file=source.display, sha256=source.sha256, from_domain=campaign.from_domain
                ),
                verdict=report.verdict.value,
                counts=CountsEntry.of(report.counts),
                results=tuple(_result(result, report.checks[result.check]) for result in report.results),
                facts=_facts(report.facts, report.matrix),
                spf_changes=tuple(SpfChangeEntry.of(proof, domain=domain) for domain, proof in report.spf_changes),
                gate=GateEntry.of(report),
                provenance=Provenance.of(report),
            )
        )
    )


def _with_tasks(document: Document) -> Document:
    return document.model_copy(update={"tasks": derived(document)})


def _with_letters(document: Document) -> Document:
    """Return the document with the text to forward beside each fix."""
    results = tuple(
        result.model_copy(
            update={"findings": tuple(_with_letter(document, result, one) for one in result.findings)}
        )
        if result.findings
        else result
        for result in document.results
    )
    return document.model_copy(update={"results": results})


def _with_letter(document: Document, result: ResultEntry, finding: FindingEntry) -> FindingEntry:
    text = letter(document, Item(result, finding))
    return finding.model_copy(update={"fix": finding.fix.model_copy(update={"forward": text})})


def _result(result: Result, check: Check) -> ResultEntry:
    return ResultEntry.of(
        check,
        check=check.name,
        outcome=result.outcome,
        reason=shorten(result.reason, MAX_REASON) if result.reason else result.reason,
        findings=tuple(FindingEntry.of(finding, fix=fix_entry(finding.fix)) for finding in result.findings),
        passed_message=f"{check.passed} {result.reason}" if _is_limited(result) else check.passed,
        doc=check.doc if result.outcome in _DOCUMENTED else None,
        unverified=_unverified(result),
    )


def _is_limited(result: Result) -> bool:
    """Say whether a pass leaves something open, which its reason tells."""
    return result.outcome is Outcome.PASSED and result.reason is not None


def _unverified(result: Result) -> tuple[UnverifiedEntry, ...]:
    told = list(map(UnverifiedEntry.of, result.unverified[:MAX_UNVERIFIED]))
    left = len(result.unverified) - len(told)
    more = [UnverifiedEntry(subject=None, reason=f"and {left:,} more, for reasons like these")] if left > 0 else []
    return (*told, *more)


def _facts(facts: Facts, matrix: Matrix | None) -> FactsSection:
    return FactsSection(
        sender={} if "sender" in facts.crashed else section("sender", facts.sender) or {},
        recipients=section("recipients", facts.recipients_or_none),
        volume=section("volume", facts.volume_or_none),
        message=section("message", facts.message_or_none) or {},
        capture=section("capture", facts.capture_or_none),
        dns=dns_section(facts.dns_answers),
        providers_matrix=matrix_section(matrix) if matrix else None,
        spf_tree=known(lambda: spf_tree(facts.sender)) or (),
        second_opinion=second_opinion_section(facts.second_opinion) if facts.second_opinion else None,
    )
