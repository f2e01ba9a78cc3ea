"""Audits a list that lies in Apache Spark, where it lies: the relational part runs there, in the statements of `portable`."""
# ruff: noqa: S608 - names are quoted by those who build the statements

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from mailaudit.campaign.model import Recipients
from mailaudit.facts.dns.answer import Resolver
from mailaudit.facts.recipients import portable
from mailaudit.facts.recipients.address import judge, mask
from mailaudit.facts.recipients.columns import Wanted, address_column
from mailaudit.facts.recipients.domains import add_disposable, add_typos
from mailaudit.facts.recipients.json_lines import as_text
from mailaudit.facts.recipients.limits import LookUpLimits
from mailaudit.facts.recipients.load import create_tables
from mailaudit.facts.recipients.model import Kind, ListFile, RecipientFacts, Sample, SuppressionFile
from mailaudit.facts.recipients.profile import MAX_SAMPLES, Profile
from mailaudit.facts.recipients.providers import assign, largest_company_domain
from mailaudit.facts.recipients.source import unusable
from mailaudit.facts.recipients.suppression import load_stop_list
from mailaudit.facts.recipients.undeliverable import Verdicts, add_undeliverable, ask_domains
from mailaudit.facts.recipients.workspace import Workspace

LIST = "mailaudit_list"
SAMPLE_ROWS = 200


@dataclass(slots=True)
class _Residue:
    """The distinct cells that were looked at closely: rows without an address, and the valid ones as (cell, key)."""

    invalid: int = 0
    samples: tuple[Sample, ...] = ()
    valid: tuple[tuple[str, str], ...] = ()


async def observe_in_spark(
    plan: Recipients, dns: Resolver | None, limits: LookUpLimits | None = None
) -> RecipientFacts:
    """Count the table or query of a campaign in Spark; raises `InputError` when that cannot be done."""
    work = Workspace()
    try:
        stop = await asyncio.to_thread(load_stop_list, work, plan.suppression) if plan.suppression else ()
        spark = await asyncio.to_thread(_session)
        counted = await asyncio.to_thread(_count, spark, work, plan)
        verdicts = await ask_domains(work, dns, limits) if dns is not None else None
        return await asyncio.to_thread(_describe, counted, verdicts, stop)
    finally:
        work.close()


@dataclass(frozen=True, slots=True)
class _Counted:
    """The numbers that Spark gave, and the domains in the workspace."""

    name: str
    column: str
    found: Profile
    residue: _Residue
    suppressed: int | None
    role: int


def _session() -> Any:
    try:
        from pyspark.sql import SparkSession  # type: ignore[import-not-found,unused-ignore]  # noqa: PLC0415 - optional
    except ImportError as error:
        raise unusable(
            "recipients.engine", "spark needs the package pyspark", "pip install 'mailaudit[spark]'"
        ) from error
    return SparkSession.builder.appName("mailaudit").getOrCreate()


def _count(spark: Any, work: Workspace, plan: Recipients) -> _Counted:
    name = plan.table or "query"
    listed = _run(spark, plan.query, name) if plan.query else _table(spark, str(plan.table), name)
    listed.createOrReplaceTempView(LIST)
    column = _column(listed, plan, name)
    residue = _look_closely(_run(spark, _told(portable.residue(LIST, column)), name).toLocalIterator())
    _view(spark, residue.valid, "c string, k string", portable.JUDGED)
    people = _run(spark, _told(portable.people(LIST, column)), name).cache()
    people.createOrReplaceTempView(portable.PEOPLE)
    valid, unique, domains = (int(value) for value in _run(spark, _told(portable.totals()), name).first())
    suppressed = None
    if plan.suppression:
        stop = ((row[0],) for row in work.stream("SELECT k FROM stop WHERE contains(k, '@')"))
        _view(spark, list(stop), "k string", portable.STOP)
        suppressed = int(_run(spark, _told(portable.suppressed()), name).first()[0])
    role = int(_run(spark, _told(portable.roles()), name).first()[0])
    create_tables(work, 0)
    work.run("CREATE TABLE domain(d VARCHAR, n BIGINT)")
    work.fill("domain", ("VARCHAR", "BIGINT"), _run(spark, _told(portable.domains()), name).toLocalIterator())
    people.unpersist()
    found = Profile(work, (), rows=valid + residue.invalid, valid=valid, unique=unique, domains=domains)
    return _Counted(name, column, found, residue, suppressed, role)


