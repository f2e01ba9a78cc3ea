"""The list of a campaign, observed as an audit does."""

from __future__ import annotations

import asyncio
from typing import Any

from mailaudit.campaign.model import Campaign
from mailaudit.facts.dns.answer import Resolver
from mailaudit.facts.recipients.list_plan import list_plan_of
from mailaudit.facts.recipients.model import RecipientFacts
from mailaudit.facts.recipients.observe import observe_recipients


async def observe_list(campaign: Campaign, dns: Resolver | None = None, **more: Any) -> RecipientFacts:
    plan = list_plan_of(campaign)
    assert plan is not None
    return await observe_recipients(plan, dns, **more)


def observed_list(campaign: Campaign, dns: Resolver | None = None, **more: Any) -> RecipientFacts:
    return asyncio.run(observe_list(campaign, dns, **more))
