"""Reads, counts and judges a list; what the audit reports and what cleaning removes both start here."""

import asyncio
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from functools import partial

from msgspec import Struct
from msgspec.structs import replace

from mailaudit.campaign.model import Campaign, Recipients
from mailaudit.campaign.values.start import LocalStart, dated
from mailaudit.campaign.values.types import DatabaseUrl
from mailaudit.errors import refused
from mailaudit.facts.dns.answer import Resolver
from mailaudit.facts.recipients.judging.columns.merge_fields import FieldColumns, Wishes
from mailaudit.facts.recipients.judging.columns.uses import read_columns
from mailaudit.facts.recipients.judging.counts import ListCounts, count_rows
from mailaudit.facts.recipients.judging.domains import add_disposable, add_typos
from mailaudit.facts.recipients.judging.roles import add_roles
from mailaudit.facts.recipients.judging.same_person import add_international, add_machine_made, add_same_mailbox
from mailaudit.facts.recipients.judging.suppression import add_suppressed, load_stop_list
from mailaudit.facts.recipients.judging.verification import add_refuted, load_verdicts
from mailaudit.facts.recipients.kinds import DATED
from mailaudit.facts.recipients.loading.engine import Workspace
from mailaudit.facts.recipients.loading.load import create_tables, load
from mailaudit.facts.recipients.model import SuppressionFile
from mailaudit.facts.recipients.progress import JUDGING
from mailaudit.facts.recipients.reading.columns import Wanted
from mailaudit.facts.recipients.reading.open_list import open_source
from mailaudit.facts.recipients.reading.permission_columns import ColumnNotes
from mailaudit.facts.recipients.receiving.ask_domains import Verdicts, add_parked, add_undeliverable, ask_domains
from mailaudit.facts.recipients.receiving.limits import LookUpLimits
from mailaudit.knowledge.list_columns import list_columns


class JudgedList(Struct, frozen=True):
    """A list that was read and judged."""

    found: ListCounts
    verdicts: Verdicts | None
    stop: tuple[SuppressionFile, ...]
    fields: tuple[FieldColumns, ...] = ()


def require_list(campaign: Campaign) -> Recipients | None:
    """Return what the campaign says about its list, or nothing without one; raises `InputError` when nothing reads it."""
    plan = campaign.recipients
    if plan is None:
        return None
    if not plan.files and (plan.table or plan.query):
        todo = "name the database under recipients.files, for example sqlite:///srv/shop.db"
        raise refused("recipients.table says nothing about the database that it is in", todo=todo)
    if (plan.table or plan.query) and not any(isinstance(file, DatabaseUrl) for file in plan.files):
        what = (
            f"recipients.{'table' if plan.table else 'query'} is for a database, and recipients.files names none"
        )
        raise refused(what, todo="leave it out, or name the database: sqlite:///srv/shop.db")
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
    fields: Wishes | None = None,
) -> JudgedList:
    """Read and judge a list in the workspace; raises `InputError` for an unusable file.

    `whole` keeps all columns of a database, for those who write the list again; `fields` are to be filled from columns.
    """
    work.expect((*plan.files, *plan.suppression, *plan.verification))
    stop = await asyncio.to_thread(load_stop_list, work, plan.suppression) if plan.suppression else ()
    if plan.verification:
        await asyncio.to_thread(load_verdicts, work, plan.verification)
    by_zone = campaign.schedule is not None and isinstance(campaign.schedule.start, LocalStart)
    notes = [FieldColumns(fields or {}, column_notes(plan), by_zone=by_zone) for _ in plan.files]
    found = await asyncio.to_thread(_count, work, plan, notes, whole=whole)
    verdicts = await ask_domains(work, dns, limits) if dns is not None else None
    return await asyncio.to_thread(_judge, found, notes, verdicts, stop, plan, send_day(campaign, now))


def send_day(campaign: Campaign, now: datetime | None) -> date:
    """Return the day on which ages are counted: that of the send, else today."""
    start = dated(campaign.schedule.start) if campaign.schedule else None
    return (start or now or datetime.now(UTC)).date()


def named_columns(plan: Recipients) -> dict[str, str]:
    """Return the further columns that the campaign names, by key: those of dates, what they fall back on, the status."""
    parts = {name: getattr(plan, name) for name in (*DATED, "status")}
    named = {f"recipients.{name}.column": part.column for name, part in parts.items() if part}
    return named | {
        f"recipients.{name}.fallback": parts[name].fallback
        for name in DATED
        if parts[name] and parts[name].fallback
    }


def column_notes(plan: Recipients) -> ColumnNotes:
    """Return what takes down the further columns of one file."""
    return ColumnNotes(
        list_columns(),
        status=plan.status.column if plan.status else None,
        consent=plan.consent.column if plan.consent else None,
    )


def _count(work: Workspace, plan: Recipients, notes: Sequence[FieldColumns], *, whole: bool) -> ListCounts:
    named = named_columns(plan)
    wanted = Wanted(
        plan.column, tuple(named.values()), keys=tuple(named), sheet=plan.sheet, encoding=plan.encoding
    )
    opened = [
        open_source(path, work, replace(wanted, also=note), table=plan.table, query=plan.query, whole=whole)
        for path, note in zip(plan.files, notes, strict=True)
    ]
    others = max((note.width for note in notes), default=0)
    create_tables(work, others)
    work.splits = plan.split
    return count_rows(work, [load(work, source, others) for source in opened])


def _judge(  # noqa: PLR0917 - one caller
    found: ListCounts,
    notes: Sequence[FieldColumns],
    verdicts: Verdicts | None,
    stop: tuple[SuppressionFile, ...],
    plan: Recipients,
    today: date,
) -> JudgedList:
    steps: tuple[Callable[[ListCounts], object], ...] = (
        *((add_suppressed,) if plan.suppression else ()),
        add_same_mailbox,
        partial(read_columns, notes=[note.before for note in notes], plan=plan, today=today),
        *(add_roles, add_disposable, add_typos),
        partial(add_undeliverable, verdicts=verdicts),
        partial(add_parked, verdicts=verdicts),
        *((add_refuted,) if plan.verification else ()),
        *(add_machine_made, add_international),
    )
    found.work.in_turn(JUDGING, [partial(step, found) for step in steps], found.rows)
    return JudgedList(found, verdicts, stop, tuple(notes))
