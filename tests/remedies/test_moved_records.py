"""A record at a wrong name moves to the right one: what goes is told, in the panel's table and in the zone file."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from mailaudit.api import DnsOptions, Options, audit, load_campaign
from mailaudit.reports.content.proof import remembered_sentence
from mailaudit.reports.document.build import document
from mailaudit.reports.document.fix import FixEntry
from mailaudit.reports.document.types import Document
from mailaudit.reports.formats import RenderOptions
from mailaudit.reports.zone import render

CAMPAIGN = "from: news@acme.example\nsending: {ips: [203.0.113.25]}\n"
SOA = "$TTL 300\n$ORIGIN acme.example.\n@ IN SOA ns1 host 1 1 1 1 1\n"
NOON = datetime(2026, 11, 30, 12, tzinfo=UTC)


def report(zone: str, folder: Path) -> Document:
    (folder / "c.yml").write_text(CAMPAIGN, encoding="utf-8")
    (folder / "w.zone").write_text(SOA + zone, encoding="utf-8")
    plan, source = load_campaign(folder / "c.yml")
    return document(audit(plan, source, Options(dns=DnsOptions(zones=(folder / "w.zone",)), now=NOON)))


def fix(shown: Document, check: str) -> FixEntry:
    return next(found.fix for result in shown.results if result.check == check for found in result.findings)


@pytest.mark.parametrize(
    ("zone", "actions"),
    [
        ('acme.example IN TXT "v=spf1 ip4:203.0.113.25 ~all"', [("add", "@"), ("remove", "acme.example")]),
        # The web site's name may have a record of its own.
        ('www IN TXT "v=spf1 ip4:203.0.113.25 ~all"', [("add", "@")]),
        ('@ IN SPF "v=spf1 ip4:203.0.113.25 ~all"', [("add", "@")]),
    ],
)
def test_what_comes_and_what_goes(zone: str, actions: list[tuple[str, str]], tmp_path: Path) -> None:
    shown = report(zone + "\n", tmp_path)
    records = fix(shown, "spf-missing").dns_records
    assert [(str(one.action), one.name) for one in records] == actions
    assert {one.value for one in records} == {"v=spf1 ip4:203.0.113.25 ~all"}
    told = render(shown, RenderOptions())
    assert ("; remove at acme.example.acme.example: TXT v=spf1" in told) is (len(actions) > 1)


def test_how_long_the_old_record_is_remembered(tmp_path: Path) -> None:
    mended = fix(report('@ IN TXT "v=spf1 ip4:192.0.2.1 ~all"\n', tmp_path), "spf-does-not-authorize-sender")
    assert [one.old_ttl for one in mended.dns_records] == [300]
    assert remembered_sentence(mended, NOON) == (
        "Receivers may remember the old record until 12:05 UTC (for 5 minutes)."
    )
    assert remembered_sentence(mended) == "Receivers may remember the old record for 5 minutes."
    assert remembered_sentence(mended, datetime.max.replace(tzinfo=UTC)).endswith("for 5 minutes.")


def test_of_a_new_record_nothing_is_remembered(tmp_path: Path) -> None:
    assert remembered_sentence(fix(report("", tmp_path), "spf-missing"), NOON) == ""
