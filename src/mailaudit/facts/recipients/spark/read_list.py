"""Reads and judges a list in Apache Spark, where it lies: the relational part runs there, in portable statements."""
# ruff: noqa: S608 - names are quoted by those who build the statements

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from mailaudit.campaign.recipients import Recipients
from mailaudit.facts.dns.answer import Resolver
from mailaudit.facts.recipients.cells.address import addresses_in, judge
from mailaudit.facts.recipients.cells.dates import first_numbers, is_ambiguous, is_month_first
from mailaudit.facts.recipients.judging.columns.dated import AMBIGUOUS, DatedWish
from mailaudit.facts.recipients.judging.columns.opted_out import Refusals, Told
from mailaudit.facts.recipients.judging.columns.uses import USES, date_places, refusal_columns, slots
from mailaudit.facts.recipients.judging.counts import MAX_SAMPLES, ListCounts
from mailaudit.facts.recipients.judging.domains import THROW_AWAY, add_disposable, add_typos
from mailaudit.facts.recipients.judging.judge_list import column_notes, named_columns
from mailaudit.facts.recipients.judging.suppression import add_subdomains, load_stop_list
from mailaudit.facts.recipients.judging.verification import load_verdicts
from mailaudit.facts.recipients.kinds import DATED, Kind
from mailaudit.facts.recipients.loading.load import create_tables
from mailaudit.facts.recipients.mask import mask
from mailaudit.facts.recipients.model import ColumnUse, Sample, SuppressionFile, Use
from mailaudit.facts.recipients.reading.columns import Wanted, wanted_columns
from mailaudit.facts.recipients.reading.rows import as_text
from mailaudit.facts.recipients.receiving.ask_domains import Verdicts, add_undeliverable, ask_domains, find_parked
from mailaudit.facts.recipients.receiving.limits import LookUpLimits
from mailaudit.facts.recipients.spark import kinds, queries
from mailaudit.facts.recipients.spark.session import LIST, Engine
from mailaudit.facts.recipients.tables.engine import Workspace

SAMPLE_ROWS = 200
# Which table of the workspace holds the domains of a kind, and the expression that says why.
_DOMAIN_TABLES = {
    Kind.UNDELIVERABLE: ("dead_domain", "why"),
    Kind.PARKED: ("parked_domain", "why"),
    Kind.DISPOSABLE: ("disposable_domain", f"'{THROW_AWAY}'"),
    Kind.TYPO: ("typo_domain", "'did they mean ' || meant || '?'"),
}


@dataclass(slots=True)
class Residue:
    """The distinct cells that were looked at closely, as (cell, key, reason, address of a cell that was split) or nothing."""

    invalid: int = 0
    missing: int = 0
    several: int = 0
    samples: tuple[Sample, ...] = ()
    judged: list[tuple[str, str | None, str | None, str | None]] = field(default_factory=list)


class Further(Struct, frozen=True):
    """A further cell of each row: the columns that tell it in turn, what is asked of its dates, and who refuses in it."""

    columns: tuple[str, ...]
    wish: DatedWish | None = None
    refusals: Refusals | None = None


class Read(Struct, frozen=True):
    """A list that Spark has read: its people are a view there, its domains a table of the workspace."""

    engine: Engine
    people: Any
    column: str
    further: tuple[Further, ...]
    uses: tuple[ColumnUse, ...]
    found: ListCounts
    residue: Residue


class InSpark(Struct, frozen=True):
    """A list that was read and judged; `queries` are the portable ones for the people of each kind that was looked for."""

    read: Read
    queries: Mapping[Kind, str]
    verdicts: Verdicts | None
    stop: tuple[SuppressionFile, ...]


async def judge_in_spark(
    work: Workspace, plan: Recipients, dns: Resolver | None, today: date, limits: LookUpLimits | None
) -> InSpark:
    """Read and judge a list in Spark; raises `InputError` when that cannot be done."""
    stop = await asyncio.to_thread(load_stop_list, work, plan.suppression) if plan.suppression else None
    if plan.verification:
        await asyncio.to_thread(load_verdicts, work, plan.verification)
    read = await asyncio.to_thread(_read, work, plan, today)
    verdicts = await ask_domains(read.found, dns, limits) if dns is not None else None
    queries = await asyncio.to_thread(_judge, read, plan, verdicts)
    return InSpark(read, queries, verdicts, stop.files if stop else ())


def _read(work: Workspace, plan: Recipients, today: date) -> Read:
    engine = Engine(plan)
    column, columns, uses = _columns(engine, plan, today)
    further = list(columns)
    names = [one.columns for one in further]
    residue = _look_closely(engine.rows(queries.residue(LIST, column)), splits=plan.split)
    engine.view(residue.judged, "c string, k string, reason string, written string", queries.JUDGED)
    for at, one in enumerate(further):
        cells = sorted(str(row[0]) for row in engine.rows(queries.answers(LIST, column, names, at)))
        if one.wish and is_ambiguous(first_numbers(cells)):
            uses[at] = replace(uses[at], note=AMBIGUOUS)
        told = one.refusals(cells) if one.refusals else None
        if told:
            uses[at] = replace(uses[at], note=told.note)
            further[at] = one if told.is_understood else replace(one, refusals=None)
        schema = "cell string, day string, late string, said string, refused string"
        engine.view(_told(one, cells, told), schema, f"{queries.TOLD}_{at}")
    people = engine.keep(queries.people(LIST, column, names), queries.PEOPLE)
    valid, unique, domains = (int(value) for value in engine.first(queries.totals()))
    create_tables(work, 0)
    work.put("domain", engine.rows(queries.domains()))
    rows = valid + residue.invalid + residue.missing
    found = ListCounts(work, (), rows=rows, valid=valid, unique=unique, domains=domains)
    return Read(engine, people, column, tuple(further), (ColumnUse(column, Use.ADDRESS), *uses), found, residue)


