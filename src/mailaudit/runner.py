"""Run every check over the facts: each gets exactly one of the six outcomes."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from msgspec import Struct

from mailaudit.campaign.yaml.source import Source
from mailaudit.checks.finding import (
    Confidence,
    Finding,
    Outcome,
    Problem,
    Result,
    Severity,
    Unverified,
    fingerprint,
)
from mailaudit.checks.merging import merged
from mailaudit.checks.problems import problems_of
from mailaudit.checks.registry import Check
from mailaudit.facts.facts import Facts
from mailaudit.facts.isolation import FactCrashed
from mailaudit.facts.observed import CannotJudge, NotGiven, Unavailable
from mailaudit.location import Location

NOT_SELECTED = "not selected for this run"


class Audit(Struct, frozen=True):
    """The facts, and the result of every check over them; `selected` names the checks that were to run."""

    # Without a text of its own: asyncio asks for that of every result, and drops it.
    __repr__ = object.__repr__

    facts: Facts
    checks: Mapping[str, Check]
    selected: frozenset[str]
    results: tuple[Result, ...]
    resolver: str


def run(facts: Facts, checks: Mapping[str, Check], selected: frozenset[str], resolver: str) -> Audit:
    """Judge every check but those of the gate, which policy judges once it knows what is suppressed."""
    results = tuple(
        judge(declared, facts, facts.source, selected=name in selected)
        for name, declared in checks.items()
        if declared.family != "gate"
    )
    return Audit(facts, checks, selected, results, resolver)


def judge(declared: Check, facts: Any, source: Source, *, selected: bool = True) -> Result:
    """Return the result of one check; a check that raises is `crashed` and never ends the audit."""
    if not selected:
        return Result(declared.name, Outcome.SKIPPED, reason=NOT_SELECTED)
    try:
        problems, unverified = problems_of(declared, facts)
        findings = tuple(_finding(declared, problem, source) for problem in merged(problems))
        is_passed = not (findings or unverified)
        proviso = declared.proviso(facts) if is_passed and declared.proviso else None
    except CannotJudge as honest:
        return _not_judged(declared, honest)
    except FactCrashed as crashed:
        return Result(declared.name, Outcome.CRASHED, reason=str(crashed))
    except Exception as error:  # noqa: BLE001 - whatever a check does wrong, the audit goes on and says so
        return Result(declared.name, Outcome.CRASHED, reason=f"{type(error).__name__}: {error} ({_place(error)})")
    outcome = Outcome.FAILED if findings else Outcome.UNVERIFIED if unverified else Outcome.PASSED
    reason = _joined(unverified) if outcome is Outcome.UNVERIFIED else proviso
    return Result(declared.name, outcome, findings, reason, unverified)


def _place(error: Exception) -> str:
    """Return the file and the line where an exception was raised."""
    trace = error.__traceback__
    while trace and trace.tb_next:
        trace = trace.tb_next
    return f"{Path(trace.tb_frame.f_code.co_filename).name}:{trace.tb_lineno}" if trace else ""


def _not_judged(declared: Check, honest: CannotJudge) -> Result:
    if isinstance(honest, Unavailable):
        unverified = (Unverified(None, honest.reason),)
        return Result(declared.name, Outcome.UNVERIFIED, reason=honest.reason, unverified=unverified)
    outcome = Outcome.SKIPPED if isinstance(honest, NotGiven) else Outcome.NOT_APPLICABLE
    return Result(declared.name, outcome, reason=honest.reason)


def _finding(declared: Check, problem: Problem, source: Source) -> Finding:
    location = problem.location
    return Finding(
        check=declared.name,
        fingerprint=fingerprint(declared.name, problem.subject, problem.discriminator),
        severity=_severity(declared, problem),
        confidence=problem.confidence,
        subject=problem.subject,
        message=problem.message,
        fix=problem.fix,
        location=location if isinstance(location, Location) or location is None else source.where(location),
        evidence=problem.evidence,
        impact=problem.impact,
        magnitude=problem.magnitude,
    )


def _severity(declared: Check, problem: Problem) -> Severity:
    wanted = problem.severity or declared.severity
    severity = wanted if wanted.rank <= declared.severity.rank else declared.severity
    if severity is Severity.ERROR and problem.confidence is Confidence.LOW:
        return Severity.WARNING
    return severity


def _joined(unverified: tuple[Unverified, ...]) -> str:
    return "; ".join(dict.fromkeys(item.reason for item in unverified))
