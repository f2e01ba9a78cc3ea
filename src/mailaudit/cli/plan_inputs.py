"""What `mailaudit plan` needs to know before it can plan."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from mailaudit.api import DnsOptions, load_campaign
from mailaudit.campaign.model import Campaign
from mailaudit.cli import lookups
from mailaudit.errors import Complaint, InputError
from mailaudit.facts.dns.open_resolver import open_resolver
from mailaudit.facts.gather import gather_message
from mailaudit.facts.recipients.model import RecipientFacts
from mailaudit.facts.recipients.observe import observe_recipients
from mailaudit.facts.recipients.receiving.limits import LookUpLimits
from mailaudit.facts.sender.claims import claims_of
from mailaudit.facts.sender.observe import observe_sender
from mailaudit.facts.volume.mailing import Beside, Mailing, beside_of, mailing_of
from mailaudit.facts.volume.pace import limiter_of


@dataclass(frozen=True, slots=True)
class Inputs:
    """The campaign, its list as observed, what is to be sent, and the campaigns beside it."""

    campaign: Campaign
    recipients: RecipientFacts
    mailing: Mailing
    beside: tuple[Beside, ...]


def gather_inputs(
    file: Path, lists: tuple[Path, ...], beside: tuple[Path, ...], dns: DnsOptions, chosen: dict[str, Any]
) -> Inputs:
    """Load and observe everything; raises `InputError` when something cannot be used or the list is missing."""
    campaign, source = load_campaign(file, recipients=lists or None)
    limiter_of(campaign.schedule, None, source.where("schedule.limiter"))
    if campaign.recipients is None:
        raise InputError(
            Complaint("the campaign names no recipient list", todo="write `recipients: {files: […]}`")
        )
    others = [load_campaign(other)[0] for other in beside]
    if not (dns.zones or dns.servers):
        dns = replace(dns, zones=campaign.dns.zones, servers=campaign.dns.servers)
    with lookups.limits(chosen, dns.servers) as limits:
        return asyncio.run(_observe(campaign, others, dns, limits))


async def _observe(campaign: Campaign, others: list[Campaign], dns: DnsOptions, limits: LookUpLimits) -> Inputs:
    resolver = open_resolver(zones=dns.zones, servers=dns.servers, offline=dns.offline)
    try:
        sender, recipients = await asyncio.gather(
            observe_sender(claims_of(campaign), resolver, gather_message(campaign.message)),
            observe_recipients(campaign, resolver, limits=limits),
        )
        counted = [(other, await observe_recipients(other, resolver, limits=limits)) for other in others]
    finally:
        await resolver.close()
    if recipients is None:
        raise InputError(
            Complaint("the campaign names no recipient list", todo="write `recipients: {files: […]}`")
        )
    beside = tuple(beside_of(other, found.messages) for other, found in counted if found is not None)
    return Inputs(campaign, recipients, mailing_of(campaign, sender), beside)


def instant_of(text: str | None, option: str, campaign: Campaign) -> datetime | None:
    """Return an instant that the user wrote, in the campaign's zone unless it has an offset."""
    if text is None:
        return None
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        raise InputError(
            Complaint(f"{option} {text}: not a date and time", todo="write 2026-12-01T09:00")
        ) from None
    zone = (campaign.schedule.timezone if campaign.schedule else None) or UTC
    return at if at.tzinfo else at.replace(tzinfo=zone)
