"""The Python interface as `docs/extending.md` promises it."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

import mailaudit
from mailaudit import Options, SharedDns, audit, audit_all, audit_async, load_campaign, render
from mailaudit.options import DnsOptions, LookUps

ZONE = '$ORIGIN acme.example.\n@ 60 IN SOA ns1 h 1 2 3 4 5\n@ 60 IN TXT "v=spf1 -all"\n'


@pytest.fixture
def campaign(tmp_path: Path) -> Path:
    (tmp_path / "acme.zone").write_text(ZONE, encoding="utf-8")
    (tmp_path / "people.csv").write_text("email\na@acme.example\n", encoding="utf-8")
    file = tmp_path / "campaign.yml"
    text = "from: news@acme.example\nrecipients: {files: [people.csv]}\ndns: {zones: [acme.zone]}\n"
    file.write_text(text, encoding="utf-8")
    return file


def test_every_public_name_is_shown_and_there() -> None:
    assert set(dir(mailaudit)) == set(mailaudit.__all__)
    assert all(getattr(mailaudit, name) is not None for name in mailaudit.__all__)


def test_one_campaign_in_a_loop_of_the_caller_s(campaign: Path) -> None:
    alone = render(audit(*load_campaign(campaign)), "json")
    assert render(asyncio.run(audit_async(*load_campaign(campaign))), "json") == alone
    assert render(audit(*load_campaign(campaign)), "html").startswith("<!doctype html>")


def test_several_campaigns_share_answers_and_their_reports_do_not_show_it(campaign: Path) -> None:
    alone = render(audit(*load_campaign(campaign)), "json")
    told = audit_all([load_campaign(campaign)] * 2)
    assert [render(one, "json") for one in told] == [alone, alone]


def test_no_question_is_put_twice(campaign: Path) -> None:
    async def asked() -> tuple[int, int]:
        async with SharedDns() as dns:
            first, second = dns.resolver(zones), dns.resolver(zones)
            await first.query("acme.example", "TXT")
            before = first.answers()[0]
            await second.query("acme.example", "TXT")
            return int(second.answers()[0] is before), second.count

    zones = DnsOptions(zones=(campaign.parent / "acme.zone",))
    assert asyncio.run(asked()) == (1, 1)


def test_progress_is_told(campaign: Path) -> None:
    told: list[tuple[str, int, int | None]] = []
    options = Options(lookups=LookUps(progress=lambda phase, done, total: told.append((phase, done, total))))
    audit(*load_campaign(campaign), options)
    assert told
