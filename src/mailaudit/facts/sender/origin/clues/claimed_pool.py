"""Whether the campaign's addresses belong to the platform that it claims, by the platform's own SPF record."""

import asyncio

from msgspec import Struct

from mailaudit.facts.dns.answer import Resolver
from mailaudit.facts.sender.claims import SenderClaims
from mailaudit.facts.sender.origin.evidence import Clue, Place, Rank, at_most
from mailaudit.facts.sender.origin.lost_answers import Unseen
from mailaudit.facts.sender.spf.evaluate import check_host
from mailaudit.facts.sender.spf.model import SpfResult, SpfVerdict
from mailaudit.knowledge.lookup import platform_named
from mailaudit.knowledge.types.platform import Evidence, EvidenceKind, Platform

# One service has a handful of includes at most: more are a mistake of a knowledge file.
MAX_INCLUDES = 8


class ClaimedPool(Struct, frozen=True):
    """The addresses of the campaign that the claimed platform lets send in its own name, and the look-ups that failed."""

    clues: tuple[Clue, ...] = ()
    failures: tuple[Unseen, ...] = ()


async def observe_claimed_pool(claims: SenderClaims, dns: Resolver) -> ClaimedPool:
    """Ask the SPF record of the claimed platform about each sending address; never raises for what DNS does.

    The customer's own record need not include it: a platform that keeps the bounces to itself asks for no include.
    """
    platform = platform_named(claims.platform) if claims.platform else None
    if platform is None or not claims.ips:
        return ClaimedPool()
    includes = [one for one in platform.evidence if one.kind is EvidenceKind.SPF_INCLUDE and not one.at]
    asked = [(include, ip) for include in includes[:MAX_INCLUDES] for ip in claims.ips]
    verdicts = await asyncio.gather(
        *(
            check_host(ip, one.value, sender=f"postmaster@{one.value}", helo=one.value, dns=dns)
            for one, ip in asked
        )
    )
    return ClaimedPool(
        tuple(
            _clue(platform, include, verdict)
            for (include, _), verdict in zip(asked, verdicts, strict=True)
            if verdict.result is SpfResult.PASS
        ),
        tuple(Unseen(Rank.RANGE, one.reason) for one in verdicts if one.result is SpfResult.TEMPERROR),
    )


def _clue(platform: Platform, include: Evidence, verdict: SpfVerdict) -> Clue:
    confidence = at_most(Rank.RANGE, include.provenance.confidence)
    seen = f"the SPF record of {include.value} lists {verdict.ip}"
    return Clue(Rank.RANGE, Place.PLATFORM, seen, platform.name, confidence, platform, address=str(verdict.ip))
