"""Every sub-domain under which bounces are usually set up, with each kind of record that shows who takes them."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from mailaudit.facts.dns.open_resolver import open_resolver
from mailaudit.facts.sender.origin.clues.published_for_services import observe_published
from mailaudit.facts.sender.origin.evidence import Clue
from mailaudit.knowledge import load

HEAD = "$TTL 300\n$ORIGIN acme.example.\n@ IN SOA ns1 hostmaster 1 7200 3600 1209600 300\n"
KINDS = {
    "mail server": ("{} IN MX 10 feedback-smtp.eu-west-1.amazonses.com.\n", "amazon-ses", "bounces"),
    "alias": ("{} IN CNAME sparkpostmail.com.\n", "sparkpost", "bounces"),
    "spf": ('{} IN TXT "v=spf1 include:mailgun.org ~all"\n', "mailgun", "bounces"),
    "key": ("scph0826._domainkey.{0} IN CNAME x.dkim.brevo.com.\nbrevo1._domainkey.{0} IN CNAME b1.x.dkim.brevo.com.\n",
            "brevo", "dkim"),
}  # fmt: skip


def prepared(folder: Path, zone: str) -> tuple[Clue, ...]:
    (folder / "acme.zone").write_text(HEAD + zone)

    async def go() -> tuple[Clue, ...]:
        async with open_resolver(zones=[folder / "acme.zone"]) as dns:
            return (await observe_published(("acme.example",), dns, ("brevo1",))).clues

    return asyncio.run(go())


@pytest.mark.parametrize("label", load.bounce_labels())
@pytest.mark.parametrize("kind", KINDS)
def test_each_usual_name_shows_who_takes_its_bounces(kind: str, label: str, tmp_path: Path) -> None:
    zone, platform, record = KINDS[kind]

    clues = prepared(tmp_path, zone.format(label))

    assert [(clue.platform.id, clue.record) for clue in clues if clue.platform] == [(platform, record)]


def test_where_every_name_exists_no_key_is_sought_below_one(tmp_path: Path) -> None:
    clues = prepared(tmp_path, '* IN A 192.0.2.80\n* IN TXT "v=DKIM1; p=AAAA"\n')

    assert clues == ()


def test_a_name_of_ones_own_web_page_shows_nothing(tmp_path: Path) -> None:
    assert prepared(tmp_path, "send IN A 192.0.2.80\nmail IN A 192.0.2.81\n") == ()
