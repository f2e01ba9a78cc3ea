"""Ordinary set-ups, none of which is a sending platform's: the limits of an ordinary address apply to all of them."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from mailaudit.api import load_campaign
from mailaudit.facts.dns.open_resolver import open_resolver
from mailaudit.facts.sender.claims import claims_of
from mailaudit.facts.sender.observe import observe_sender
from mailaudit.facts.sender.origin.own_names import SendsVia

HEAD = """\
$TTL 300
$ORIGIN acme.example.
@ IN SOA ns1 hostmaster 1 7200 3600 1209600 300
@ IN A 192.0.2.80
www IN A 192.0.2.80
_dmarc IN TXT "v=DMARC1; p=none"
"""
REVERSE = "$ORIGIN .\n25.113.0.203.in-addr.arpa. IN SOA ns1 h 1 1 1 1 1\n25.113.0.203.in-addr.arpa. IN PTR {}.\n"
OWN = "@ IN MX 10 mail\nmail IN A 203.0.113.25\n"
ELSEWHERE = "@ IN MX 10 aspmx.l.google.com.\nout IN A 203.0.113.25\naspmx.l.google.com. IN A 198.51.100.70\n"
ANY = '{} IN TXT "v=spf1 ip4:203.0.113.0/24 ~all"\n'

# Each world: what the From domain publishes, and the name of the sending machine.
WORLDS = {
    "postfix": (OWN + '@ IN TXT "v=spf1 ip4:203.0.113.25 -all"\n', "mail.acme.example"),
    "mx": (OWN + '@ IN TXT "v=spf1 mx -all"\n', "mail.acme.example"),
    "sister": (
        OWN + '@ IN TXT "v=spf1 include:_spf.sister.example -all"\n' + ANY.format("_spf.sister.example."),
        "mail.acme.example",
    ),
    "flattened": (
        OWN + '@ IN TXT "v=spf1 include:a1.flat.example -all"\n' + ANY.format("a1.flat.example."),
        "mail.acme.example",
    ),
    "sister by redirect": (
        OWN + '@ IN TXT "v=spf1 redirect=_spf.sister.example"\n' + ANY.format("_spf.sister.example."),
        "mail.acme.example",
    ),
    "mailboxes elsewhere": (
        ELSEWHERE + '@ IN TXT "v=spf1 ip4:203.0.113.25 include:_spf.google.com ~all"\n',
        "out.acme.example",
    ),
    "rented server": (
        ELSEWHERE
        + '@ IN TXT "v=spf1 ip4:203.0.113.25 ~all"\n$ORIGIN .\nvps25.machines.example. IN A 203.0.113.25\n',
        "vps25.machines.example",
    ),
    "smart host of the access provider": (
        OWN.replace("25\n", "99\n")
        + '@ IN TXT "v=spf1 include:spf.access.example ~all"\n'
        + ANY.format("spf.access.example.")
        + "relay4.access.example. IN A 203.0.113.25\n",
        "relay4.access.example",
    ),
    "gateway": (
        "@ IN MX 10 mx1.filter.example.\n"
        '@ IN TXT "v=spf1 include:spf.filter.example ~all"\n'
        + ANY.format("spf.filter.example.")
        + "mx1.filter.example. IN A 203.0.113.7\nmx2.filter.example. IN A 203.0.113.25\n",
        "mx2.filter.example",
    ),
    "mail filter": (
        "@ IN MX 10 mx0a-00a1b2c3.pphosted.com.\n"
        '@ IN TXT "v=spf1 include:spf-00a1b2c3.pphosted.com ~all"\n'
        + ANY.format("spf-00a1b2c3.pphosted.com.")
        + "mx0a-00a1b2c3.pphosted.com. IN A 203.0.113.7\nmx0b-00a1b2c3.pphosted.com. IN A 203.0.113.25\n",
        "mx0b-00a1b2c3.pphosted.com",
    ),
    "hoster's name": (
        ELSEWHERE + '@ IN TXT "v=spf1 ip4:203.0.113.25 ~all"\n$ORIGIN .\nsrv25.krystal.uk. IN A 203.0.113.25\n',
        "srv25.krystal.uk",
    ),
    "leftovers of a platform": (
        OWN
        + '@ IN TXT "v=spf1 ip4:203.0.113.25 include:spf.mailjet.com ~all"\nbrevo1._domainkey IN CNAME b1.x.dkim.brevo.com.\n'
        + "bounces IN MX 10 feedback-smtp.eu-west-1.amazonses.com.\n",
        "mail.acme.example",
    ),
}
CLAIMS = ("", "platform: my own server, ", "platform: google workspace, ", "platform: mautic, ")
CONTRADICTED = ("platform: brevo, ", "platform: SendGrid, ", "platform: some mailer, ")


def observe(folder: Path, world: str, sending: str) -> tuple[bool | None, SendsVia | None]:
    zone, machine = WORLDS[world]
    (folder / "acme.zone").write_text(HEAD + zone + REVERSE.format(machine))
    (folder / "campaign.yml").write_text(
        f"from: news@acme.example\nsending: {{{sending}ips: [203.0.113.25], helo: {machine}}}\n"
    )
    campaign, _ = load_campaign(folder / "campaign.yml")

    async def go() -> tuple[bool | None, SendsVia | None]:
        async with open_resolver(zones=[folder / "acme.zone"]) as dns:
            verdict = (await observe_sender(claims_of(campaign), dns)).origin.verdict
            return verdict.ordinary.value, verdict.via.value

    return asyncio.run(go())


@pytest.mark.slow
@pytest.mark.parametrize("claim", CLAIMS)
@pytest.mark.parametrize("world", WORLDS)
def test_no_ordinary_set_up_loses_its_limits(world: str, claim: str, tmp_path: Path) -> None:
    ordinary, via = observe(tmp_path, world, claim)

    assert ordinary is True
    assert via is not SendsVia.PLATFORM


@pytest.mark.parametrize("claim", CONTRADICTED)
@pytest.mark.parametrize("world", ["postfix", "sister", "mailboxes elsewhere", "leftovers of a platform"])
def test_a_claim_against_names_of_ones_own_lifts_nothing(world: str, claim: str, tmp_path: Path) -> None:
    assert observe(tmp_path, world, claim) == (True, SendsVia.OWN_SERVER)
