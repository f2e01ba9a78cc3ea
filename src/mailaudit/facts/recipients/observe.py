"""Observes the recipient list of a campaign."""

from __future__ import annotations

import asyncio

from mailaudit.campaign.model import Campaign, Recipients
from mailaudit.facts.dns.answer import Resolver
from mailaudit.facts.recipients.load import create_tables, load
from mailaudit.facts.recipients.model import RecipientFacts
from mailaudit.facts.recipients.profile import profile
from mailaudit.facts.recipients.source import open_source
from mailaudit.facts.recipients.suppression import add_suppressed, load_stop_list
from mailaudit.facts.recipients.workspace import Workspace


async def observe_recipients(campaign: Campaign, dns: Resolver | None) -> RecipientFacts | None:  # noqa: ARG001 - look-ups of recipient domains come with the check that needs them
    """Read and count the campaign's list; `None` without one; raises `InputError` for an unusable file."""
    if campaign.recipients is None or not campaign.recipients.files:
        return None
    work = Workspace()
    try:
        return await asyncio.to_thread(_count, work, campaign.recipients)
    finally:
        work.close()


def _count(work: Workspace, plan: Recipients) -> RecipientFacts:
    stop = load_stop_list(work, plan.suppression) if plan.suppression else ()
    create_tables(work, 0)
    files = [load(work, open_source(path, column=plan.column)) for path in plan.files]
    found = profile(work, files)
    suppressed = add_suppressed(found) if plan.suppression else None
    listed = found.list_files()
    return RecipientFacts(
        files=listed,
        rows=found.rows,
        valid=found.valid,
        invalid=sum(file.invalid for file in listed),
        unreadable=sum(file.unreadable for file in listed),
        duplicates=found.valid - found.unique,
        unique=found.unique,
        domains=found.domains,
        suppressed=suppressed,
        suppression_files=stop,
    )
