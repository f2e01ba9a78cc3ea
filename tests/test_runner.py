"""The runner gives each check exactly one of the six outcomes."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from mailaudit.campaign.yaml.source import Source
from mailaudit.checks.finding import Confidence, Fix, Outcome, Owner, Problem, Severity, fingerprint
from mailaudit.checks.registry import Check
from mailaudit.facts.observed import NotApplicable, NotGiven, Observed, Unavailable
from mailaudit.location import Location
from mailaudit.runner import NOT_SELECTED, judge

SOURCE = Source(Path("campaign.yml"), "campaign.yml", "0" * 64, {"sending": (3, 1), "sending.ips": (4, 3)})
FIX = Fix(Owner.SENDER, ("Do it.",))


def declare(judge_: Callable[..., Any], severity: Severity = Severity.ERROR, **more: Any) -> Check:
    return Check("a-check", "sender", severity, "Fine.", "Title\n\nText", judge_, **more)


def problem(subject: str = "acme.example", **more: Any) -> Problem:
    return Problem(subject, f"{subject} is wrong.", FIX, **more)


def test_a_check_without_problems_passes() -> None:
    result = judge(declare(lambda _: ()), None, SOURCE)
    assert (result.outcome, result.findings, result.reason) == (Outcome.PASSED, (), None)


def test_a_pass_says_what_it_leaves_open() -> None:
    result = judge(declare(lambda _: (), proviso=lambda _: "Two are open."), None, SOURCE)
    assert (result.outcome, result.reason) == (Outcome.PASSED, "Two are open.")
    result = judge(declare(lambda _: [problem()], proviso=lambda _: "Two are open."), None, SOURCE)
    assert (result.outcome, result.reason) == (Outcome.FAILED, None)


def test_problems_become_findings_with_place_and_fingerprint() -> None:
    result = judge(declare(lambda _: [problem(location="sending.ips.0")]), None, SOURCE)
    (finding,) = result.findings
    assert result.outcome is Outcome.FAILED
    assert finding.location == Location("campaign.yml", 4, 3)
    assert finding.fingerprint == fingerprint("a-check", "ACME.example")


@pytest.mark.parametrize(
    ("raised", "outcome"),
    [
        (Unavailable("timed out"), Outcome.UNVERIFIED),
        (NotGiven("timed out"), Outcome.SKIPPED),
        (NotApplicable("timed out"), Outcome.NOT_APPLICABLE),
    ],
)
def test_what_a_check_cannot_judge_has_its_own_outcome(raised: Exception, outcome: Outcome) -> None:
    def raises(_: Any) -> Iterator[Problem]:
        raise raised

    result = judge(declare(raises), None, SOURCE)
    assert (result.outcome, result.reason) == (outcome, "timed out")


def test_a_check_that_raises_is_crashed() -> None:
    result = judge(declare(lambda facts: facts.nothing), SimpleNamespace(), SOURCE)
    assert result.outcome is Outcome.CRASHED
    assert re.fullmatch(r"AttributeError: .*\(test_runner\.py:\d+\)", result.reason or "")


def test_a_check_that_is_not_selected_is_skipped() -> None:
    result = judge(declare(lambda _: [problem()]), None, SOURCE, selected=False)
    assert (result.outcome, result.reason) == (Outcome.SKIPPED, NOT_SELECTED)


def test_a_subject_that_cannot_be_verified_hides_no_other() -> None:
    facts = {"a.example": Observed.unknown("timed out"), "b.example": Observed.known(value=False)}

    def judge_one(facts_: Any, subject: str) -> Iterator[Problem]:
        if not facts_[subject].get():
            yield problem(subject)

    result = judge(declare(judge_one, subjects=list), facts, SOURCE)
    assert result.outcome is Outcome.FAILED
    assert [finding.subject for finding in result.findings] == ["b.example"]
    assert [(item.subject, item.reason) for item in result.unverified] == [("a.example", "timed out")]


def test_all_subjects_unverified_is_unverified_with_each_reason_once() -> None:
    def judge_one(_: Any, subject: str) -> Iterator[Problem]:
        del subject
        raise Unavailable("timed out")

    result = judge(declare(judge_one, subjects=lambda _: ["a", "b"]), None, SOURCE)
    assert (result.outcome, result.reason) == (Outcome.UNVERIFIED, "timed out")


def test_no_subject_at_all_is_not_applicable() -> None:
    assert judge(declare(lambda _f, _s: (), subjects=lambda _: ()), None, SOURCE).outcome is Outcome.NOT_APPLICABLE


def test_what_was_found_before_a_fact_was_unavailable_is_kept() -> None:
    def judge_all(_: Any) -> Iterator[Problem]:
        yield problem()
        raise Unavailable("timed out")

    result = judge(declare(judge_all), None, SOURCE)
    assert result.outcome is Outcome.FAILED
    assert result.unverified


@pytest.mark.parametrize(
    ("declared", "wanted", "confidence", "expected"),
    [
        (Severity.ERROR, None, Confidence.HIGH, Severity.ERROR),
        (Severity.ERROR, Severity.WARNING, Confidence.HIGH, Severity.WARNING),
        (Severity.WARNING, Severity.ERROR, Confidence.HIGH, Severity.WARNING),
        (Severity.ERROR, None, Confidence.LOW, Severity.WARNING),
        (Severity.NOTE, None, Confidence.LOW, Severity.NOTE),
    ],
)
def test_severity_is_never_above_the_check_nor_an_error_on_weak_facts(
    declared: Severity, wanted: Severity | None, confidence: Confidence, expected: Severity
) -> None:
    check = declare(lambda _: [problem(severity=wanted, confidence=confidence)], declared)
    assert judge(check, None, SOURCE).findings[0].severity is expected
