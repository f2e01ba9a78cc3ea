"""Every answer starts the questions that follow from it, and a lossy network changes nothing but the time."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from mailaudit.api import load_campaign
from mailaudit.campaign.model import Campaign
from mailaudit.facts.dns.answer import Answer, Resolver
from mailaudit.facts.dns.open_resolver import open_resolver
from mailaudit.facts.dns.sources.zone_file import parse_zone
from mailaudit.facts.dns.sources.zones import ZoneSource
from mailaudit.facts.sender.claims import claims_of
from mailaudit.facts.sender.model import SenderFacts
from mailaudit.facts.sender.observe import observe_sender
from mailaudit.reports.document.sections.sender import sender_section
from support.dns_server import serving

CAMPAIGN = """\
from: "ACME <news@acme.example>"
return_path: b.acme.example
sending:
  ips: [198.51.100.24]
  helo: o1.platform.example
  dkim: [{selector: s1, domain: acme.example}]
"""
ZONE = """\
$TTL 60
$ORIGIN .
@ IN SOA a.root. host. 1 1 1 1 1
$ORIGIN acme.example.
@ IN SOA ns1 host 1 1 1 1 1
@ IN MX 10 mx
mx IN A 192.0.2.1
b IN MX 10 mx.platform.example.
b IN TXT "v=spf1 include:one.platform.example mx ~all"
_dmarc IN TXT "v=DMARC1; p=reject; rua=mailto:a@reports.example"
s1._domainkey IN CNAME s1.platform.example.
$ORIGIN platform.example.
one IN TXT "v=spf1 include:two.platform.example ~all"
two IN TXT "v=spf1 include:three.platform.example ~all"
three IN TXT "v=spf1 ip4:198.51.100.0/24 ~all"
mx IN A 198.51.100.2
o1 IN A 198.51.100.24
s1 IN TXT "v=DKIM1; k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo="
$ORIGIN reports.example.
acme.example._report._dmarc IN TXT "v=DMARC1"
@ IN MX 10 mx
mx IN A 203.0.113.9
$ORIGIN 100.51.198.in-addr.arpa.
24 IN PTR o1.platform.example.
"""
LONGEST_CHAIN = 4  # b.acme.example, one, two, three
QUIET = 0.2


class Rounds:
    """Answers all open questions at once, then waits until nobody asks any more."""

    def __init__(self, source: ZoneSource) -> None:
        self.rounds = 0
        self._source = source
        self._open: list[asyncio.Future[None]] = []

    async def query(self, name: str, type: str) -> Answer:  # noqa: A002 - the protocol's word
        released = asyncio.get_running_loop().create_future()
        self._open.append(released)
        await released
        return self._source.answer(name.lower(), type)

    async def release(self) -> None:
        while True:
            await asyncio.sleep(QUIET)
            waiting, self._open = self._open, []
            self.rounds += bool(waiting)
            for released in waiting:
                released.set_result(None)


@pytest.fixture
def campaign(tmp_path: Path) -> Campaign:
    (tmp_path / "campaign.yml").write_text(CAMPAIGN, encoding="utf-8")
    return load_campaign(tmp_path / "campaign.yml")[0]


def shown(facts: SenderFacts) -> str:
    return sender_section(facts).model_dump_json(exclude={"origin"})


async def known(campaign: Campaign, dns: Resolver) -> str:
    return shown(await observe_sender(claims_of(campaign), dns))


@pytest.mark.slow
def test_the_gather_takes_no_more_rounds_than_the_longest_chain(campaign: Campaign) -> None:
    zone = ZoneSource([parse_zone(ZONE)])

    async def run() -> int:
        dns = Rounds(zone)
        clock = asyncio.create_task(dns.release())
        await observe_sender(claims_of(campaign), dns)
        clock.cancel()
        return dns.rounds

    asyncio.run(run())  # reads the knowledge base and the public suffix list
    # One more when a thread was slow to read what was read before.
    assert asyncio.run(run()) <= LONGEST_CHAIN + 1


@pytest.mark.slow
def test_a_network_that_loses_datagrams_gives_the_same_facts(campaign: Campaign) -> None:
    async def run() -> tuple[str, str]:
        zone = ZoneSource([parse_zone(ZONE)])

        class Direct:
            async def query(self, name: str, type: str) -> Answer:  # noqa: A002 - the protocol's word
                return zone.answer(name.lower(), type)

        async with serving(ZONE, drop_every=20) as server, open_resolver(servers=[server.address]) as dns:
            return await known(campaign, dns), await known(campaign, Direct())

    over_network, direct = asyncio.run(run())
    assert over_network == direct
    assert '"result":"pass"' in direct
