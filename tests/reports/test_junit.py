from __future__ import annotations

import re
from collections.abc import Callable
from xml.etree import ElementTree as ET

import pytest

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
        "dmarc-policy-none": [],
        "ip-blocklisted": ["skipped"],
        "address-role": [],
        "address-invalid": [],
        "one-click-unsubscribe-missing": ["skipped"],
        "header-duplicate": ["skipped"],
    }
    crashed = sample.result("dkim-key-weak", outcome=Outcome.CRASHED, reason="KeyError: p")
    assert _kinds(sample.document((crashed,), verdict="incomplete")) == {"dkim-key-weak": ["error"]}


# What both schemas allow: attributes that are required, further ones, and the children, as an expression over their names.
# Sources: windyroad/JUnit-Schema, JUnit.xsd; jenkinsci/xunit-plugin, junit-10.xsd.
STRICT = {
    "testsuites": ("", "", "(testsuite )*"),
    "testsuite": (
        "name timestamp hostname tests failures errors time package id",
        "skipped",
        "properties (testcase )*system-out system-err ",
    ),
    "properties": ("", "", "(property )*"),
    "property": ("name value", "", ""),
    "testcase": ("name classname time", "", "(skipped |error |failure )?"),
    "skipped": ("", "message type", ""),
    "error": ("type", "message", ""),
    "failure": ("type", "message", ""),
    "system-out": ("", "", ""),
    "system-err": ("", "", ""),
}
OF_KIND = {
    "timestamp": r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d",
    **dict.fromkeys(("tests", "failures", "errors", "skipped", "id", "time"), r"\d+"),
}


@pytest.mark.parametrize("make", [sample.troubled, sample.hostile, sample.document])
def test_both_strict_schemas_allow_what_is_written(make: Callable[[], Document]) -> None:
    root = ET.fromstring(render(make(), RenderOptions()))  # noqa: S314 - our own output
    assert root.tag == "testsuites"
    for element in root.iter():
        required, further, children = STRICT[element.tag]
        assert set(required.split()) <= set(element.attrib) <= {*required.split(), *further.split()}, element.tag
        assert re.fullmatch(children, "".join(f"{child.tag} " for child in element)), element.tag
        for name, value in element.attrib.items():
            assert re.fullmatch(OF_KIND.get(name, r"(?s).*"), value), name
            if name in {"name", "classname", "package"}:
                assert value == " ".join(value.split()) != ""
    assert [suite.get("id") for suite in root] == [str(number) for number in range(len(root))]


def test_the_numbers_of_the_suites_are_those_of_their_cases() -> None:
    root = ET.fromstring(render(sample.troubled(), RenderOptions()))  # noqa: S314 - our own output
    for attribute, tag in {"failures": "failure", "errors": "error", "skipped": "skipped"}.items():
        assert [int(suite.get(attribute, "")) for suite in root] == [
            sum(case.find(tag) is not None for case in suite.iter("testcase")) for suite in root
        ]
    assert sum(int(suite.get("tests", "")) for suite in root) == 10


def test_the_gate_decides_what_fails() -> None:
    warned = sample.result(outcome=Outcome.FAILED, findings=(sample.finding(severity=Severity.WARNING),))
    assert _kinds(sample.document((warned,)))[warned.check] == []
    assert f"{warned.check}: " in render(sample.document((warned,)), RenderOptions())
    strict = sample.document((warned,), gate=GateEntry(fail_on="warning", exit_code=1))
    assert _kinds(strict)[warned.check] == ["failure"]


def test_a_failure_tells_place_steps_and_record() -> None:
    case = _cases(sample.troubled())["dkim-key-missing"]
    failure = case.find("failure")
    assert failure is not None
    lines = (failure.text or "").splitlines()
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


def test_a_blocklist_that_cannot_be_asked_is_no_error() -> None:
    aside = sample.result(
        "ip-blocklisted", outcome=Outcome.UNVERIFIED, reason="refused", gate_when_unverified=False
    )
    assert _kinds(sample.document((aside,))) == {"ip-blocklisted": ["skipped"]}
