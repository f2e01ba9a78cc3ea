"""The lists that several audits share: each is read, judged and looked up once."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path
from typing import TYPE_CHECKING

from mailaudit.campaign.section import Part
from mailaudit.campaign.values.types import DatabaseUrl
from mailaudit.knowledge import load

if TYPE_CHECKING:
    from mailaudit.facts.dns.resolver import CachingResolver
    from mailaudit.facts.recipients.judging.columns.merge_fields import Wishes
    from mailaudit.facts.recipients.list_plan import ListPlan
    from mailaudit.facts.recipients.model import RecipientFacts
    from mailaudit.facts.recipients.receiving.limits import LookUpLimits


class SharedLists:
    """Observes a list once for all audits of one event loop that ask the same of it."""

    def __init__(self) -> None:
        self._under_way: dict[str, tuple[CachingResolver, asyncio.Task[RecipientFacts]]] = {}

    async def observe(
        self, plan: ListPlan, dns: CachingResolver, limits: LookUpLimits | None, fields: Wishes | None
    ) -> RecipientFacts:
        """Return what `observe_recipients` does; the questions are listed as asked by every audit that uses the list."""
        from mailaudit.facts.recipients.observe import observe_recipients  # noqa: PLC0415 - only with a list

        asked = _question(plan, dns, limits, fields)
        if asked not in self._under_way:
            part = dns.share()
            seen = observe_recipients(plan, part, limits=limits, fields=fields)
            self._under_way[asked] = part, asyncio.create_task(seen)
        part, observed = self._under_way[asked]
        try:
            return await asyncio.shield(observed)
        finally:
            dns.adopt(part)


def _question(plan: ListPlan, dns: CachingResolver, limits: LookUpLimits | None, fields: Wishes | None) -> str:
    """Return all on which the observation of a list depends."""
    bounds = (limits.max_domains, limits.seconds, limits.memory) if limits else None
    told = (plan.is_scheduled, plan.by_zone, plan.day, bounds, fields, load.directories())
    return repr((_real(plan.lists), id(dns.source), *told))


def _real(value: object) -> object:
    """Return a value with files in place of their names: the same file may be written in several ways."""
    if isinstance(value, Path):
        return os.path.realpath(value), os.path.normpath(value)  # the second is how reports name it
    if isinstance(value, DatabaseUrl):
        return str(value), value.folder  # which hides its password, and what differs with it
    if isinstance(value, Part):
        return {name: _real(one) for name, one in value}
    return [_real(one) for one in value] if isinstance(value, list | tuple) else value
