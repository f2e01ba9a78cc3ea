"""Observes a list that lies in Apache Spark: counts, samples and the columns that fill fields."""
# ruff: noqa: S608 - names are quoted by those who build the statements

import asyncio
import dataclasses
from collections.abc import Mapping
from datetime import date

from mailaudit.campaign.recipients import Recipients
from mailaudit.facts.dns.answer import Resolver
from mailaudit.facts.message.merge.model import Join
from mailaudit.facts.recipients.judging.columns.merge_fields import (
    FieldColumns,
    Wishes,
    aggregates,
    cells_of,
    joined_fields,
    joins_of,
)
from mailaudit.facts.recipients.judging.counts import MAX_SAMPLES
from mailaudit.facts.recipients.judging.judge_list import JudgedList, column_notes
from mailaudit.facts.recipients.kinds import Kind
from mailaudit.facts.recipients.list_facts import described
from mailaudit.facts.recipients.mask import mask
from mailaudit.facts.recipients.model import ListFile, RecipientFacts, Sample
from mailaudit.facts.recipients.reading.columns import column_name
from mailaudit.facts.recipients.receiving.limits import LookUpLimits
from mailaudit.facts.recipients.spark.read_list import InSpark, Read, judge_in_spark
from mailaudit.facts.recipients.spark.session import LIST, Engine
from mailaudit.facts.recipients.sql import dotted, identifier
from mailaudit.facts.recipients.tables.engine import Workspace


async def observe_in_spark(
    plan: Recipients,
    dns: Resolver | None,
    today: date,
    limits: LookUpLimits | None = None,
    fields: Wishes | None = None,
) -> RecipientFacts:
    """Count the table or query of a campaign in Spark; raises `InputError` when that cannot be done."""
    work = Workspace()
    try:
        judged = await judge_in_spark(work, plan, dns, today, limits)
        described_list = await asyncio.to_thread(_described, judged)
        joined = await asyncio.to_thread(_joins, judged.read, plan, fields) if fields else ()
        return dataclasses.replace(described_list, joins=joined)  # noqa: TID251 - a data class
    finally:
        work.close()


def _described(judged: InSpark) -> RecipientFacts:
    read = judged.read
    found = read.found
    counts = {kind: read.engine.count(query) for kind, query in judged.queries.items()}
    samples = {kind: _samples(read.engine, query) for kind, query in judged.queries.items() if counts[kind]}
    read.people.unpersist()
    file = ListFile(
        path=read.engine.name,
        name=read.engine.name,
        column=read.column,
        rows=found.rows,
        valid=found.valid,
        invalid=read.residue.invalid,
        unreadable=0,
        missing=read.residue.missing,
        columns=read.uses,
        reasons=_reasons(read.engine, judged.queries),
        counts=counts
        | {
            Kind.INVALID: read.residue.invalid,
            Kind.MISSING: read.residue.missing,
            Kind.SEVERAL: read.residue.several,
            Kind.UNREADABLE: 0,
            Kind.DUPLICATE: found.valid - found.unique,
        },
        samples=samples | ({Kind.INVALID: read.residue.samples} if read.residue.samples else {}),
    )
    return described(JudgedList(found, judged.verdicts, judged.stop), (file,))


def _joins(read: Read, plan: Recipients, fields: Wishes) -> tuple[Join, ...]:
    """Count in Spark what the columns hold that fill fields, over all rows; who receives for them is not known there."""
    header = [str(column) for column in read.engine.listed.columns]
    note = FieldColumns(fields, column_notes(plan))
    note(header, (), (header.index(read.column),))
    joined = joined_fields([note])
    if not joined:
        return joins_of([note], {})
    names = [next(name for name in header if column_name([name], 0) == note.columns[field][0]) for field in joined]
    cells = ", ".join(
        f"coalesce(cast({identifier(name)} AS VARCHAR), '') AS f{at}" for at, name in enumerate(names)
    )
    counted = aggregates([f"f{at}" for at in range(len(joined))])
    listed = f"(SELECT {cells} FROM {dotted(LIST)}) AS listed"
    query = f"SELECT 'other' AS provider, count(*) AS n, {counted} FROM {listed}"
    rows = [tuple(row) for row in read.engine.rows(query)]
    return joins_of([note], {field: cells_of(rows, at) for at, field in enumerate(joined)})


def _reasons(engine: Engine, queries: Mapping[Kind, str]) -> dict[Kind, dict[str, int]]:
    if Kind.OPTED_OUT not in queries:
        return {}
    counted = f"SELECT reason, count(*) AS n FROM ({queries[Kind.OPTED_OUT]}) AS found GROUP BY reason"
    total: dict[str, int] = {}
    for reason, count in engine.rows(counted):
        short = str(reason).partition(" (column")[0]
        total[short] = total.get(short, 0) + int(count)
    return {Kind.OPTED_OUT: dict(sorted(total.items()))}


def _samples(engine: Engine, query: str) -> tuple[Sample, ...]:
    """Return a few people of a kind, in the order of the alphabet: rows have no order in Spark."""
    rows = engine.rows(f"SELECT k, reason FROM ({query}) AS found ORDER BY k LIMIT {MAX_SAMPLES}")
    return tuple(Sample(None, mask(key), reason) for key, reason in rows)
