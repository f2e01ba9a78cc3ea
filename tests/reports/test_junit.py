from __future__ import annotations

from xml.etree import ElementTree as ET

from mailaudit.checks.finding import Outcome, Severity
from mailaudit.reports.document.types import Document, GateEntry
from mailaudit.reports.formats import RenderOptions
from mailaudit.reports.junit import render
from reports import sample_documents as sample


def _cases(document: Document) -> dict[str, ET.Element]:
    root = ET.fromstring(render(document, RenderOptions()))  # noqa: S314 - our own output
    return {case.get("name", ""): case for case in root.iter("testcase")}


def _kinds(document: Document) -> dict[str, list[str]]:
    return {name: [child.tag for child in case] for name, case in _cases(document).items()}


def test_each_outcome_has_its_element() -> None:
    assert _kinds(sample.troubled()) == {
        "spf-does-not-authorize-sender": ["failure"],
        "dkim-key-missing": ["failure"],
        "spf-missing": [],
        "spf-too-many-lookups": [],
        "dmarc-policy-none": ["system-out"],
        "ip-blocklisted": ["error", "system-out"],
        "address-role": ["system-out"],
        "address-invalid": [],
        "one-click-unsubscribe-missing": ["skipped"],
        "header-duplicate": ["skipped"],
    }
    crashed = sample.result("dkim-key-weak", outcome=Outcome.CRASHED, reason="KeyError: p")
    assert _kinds(sample.document((crashed,), verdict="incomplete")) == {"dkim-key-weak": ["error"]}


def test_the_numbers_of_the_suites_add_up() -> None:
    root = ET.fromstring(render(sample.troubled(), RenderOptions()))  # noqa: S314 - our own output
    names = ("tests", "failures", "errors", "skipped")
    assert [root.get(name) for name in names] == ["10", "2", "1", "2"]
    for name in names:
        assert sum(int(suite.get(name, "")) for suite in root.iter("testsuite")) == int(root.get(name, ""))


def test_the_gate_decides_what_fails() -> None:
    warned = sample.result(outcome=Outcome.FAILED, findings=(sample.finding(severity=Severity.WARNING),))
    assert _kinds(sample.document((warned,)))[warned.check] == ["system-out"]
    strict = sample.document((warned,), gate=GateEntry(fail_on="warning", exit_code=1))
    assert _kinds(strict)[warned.check] == ["failure"]


def test_a_failure_tells_place_steps_and_record() -> None:
    case = _cases(sample.troubled())["dkim-key-missing"]
    failure = case.find("failure")
    assert failure is not None
    lines = (failure.text or "").splitlines()
    assert case.get("file") == "campaign.yml"
    assert lines[0] == "campaign.yml:19:7: error: No DKIM key is published for selector s1 of shop.example."
    assert lines[-1] == sample.LONG_RECORD


def test_hostile_text_stays_text() -> None:
    text = render(sample.hostile(), RenderOptions())
    cases = _cases(sample.hostile())
    failure = cases["spf-does-not-authorize-sender"].find("failure")
    assert failure is not None
    assert "<script>alert(1)</script>gnp.exe ::error::x]]>" in (failure.text or "")
    assert "\x1b" not in text
    assert "\u202e" not in text
