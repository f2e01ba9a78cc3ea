from __future__ import annotations

import asyncio

from mailaudit.facts.dns.answer import Answer, Status
from mailaudit.facts.dns.octets import within_octets
from mailaudit.facts.dns.resolver import CachingResolver
from mailaudit.facts.dns.sources.live import LiveSource
from support.dns_server import serving

ZONE = f"""$ORIGIN acme.example.
@ 300 IN SOA ns1 hostmaster 1 7200 3600 1209600 60
large TXT {" ".join(f'"{"h" * 250}"' for _ in range(20))}
small TXT "v=spf1 -all"
other TXT "v=spf1 -all"
"""


def test_what_is_asked_after_huge_answers_has_none_and_another_fact_pays_nothing_for_it() -> None:
    async def main() -> tuple[list[Answer], list[Answer]]:
        async with serving(ZONE) as server:
            dns = CachingResolver(LiveSource([server.server]))

            async def fact(*names: str) -> list[Answer]:
                return [await dns.query(f"{name}.acme.example", "TXT") for name in names]

            spender = within_octets(4_000, fact("small", "large", "small", "other"))
            return await asyncio.create_task(spender), await fact("large", "absent")

    spent, free = asyncio.run(main())
    assert [one.status for one in spent] == [Status.ANSWER, Status.ANSWER, Status.ANSWER, Status.REFUSED]
    assert spent[-1].failure.startswith("no more was asked for other.acme.example TXT: the answers over this fact")
    assert [one.status for one in free] == [Status.ANSWER, Status.NXDOMAIN]
