"""From results to a verdict: ignores, baseline, the bar to fail on."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from fnmatch import fnmatchcase

from mailaudit.campaign.model import Ignore
from mailaudit.checks.finding import Finding, Outcome, Result, Severity, Suppression
from mailaudit.checks.gate._applied import AppliedIgnore
from mailaudit.checks.registry import Check, find
from mailaudit.facts.facts import Facts
from mailaudit.runner import Audit, judge

_JUDGED = frozenset({Outcome.PASSED, Outcome.FAILED})
_OPEN = frozenset({Outcome.UNVERIFIED, Outcome.CRASHED})


class Verdict(StrEnum):
    """What the whole audit comes to."""

    READY = "ready"
    READY_WITH_WARNINGS = "ready-with-warnings"
    NOT_READY = "not-ready"
    INCOMPLETE = "incomplete"


class ExitCode:
    """The exit codes of `mailaudit check`."""

    FINE = 0
    FINDINGS = 1
    UNUSABLE = 2
    INCOMPLETE = 3
    INTERRUPTED = 130


@dataclass(frozen=True, slots=True)
class Counts:
    """Findings by severity (suppressed ones apart), and checks that reached no judgement."""

    error: int
    warning: int
    note: int
    unverified: int
    crashed: int
    suppressed: int


@dataclass(frozen=True, slots=True)
class InputFile:
    """A file that the audit read, as the user named it, and the SHA-256 of its bytes."""

    path: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Report:
    """Everything a report format needs; `checks` holds each check named in `results`."""

    facts: Facts
    checks: Mapping[str, Check]
    results: tuple[Result, ...]
    verdict: Verdict
    counts: Counts
    fail_on: str
    exit_code: int
    generated_at: datetime
    resolver: str
    inputs: tuple[InputFile, ...] = ()


def report(
    audit: Audit,
    *,
    fail_on: str,
    baseline: Iterable[str] = (),
    inputs: tuple[InputFile, ...] = (),
) -> Report:
    """Apply the campaign's ignores and a baseline (fingerprints, a multiset), and reach the verdict."""
    results, applied = _suppress(audit.results, audit.facts, Counter(baseline))
    results = (*results, *_judge_ignores(audit, applied))
    counts = _count(results)
    incomplete = any(_leaves_audit_incomplete(result, audit.checks[result.check]) for result in results)
    return Report(
        facts=audit.facts,
        checks=audit.checks,
        results=results,
        verdict=_verdict(counts, incomplete=incomplete),
        counts=counts,
        fail_on=fail_on,
        exit_code=_exit_code(results, fail_on, incomplete=incomplete),
        generated_at=audit.facts.now,
        resolver=audit.resolver,
        inputs=inputs,
    )


def _suppress(
    results: tuple[Result, ...], facts: Facts, baseline: Counter[str]
) -> tuple[tuple[Result, ...], tuple[AppliedIgnore, ...]]:
    today = facts.now.date()
    live = [entry for entry in facts.campaign.ignore if entry.until is None or today <= entry.until]
    used: Counter[int] = Counter()
    changed = []
    for result in results:
        findings = []
        for finding in result.findings:
            suppression = None
            for entry in live:
                if _is_meant(entry, finding):
                    used[id(entry)] += 1
                    suppression = suppression or Suppression(
                        entry.reason, entry.until.isoformat() if entry.until else None
                    )
            if suppression is None and baseline[finding.fingerprint] > 0:
                baseline[finding.fingerprint] -= 1
                suppression = Suppression("already in the baseline report", source="baseline")
            findings.append(replace(finding, suppressed=suppression))
        changed.append(replace(result, findings=tuple(findings)))
    judged = {result.check for result in results if result.outcome in _JUDGED}
    applied = tuple(
        AppliedIgnore(
            key=f"ignore.{place}",
            entry=entry,
            expired=entry not in live,
            used=used[id(entry)] > 0,
            judged=find(entry.check) is None or any(fnmatchcase(name, entry.check) for name in judged),
        )
        for place, entry in enumerate(facts.campaign.ignore)
    )
    return tuple(changed), applied


def _is_meant(entry: Ignore, finding: Finding) -> bool:
    declared = find(entry.check)
    name_matches = finding.check == declared.name if declared else fnmatchcase(finding.check, entry.check)
    return name_matches and (entry.subject is None or fnmatchcase(finding.subject.lower(), entry.subject.lower()))


def _judge_ignores(audit: Audit, applied: tuple[AppliedIgnore, ...]) -> tuple[Result, ...]:
    gate = [declared for declared in audit.checks.values() if declared.family == "gate"]
    return tuple(
        judge(declared, applied, audit.facts.source, selected=declared.name in audit.selected) for declared in gate
    )


def _count(results: Iterable[Result]) -> Counts:
    findings = [finding for result in results for finding in result.findings]
    severities = Counter(finding.severity for finding in findings if finding.suppressed is None)
    outcomes = Counter(result.outcome for result in results)
    return Counts(
        error=severities[Severity.ERROR],
        warning=severities[Severity.WARNING],
        note=severities[Severity.NOTE],
        unverified=outcomes[Outcome.UNVERIFIED],
        crashed=outcomes[Outcome.CRASHED],
        suppressed=sum(finding.suppressed is not None for finding in findings),
    )


def _leaves_audit_incomplete(result: Result, declared: Check) -> bool:
    if declared.severity is not Severity.ERROR or not declared.gate_when_unverified:
        return False
    return result.outcome in _OPEN or bool(result.unverified)


def _verdict(counts: Counts, *, incomplete: bool) -> Verdict:
    if counts.error:
        return Verdict.NOT_READY
    if incomplete:
        return Verdict.INCOMPLETE
    return Verdict.READY_WITH_WARNINGS if counts.warning else Verdict.READY


def _exit_code(results: Iterable[Result], fail_on: str, *, incomplete: bool) -> int:
    if fail_on != "never":
        bar = Severity(fail_on).rank
        findings = (finding for result in results for finding in result.findings)
        if any(finding.suppressed is None and finding.severity.rank >= bar for finding in findings):
            return ExitCode.FINDINGS
    return ExitCode.INCOMPLETE if incomplete else ExitCode.FINE
