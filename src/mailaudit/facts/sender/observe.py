"""Gathers everything about the sender, all at once."""

from __future__ import annotations

import asyncio
from types import MappingProxyType

from mailaudit.campaign.model import Campaign
from mailaudit.facts.dns.answer import Resolver
from mailaudit.facts.sender.dkim.guess import Guesses, guess_selectors
from mailaudit.facts.sender.dkim.observe import Selector, observe_dkim
from mailaudit.facts.sender.dmarc.alignment import Identifier, Mechanism
from mailaudit.facts.sender.dmarc.observe import DmarcFacts, observe_dmarc
from mailaudit.facts.sender.mail_exchange import observe_exchange
from mailaudit.facts.sender.model import SenderFacts
from mailaudit.facts.sender.names import organizational_domain
from mailaudit.facts.sender.origin import Authenticated, MessageLater, conclude_origin, observe_surroundings
from mailaudit.facts.sender.sends_via import observe_own_names
from mailaudit.facts.sender.spf.evaluate import SpfVerdict, check_host
from mailaudit.facts.sender.spf.observe import Envelope, observe_spf


async def observe_sender(campaign: Campaign, dns: Resolver, message: MessageLater | None = None) -> SenderFacts:
    """Return what the world says about the sender; never raises for what DNS does.

    `message` is awaited for the clues and links of the sample, while DNS is already being asked.
    """
    registered = organizational_domain(campaign.from_domain)
    selectors = tuple(
        Selector(key.selector, key.domain, place=place) for place, key in enumerate(campaign.sending.dkim)
    )
    identifiers = (
        Identifier(Mechanism.SPF, campaign.mail_from_domain),
        *(Identifier(Mechanism.DKIM, selector.domain) for selector in selectors),
    )
    async with asyncio.TaskGroup() as tasks:
        spf = tasks.create_task(observe_spf(campaign.mail_from_domain, envelope(campaign), dns))
        dmarc = tasks.create_task(observe_dmarc(campaign.from_domain, identifiers, dns))
        dkim = tasks.create_task(observe_dkim(selectors, dns))
        guesses = tasks.create_task(_guess(campaign, dns))
        helo = tasks.create_task(_helo(campaign, dns))
        exchanges = [tasks.create_task(observe_exchange(domain, dns)) for domain in _domains(campaign, registered)]
        own_names = tasks.create_task(observe_own_names(campaign, registered, dns))
        surroundings = tasks.create_task(observe_surroundings(campaign, registered, dns, message))
    origin = conclude_origin(
        campaign,
        registered,
        surroundings.result(),
        Authenticated(spf.result(), dkim.result(), tuple(task.result() for task in exchanges), own_names.result()),
    )
    return SenderFacts(
        from_domain=campaign.from_domain,
        mail_from_domain=campaign.mail_from_domain,
        mail_from_domains=(campaign.mail_from_domain,),
        organizational_domain=_organization(dmarc.result(), registered),
        spf_by_domain=MappingProxyType({campaign.mail_from_domain: spf.result()}),
        dkim=dkim.result(),
        dmarc=dmarc.result(),
        exchanges=tuple(task.result() for task in exchanges),
        guesses=guesses.result(),
        helo=helo.result(),
        origin=origin,
        sends_via=origin.verdict.via,
        sends_via_reasons=origin.verdict.reasons,
        platform=origin.verdict.platform_name,
    )


def envelope(campaign: Campaign) -> Envelope:
    """Return what a receiver sees of a delivery of this campaign."""
    domain = campaign.mail_from_domain
    address = campaign.return_path.address if campaign.return_path else campaign.from_.address
    return Envelope(
        ips=campaign.sending.ips,
        sender=str(address) if address else f"postmaster@{domain}",
        helo=campaign.sending.helo or domain,
    )


def _domains(campaign: Campaign, registered: str) -> tuple[str, ...]:
    reply = (campaign.reply_to.address.domain,) if campaign.reply_to else ()
    return tuple(dict.fromkeys((campaign.from_domain, campaign.mail_from_domain, *reply, registered)))


async def _guess(campaign: Campaign, dns: Resolver) -> Guesses | None:
    return None if campaign.sending.dkim else await guess_selectors(campaign.from_domain, dns)


async def _helo(campaign: Campaign, dns: Resolver) -> tuple[SpfVerdict, ...]:
    name = campaign.sending.helo
    if not name:
        return ()
    sender = f"postmaster@{name}"
    checks = (check_host(ip, name, sender=sender, helo=name, dns=dns) for ip in campaign.sending.ips)
    return tuple(await asyncio.gather(*checks))


def _organization(dmarc: DmarcFacts, registered: str) -> str:
    # Without any DMARC record the tree walk knows no organization above the name it started from.
    found = dmarc.tree_walk.value
    return found.organizational_domain if found and found.record else registered
