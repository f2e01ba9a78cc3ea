from __future__ import annotations

import json
from pathlib import Path

import pytest

from mailaudit.api import DnsOptions, Options, audit, load_campaign
from mailaudit.facts.sender.second_opinion.model import Point, SecondOpinion
from mailaudit.reports.document.build import document
from mailaudit.reports.document.render import dumps

HEAD = "$ORIGIN acme.example.\n$TTL 60\n@ IN SOA ns host 1 1 1 1 1\n@ IN MX 10 mx\nmx IN A 192.0.2.9\n"
SOUND = '@ IN TXT "v=spf1 mx ip4:192.0.2.1 -all"\n_dmarc IN TXT "v=DMARC1; p=reject; rua=mailto:d@acme.example"\n'


def asked(folder: Path, zone: str, *, wanted: bool = True) -> tuple[SecondOpinion | None, str]:
    (folder / "acme.zone").write_text(HEAD + zone)
    (folder / "campaign.yml").write_text("from: news@acme.example\nsending: {ips: [192.0.2.1]}\n")
    campaign, source = load_campaign(folder / "campaign.yml")
    options = Options(dns=DnsOptions(zones=(folder / "acme.zone",)), second_opinion=wanted)
    report = audit(campaign, source, options)
    return report.facts.second_opinion, dumps(document(report))


def points(found: SecondOpinion | None) -> dict[str, Point]:
    assert found is not None
    return {point.question: point for part in (found.spf, found.dmarc) for point in part.value or ()}


def test_nobody_is_asked_unless_wanted(tmp_path: Path) -> None:
    found, text = asked(tmp_path, SOUND, wanted=False)

    assert found is None
    assert json.loads(text)["facts"]["second_opinion"] is None


def test_both_agree_on_sound_records(tmp_path: Path) -> None:
    found, text = asked(tmp_path, SOUND)

    assert {question: (point.ours, point.agrees) for question, point in points(found).items()} == {
        "the SPF record of acme.example": ("can be used", True),
        "look-ups of the SPF record of acme.example": ("1", True),
        "void look-ups of the SPF record of acme.example": ("0", True),
        "the DMARC record for acme.example": ("can be used", True),
        "the domain of the DMARC record for acme.example": ("acme.example", True),
        "the DMARC policy for acme.example": ("reject", True),
    }
    section = json.loads(text)["facts"]["second_opinion"]
    assert section["program"].startswith("checkdmarc ")
    assert [point["agrees"] for point in section["points"]] == [True] * 6


def test_both_say_that_nothing_is_there(tmp_path: Path) -> None:
    found, _ = asked(tmp_path, "")

    assert {point.ours for point in points(found).values()} == {"there is none"}
    assert all(point.agrees for point in points(found).values())


def test_a_difference_tells_who_is_right_where_that_is_known(tmp_path: Path) -> None:
    found, _ = asked(tmp_path, SOUND.replace("p=reject", "p=reject; t=y"))

    policy = points(found)["the DMARC policy for acme.example"]
    assert (policy.ours, policy.theirs) == ("quarantine", "reject")
    assert "RFC 9989, section 4.7" in (policy.ruling or "")


def test_what_nobody_could_look_up_is_not_compared(tmp_path: Path) -> None:
    silent = '@ IN TXT "v=spf1 include:x.acme.example -all"\n!timeout x TXT\n_dmarc IN TXT "v=DMARC1; p=none"\n'
    found, text = asked(tmp_path, silent)

    assert found is not None
    assert "timed out" in (found.spf.unavailable or "")
    assert found.dmarc.is_known
    assert len(json.loads(text)["facts"]["second_opinion"]["unverified"]) == 1


def test_checkdmarc_says_nothing_on_stderr(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    asked(tmp_path, "!servfail @ TXT\n")

    assert capfd.readouterr().err == ""
