"""What scripts rely on: the identities and the shape of the JSON report, on both examples."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from mailaudit import Options, audit, load_campaign
from mailaudit.reports.document.build import document
from mailaudit.reports.document.render import dumps, loads, report_schema

ROOT = Path(__file__).parent.parent
VERDICTS = {"platform": ("ready", 0), "own-server": ("not-ready", 1)}


@pytest.fixture(scope="module", params=sorted(VERDICTS))
def example(request: pytest.FixtureRequest) -> tuple[str, int, dict[str, Any]]:
    file = ROOT / "examples" / request.param / "campaign.yml"
    report = audit(*load_campaign(file), Options(now=datetime(2026, 11, 30, 10, tzinfo=UTC)))
    return request.param, report.exit_code, json.loads(dumps(document(report)))


def test_verdict_and_exit_code(example: tuple[str, int, dict[str, Any]]) -> None:
    name, exit_code, report = example
    assert (report["verdict"], exit_code) == VERDICTS[name]


def test_the_report_is_valid_against_the_printed_schema(example: tuple[str, int, dict[str, Any]]) -> None:
    jsonschema.validate(example[2], report_schema(), cls=jsonschema.Draft202012Validator)


def test_reading_a_report_back_loses_nothing(example: tuple[str, int, dict[str, Any]]) -> None:
    text = json.dumps(example[2])
    assert json.loads(dumps(loads(text))) == example[2]


def test_rows_add_up(example: tuple[str, int, dict[str, Any]]) -> None:
    recipients = example[2]["facts"]["recipients"]
    assert recipients["rows"] == recipients["valid"] + recipients["invalid"] + recipients["unreadable"]
    assert recipients["valid"] == recipients["unique"] + recipients["duplicates"]
    assert sum(entry["recipients"] for entry in recipients["providers"]) == recipients["unique"]


def test_findings_stand_exactly_in_failed_checks(example: tuple[str, int, dict[str, Any]]) -> None:
    for result in example[2]["results"]:
        assert bool(result["findings"]) == (result["outcome"] == "failed"), result["check"]
        assert (result["reason"] is not None) >= (
            result["outcome"] in {"skipped", "unverified", "crashed", "not-applicable"}
        )


def test_counts_count(example: tuple[str, int, dict[str, Any]]) -> None:
    report = example[2]
    findings = [finding for result in report["results"] for finding in result["findings"]]
    for severity in ("error", "warning", "note"):
        assert report["counts"][severity] == sum(finding["severity"] == severity for finding in findings)
    outcomes = [result["outcome"] for result in report["results"]]
    assert report["counts"]["unverified"] == outcomes.count("unverified")
    assert report["counts"]["crashed"] == outcomes.count("crashed") == 0


def test_no_recipient_is_named(example: tuple[str, int, dict[str, Any]]) -> None:
    name, _, report = example
    text = json.dumps(report, ensure_ascii=False).lower()
    for file in (ROOT / "examples" / name).glob("*.csv"):
        for row in file.read_text(encoding="utf-8").splitlines()[1:]:
            address = row.replace(";", ",").partition(",")[0].lower()
            assert "@" not in address or address not in text


def test_severity_never_exceeds_the_check_s(example: tuple[str, int, dict[str, Any]]) -> None:
    rank = {"error": 3, "warning": 2, "note": 1}
    for result in example[2]["results"]:
        assert all(rank[finding["severity"]] <= rank[result["severity"]] for finding in result["findings"])
