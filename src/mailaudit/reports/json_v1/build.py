"""A report becomes a document."""

from __future__ import annotations

import importlib
from importlib.util import find_spec
from typing import Any, cast

from mailaudit import __version__
from mailaudit.checks.finding import Evidence, Finding, Outcome, Result
from mailaudit.checks.registry import Check
from mailaudit.facts.facts import Facts
from mailaudit.policy import Report
from mailaudit.reports.json_v1.dns import dns_section
from mailaudit.reports.json_v1.document import (
    CampaignEntry,
    CountsEntry,
    Document,
    EvidenceEntry,
    FactsSection,
    FindingEntry,
    FixEntry,
    GateEntry,
    ImpactEntry,
    InputEntry,
    JsonObject,
    LocationEntry,
    Provenance,
    ResultEntry,
    SuppressedEntry,
    Tool,
    UnverifiedEntry,
)

# A check that passed or was not asked needs no documentation in the report.
_DOCUMENTED = frozenset({Outcome.FAILED, Outcome.UNVERIFIED, Outcome.CRASHED})


def document(report: Report) -> Document:
    """Return the canonical document of a report."""
    campaign, source = report.facts.campaign, report.facts.source
    counts = report.counts
    return Document(
        tool=Tool(version=__version__),
        generated_at=report.generated_at.replace(microsecond=0),
        campaign=CampaignEntry(
            name=campaign.name, file=source.display, sha256=source.sha256, from_domain=campaign.from_domain
        ),
        verdict=report.verdict.value,
        counts=CountsEntry(
            error=counts.error,
            warning=counts.warning,
            note=counts.note,
            unverified=counts.unverified,
            crashed=counts.crashed,
            suppressed=counts.suppressed,
        ),
        results=tuple(_result(result, report.checks[result.check]) for result in report.results),
        facts=_facts(report.facts),
        gate=GateEntry.model_validate({"fail_on": report.fail_on, "exit_code": report.exit_code}),
        provenance=Provenance(
            resolver=report.resolver,
            inputs=tuple(InputEntry(path=file.path, sha256=file.sha256) for file in report.inputs),
        ),
    )


def _result(result: Result, check: Check) -> ResultEntry:
    return ResultEntry(
        check=check.name,
        family=check.family,
        severity=check.severity,
        outcome=result.outcome,
        reason=result.reason,
        findings=tuple(_finding(finding) for finding in result.findings),
        title=check.title,
        passed_message=check.passed,
        gate_when_unverified=check.gate_when_unverified,
        doc=check.doc if result.outcome in _DOCUMENTED else None,
        unverified=tuple(UnverifiedEntry(subject=item.subject, reason=item.reason) for item in result.unverified),
    )


def _finding(finding: Finding) -> FindingEntry:
    where, impact, suppressed, fix = finding.location, finding.impact, finding.suppressed, finding.fix
    return FindingEntry(
        fingerprint=finding.fingerprint,
        severity=finding.severity,
        confidence=finding.confidence,
        subject=finding.subject,
        message=finding.message,
        location=LocationEntry(path=where.path, line=where.line, column=where.column) if where else None,
        evidence=tuple(_evidence(item) for item in finding.evidence),
        fix=FixEntry(owner=fix.owner, steps=fix.steps, dns_record=fix.dns_record),
        impact=ImpactEntry(recipients=impact.recipients, share=impact.share, providers=impact.providers)
        if impact
        else None,
        suppressed=SuppressedEntry(reason=suppressed.reason, until=suppressed.until, source=suppressed.source)
        if suppressed
        else None,
    )


def _evidence(item: Evidence) -> EvidenceEntry:
    return EvidenceEntry(label=item.label, value=item.value)


def _facts(facts: Facts) -> FactsSection:
    return FactsSection(
        sender=_section("sender", facts.sender) or {},
        recipients=_section("recipients", facts.recipients_or_none),
        volume=_section("volume", facts.volume_or_none),
        message=_section("message", facts.message_or_none),
        dns=dns_section(facts.dns_answers),
    )


def _section(room: str, observed: Any) -> JsonObject | None:
    """Return what a room says in the report; each room writes its own section in a module of its name."""
    name = f"{__package__}.{room}"
    if observed is None or find_spec(name) is None:
        return None
    section = getattr(importlib.import_module(name), f"{room}_section")(observed)
    return cast("JsonObject", section.model_dump(mode="json"))
