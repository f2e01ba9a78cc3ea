"""Observes the recipient list of a campaign."""

from __future__ import annotations

import asyncio

import numpy as np

from mailaudit.campaign.model import Campaign, Recipients
from mailaudit.facts.dns.answer import Resolver
from mailaudit.facts.recipients.model import RecipientFacts, SuppressionFile
from mailaudit.facts.recipients.providers import group
from mailaudit.facts.recipients.source import open_source
from mailaudit.facts.recipients.tally import comparable, tally


async def observe_recipients(campaign: Campaign, dns: Resolver | None) -> RecipientFacts | None:  # noqa: ARG001 - look-ups of recipient domains come with the check that needs them
    """Read and count the campaign's list; `None` without one; raises `InputError` for an unusable file."""
    if campaign.recipients is None or not campaign.recipients.files:
        return None
    return await asyncio.to_thread(_count, campaign.recipients)


def _count(plan: Recipients) -> RecipientFacts:
    sources = [open_source(path, column=plan.column) for path in plan.files]
    blocked = [open_source(path) for path in plan.suppression]
    keys, counted = comparable(blocked) if blocked else (None, [])
    result = tally(sources, keys)
    shares, names, owner = group(result.domains, result.recipients_by_domain)
    return RecipientFacts(
        files=result.files,
        rows=sum(file.rows for file in result.files),
        valid=sum(file.valid for file in result.files),
        invalid=sum(file.invalid for file in result.files),
        unreadable=sum(file.unreadable for file in result.files),
        duplicates=sum(file.valid for file in result.files) - result.unique,
        unique=result.unique,
        domains=len(result.domains),
        suppressed=result.suppressed,
        providers=shares,
        provider_names=names,
        provider_sequence=owner[np.frombuffer(result.sequence, dtype=np.int64)],
        suppression_files=tuple(
            SuppressionFile(source.display, source.name, rows, unusable)
            for source, (rows, unusable) in zip(blocked, counted, strict=True)
        ),
    )
