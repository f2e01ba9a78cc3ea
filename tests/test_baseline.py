"""A baseline is a ratchet: what is accepted may shrink and never grow."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from types import SimpleNamespace
from typing import Any

import pytest
from msgspec.structs import replace

from mailaudit.baseline import Accepted, accepted, dumps, loads
from mailaudit.campaign.model import Ignore
from mailaudit.checks.finding import Confidence, Finding, Fix, Magnitude, Outcome, Owner, Result, Severity
from mailaudit.checks.registry import Check
from mailaudit.errors import InputError
from mailaudit.policy import Gate, Report, report
from mailaudit.runner import Audit

CHECK = Check("bad", "sender", Severity.ERROR, "Fine.", "Title", lambda _: ())
TODAY = date(2026, 11, 30)
INFINITE = (
    '{"baseline_version": 1, "accepted": [{"fingerprint": "f", "severity": "error",'
    ' "magnitude": {"value": 1e999, "unit": "rows"}}]}'
)


def finding(value: int | None, severity: Severity = Severity.ERROR) -> Finding:
    size = None if value is None else Magnitude(value, "rows")
    fix = Fix(Owner.SENDER, ("Do it.",))
    return Finding("bad", "f1", severity, Confidence.HIGH, "list.csv", "Wrong.", fix, magnitude=size)


def entry(value: int | None, until: date | None = None, severity: Severity = Severity.ERROR) -> Accepted:
    size = None if value is None else Magnitude(value, "rows")
    return Accepted("f1", "bad", "list.csv", severity, size, until)


def made(*findings: Finding, baseline: tuple[Accepted, ...] = (), ignore: tuple[Ignore, ...] = ()) -> Report:
    facts: Any = SimpleNamespace(now=datetime(2026, 11, 30, 10, tzinfo=UTC))
    source: Any = None
    results = (Result("bad", Outcome.FAILED if findings else Outcome.PASSED, findings),)
    return report(
        Audit(facts, {"bad": CHECK}, frozenset({"bad"}), results, "offline"),
        Gate("error", source, ignore, baseline=baseline),
    )


@pytest.mark.parametrize(
    ("was", "now", "verdict", "shrunk"),
    [
        (9, 9, "ready-with-accepted", 0),
        (9, 4, "ready-with-accepted", 1),
        (9, 10, "not-ready", 0),
        (None, 10, "ready-with-accepted", 1),
        (9, None, "ready-with-accepted", 1),
    ],
)
def test_growth_fails_and_shrinking_passes(was: int | None, now: int | None, verdict: str, shrunk: int) -> None:
    outcome = made(finding(now), baseline=(entry(was),))
    assert (outcome.verdict, outcome.shrunk) == (verdict, shrunk)
    assert outcome.results[0].findings[0].outgrown == (was if verdict == "not-ready" else None)


def test_each_entry_covers_one_finding_the_tightest_first() -> None:
    assert made(finding(9), finding(3), baseline=(entry(9), entry(3))).verdict == "ready-with-accepted"
    assert made(finding(3), finding(9), baseline=(entry(9), entry(3))).verdict == "ready-with-accepted"
    assert made(finding(4), finding(9), baseline=(entry(9), entry(3))).verdict == "not-ready"


def test_a_milder_finding_that_counts_nothing_does_not_cover_a_worse_one() -> None:
    assert made(finding(None), baseline=(entry(None, severity=Severity.WARNING),)).verdict == "not-ready"


def test_an_entry_counts_up_to_its_day() -> None:
    assert made(finding(9), baseline=(entry(9, TODAY),)).verdict == "ready-with-accepted"
    assert made(finding(9), baseline=(entry(9, date(2026, 11, 29)),)).verdict == "not-ready"


@pytest.mark.parametrize(("now", "verdict"), [(3, "ready-with-accepted"), (4, "not-ready")])
def test_an_ignore_entry_covers_at_most_its_number(now: int, verdict: str) -> None:
    outcome = made(finding(now), ignore=(Ignore(check="bad", reason="known", at_most=3),))
    assert outcome.verdict == verdict


def test_what_is_written_is_read_and_can_but_tighten() -> None:
    before = (entry(9, TODAY),)
    smaller, other = finding(4), replace(finding(7), fingerprint="f2")
    kept = tuple(accepted([smaller, other], before, TODAY))
    assert kept == (entry(4, TODAY),)
    assert loads(dumps(kept), "base.json") == kept
    assert [one.fingerprint for one in accepted([smaller, other], (), TODAY)] == ["f1", "f2"]
    assert not list(accepted([finding(10)], before, TODAY))


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", '{"baseline_version": 1}', '{"results": [{"findings": [{}]}]}', "[" * 9_999]
)
def test_what_is_no_baseline_is_told(text: str) -> None:
    with pytest.raises(InputError, match=r"^base\.json: this is neither a baseline nor"):
        loads(text, "base.json")


def test_a_number_of_something_else_covers_nothing() -> None:
    other = replace(entry(99), magnitude=Magnitude(99, "messages"))
    assert made(finding(3), baseline=(other,)).verdict == "not-ready"


@pytest.mark.parametrize("text", ['{"baseline_version": 2, "accepted": []}', INFINITE])
def test_what_this_version_does_not_write_is_no_baseline(text: str) -> None:
    with pytest.raises(InputError, match="neither a baseline"):
        loads(text, "b.json")


def test_an_entry_is_written_with_what_it_is_about_in_front() -> None:
    told = json.loads(dumps([entry(9)]))["accepted"]
    assert [list(one) for one in told] == [["check", "subject", "fingerprint", "severity", "magnitude", "until"]]
