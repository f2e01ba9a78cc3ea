from __future__ import annotations

import asyncio

from mailaudit.facts.dns.answer import Status
from mailaudit.facts.dns.resolver import CachingResolver
from mailaudit.facts.dns.sources.proposed import as_known
from mailaudit.facts.dns.sources.zone_file import parse_zone
from mailaudit.facts.dns.sources.zones import ZoneSource

ZONE = (
    "$ORIGIN acme.example.\n$TTL 60\n@ IN SOA ns host 1 1 1 1 1\n@ IN MX 10 mx\nwww IN CNAME gone.host.example.\n"
)


def test_nothing_is_asked_at_or_below_a_name_that_was_not_there() -> None:
    async def asked() -> list[tuple[str, str]]:
        run = CachingResolver(ZoneSource([parse_zone(ZONE)]))
        await run.query("news.acme.example", "TXT")
        known = as_known(run)
        for name, rdtype in (("news.acme.example", "MX"), ("_dmarc.News.acme.example", "TXT")):
            assert (await known.query(name, rdtype)).status is Status.NXDOMAIN
        await known.query("shop.acme.example", "TXT")
        assert (await known.query("s1._domainkey.shop.acme.example", "TXT")).status is Status.NXDOMAIN
        assert (await known.query("acme.example", "MX")).status is Status.ANSWER
        return [(answer.name, answer.type) for answer in run.answers()]

    assert asyncio.run(asked()) == [
        ("acme.example", "MX"),
        ("news.acme.example", "TXT"),
        ("shop.acme.example", "TXT"),
    ]
