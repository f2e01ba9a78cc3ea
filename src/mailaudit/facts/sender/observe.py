"""Gathers everything about the sender, all at once."""

from __future__ import annotations

import asyncio
from types import MappingProxyType

from mailaudit.campaign.model import Campaign
from mailaudit.facts.dns.answer import Resolver
from mailaudit.facts.sender.dkim.observe import Selector, observe_dkim
from mailaudit.facts.sender.dmarc.alignment import Identifier, Mechanism
from mailaudit.facts.sender.dmarc.observe import DmarcFacts, observe_dmarc
from mailaudit.facts.sender.mail_exchange import observe_exchange
from mailaudit.facts.sender.model import SenderFacts
from mailaudit.facts.sender.names import organizational_domain
from mailaudit.facts.sender.sends_via import NO_PLATFORM, depart, observe_own_names
from mailaudit.facts.sender.spf.observe import Envelope, observe_spf


async def observe_sender(campaign: Campaign, dns: Resolver) -> SenderFacts:
    """Return what the world says about the sender; never raises for what DNS does."""
    registered = organizational_domain(campaign.from_domain)
    selectors = tuple(
        Selector(key.selector, key.domain, place=place) for place, key in enumerate(campaign.sending.dkim)
    )
    identifiers = (
        Identifier(Mechanism.SPF, campaign.mail_from_domain),
        *(Identifier(Mechanism.DKIM, selector.domain) for selector in selectors),
    )
    spf, dkim, dmarc, exchanges, own_names = await asyncio.gather(
        observe_spf(campaign.mail_from_domain, envelope(campaign), dns),
        observe_dkim(selectors, dns),
        observe_dmarc(campaign.from_domain, identifiers, dns),
        asyncio.gather(*(observe_exchange(domain, dns) for domain in _domains(campaign, registered))),
        observe_own_names(campaign, registered, dns),
    )
    departure = depart(campaign, own_names, spf, dkim, registered)
    platform = campaign.sending.platform
    return SenderFacts(
        from_domain=campaign.from_domain,
        mail_from_domain=campaign.mail_from_domain,
        mail_from_domains=(campaign.mail_from_domain,),
        organizational_domain=_organization(dmarc, registered),
        spf_by_domain=MappingProxyType({spf.domain: spf}),
        dkim=dkim,
        dmarc=dmarc,
        exchanges=tuple(exchanges),
        sends_via=departure.via,
        sends_via_reasons=departure.reasons,
        platform=platform if platform != NO_PLATFORM else None,
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


def _organization(dmarc: DmarcFacts, registered: str) -> str:
    # Without any DMARC record the tree walk knows no organization above the name it started from.
    found = dmarc.tree_walk.value
    return found.organizational_domain if found and found.record else registered
