"""Gathers SPF: the worst case and every verdict at once, so that the one reads ahead for the other."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from mailaudit.facts.dns.answer import Resolver
from mailaudit.facts.sender.spf.evaluate import check_host
from mailaudit.facts.sender.spf.lookups import IpAddress
from mailaudit.facts.sender.spf.macros import MacroContext
from mailaudit.facts.sender.spf.model import SpfFacts
from mailaudit.facts.sender.spf.survey import Surveyor


@dataclass(frozen=True, slots=True)
class Envelope:
    """What a receiver sees of a delivery: the addresses it comes from, MAIL FROM and HELO."""

    ips: tuple[IpAddress, ...]
    sender: str
    helo: str


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
    return SpfFacts(domain, txt, obsolete, survey, tuple(verdicts))
