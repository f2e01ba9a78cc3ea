"""Gathers SPF: the worst case and every verdict at once, so that the one reads ahead for the other."""

import asyncio
from functools import partial

from msgspec import Struct

from mailaudit.facts.dns.answer import Resolver
from mailaudit.facts.dns.records import IpAddress
from mailaudit.facts.sender.spf.evaluate import check_host
from mailaudit.facts.sender.spf.lookup_tree import SpfNode, Surveyor
from mailaudit.facts.sender.spf.macros import MacroContext
from mailaudit.facts.sender.spf.model import SpfFacts, SpfResult
from mailaudit.facts.sender.spf.pool import Pool, address_in, find_pool


class Envelope(Struct, frozen=True):
    """What a receiver sees of a delivery: the addresses it comes from, MAIL FROM and HELO.

    The declared `platform`, or the service that runs `submission_host`, stands for the addresses when none is given.
    """

    ips: tuple[IpAddress, ...]
    sender: str
    helo: str
    platform: str | None = None
    submission_host: str | None = None


async def observe_spf(domain: str, envelope: Envelope, dns: Resolver) -> SpfFacts:
    """Return what is known about SPF at a domain; never raises for what DNS does."""
    context = (
        MacroContext(ip=envelope.ips[0], domain=domain, sender=envelope.sender, helo=envelope.helo)
        if envelope.ips
        else None
    )
    verdict = partial(check_host, domain=domain, sender=envelope.sender, helo=envelope.helo, dns=dns)
    versions = tuple(sorted({ip.version for ip in envelope.ips})) or (4,)
    txt, obsolete, survey, verdicts, pool = await asyncio.gather(
        dns.query(domain, "TXT"),
        dns.query(domain, "SPF"),
        Surveyor(dns, context, versions).survey(domain),
        asyncio.gather(*map(verdict, envelope.ips)),
        _pool(envelope, dns),
    )
    if pool is None:
        return SpfFacts(domain, txt, obsolete, survey, tuple(verdicts))
    found = (address_in(one, pool.service.includes) for one in (survey, *pool.surveys))
    ips = [ip for ip in found if ip is not None]
    pooled = await asyncio.gather(*map(verdict, dict.fromkeys(ips)))
    # The service sends from any of its ranges, in one region or another: it is the one that passes, if one does.
    best = next((one for one in pooled if one.result is SpfResult.PASS), next(iter(pooled), None))
    failures = [failure for one in pool.surveys for failure in one.failures]
    is_untold = best is None and not any(node.domain in pool.service.includes for node in survey.walk())
    failure = next(iter(failures), None) if is_untold else None
    return SpfFacts(domain, txt, obsolete, survey, pooled=best, pool=pool.service, pool_failure=failure)


class _SurveyedPool(Struct, frozen=True):
    service: Pool
    surveys: tuple[SpfNode, ...]


async def _pool(envelope: Envelope, dns: Resolver) -> _SurveyedPool | None:
    """Return the service that stands for the addresses, and what its own includes hold."""
    if envelope.ips or not (envelope.platform or envelope.submission_host):
        return None
    service = await asyncio.to_thread(find_pool, envelope.platform, envelope.submission_host)
    if service is None or not service.is_mailbox:
        return _SurveyedPool(service, ()) if service else None
    surveys = await asyncio.gather(*(Surveyor(dns, None, (4,)).survey(name) for name in service.includes))
    return _SurveyedPool(service, tuple(surveys))


def never_aligns(declared: str) -> bool:
    """Say whether it is known that a platform always uses a return path of its own; call it in a thread."""
    from mailaudit.knowledge.lookup import platform_named  # noqa: PLC0415 - not while DNS waits
    from mailaudit.knowledge.types.fact import Confidence  # noqa: PLC0415 - not while DNS waits
    from mailaudit.knowledge.types.platform import SpfAlignment  # noqa: PLC0415 - not while DNS waits

    platform = platform_named(declared)
    return (
        platform is not None
        and platform.spf_aligns is SpfAlignment.NEVER
        and platform.spf_aligns_provenance.confidence is not Confidence.LOW
    )
