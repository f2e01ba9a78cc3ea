"""Ignores, the baseline, the verdict and the exit code."""

from __future__ import annotations

from datetime import UTC, date, datetime
from types import SimpleNamespace
from typing import Any

import pytest

from mailaudit.baseline import Accepted
from mailaudit.campaign.model import Ignore
from mailaudit.checks.finding import Confidence, Finding, Fix, Outcome, Owner, Result, Severity, Unverified
from mailaudit.checks.registry import Check
from mailaudit.policy import Gate, Report, report
from mailaudit.runner import Audit

CHECKS = {
    name: Check(name, "sender", severity, "Fine.", "Title", lambda _: (), gate_when_unverified=gate)
    for name, severity, gate in (
        ("bad", Severity.ERROR, True),
        ("odd", Severity.WARNING, True),
        ("listed", Severity.ERROR, False),
    )
}


def finding(check: str, severity: Severity, mark: str = "f1", subject: str = "acme.example") -> Finding:
    return Finding(check, mark, severity, Confidence.HIGH, subject, "Wrong.", Fix(Owner.SENDER, ("Do it.",)))


def failed(check: str, *severities: Severity) -> Result:
    return Result(check, Outcome.FAILED, tuple(finding(check, severity) for severity in severities))


def made(*results: Result, ignore: tuple[Ignore, ...] = (), fail_on: str = "error", **more: Any) -> Report:
    facts: Any = SimpleNamespace(now=datetime(2026, 11, 30, 10, tzinfo=UTC))
    source: Any = None
    gate = Gate(fail_on, source, ignore, **more)
    return report(Audit(facts, CHECKS, frozenset(CHECKS), results, "offline"), gate)


PASSED = Result("bad", Outcome.PASSED)
ERROR = failed("bad", Severity.ERROR)
WARNING = failed("odd", Severity.WARNING)
UNVERIFIED = Result("bad", Outcome.UNVERIFIED, reason="timed out")


@pytest.mark.parametrize(
    ("results", "fail_on", "verdict", "exit_code"),
    [
        ((PASSED,), "error", "ready", 0),
        ((WARNING,), "error", "ready-with-warnings", 0),
        ((WARNING,), "warning", "ready-with-warnings", 1),
        ((ERROR,), "error", "not-ready", 1),
        ((ERROR,), "never", "not-ready", 0),
        ((ERROR, UNVERIFIED), "error", "not-ready", 1),
        ((UNVERIFIED,), "error", "incomplete", 3),
        ((UNVERIFIED, WARNING), "error", "incomplete", 3),
        ((Result("bad", Outcome.CRASHED, reason="ValueError"),), "error", "incomplete", 3),
        ((Result("odd", Outcome.UNVERIFIED, reason="timed out"),), "warning", "ready", 0),
        ((Result("listed", Outcome.UNVERIFIED, reason="refused"),), "error", "ready", 0),
        ((failed("odd", Severity.NOTE),), "note", "ready", 1),
    ],
)
def test_verdict_and_exit_code(results: tuple[Result, ...], fail_on: str, verdict: str, exit_code: int) -> None:
    outcome = made(*results, fail_on=fail_on)
    assert (outcome.verdict, outcome.exit_code) == (verdict, exit_code)


def test_a_lesser_finding_does_not_hide_that_another_subject_is_unverified() -> None:
    partly = Result(
        "bad", Outcome.FAILED, (finding("bad", Severity.WARNING),), unverified=(Unverified("b", "timed out"),)
    )
    assert made(partly).exit_code == 3


def test_an_ignored_finding_stays_visible_and_does_not_count() -> None:
    entry = Ignore(check="bad", subject="ACME.example", reason="known", until=date(2026, 11, 30))
    outcome = made(ERROR, ignore=(entry,))
    assert (outcome.exit_code, outcome.counts.error, outcome.counts.suppressed) == (0, 0, 1)
    suppressed = outcome.results[0].findings[0].suppressed
    assert suppressed is not None
    assert (suppressed.reason, suppressed.until) == ("known", "2026-11-30")


@pytest.mark.parametrize(
    "entry",
    [
        Ignore(check="bad", subject="other.example", reason="known"),
        Ignore(check="odd", reason="known"),
        Ignore(check="bad", reason="known", until=date(2026, 11, 29)),
    ],
)
def test_an_entry_that_does_not_fit_or_has_expired_suppresses_nothing(entry: Ignore) -> None:
    assert made(ERROR, ignore=(entry,)).exit_code == 1


def test_the_baseline_is_a_multiset() -> None:
    twice = failed("bad", Severity.ERROR, Severity.ERROR)
    assert made(twice, baseline=(Accepted("f1"), Accepted("f1"))).exit_code == 0
    once = made(twice, baseline=(Accepted("f1"),))
    assert (once.exit_code, once.counts.error, once.counts.suppressed) == (1, 1, 1)
