from __future__ import annotations

import json
import re
from typing import Any
from urllib.parse import unquote

import pytest

from mailaudit.checks.finding import Outcome
from mailaudit.reports.document.types import Document, LocationEntry
from mailaudit.reports.formats import RenderOptions
from mailaudit.reports.sarif import render
from reports import sample_documents as sample


def _run(document: Document) -> dict[str, Any]:
    log = json.loads(render(document, RenderOptions()))
    assert log["version"] == "2.1.0"
    assert log["$schema"].endswith("/sarif-schema-2.1.0.json")
    (run,) = log["runs"]
    assert isinstance(run, dict)
    return run


@pytest.mark.parametrize("make", [sample.troubled, sample.hostile, sample.document])
def test_what_code_scanning_demands_holds(make: Any) -> None:
    run = _run(make())
    driver = run["tool"]["driver"]
    assert driver["name"] == "mailaudit"
    assert re.fullmatch(r"\d+\.\d+\.\d+", driver["semanticVersion"])
    rules = [rule["id"] for rule in driver["rules"]]
    assert len(rules) == len(set(rules))
    for rule in driver["rules"]:
        assert rule["shortDescription"]["text"]
        assert rule["help"]["text"]
        assert rule["help"]["markdown"]
        assert rule["defaultConfiguration"]["level"] in {"error", "warning", "note"}
    for result in run["results"]:
        assert rules[result["ruleIndex"]] == result["ruleId"]
        assert result["level"] in {"error", "warning", "note"}
        assert result["message"]["text"]
        (location,) = result["locations"]
        place = location["physicalLocation"]
        assert re.fullmatch(r"[A-Za-z0-9._~/%-]+", place["artifactLocation"]["uri"])
        assert place["artifactLocation"]["uriBaseId"] == "%SRCROOT%"
        assert place["region"]["startLine"] >= 1
        assert all(isinstance(value, str) for value in result["partialFingerprints"].values())
    for invocation in run["invocations"]:
        assert isinstance(invocation["executionSuccessful"], bool)
        for notice in invocation["toolExecutionNotifications"]:
            assert rules[notice["associatedRule"]["index"]] == notice["associatedRule"]["id"]


def test_findings_keep_their_place_their_steps_and_their_fingerprint() -> None:
    first = _run(sample.troubled())["results"][0]
    assert first["locations"][0]["physicalLocation"] == {
        "artifactLocation": {"uri": "campaign.yml", "uriBaseId": "%SRCROOT%"},
        "region": {"startLine": 12, "startColumn": 3},
    }
    assert first["partialFingerprints"]["primaryLocationLineHash"] == "0011223344556677:1"
    text = first["message"]["text"].splitlines()
    assert text[2:4] == ["For the DNS administrator:", "1. Open the DNS zone of shop.example."]
    assert text[-1].startswith("shop.example. 3600 IN TXT")


def test_a_finding_without_a_place_is_shown_at_the_campaign_file() -> None:
    placed = {r["ruleId"]: r["locations"][0]["physicalLocation"] for r in _run(sample.troubled())["results"]}
    assert placed["dmarc-policy-none"]["artifactLocation"]["uri"] == "campaign.yml"
    assert placed["dmarc-policy-none"]["region"] == {"startLine": 1}


def test_suppressed_findings_carry_their_justification() -> None:
    results = _run(sample.troubled())["results"]
    assert [r["suppressions"] for r in results if "suppressions" in r] == [
        [{"kind": "external", "status": "accepted", "justification": "they wrote to us (until 2027-01-31)"}]
    ]


def test_what_could_not_be_verified_is_a_notification() -> None:
    (invocation,) = _run(sample.troubled())["invocations"]
    assert invocation["executionSuccessful"] is True
    assert [n["level"] for n in invocation["toolExecutionNotifications"]] == ["note", "note"]
    assert "25.113.0.203.bl.example" in invocation["toolExecutionNotifications"][0]["message"]["text"]
    crashed = sample.result("dkim-key-weak", outcome=Outcome.CRASHED, reason="KeyError: p")
    (invocation,) = _run(sample.document((crashed,), verdict="incomplete"))["invocations"]
    assert invocation["executionSuccessful"] is False
    assert invocation["toolExecutionNotifications"][0]["level"] == "error"
    aside = sample.result(
        "ip-blocklisted", outcome=Outcome.UNVERIFIED, reason="refused", gate_when_unverified=False
    )
    (invocation,) = _run(sample.document((aside,)))["invocations"]
    assert invocation["toolExecutionNotifications"][0]["level"] == "note"


@pytest.mark.parametrize(
    ("path", "artifact"),
    [
        ("./a/../my list.csv", {"uri": "my%20list.csv", "uriBaseId": "%SRCROOT%"}),
        ("liste été.csv", {"uri": "liste%20%C3%A9t%C3%A9.csv", "uriBaseId": "%SRCROOT%"}),
        ("/srv/lists/a.csv", {"uri": "file:///srv/lists/a.csv"}),
        ("C:\\lists\\a.csv", {"uri": "file:///C:/lists/a.csv"}),
    ],
)
def test_paths_become_uris(path: str, artifact: dict[str, str]) -> None:
    found = sample.finding(location=LocationEntry(path=path, line=2))
    run = _run(sample.document((sample.result(outcome=Outcome.FAILED, findings=(found,)),)))
    assert run["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"] == artifact


def test_hostile_text_makes_no_link_and_no_control() -> None:
    linked = sample.finding(message="see [here](https://evil.example) \x1b[2J")
    text = render(sample.document((sample.result(outcome=Outcome.FAILED, findings=(linked,)),)), RenderOptions())
    assert json.loads(text)["runs"][0]["results"][0]["message"]["text"].startswith(r"see \[here\](https://evil")
    hostile = render(sample.hostile(), RenderOptions())
    assert hostile.isascii()
    for escape in ("\\u001b", "\\u202e", "\\u0007", "\\ud800"):
        assert escape not in hostile
    uri = json.loads(hostile)["runs"][0]["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"][
        "uri"
    ]
    assert "<script>" in unquote(uri)
