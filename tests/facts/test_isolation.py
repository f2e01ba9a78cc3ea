"""A fact that fails unforeseen crashes its own checks, and everything else is told."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from pathlib import Path

import pytest

from mailaudit.api import DnsOptions, Options, audit, load_campaign
from mailaudit.errors import Complaint, InputError
from mailaudit.policy import Report
from mailaudit.reports.document.build import document
from mailaudit.reports.document.render import dumps

SECRET = "anna.prieto@firm.example"  # noqa: S105 - a recipient, who must not show
ROOMS = {
    "message": "mailaudit.facts.message.observe.observe_message",
    "recipients": "mailaudit.facts.recipients.observe.observe_recipients",
    "volume": "mailaudit.facts.volume.observe.observe_volume",
    "sender": "mailaudit.facts.gather.observe_sender",
}
OF = {"message": "message-too-large", "recipients": "address-invalid", "volume": "sends-outside-hours"}


def report(folder: Path) -> Report:
    (folder / "list.csv").write_text("email\nanna@firm.example\nnot an address\n", encoding="utf-8")
    (folder / "message.eml").write_text("From: news@acme.example\nSubject: Hello\n\nHello\n", encoding="utf-8")
    (folder / "w.zone").write_text("$ORIGIN acme.example.\n@ 60 IN SOA ns h 1 1 1 1 1\n", encoding="utf-8")
    file = folder / "campaign.yml"
    file.write_text("from: news@acme.example\nmessage: message.eml\nrecipients: {files: [list.csv]}\n", "utf-8")
    options = Options(dns=DnsOptions(zones=(folder / "w.zone",)), now=datetime(2026, 11, 30, tzinfo=UTC))
    return audit(*load_campaign(file), options)


@pytest.mark.parametrize("fact", ROOMS)
def test_one_fact_that_fails_crashes_its_own_checks(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, fact: str
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise RuntimeError(f"no luck with {SECRET}")

    async def fail_later(*_: object, **__: object) -> None:
        fail()

    monkeypatch.setattr(ROOMS[fact], fail_later if fact == "sender" else fail)
    found = report(tmp_path)
    told = dumps(document(found))
    crashed = {result.check: result.reason or "" for result in found.results if result.outcome == "crashed"}
    failed = {result.check for result in found.results if result.outcome == "failed"}
    assert SECRET not in told
    assert crashed
    assert all(f"internal error over the {fact}: RuntimeError" in reason for reason in crashed.values())
    assert ("dmarc-missing" in failed) == (fact != "sender")
    assert ("address-invalid" in failed) == (fact != "recipients")
    assert OF.get(fact, "dmarc-missing") in crashed, sorted(crashed)


# What observes each fact of the sender, a check that lives by it, and one that does not.
PARTS = {
    "observe_spf": ("spf-missing", "dmarc-missing"),
    "observe_signing": ("dkim-key-missing", "dmarc-missing"),
    "observe_dmarc": ("dmarc-missing", "spf-missing"),
    "observe_exchange": ("from-domain-receives-no-mail", "dmarc-missing"),
    "observe_transport": ("tls-rpt-invalid", "spf-missing"),
    "observe_wrong_names": ("record-at-wrong-name", "from-domain-receives-no-mail"),
    "observe_surroundings": ("ip-blocklisted", "dmarc-missing"),
    "conclude_origin": ("sends-from-own-server", "dmarc-missing"),
}


@pytest.mark.slow
@pytest.mark.parametrize("observing", PARTS)
def test_one_fact_of_the_sender_that_fails_leaves_the_others(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, observing: str
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise RuntimeError(f"no luck with {SECRET}")

    async def fail_later(*_: object, **__: object) -> None:
        fail()

    broken = fail if observing == "conclude_origin" else fail_later
    monkeypatch.setattr(f"mailaudit.facts.sender.observe.{observing}", broken)
    found = report(tmp_path)
    outcomes = {result.check: result.outcome for result in found.results}
    told = dumps(document(found))
    own, other = PARTS[observing]
    assert (outcomes[own], outcomes[other]) == ("crashed", "failed")
    assert SECRET not in told
    assert "Missing" not in told


def test_a_fact_that_takes_too_long_is_unverified(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    async def never(*_: object, **__: object) -> None:
        await asyncio.sleep(60)

    monkeypatch.setattr("mailaudit.facts.sender.observe.observe_transport", never)
    monkeypatch.setattr("mailaudit.facts.sender.observe.SECONDS", 0.3)
    found = {result.check: result for result in report(tmp_path).results}
    assert found["tls-rpt-invalid"].outcome == "unverified"
    assert "the transport records took longer than 0.3 seconds" in (found["tls-rpt-invalid"].reason or "")


def test_an_input_that_cannot_be_used_is_no_crash(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise InputError(Complaint("cannot be used"))

    monkeypatch.setattr(ROOMS["volume"], refuse)
    with pytest.raises(InputError, match="cannot be used"):
        report(tmp_path)
