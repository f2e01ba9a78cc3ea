"""Records that go: what is told in the panel's table, in the zone file and in the calendar, and when."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from mailaudit.api import DnsOptions, Options, audit, load_campaign
from mailaudit.checks.remedy import Stage
from mailaudit.planning.model import SendingPlan
from mailaudit.prepare import prepared
from mailaudit.reports.content.proof import panel_lines, remembered_sentence
from mailaudit.reports.document.build import document
from mailaudit.reports.document.fix import FixEntry
from mailaudit.reports.document.types import Document
from mailaudit.reports.formats import RenderOptions
from mailaudit.reports.plan import calendar
from mailaudit.reports.terminal import render as terminal
from mailaudit.reports.zone import render
from mailaudit.schedules import plan

CAMPAIGN = "from: news@acme.example\nsending: {ips: [203.0.113.25]}\n"
OLD = (
    "v=DKIM1; p=MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQC91Yx85bJ8CufCerXjpnp2nZx3+g2NOHQWfpSS4eWOLlbcSqKrwM2arBJwwBrGMh77"
    "cEYy35jJ+cYEIc8sm8E83njTLVCTTWL3Zs4IcGdaDxyQ5+wrRqhNUGtmttUj/pJ2iBLp/oQhiplomOCWkpH47vHqcrpLLaqJ5T6Vk341OwIDAQAB"
)
KEYS = f"""@ IN TXT "v=spf1 ip4:203.0.113.25 -all"
_dmarc IN TXT "v=DMARC1; p=none; rua=mailto:d@acme.example"
s1._domainkey IN TXT "{OLD}"
s2._domainkey IN TXT "v=DKIM1; k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo="
"""
SIGNED = CAMPAIGN.replace(
    "]}", "], dkim: [{selector: s1, domain: acme.example}, {selector: s2, domain: acme.example}]}"
)
SOA = "$TTL 300\n$ORIGIN acme.example.\n@ IN SOA ns1 host 1 1 1 1 1\n"
NOON = datetime(2026, 11, 30, 12, tzinfo=UTC)


def report(zone: str, folder: Path, campaign: str = CAMPAIGN) -> Document:
    (folder / "c.yml").write_text(campaign, encoding="utf-8")
    (folder / "w.zone").write_text(SOA + zone, encoding="utf-8")
    campaign_file, source = load_campaign(folder / "c.yml")
    return document(audit(campaign_file, source, Options(dns=DnsOptions(zones=(folder / "w.zone",)), now=NOON)))


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


GOOD = "v=spf1 ip4:203.0.113.25 ~all"


@pytest.mark.parametrize(
    ("zone", "check", "expected"),
    [
        # What stands already stays, and only the other record goes.
        (f'@ TXT "{GOOD}"\n@ TXT "v=spf1 +all"', "spf-multiple-records", [("remove", "@", "v=spf1 +all", None)]),
        (
            '@ TXT "v=spf1 ip4:203.0.113.25 -all"\n@ TXT "v=spf1 ip4:192.0.2.9 -all"',
            "spf-multiple-records",
            [
                ("replace", "@", "v=spf1 ip4:192.0.2.9 ip4:203.0.113.25 -all", "v=spf1 ip4:192.0.2.9 -all"),
                ("remove", "@", "v=spf1 ip4:203.0.113.25 -all", None),
            ],
        ),
        (
            f'@ TXT "{GOOD}"\n_dmarc TXT "v=DMARC1; p=none"\n_dmarc TXT "v=DMARC1; p=quarantine"',
            "dmarc-invalid",
            [("remove", "_dmarc", "v=DMARC1; p=none", None)],
        ),
        # Two texts at one wrong name are two that go.
        (
            'acme.example TXT "v=spf1 ip4:203.0.113.25 ~all"\nacme.example TXT "v=spf1 ip4:192.0.2.9 ~all"',
            "spf-missing",
            [
                ("add", "@", "v=spf1 ip4:192.0.2.9 ip4:203.0.113.25 ~all", None),
                ("remove", "acme.example", "v=spf1 ip4:192.0.2.9 ~all", None),
                ("remove", "acme.example", "v=spf1 ip4:203.0.113.25 ~all", None),
            ],
        ),
        (
            'acme.example TXT "v=spf1 ip4:203.0.113.25 ~all"\nacme.example TXT "v=spf1, ip4:192.0.2.9, ~all"',
            "spf-missing",
            [
                ("add", "@", "v=spf1 ip4:203.0.113.25 ip4:192.0.2.9 ~all", None),
                ("remove", "acme.example", "v=spf1 ip4:203.0.113.25 ~all", None),
                ("remove", "acme.example", "v=spf1, ip4:192.0.2.9, ~all", None),
            ],
        ),
    ],
)
def test_each_record_is_told_by_its_value(
    zone: str, check: str, expected: list[tuple[str, str, str, str | None]], tmp_path: Path
) -> None:
    records = fix(report(f"{zone}\n", tmp_path), check).dns_records
    assert [(str(one.action), one.name, one.value, one.old_value) for one in records] == expected


@pytest.mark.parametrize("mail", ["", "* MX 10 mx.partner.example.\n"])
def test_a_wildcard_stays_for_the_other_names(mail: str, tmp_path: Path) -> None:
    zone = f'$MAILAUDIT_CLOSED_WORLD\n* TXT "v=spf1 ip4:192.0.2.9 -all"\n{mail}@ TXT "{GOOD}"\n'
    campaign = f"{CAMPAIGN}return_path: bounce.acme.example\n"
    records = fix(report(zone, tmp_path, campaign), "spf-does-not-authorize-sender").dns_records
    assert [(str(one.action), one.name, one.value) for one in records] == [
        ("add", "bounce", "v=spf1 ip4:203.0.113.25 ip4:192.0.2.9 -all")
    ]


def test_the_panel_says_in_whose_place_a_record_comes(tmp_path: Path) -> None:
    zone = (
        f'@ TXT "v=spf1 ip4:192.0.2.1 ~all"\n_dmarc TXT "v=DMARC1; p=rejct; rua=mailto:{"d" * 60}@acme.example"\n'
    )
    shown = report(zone, tmp_path)
    assert panel_lines(fix(shown, "spf-does-not-authorize-sender"))[1] == "  in place of v=spf1 ip4:192.0.2.1 ~all"
    assert panel_lines(fix(shown, "dmarc-invalid"))[1].endswith("d…")


def test_the_fields_of_a_panel_stand_below_the_zone_line(tmp_path: Path) -> None:
    shown = report('@ TXT "v=spf1 ip4:192.0.2.1 \\226\\128\\147all"\n', tmp_path)
    page = terminal(shown, RenderOptions(verbosity=1, width=100)).splitlines()
    start = page.index("    Replace in the zone acme.example:")
    assert [line.split(maxsplit=1) for line in page[start + 1 : start + 5]] == [
        ["Name", "@"],
        ["Type", "TXT"],
        ["TTL", "3600"],
        ["Value", "v=spf1 ip4:203.0.113.25 ip4:192.0.2.1 -all"],
    ]
    assert page[start + 5].split() == ["In", "place", "of", "v=spf1", "ip4:192.0.2.1", "\u2013all"]


def test_how_long_the_old_record_is_remembered(tmp_path: Path) -> None:
    mended = fix(report('@ IN TXT "v=spf1 ip4:192.0.2.1 ~all"\n', tmp_path), "spf-does-not-authorize-sender")
    assert [one.old_ttl for one in mended.dns_records] == [300]
    assert remembered_sentence(mended, NOON) == (
        "Receivers may remember the old record until 12:05 UTC (for 5 minutes)."
    )
    assert remembered_sentence(mended, NOON.replace(second=7)).endswith("until 12:06 UTC (for 5 minutes).")
    assert remembered_sentence(mended) == "Receivers may remember the old record for 5 minutes."
    assert remembered_sentence(mended, datetime.max.replace(tzinfo=UTC)).endswith("for 5 minutes.")


def test_of_a_new_record_nothing_is_remembered(tmp_path: Path) -> None:
    assert remembered_sentence(fix(report("", tmp_path), "spf-missing"), NOON) == ""


def test_an_old_key_goes_a_week_after_the_new_one(tmp_path: Path) -> None:
    shown = report(KEYS, tmp_path, SIGNED)
    mended = fix(shown, "dkim-key-weak")
    assert (mended.dns_record, mended.stage, mended.wait_days) == (None, Stage.LATER, 7)
    assert [(str(one.action), one.name) for one in mended.dns_records] == [("remove", "s1._domainkey")]
    assert mended.steps[-1].endswith("delete the TXT record at s1._domainkey.acme.example.")
    assert "; remove at s1._domainkey.acme.example: TXT" in render(shown, RenderOptions())


def test_a_key_with_which_the_sample_is_signed_stays(tmp_path: Path) -> None:
    signature = "v=1; a=rsa-sha256; d=acme.example; s=s1; h=from; bh=AA==; b=AA=="
    (tmp_path / "m.eml").write_text(f"DKIM-Signature: {signature}\r\nFrom: news@acme.example\r\n\r\nHi\r\n")
    mended = fix(report(KEYS, tmp_path, f"{SIGNED}message: m.eml\n"), "dkim-key-weak")
    assert mended.dns_records == ()
    assert mended.steps[-1].startswith("No record is proposed: dkim-key-missing would come up")


def test_the_calendar_of_a_plan_holds_what_waits(tmp_path: Path) -> None:
    (tmp_path / "l.csv").write_text("email\na@b.example\n", encoding="utf-8")
    (tmp_path / "w.zone").write_text(SOA + KEYS, encoding="utf-8")
    schedule = "recipients: {files: [l.csv]}\nschedule: {start: 2026-12-01T09:00, rate: 10/min}\n"
    (tmp_path / "c.yml").write_text(SIGNED + schedule, encoding="utf-8")
    campaign, source = load_campaign(tmp_path / "c.yml")
    with prepared(campaign, source, Options(dns=DnsOptions(zones=(tmp_path / "w.zone",)))) as ready:
        found = plan(ready, with_reminders=True)
    assert isinstance(found, SendingPlan)
    assert [(one.on, one.what.split()[0]) for one in found.reminders] == [
        (date(2026, 12, 8), "Delete"),
        (date(2026, 12, 15), "Publish"),
    ]
    assert "DTSTART;VALUE=DATE:20261215" in calendar.render(found, RenderOptions())


def test_the_records_that_go_do_not_depend_on_the_order_of_an_answer(tmp_path: Path) -> None:
    spf = '@ IN TXT "v=spf1 ip4:203.0.113.25 -all"\n'
    lines = [f'_dmarc IN TXT "v=DMARC1; p={policy}; rua=mailto:d@acme.example"' for policy in ("none", "reject")]
    first, second = (report(spf + "\n".join(order) + "\n", tmp_path) for order in (lines, lines[::-1]))
    assert fix(first, "dmarc-invalid").dns_records == fix(second, "dmarc-invalid").dns_records != ()