def oldest_activity(read: Read) -> str | None:
    """Return the first day that is no inactivity, if the campaign names a column of activity."""
    wishes = (one.wish for one in read.further if one.wish)
    return next((wish.oldest for wish in wishes if wish.kinds is DATED["last_engaged"]), None)


def _told(one: Further, cells: Sequence[str], said: Told | None) -> list[tuple[str | None, ...]]:
    """Return what each distinct cell tells: a day, one after the send, a yes without a day, a refusal."""
    if one.wish:
        return [(*told, None) for told in one.wish.told(cells, month_first=is_month_first(first_numbers(cells)))]
    return [(cell, None, None, None, why) for cell, why in said.refusing] if said else []


def _judge(read: Read, plan: Recipients, verdicts: Verdicts | None) -> dict[Kind, str]:
    """Bring what is known of people and domains into Spark; return the query for each kind that can be told."""
    engine, work = read.engine, read.found.work
    queries: dict[Kind, str] = {}
    if plan.suppression:
        add_subdomains(work)
        stop = [row[0] for row in work.stream("SELECT k FROM stop")]
        engine.view(((key,) for key in stop), "k string", kinds.STOP)
        queries[Kind.SUPPRESSED] = kinds.suppressed({len(key) for key in stop if "@" not in key})
    if plan.verification:
        refuting = work.stream("SELECT k, min(why) FROM refuting GROUP BY k")
        engine.view(refuting, "k string, why string", kinds.REFUTING)
        queries[Kind.REFUTED] = kinds.refuted()
    add_disposable(read.found)
    add_typos(read.found)
    add_undeliverable(read.found, verdicts)
    tables = dict(_DOMAIN_TABLES)
    if find_parked(work, verdicts) is None:
        tables.pop(Kind.PARKED)
    if not (verdicts and verdicts.tells) and not work.one("SELECT count(*) FROM dead_domain"):
        tables.pop(Kind.UNDELIVERABLE)
    bad = [
        (kind.value, *row)
        for kind, (table, why) in tables.items()
        for row in work.rows(f"SELECT d, {why} FROM {table}")
    ]
    engine.view(bad, "kind string, d string, why string", kinds.DOMAINS)
    queries.update((kind, kinds.by_domain(kind)) for kind in tables)
    for at, one in enumerate(read.further):
        for kind, condition, why in one.wish.reasons() if one.wish else ():
            queries[kind] = kinds.dated(at, condition, why)
    answering = [at for at, one in enumerate(read.further) if one.refusals]
    if answering:
        queries[Kind.OPTED_OUT] = kinds.opted_out(answering)
    return queries | {
        Kind.ROLE: kinds.roles(),
        Kind.SAME_MAILBOX: kinds.same_mailbox(),
        Kind.MACHINE_MADE: kinds.machine_made(),
        Kind.SMTPUTF8: kinds.international(),
    }


def _look_closely(rows: Iterable[Sequence[Any]], *, splits: bool) -> Residue:
    found = Residue()
    bad: list[tuple[str, str]] = []
    for cell, count in rows:
        if not cell.strip():
            found.judged.append((cell, None, None, None))
            found.missing += int(count)
            continue
        verdict = judge(cell)
        if verdict.several and splits:
            parts = {one.key: f"{one.local}@{one.domain}" for one in addresses_in(cell)}
            found.judged += [(cell, key, None, written) for key, written in parts.items()]
        else:
            found.judged.append((cell, verdict.key if verdict.is_valid else None, verdict.reason, None))
        if verdict.is_valid:
            found.several += int(count) if verdict.several else 0
            continue
        found.invalid += int(count)
        if len(bad) < MAX_SAMPLES:
            bad.append((cell, str(verdict.reason)))
    found.samples = tuple(Sample(None, mask(cell), reason) for cell, reason in sorted(bad))
    return found


def _columns(engine: Engine, plan: Recipients, today: date) -> tuple[str, tuple[Further, ...], list[ColumnUse]]:
    """Return the name of the address column, and the further cells with what their columns are read as."""
    header = [str(column) for column in engine.listed.columns]
    sample = [[as_text(cell) for cell in row] for row in engine.listed.limit(SAMPLE_ROWS).collect()]
    named, notes = named_columns(plan), column_notes(plan)
    wanted = Wanted(plan.column, tuple(named.values()), keys=tuple(named), also=notes)
    column, *others = (header[at] for at in wanted_columns(header, sample, wanted, engine.name))
    further: list[Further] = []
    uses: list[ColumnUse] = []
    for name, kinds_of in DATED.items():
        if dated := getattr(plan, name):
            places = date_places(name, slots(plan), notes)
            wish = DatedWish(dated, today, kinds_of)
            further.append(Further(tuple(others[at] for at in places), wish=wish))
            uses.append(ColumnUse(dated.column, USES[name]))
    for slot, refusals, use in refusal_columns(plan, notes):
        further.append(Further((others[slot],), refusals=refusals))
        uses.append(use)
    uses += [ColumnUse(name, Use.OTHER_ADDRESS) for name in notes.other_addresses]
    return column, tuple(further), uses
