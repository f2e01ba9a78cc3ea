"""The sub-domains of this campaign that are delegated as a whole: whose name servers answer for them."""

import asyncio
from collections.abc import Iterable, Iterator

from mailaudit.facts.dns.answer import Answer, Resolver
from mailaudit.facts.dns.records import target_names
from mailaudit.facts.sender.claims import SenderClaims
from mailaudit.facts.sender.names import is_at_or_under
from mailaudit.facts.sender.origin.evidence import Clue, Rank, platform_clues
from mailaudit.knowledge import lookup


async def observe_zones(claims: SenderClaims, registered: str, dns: Resolver) -> tuple[Answer, ...]:
    """Return the NS answers for the sub-domains of From, MAIL FROM and the declared keys; never raises."""
    used = (claims.from_domain, claims.mail_from_domain, *(key.domain for key in claims.selectors))
    below = dict.fromkeys(one for one in used if one != registered and is_at_or_under(one, registered))
    return tuple(await asyncio.gather(*(dns.query(name, "NS") for name in below)))


def zone_clues(rank: Rank, zones: Iterable[Answer]) -> Iterator[Clue]:
    """Yield the platforms whose name servers answer for a sub-domain, each once."""
    for zone in zones:
        servers = () if zone.cname_chain else target_names(zone)
        told: set[str] = set()
        for server in servers:
            seen = f"{zone.name} is delegated to the name server {server}"
            for clue in platform_clues(rank, lookup.platforms_by("name-server", server), seen):
                if clue.name not in told:
                    told.add(clue.name)
                    yield clue
