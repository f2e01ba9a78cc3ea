"""Observe everything at once: the sender's DNS, the recipient list and the message; then the flow over time."""

from __future__ import annotations

import asyncio
from datetime import datetime

from mailaudit.campaign.model import Campaign
from mailaudit.campaign.source import Source
from mailaudit.facts.dns.answer import Resolver
from mailaudit.facts.facts import Facts
from mailaudit.facts.message.observe import observe_message
from mailaudit.facts.recipients.observe import observe_recipients
from mailaudit.facts.sender.observe import observe_sender
from mailaudit.facts.volume.observe import observe_volume


async def gather(campaign: Campaign, source: Source, dns: Resolver, now: datetime) -> Facts:
    """Return the facts of one audit; raises `InputError` when a list or a message cannot be used."""
    sender, recipients, message = await asyncio.gather(
        observe_sender(campaign, dns),
        observe_recipients(campaign, dns),
        asyncio.to_thread(observe_message, campaign),
    )
    return Facts(
        campaign=campaign,
        source=source,
        now=now,
        sender=sender,
        recipients_or_none=recipients,
        volume_or_none=observe_volume(campaign, recipients, sender),
        message_or_none=message,
    )
