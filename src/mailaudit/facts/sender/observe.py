"""Gathers everything about the sender, all at once."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from types import MappingProxyType
from typing import TYPE_CHECKING, TypeVar

from mailaudit.facts.dns.answer import Resolver
from mailaudit.facts.dns.octets import within_octets
from mailaudit.facts.isolation import Missing, kept_apart, within
from mailaudit.facts.observed import Observed
from mailaudit.facts.sender.claims import SenderClaims
from mailaudit.facts.sender.dkim.selectors import Signers, observe_signers, observe_signing
from mailaudit.facts.sender.dmarc.alignment import Identifier, Mechanism
from mailaudit.facts.sender.dmarc.discovery import ask_records
from mailaudit.facts.sender.dmarc.observe import DmarcFacts, observe_dmarc
from mailaudit.facts.sender.mail_servers.mx import MailExchange, observe_exchange
from mailaudit.facts.sender.mail_servers.receiving_security import TransportFacts, observe_transport
from mailaudit.facts.sender.model import SenderFacts
from mailaudit.facts.sender.name_servers import observe_name_servers
from mailaudit.facts.sender.names import organizational_domain
from mailaudit.facts.sender.origin.clues.from_message import MessageLater
from mailaudit.facts.sender.origin.observe import OriginFacts, conclude_origin, observe_surroundings
from mailaudit.facts.sender.origin.own_names import observe_own_names
from mailaudit.facts.sender.origin.seen import Seen
from mailaudit.facts.sender.reputation.blocklists import StandingFacts
from mailaudit.facts.sender.spf.evaluate import check_host
from mailaudit.facts.sender.spf.model import SpfVerdict
from mailaudit.facts.sender.spf.observe import Envelope, never_aligns, observe_spf
from mailaudit.facts.sender.wrong_names import observe_wrong_names

if TYPE_CHECKING:
    from mailaudit.facts.https import Access
    from mailaudit.facts.sender.bimi.observe import BimiFiles
    from mailaudit.facts.sender.mail_servers.mta_sts_policy import MtaStsPolicy

T = TypeVar("T")

SECONDS = 60.0
"""What is asked about one fact of the sender is waited for so long; what then is not known is unverified."""
OCTETS = 8 * 2**20
"""So much is read of DNS over each; whoever publishes more keeps nobody busy."""


async def observe_sender(
    claims: SenderClaims,
    dns: Resolver,
    message: MessageLater | None = None,
    http: Access | None = None,
    standing: StandingFacts | None = None,
) -> SenderFacts:
    """Return what the world says about the sender; never raises for what DNS does.

    Each fact is kept apart: over one that fails unforeseen, or takes too long, the others are told.

    `message` is awaited for the clues and links of the sample, while DNS is already being asked. With `http`, the
    files of the logo record and the MTA-STS policy are fetched. `standing` is what the blocklists said already.
    """
    sample = asyncio.ensure_future(message if message is not None else _no_message())
    async with asyncio.TaskGroup() as group:

        def task(fact: str, observing: Awaitable[T]) -> asyncio.Task[T]:
            return group.create_task(kept_apart(fact, within_octets(OCTETS, observing), SECONDS))

        spf = task("SPF record", observe_spf(claims.mail_from_domain, envelope(claims), dns))
        signers = task("signing selectors", observe_signers(claims, sample))
        signing = task("DKIM keys", observe_signing(claims.from_domain, signers, dns))
        dmarc = task("DMARC record", _dmarc(claims, signers, dns))
        helo = task("HELO name", _helo(claims, dns))
        named = {domain: task("mail servers", observe_exchange(domain, dns)) for domain in _domains(claims)}
        # The first questions are on their way before the public suffix list is read.
        await asyncio.sleep(0)
        registered = organizational_domain(claims.from_domain)
        if registered not in named:
            named[registered] = task("mail servers", observe_exchange(registered, dns))
        transport = task("transport records", observe_transport(claims.from_domain, registered, dns))
        bimi = task("logo", _bimi(transport, dns, http))
        policy = task("MTA-STS policy", _policy(transport, named[claims.from_domain], dns, http))
        wrong_names = task("records at other names", observe_wrong_names(claims, registered, signers, dns))
        name_servers = task("name servers", observe_name_servers(claims, registered, signers, dns))
        own_names = task("sender's own names", observe_own_names(claims, registered, dns))
        surroundings = task("place of departure", observe_surroundings(claims, registered, dns, sample, standing))
    exchanges = tuple(one.result() for one in named.values())

    async def place_of_departure() -> OriginFacts:
        signed = signing.result()
        own, around = own_names.result(), surroundings.result()
        seen = Seen(claims, registered, around, spf.result(), signed.keys, exchanges, own, signed.sample)
        return conclude_origin(seen)

    origin = await kept_apart("place of departure", place_of_departure())
    verdict = within(origin, "verdict")
    return SenderFacts(
        from_domain=claims.from_domain,
        mail_from_domain=claims.mail_from_domain,
        mail_from_domains=(claims.mail_from_domain,),
        organizational_domain=_organization(dmarc.result(), registered),
        spf_by_domain=MappingProxyType({claims.mail_from_domain: spf.result()}),
        dkim=within(signing.result(), "keys"),
        dmarc=dmarc.result(),
        exchanges=exchanges,
        guesses=within(signing.result(), "guesses"),
        sample=within(signing.result(), "sample"),
        helo=helo.result(),
        transport=transport.result(),
        origin=origin,
        wrong_names=wrong_names.result(),
        name_servers=name_servers.result(),
        sends_via=within(verdict, "via"),
        sends_via_reasons=within(verdict, "reasons"),
        platform=within(verdict, "platform_name"),
        bimi=bimi.result(),
        mta_sts_policy=policy.result(),
    )


def envelope(claims: SenderClaims) -> Envelope:
    """Return what a receiver sees of a delivery of this campaign."""
    domain = claims.mail_from_domain
    address = claims.return_path.address if claims.return_path else claims.from_address
    return Envelope(
        ips=claims.ips,
        sender=str(address) if address else f"postmaster@{domain}",
        helo=claims.helo or domain,
        platform=claims.platform,
        submission_host=claims.submission_host,
    )


def _domains(claims: SenderClaims) -> tuple[str, ...]:
    reply = (claims.reply_to.domain,) if claims.reply_to else ()
    return tuple(dict.fromkeys((claims.from_domain, claims.mail_from_domain, *reply)))


async def _no_message() -> None:
    return None


async def _dmarc(claims: SenderClaims, signers: Awaitable[Signers], dns: Resolver) -> DmarcFacts:
    # The From domain's own records need not wait until the sample message has been read.
    known, _ = await asyncio.gather(signers, ask_records(claims.from_domain, dns))
    signing = tuple(Identifier(Mechanism.DKIM, selector.domain) for selector in known.selectors)
    return await observe_dmarc(claims.from_domain, (*await _envelope_identifier(claims), *signing), dns)


async def _envelope_identifier(claims: SenderClaims) -> tuple[Identifier, ...]:
    """Return the MAIL FROM domain, but for a platform that is known to use a return path of its own."""
    platform = claims.platform
    if claims.return_path is None and platform and await asyncio.to_thread(never_aligns, platform):
        return ()
    return (Identifier(Mechanism.SPF, claims.mail_from_domain),)


async def _bimi(transport: Awaitable[TransportFacts], dns: Resolver, http: Access | None) -> BimiFiles | None:
    if http is None or not getattr(dns, "reaches_network", False):
        return None
    from mailaudit.facts.sender.bimi.observe import observe_bimi  # noqa: PLC0415 - only with --allow-http

    return await observe_bimi(transport, dns, http)


async def _policy(
    transport: Awaitable[TransportFacts], exchange: Awaitable[MailExchange], dns: Resolver, http: Access | None
) -> Observed[MtaStsPolicy | None] | None:
    if http is None or not getattr(dns, "reaches_network", False):
        return None
    from mailaudit.facts.sender.mail_servers.mta_sts_policy import observe_policy  # noqa: PLC0415 - as above

    return await observe_policy(transport, exchange, dns, http)


async def _helo(claims: SenderClaims, dns: Resolver) -> tuple[SpfVerdict, ...]:
    name = claims.helo
    if not name:
        return ()
    sender = f"postmaster@{name}"
    checks = (check_host(ip, name, sender=sender, helo=name, dns=dns) for ip in claims.ips)
    return tuple(await asyncio.gather(*checks))


def _organization(dmarc: DmarcFacts, registered: str) -> str:
    # Without any DMARC record the tree walk knows no organization above the name it started from.
    found = None if isinstance(dmarc, Missing) else dmarc.tree_walk.value
    known = found.organization.value if found and found.record else None
    return known or registered
