"""Reads, counts and judges a list; what the audit reports and what cleaning removes both start here."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import UTC, date, datetime

from mailaudit.campaign.model import Campaign, Recipients
from mailaudit.campaign.values.types import DatabaseUrl
from mailaudit.errors import Complaint, InputError
from mailaudit.facts.dns.answer import Resolver
from mailaudit.facts.recipients.judging.counts import ListCounts, count_rows
from mailaudit.facts.recipients.judging.dates import add_dated
from mailaudit.facts.recipients.judging.domains import add_disposable, add_typos
from mailaudit.facts.recipients.judging.roles import add_roles
from mailaudit.facts.recipients.judging.same_person import add_international, add_machine_made, add_same_mailbox
from mailaudit.facts.recipients.judging.suppression import add_suppressed, load_stop_list
from mailaudit.facts.recipients.judging.verification import add_refuted, load_verdicts
from mailaudit.facts.recipients.kinds import DATED
from mailaudit.facts.recipients.loading.engine import Workspace
from mailaudit.facts.recipients.loading.load import create_tables, load
from mailaudit.facts.recipients.model import SuppressionFile
from mailaudit.facts.recipients.reading.open_list import open_source
from mailaudit.facts.recipients.receiving.ask_domains import Verdicts, add_parked, add_undeliverable, ask_domains
from mailaudit.facts.recipients.receiving.limits import LookUpLimits


@dataclass(frozen=True, slots=True)
class JudgedList:
    """A list that was read and judged."""

    found: ListCounts
    verdicts: Verdicts | None
    stop: tuple[SuppressionFile, ...]


def require_list(campaign: Campaign) -> Recipients | None:
    """Return what the campaign says about its list, or nothing without one; raises `InputError` when nothing reads it."""
    plan = campaign.recipients
    if plan is None:
        return None
    if not plan.files and (plan.table or plan.query):
        todo = "name the database under recipients.files, for example sqlite:///srv/shop.db"
        raise InputError(Complaint("recipients.table says nothing about the database that it is in", todo=todo))
    if (plan.table or plan.query) and not any(isinstance(file, DatabaseUrl) for file in plan.files):
        what = (
            f"recipients.{'table' if plan.table else 'query'} is for a database, and recipients.files names none"
        )
        raise InputError(Complaint(what, todo="leave it out, or name the database: sqlite:///srv/shop.db"))
    return plan if plan.files else None


async def judge_list(  # noqa: PLR0917 - two callers
    work: Workspace,
    campaign: Campaign,
    plan: Recipients,
    dns: Resolver | None,
    now: datetime | None,
    limits: LookUpLimits | None = None,
    *,
    whole: bool = False,
) -> JudgedList:
    """Read and judge a list in the workspace; raises `InputError` for an unusable file.

    `whole` keeps all columns of a database, for those who write the list again.
    """
    stop = await asyncio.to_thread(load_stop_list, work, plan.suppression) if plan.suppression else ()
    if plan.verification:
        await asyncio.to_thread(load_verdicts, work, plan.verification)
    found = await asyncio.to_thread(_count, work, plan, whole=whole)
    verdicts = await ask_domains(work, dns, limits) if dns is not None else None
    return await asyncio.to_thread(_judge, found, verdicts, stop, plan, send_day(campaign, now))


def send_day(campaign: Campaign, now: datetime | None) -> date:
    """Return the day on which ages are counted: that of the send, else today."""
    start = campaign.schedule.start if campaign.schedule else None
    return (start or now or datetime.now(UTC)).date()


def dated_columns(plan: Recipients) -> list[str]:
    """Return which of `DATED` the campaign names; the first is column `o0`, the second `o1`."""
    return [name for name in DATED if getattr(plan, name) is not None]


def _count(work: Workspace, plan: Recipients, *, whole: bool) -> ListCounts:
    named = dated_columns(plan)
    columns = [getattr(plan, name).column for name in named]
    keys = [f"recipients.{name}.column" for name in named]
    create_tables(work, len(columns))
    opened = (
        open_source(
            path,
            work,
            column=plan.column,
            others=columns,
            keys=keys,
            table=plan.table,
            query=plan.query,
            sheet=plan.sheet,
            encoding=plan.encoding,
            whole=whole,
        )
        for path in plan.files
    )
    return count_rows(work, [load(work, source, len(columns)) for source in opened])


def _judge(
    found: ListCounts, verdicts: Verdicts | None, stop: tuple[SuppressionFile, ...], plan: Recipients, today: date
) -> JudgedList:
    if plan.suppression:
        add_suppressed(found)
    for add in (add_roles, add_disposable, add_typos):
        add(found)
    for ask in (add_undeliverable, add_parked):
        ask(found, verdicts)
    if plan.verification:
        add_refuted(found)
    for at, name in enumerate(dated_columns(plan)):
        add_dated(found, f"o{at}", getattr(plan, name), today, DATED[name])
    for more in (add_same_mailbox, add_machine_made, add_international):
        more(found)
    return JudgedList(found, verdicts, stop)