def _describe(counted: _Counted, verdicts: Verdicts | None, stop: tuple[SuppressionFile, ...]) -> RecipientFacts:
    found, work = counted.found, counted.found.work
    # These create tables of domains; the recipients behind them are counted from `domain`, for the rows stay in Spark.
    add_disposable(found)
    add_typos(found)
    add_undeliverable(found, verdicts)
    behind = {
        kind: int(work.one(f"SELECT coalesce(sum(n), 0) FROM domain WHERE d IN (SELECT d FROM {table})"))
        for kind, table in (
            (Kind.DISPOSABLE, "disposable_domain"),
            (Kind.TYPO, "typo_domain"),
            (Kind.UNDELIVERABLE, "dead_domain"),
        )
    }
    shares, names = assign(found, asked=verdicts is not None)
    dead = behind[Kind.UNDELIVERABLE]
    counts = {
        Kind.INVALID: counted.residue.invalid,
        Kind.UNREADABLE: 0,
        Kind.DUPLICATE: found.valid - found.unique,
        Kind.ROLE: counted.role,
        **behind,
        **({} if counted.suppressed is None else {Kind.SUPPRESSED: counted.suppressed}),
    }
    file = ListFile(
        path=counted.name,
        name=counted.name,
        column=counted.column,
        rows=found.rows,
        valid=found.valid,
        invalid=counted.residue.invalid,
        unreadable=0,
        counts=counts,
        samples={Kind.INVALID: counted.residue.samples} if counted.residue.samples else {},
    )
    return RecipientFacts(
        files=(file,),
        rows=found.rows,
        valid=found.valid,
        invalid=counted.residue.invalid,
        unreadable=0,
        duplicates=found.valid - found.unique,
        unique=found.unique,
        domains=found.domains,
        suppressed=counted.suppressed,
        role=counted.role,
        disposable=behind[Kind.DISPOSABLE],
        typo=behind[Kind.TYPO],
        undeliverable_domain=dead if dead or (verdicts and verdicts.tells) else None,
        providers=shares,
        provider_names=names,
        suppression_files=stop,
        lookups=verdicts.lookups if verdicts else None,
        largest_company_domain=largest_company_domain(found),
    )


def _look_closely(rows: Iterable[Sequence[Any]]) -> _Residue:
    found = _Residue()
    valid: list[tuple[str, str]] = []
    bad: list[tuple[str, str]] = []
    for cell, count in rows:
        verdict = judge(cell)
        if verdict.is_valid:
            valid.append((cell, verdict.key))
            continue
        found.invalid += int(count)
        if len(bad) < MAX_SAMPLES:
            bad.append((cell, str(verdict.reason)))
    found.valid = tuple(valid)
    found.samples = tuple(Sample(None, mask(cell), reason) for cell, reason in sorted(bad))
    return found


def _column(listed: Any, plan: Recipients, name: str) -> str:
    header = [str(column) for column in listed.columns]
    sample = [[as_text(cell) for cell in row] for row in listed.limit(SAMPLE_ROWS).collect()]
    return header[address_column(header, sample, Wanted(plan.column), name)]


def _told(statement: str) -> str:
    try:
        return portable.transpiled(statement, "spark")
    except ImportError as error:
        raise unusable(
            "recipients.engine", "spark needs the package sqlglot", "pip install 'mailaudit[spark]'"
        ) from error


def _table(spark: Any, table: str, name: str) -> Any:
    return _guarded(lambda: spark.table(table), name)


def _run(spark: Any, statement: str, name: str) -> Any:
    return _guarded(lambda: spark.sql(statement), name)


def _guarded(ask: Any, name: str) -> Any:
    try:
        return ask()
    except Exception as error:
        told = str(error).strip().partition("\n")[0][:200]
        raise unusable(name, f"Spark cannot read it ({told})", "correct the table or the query") from error


def _view(spark: Any, rows: Sequence[tuple[str, ...]], schema: str, name: str) -> None:
    spark.createDataFrame(list(rows), schema).createOrReplaceTempView(name)
