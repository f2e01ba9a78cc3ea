"""From results to a verdict: ignores, the baseline, the bar to fail on."""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import datetime
from enum import StrEnum
from fnmatch import fnmatchcase

from msgspec import Struct
from msgspec.structs import replace

from mailaudit.baseline import Accepted, Ledger
from mailaudit.campaign.model import Ignore
from mailaudit.campaign.yaml.source import Source
from mailaudit.checks.finding import Finding, Outcome, Result, Severity, Suppression
from mailaudit.checks.gate._ignore_entries import AppliedIgnore
from mailaudit.checks.registry import Check, find
from mailaudit.checks.remedy import SpfProof
from mailaudit.facts.facts import Facts
from mailaudit.impact.model import Matrix
from mailaudit.runner import Audit, judge

_JUDGED = frozenset({Outcome.PASSED, Outcome.FAILED})
_OPEN = frozenset({Outcome.UNVERIFIED, Outcome.CRASHED})


class Verdict(StrEnum):
    """What the whole audit comes to."""

    READY = "ready"
    READY_WITH_WARNINGS = "ready-with-warnings"
    READY_WITH_ACCEPTED = "ready-with-accepted"
    NOT_READY = "not-ready"
    INCOMPLETE = "incomplete"


class ExitCode:
    """The exit codes of `mailaudit check`."""

    FINE = 0
    FINDINGS = 1
    UNUSABLE = 2
    INCOMPLETE = 3


class Counts(Struct, frozen=True):
    """Findings by severity (suppressed ones apart), and checks that reached no judgement."""

    error: int
    warning: int
    note: int
    unverified: int
    crashed: int
    suppressed: int


class InputFile(Struct, frozen=True):
    """A file that the audit read, as the user named it, and the SHA-256 of its bytes."""

    path: str
    sha256: str


class Gate(Struct, frozen=True):
    """What judges an audit: the severity to fail on, what is ignored, and what is accepted as it was.

    `source` holds the ignore entries, which are of the campaign file (`ignore`) or of a `policy`. `notes` tell what the
    input says about its own judgement.
    """

    fail_on: str
    source: Source
    ignore: tuple[Ignore, ...] = ()
    ignores_of: str = "ignore"
    baseline: tuple[Accepted, ...] = ()
    notes: tuple[str, ...] = ()


class Report(Struct, frozen=True):
    """Everything a report format needs; `checks` holds each check named in `results`.

    `notes` tell what the input said about its own judgement, `shrunk` how many entries of the baseline cover more than
    there is. `spf_changes` tell for each domain what draft zone files change for who may send. `matrix` tells how the
    campaign stands with each mailbox provider of the list.
    """

    # Without a text of its own: asyncio asks for that of every result, and drops it.
    __repr__ = object.__repr__

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
    notes: tuple[str, ...] = ()
    shrunk: int = 0
    spf_changes: tuple[tuple[str, SpfProof], ...] = ()
    matrix: Matrix | None = None


def report(audit: Audit, gate: Gate, inputs: tuple[InputFile, ...] = ()) -> Report:
    """Apply the gate's ignores and its baseline, and reach the verdict."""
    results, applied, shrunk = _suppress(audit, gate)
    results = (*results, *_judge_ignores(audit, gate, applied))
    counts = _count(results)
    incomplete = any(_leaves_audit_incomplete(result, audit.checks[result.check]) for result in results)
    return Report(
        facts=audit.facts,
        checks=audit.checks,
        results=results,
        verdict=_verdict(results, counts, incomplete=incomplete),
        counts=counts,
        fail_on=gate.fail_on,
        exit_code=_exit_code(results, gate.fail_on, incomplete=incomplete),
        generated_at=audit.facts.now,
        resolver=audit.resolver,
        inputs=inputs,
        notes=gate.notes,
        shrunk=shrunk,
    )


def _suppress(audit: Audit, gate: Gate) -> tuple[tuple[Result, ...], tuple[AppliedIgnore, ...], int]:
    today = audit.facts.now.date()
    live = [entry for entry in gate.ignore if entry.until is None or today <= entry.until]
    ledger = Ledger(gate.baseline, today)
    used: set[int] = set()
    shrunk = 0
    changed = []
    for result in audit.results:
        findings = []
        for finding in result.findings:
            meant = [entry for entry in live if _is_meant(entry, finding)]
            used |= {id(entry) for entry in meant}
            entry = next((entry for entry in meant if _is_within(entry, finding)), None)
            if entry is not None:
                until = entry.until.isoformat() if entry.until else None
                findings.append(replace(finding, suppressed=Suppression(entry.reason, until, gate.ignores_of)))
                continue
            known = ledger.take(finding)
            shrunk += known is not None and known.magnitude != finding.magnitude
            findings.append(_held_against(finding, known, ledger))
        changed.append(replace(result, findings=tuple(findings)))
    judged = {result.check for result in audit.results if result.outcome in _JUDGED}
    left_open = {result.check for result in audit.results if result.outcome in _OPEN or result.unverified}
    applied = tuple(
        AppliedIgnore(
            key=f"ignore.{place}",
            entry=entry,
            expired=entry not in live,
            used=id(entry) in used,
            judged=find(entry.check) is None or any(fnmatchcase(name, entry.check) for name in judged),
            is_open=any(fnmatchcase(name, entry.check) for name in left_open),
        )
        for place, entry in enumerate(gate.ignore)
    )
    return tuple(changed), applied, shrunk + sum(entry.check in judged for entry in ledger.entries)


def _held_against(finding: Finding, known: Accepted | None, ledger: Ledger) -> Finding:
    if known is not None:
        until = known.until.isoformat() if known.until else None
        return replace(finding, suppressed=Suppression("already in the baseline report", until, "baseline"))
    before = ledger.outgrown(finding)
    return replace(finding, outgrown=before.magnitude.value) if before and before.magnitude else finding


def _is_within(entry: Ignore, finding: Finding) -> bool:
    return entry.at_most is None or finding.magnitude is None or finding.magnitude.value <= entry.at_most


def _is_meant(entry: Ignore, finding: Finding) -> bool:
    declared = find(entry.check)
    name_matches = finding.check == declared.name if declared else fnmatchcase(finding.check, entry.check)
    return name_matches and (entry.subject is None or fnmatchcase(finding.subject.lower(), entry.subject.lower()))


def _judge_ignores(audit: Audit, gate: Gate, applied: tuple[AppliedIgnore, ...]) -> tuple[Result, ...]:
    own = [declared for declared in audit.checks.values() if declared.family == "gate"]
    return tuple(
        judge(declared, applied, gate.source, selected=declared.name in audit.selected) for declared in own
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


def _verdict(results: Iterable[Result], counts: Counts, *, incomplete: bool) -> Verdict:
    if counts.error:
        return Verdict.NOT_READY
    if incomplete:
        return Verdict.INCOMPLETE
    if any(finding.severity is Severity.ERROR for result in results for finding in result.findings):
        return Verdict.READY_WITH_ACCEPTED
    return Verdict.READY_WITH_WARNINGS if counts.warning else Verdict.READY


def _exit_code(results: Iterable[Result], fail_on: str, *, incomplete: bool) -> int:
    if fail_on != "never":
        bar = Severity(fail_on).rank
        findings = (finding for result in results for finding in result.findings)
        if any(finding.suppressed is None and finding.severity.rank >= bar for finding in findings):
            return ExitCode.FINDINGS
    return ExitCode.INCOMPLETE if incomplete else ExitCode.FINE
