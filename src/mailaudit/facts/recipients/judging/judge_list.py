"""Reads, counts and judges a list; what the audit reports and what cleaning removes both start here."""

import asyncio
from collections.abc import Callable, Sequence
from datetime import date
from functools import partial

from msgspec import Struct
from msgspec.structs import replace

from mailaudit.campaign.recipients import Recipients
from mailaudit.facts.dns.answer import Resolver
from mailaudit.facts.recipients.judging.columns.merge_fields import FieldColumns, Wishes
from mailaudit.facts.recipients.judging.columns.uses import read_columns
from mailaudit.facts.recipients.judging.counts import ListCounts, count_rows
from mailaudit.facts.recipients.judging.domains import add_disposable, add_typos
from mailaudit.facts.recipients.judging.roles import add_roles
from mailaudit.facts.recipients.judging.same_person import add_international, add_machine_made, add_same_mailbox
from mailaudit.facts.recipients.judging.suppression import StopList, add_suppressed, load_stop_list
from mailaudit.facts.recipients.judging.verification import add_refuted, load_verdicts
from mailaudit.facts.recipients.kinds import DATED
from mailaudit.facts.recipients.list_plan import ListPlan
from mailaudit.facts.recipients.loading.load import Loaded, create_tables, load
from mailaudit.facts.recipients.model import SuppressionFile
from mailaudit.facts.recipients.progress import JUDGED
from mailaudit.facts.recipients.reading.columns import Wanted
from mailaudit.facts.recipients.reading.open_list import open_source
from mailaudit.facts.recipients.reading.permission_columns import ColumnNotes
from mailaudit.facts.recipients.receiving.ask_domains import Verdicts, add_parked, add_undeliverable, ask_domains
from mailaudit.facts.recipients.receiving.limits import LookUpLimits
from mailaudit.facts.recipients.tables.engine import Workspace
from mailaudit.facts.recipients.tables.schema import LOADED
from mailaudit.knowledge.list_columns import list_columns


class JudgedList(Struct, frozen=True):
    """A list that was read and judged."""

    found: ListCounts
    verdicts: Verdicts | None
    stop: tuple[SuppressionFile, ...]
    fields: tuple[FieldColumns, ...] = ()


async def judge_list(
    work: Workspace,
    plan: ListPlan,
    dns: Resolver | None,
    limits: LookUpLimits | None = None,
    *,
    whole: bool = False,
    fields: Wishes | None = None,
    changed: Callable[[JudgedList], bool] | None = None,
) -> JudgedList:
    """Read and judge a list in the workspace; raises `InputError` for an unusable file.

    `whole` keeps all columns of a database, for those who write the list again; `fields` are to be filled from columns.
    As long as `changed` changes rows of what was judged, it is judged again.
    """
    lists = plan.lists
    stop = await asyncio.to_thread(load_stop_list, work, lists.suppression) if lists.suppression else None
    if lists.verification:
        await asyncio.to_thread(load_verdicts, work, lists.verification)
    notes = [FieldColumns(fields or {}, column_notes(lists), by_zone=plan.by_zone) for _ in lists.files]
    files = await asyncio.to_thread(_load, work, lists, notes, whole=whole)
    while True:
        found = await asyncio.to_thread(count_rows, work, files)
        verdicts = await ask_domains(found, dns, limits) if dns is not None else None
        judged = await asyncio.to_thread(_judge, found, notes, verdicts, stop, lists, plan.day)
        if changed is None or not await asyncio.to_thread(changed, judged):
            return judged
        work.forget(LOADED)


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


def _load(work: Workspace, plan: Recipients, notes: Sequence[FieldColumns], *, whole: bool) -> list[Loaded]:
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
    return [load(work, source, others) for source in opened]


def _judge(  # noqa: PLR0917 - one caller
    found: ListCounts,
    notes: Sequence[FieldColumns],
    verdicts: Verdicts | None,
    stop: StopList | None,
    plan: Recipients,
    today: date,
) -> JudgedList:
    steps: tuple[Callable[[ListCounts], object], ...] = (
        *((partial(add_suppressed, stop=stop),) if stop else ()),
        add_same_mailbox,
        partial(read_columns, notes=[note.before for note in notes], plan=plan, today=today),
        *(add_roles, add_disposable, add_typos),
        partial(add_undeliverable, verdicts=verdicts),
        partial(add_parked, verdicts=verdicts),
        *((add_refuted,) if plan.verification else ()),
        *(add_machine_made, add_international),
    )
    found.work.in_turn(JUDGED, [partial(step, found) for step in steps], found.rows)
    return JudgedList(found, verdicts, stop.files if stop else (), tuple(notes))
