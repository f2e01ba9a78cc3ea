"""Hints from DNS are hints: a wildcard proves nothing and silence is said."""

from __future__ import annotations

import asyncio
from pathlib import Path

from mailaudit.facts.dns.open_resolver import open_resolver
from mailaudit.facts.sender.first_look import FirstLook, take_first_look

HEAD = "$ORIGIN acme.example.\n@ 3600 IN SOA ns1 hostmaster 1 7200 3600 1209600 300\n"


def look(tmp_path: Path, zone: str) -> FirstLook:
    file = tmp_path / "acme.zone"
    file.write_text(HEAD + zone, encoding="utf-8")

    async def ask() -> FirstLook:
        async with open_resolver(zones=[file]) as resolver:
            return await take_first_look("acme.example", resolver)

    return asyncio.run(ask())


def test_what_dns_knows_is_seen(tmp_path: Path) -> None:
    seen = look(
        tmp_path,
        '@ 3600 IN MX 1 aspmx.l.google.com.\n@ 3600 IN TXT "v=spf1 include:spf.brevo.com ~all"\n'
        "www 3600 IN A 192.0.2.1\nbrevo1._domainkey 3600 IN CNAME b1.acme-example.dkim.brevo.com.\n"
        '$ORIGIN dkim.brevo.com.\nb1.acme-example 3600 IN TXT "k=rsa; p=MIGf"\n',
    )
    assert seen.platforms == ("brevo",)
    assert [(item.selector, item.platform) for item in seen.selectors] == [("brevo1", "brevo")]
    assert seen.website == "www.acme.example"
    assert "Google" in (seen.mailbox_service or "")
    assert seen.unanswered == ()


def test_a_record_that_is_referred_to_is_read_and_those_of_services_are_not(tmp_path: Path) -> None:
    seen = look(
        tmp_path,
        '@ 3600 IN TXT "v=spf1 redirect=_spf.acme.example"\n'
        '_spf 3600 IN TXT "v=spf1 include:spf.brevo.com ~all"\n'
        '$ORIGIN brevo.com.\nspf 3600 IN TXT "v=spf1 include:sendgrid.net ~all"\n',
    )
    assert seen.platforms == ("brevo",)


def test_a_wildcard_proves_no_selector(tmp_path: Path) -> None:
    assert look(tmp_path, '*._domainkey 3600 IN TXT "v=DKIM1; p=MIGf"\n').selectors == ()


def test_silence_is_said_and_not_taken_for_a_no(tmp_path: Path) -> None:
    seen = look(tmp_path, "!timeout @ *\n")
    assert len(seen.unanswered) == 2
    assert seen.platforms == ()


def test_text_that_is_no_ascii_is_survived(tmp_path: Path) -> None:
    assert look(tmp_path, '@ 3600 IN TXT "v=spf1 include:\\255\\000 ~all"\n').platforms == ()
