"""Cleans a list that lies in Apache Spark: two tables beside it, the rows that stay and those that go with their reasons."""
# ruff: noqa: S608 - names are quoted as identifiers, texts as literals

from __future__ import annotations

import asyncio
from collections.abc import Collection
from datetime import date
from typing import Any

from mailaudit.campaign.model import Recipients
from mailaudit.cleaning.choose_rows import not_told
from mailaudit.cleaning.result import Cleaned, CleanedFile, CleanPlan
from mailaudit.errors import Complaint, InputError
from mailaudit.facts.dns.answer import Resolver
from mailaudit.facts.recipients.kinds import CLASSES, Kind
from mailaudit.facts.recipients.loading.engine import Workspace
from mailaudit.facts.recipients.receiving.limits import LookUpLimits
from mailaudit.facts.recipients.spark.queries import JUDGED, cell, is_plain
from mailaudit.facts.recipients.spark.read_list import InSpark, judge_in_spark
from mailaudit.facts.recipients.spark.session import LIST, Engine
from mailaudit.facts.recipients.sql import literal

# Kinds that are told row by row, not by a query for people.
_ROW_KINDS = tuple(kind for kind in Kind if kind.of_rows)
_ROWS, _FATES = "mailaudit_rows", "mailaudit_fates"
# Columns beside the list's own: in the table of the removed rows, and while they are decided on.
CLASS, REASON = "mailaudit_class", "mailaudit_reason"
_KEY, _WHY_NOT, _ORDER, _PLACE = "mailaudit_key", "mailaudit_why_not", "mailaudit_order", "mailaudit_place"
_PERSON, _FATE, _WHY = "mailaudit_person", "mailaudit_fate", "mailaudit_why"
_EMPTY = "mailaudit_empty"
_OURS = frozenset({CLASS, REASON, _EMPTY, _KEY, _WHY_NOT, _ORDER, _PLACE, _PERSON, _FATE, _WHY})


async def clean_in_spark(
    recipients: Recipients, dns: Resolver | None, plan: CleanPlan, today: date, limits: LookUpLimits | None
) -> Cleaned:
    """Write the tables `…_clean` and `…_removed`; raises `InputError` when that cannot be done."""
    if plan.folder is not None or plan.to is not None:
        what = "a list in Spark is cleaned into tables beside it"
        raise InputError(Complaint(what, todo="leave out --output and --to"))
    work = Workspace()
    try:
        judged = await judge_in_spark(work, recipients, dns, today, limits)
        return await asyncio.to_thread(_clean, judged, recipients, plan)
    finally:
        work.close()


def _clean(judged: InSpark, recipients: Recipients, plan: CleanPlan) -> Cleaned:
    engine = judged.read.engine
    base = recipients.table or "mailaudit"
    targets = (f"{base}_clean", f"{base}_removed")
    if not plan.dry_run:
        _refuse(engine, targets, force=plan.force)
    decided = _decide(judged, plan.classes)
    counted = {row[0]: int(row[1]) for row in decided.groupBy(CLASS).count().collect()}
    kept = counted.pop(None, 0)
    if not plan.dry_run:
        own = [column for column in decided.columns if column not in _OURS]
        stays = decided[CLASS].isNull()
        engine.save(decided.where(stays).select(*own), targets[0])
        engine.save(decided.where(~stays).select(CLASS, REASON, *own), targets[1])
    decided.unpersist()
    cleaned = CleanedFile(
        name=engine.name,
        rows=kept + sum(counted.values()),
        kept=kept,
        removed={name: counted[name] for name in CLASSES if name in counted},
        formulas=0,
        clean=None if plan.dry_run else targets[0],
        leftovers=None if plan.dry_run else targets[1],
    )
    return Cleaned((cleaned,), cleaned.rows, not_told({*judged.queries, *_ROW_KINDS}, plan.classes))


def _decide(judged: InSpark, classes: Collection[str]) -> Any:
    """Return every row with the class and the reason for which it goes, none for those that stay.

    Which of several equal addresses stays is told by the whole row: Spark may work a row out twice, and must then
    say the same of it.
    """
    engine = judged.read.engine
    address = cell(judged.read.column)
    engine.run(
        f"SELECT {LIST}.*, CASE WHEN {is_plain(address)} THEN lower({address}) ELSE {JUDGED}.k END AS {_KEY}, "
        f"{JUDGED}.reason AS {_WHY_NOT}, {address} = '' AS {_EMPTY} FROM {LIST} LEFT JOIN {JUDGED} ON {JUDGED}.c = {address}"
    ).createOrReplaceTempView(_ROWS)
    engine.run(_fates(judged, classes)).createOrReplaceTempView(_FATES)
    is_missing = f"({_KEY} IS NULL AND {_EMPTY})" if "missing" in classes else "FALSE"
    is_invalid = f"({_KEY} IS NULL AND NOT {_EMPTY})" if "invalid" in classes else "FALSE"
    is_repeated = f"{_PLACE} > 1" if "duplicates" in classes else "FALSE"
    decided = engine.query(
        f"SELECT *, CASE WHEN {is_missing} THEN 'missing' WHEN {is_invalid} THEN 'invalid' "
        f"WHEN {_FATE} IS NOT NULL THEN {_FATE} "
        f"WHEN {is_repeated} THEN 'duplicates' END AS {CLASS}, "
        f"CASE WHEN {is_missing} THEN 'the address cell is empty' WHEN {is_invalid} THEN {_WHY_NOT} "
        f"WHEN {_FATE} IS NOT NULL THEN {_WHY} "
        f"WHEN {is_repeated} THEN 'stands already in another row' END AS {REASON} FROM "
        f"(SELECT *, CASE WHEN {_KEY} IS NULL THEN 1 ELSE row_number() OVER (PARTITION BY {_KEY} ORDER BY {_ORDER}) END "
        f"AS {_PLACE} FROM (SELECT *, to_json(struct(*)) AS {_ORDER} FROM {_ROWS})) AS numbered "
        f"LEFT JOIN {_FATES} ON {_PERSON} = {_KEY}"
    )
    return decided.cache()


def _fates(judged: InSpark, classes: Collection[str]) -> str:
    """Return the query for the people who go, each with the first class that takes them."""
    found = []
    for rank, (name, kind) in enumerate(CLASSES.items()):
        query = judged.queries.get(kind)
        if query is not None and name in classes:
            found.append(
                f"SELECT k, {literal(name)} AS class, reason, {rank} AS rank FROM ({query}) AS found_{rank}"
            )
    nobody = "SELECT '' AS k, '' AS class, '' AS reason, 0 AS rank WHERE FALSE"
    every = " UNION ALL ".join(found or [nobody])
    ranked = f"SELECT *, row_number() OVER (PARTITION BY k ORDER BY rank) AS place FROM ({every}) AS every"
    return f"SELECT k AS {_PERSON}, class AS {_FATE}, reason AS {_WHY} FROM ({ranked}) AS ranked WHERE place = 1"


def _refuse(engine: Engine, targets: tuple[str, str], *, force: bool) -> None:
    complaints = [
        Complaint(f"table {target} exists already", todo="drop it, or allow it to be replaced with --force")
        for target in targets
        if not force and engine.has_table(target)
    ]
    if complaints:
        raise InputError(*complaints)
