"""Gathers SPF: the worst case and every verdict at once, so that the one reads ahead for the other."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from mailaudit.facts.dns.answer import Resolver
from mailaudit.facts.sender.spf.evaluate import check_host
from mailaudit.facts.sender.spf.lookup_tree import SpfNode, Surveyor
from mailaudit.facts.sender.spf.lookups import IpAddress
from mailaudit.facts.sender.spf.macros import MacroContext
from mailaudit.facts.sender.spf.model import SpfFacts
from mailaudit.facts.sender.spf.record import Qualifier


@dataclass(frozen=True, slots=True)
class Envelope:
    """What a receiver sees of a delivery: the addresses it comes from, MAIL FROM and HELO.

    `platform` is the declared platform, which stands for the addresses when none is given.
    """

    ips: tuple[IpAddress, ...]
    sender: str
    helo: str
    platform: str | None = None


async def observe_spf(domain: str, envelope: Envelope, dns: Resolver) -> SpfFacts:
    """Return what is known about SPF at a domain; never raises for what DNS does."""
    context = (
        MacroContext(ip=envelope.ips[0], domain=domain, sender=envelope.sender, helo=envelope.helo)
        if envelope.ips
        else None
    )
    versions = tuple(sorted({ip.version for ip in envelope.ips})) or (4,)
    txt, obsolete, survey, verdicts = await asyncio.gather(
        dns.query(domain, "TXT"),
        dns.query(domain, "SPF"),
        Surveyor(dns, context, versions).survey(domain),
        asyncio.gather(
            *(check_host(ip, domain, sender=envelope.sender, helo=envelope.helo, dns=dns) for ip in envelope.ips)
        ),
    )
    if not envelope.ips and envelope.platform:
        includes = await asyncio.to_thread(platform_includes, envelope.platform)
        ip = _address_of(survey, includes)
        if ip is not None:
            pooled = await check_host(ip, domain, sender=envelope.sender, helo=envelope.helo, dns=dns)
            return SpfFacts(domain, txt, obsolete, survey, pooled=pooled)
    return SpfFacts(domain, txt, obsolete, survey, tuple(verdicts))


def _address_of(survey: SpfNode, includes: tuple[str, ...]) -> IpAddress | None:
    """Return an address of the first range that an include of the platform allows."""
    for node in survey.walk():
        if node.domain not in includes:
            continue
        for below in node.walk():
            for mechanism in below.record.effective_mechanisms if below.record else ():
                if mechanism.network is not None and mechanism.qualifier is Qualifier.PASS:
                    return mechanism.network.network_address
    return None


# Reading the knowledge base takes as long as a DNS answer: what follows is called in a thread, while DNS is asked.


def platform_includes(declared: str) -> tuple[str, ...]:
    """Return the SPF includes of a platform; none for a platform that is not known."""
    from mailaudit.knowledge.lookup import platform_named  # noqa: PLC0415 - see above
    from mailaudit.knowledge.types.platform import EvidenceKind  # noqa: PLC0415 - see above

    platform = platform_named(declared)
    return platform.values(EvidenceKind.SPF_INCLUDE) if platform else ()


def never_aligns(declared: str) -> bool:
    """Say whether it is known for sure that a platform always uses a return path of its own."""
    from mailaudit.knowledge.lookup import platform_named  # noqa: PLC0415 - see above
    from mailaudit.knowledge.types.fact import Confidence  # noqa: PLC0415 - see above
    from mailaudit.knowledge.types.platform import SpfAlignment  # noqa: PLC0415 - see above

    platform = platform_named(declared)
    return (
        platform is not None
        and platform.spf_aligns is SpfAlignment.NEVER
        and platform.spf_aligns_provenance.confidence is Confidence.HIGH
    )
