"""Observes the recipient list of a campaign."""

import asyncio

from mailaudit.facts.dns.answer import Resolver
from mailaudit.facts.recipients.judging.columns.merge_fields import Wishes
from mailaudit.facts.recipients.judging.judge_list import judge_list
from mailaudit.facts.recipients.list_facts import described
from mailaudit.facts.recipients.list_plan import ListPlan
from mailaudit.facts.recipients.model import RecipientFacts
from mailaudit.facts.recipients.receiving.limits import LookUpLimits
from mailaudit.facts.recipients.tables.engine import Workspace
from mailaudit.facts.recipients.visit import Visitor, show


async def observe_recipients(
    plan: ListPlan,
    dns: Resolver | None,
    *,
    limits: LookUpLimits | None = None,
    fields: Wishes | None = None,
    visitor: Visitor | None = None,
) -> RecipientFacts:
    """Read and count the campaign's list; raises `InputError` for an unusable file.

    `dns` tells which domains receive mail, within `limits`. `fields` are those of a template that columns are to fill.
    `visitor` meets everybody on the list.
    """
    if plan.in_spark:
        from mailaudit.facts.recipients.spark.observe import observe_in_spark  # noqa: PLC0415 - only for lists in Spark

        return await observe_in_spark(plan.lists, dns, plan.day, limits, fields)
    work = Workspace(limits.progress if limits else None, reads=plan.lists.reads)
    try:
        judged = await judge_list(work, plan, dns, limits, fields=fields)
        if visitor is not None:
            await asyncio.to_thread(show, judged.found, visitor)
        return await asyncio.to_thread(described, judged, has_schedule=plan.is_scheduled)
    finally:
        work.close()
