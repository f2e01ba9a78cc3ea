from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest
from msgspec.structs import replace

from mailaudit.campaign.yaml.source import Source
from mailaudit.checks.finding import (
    Confidence,
    Evidence,
    Finding,
    Fix,
    Impact,
    Outcome,
    Owner,
    Result,
    Severity,
    Suppression,
    Unverified,
)
from mailaudit.checks.registry import Check
from mailaudit.checks.remedy import Action, RecordChange, Remedy
from mailaudit.facts.facts import Facts
from mailaudit.location import Location
from mailaudit.policy import Counts, InputFile, Report, Verdict
from mailaudit.reports.document import build
from mailaudit.reports.document.render import dumps, loads
from mailaudit.reports.document.types import Document


class _Campaign:
    name = "Spring sale"
    from_domain = "acme.example"


@pytest.fixture(autouse=True)
def _without_rooms(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave out the rooms' own sections, which have their own tests."""
    monkeypatch.setattr(build, "section", lambda _room, _observed: None)


def _report(*results: Result) -> Report:
    facts = Facts(
        campaign=cast("Any", _Campaign()),
        source=Source(Path("/x/campaign.yml"), "campaign.yml", "cd" * 32, {}),
        now=datetime(2026, 11, 30, 10, 0, 0, 123456, tzinfo=UTC),
        sender=cast("Any", SimpleNamespace(mail_from_domain="acme.example", spf_by_domain={})),
        recipients_or_none=None,
        volume_or_none=None,
        message_or_none=None,
    )
    checks = {
        result.check: Check(result.check, "sender", Severity.ERROR, "Fine.", "Title.\n\nMore.", lambda _: ())
        for result in results
    }
    return Report(
        facts=facts,
        checks=checks,
        results=results,
        verdict=Verdict.NOT_READY,
        counts=Counts(1, 0, 0, 0, 0, 1),
        fail_on="error",
        exit_code=1,
        generated_at=facts.now,
        resolver="zone files only",
        inputs=(InputFile("campaign.yml", "cd" * 32),),
    )


RECORD = RecordChange(Action.ADD, "acme.example", "acme.example", "TXT", "v=spf1 -all")


def _finding() -> Finding:
    return Finding(
        check="spf-missing",
        fingerprint="0" * 16,
        severity=Severity.ERROR,
        confidence=Confidence.HIGH,
        subject="acme.example\ud800",
        message="No SPF record.",
        fix=Fix(Owner.DNS_ADMIN, ("Publish it.",), remedy=Remedy((RECORD,))),
        location=Location("campaign.yml", 3),
        evidence=(Evidence("Asked", "acme.example TXT"),),
        impact=Impact(10, 0.5, ("gmail",)),
    )


def _built() -> Document:
    hidden = replace(_finding(), suppressed=Suppression("known", date(2027, 1, 31).isoformat()))
    return build.document(
        _report(
            Result(
                "spf-missing", Outcome.FAILED, (_finding(), hidden), None, (Unverified("b.example", "timed out"),)
            ),
            Result("spf-invalid", Outcome.PASSED),
        )
    )


def test_everything_of_a_report_is_in_its_document() -> None:
    document = _built()
    failed, passed = document.results
    assert (failed.title, failed.doc, failed.passed_message) == ("Title.", "Title.\n\nMore.", "Fine.")
    assert passed.doc is None
    live, hidden = failed.findings
    assert live.subject == "acme.example�"
    assert live.fix.dns_record == 'acme.example. 3600 IN TXT "v=spf1 -all"'
    assert live.impact is not None
    assert live.impact.providers == ("gmail",)
    assert hidden.suppressed is not None
    assert (hidden.suppressed.reason, hidden.suppressed.until) == ("known", "2027-01-31")
    assert failed.unverified[0].subject == "b.example"
    assert document.gate.model_dump() == {"fail_on": "error", "exit_code": 1, "notes": (), "shrunk": 0}
    assert document.provenance.inputs[0].path == "campaign.yml"


def test_a_flood_of_open_subjects_is_bounded_and_counted() -> None:
    silent = tuple(Unverified(f"d{number}.example", "DNS timed out") for number in range(build.MAX_UNVERIFIED + 9))
    (entry,) = build.document(_report(Result("domain-undeliverable", Outcome.UNVERIFIED, (), "x", silent))).results
    assert len(entry.unverified) == build.MAX_UNVERIFIED + 1
    assert entry.unverified[-1].reason == "and 9 more, for reasons like these"


def test_what_is_built_is_what_is_read_back() -> None:
    document = _built()
    assert loads(dumps(document)) == document
    assert document.generated_at.microsecond == 0
