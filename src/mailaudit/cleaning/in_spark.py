"""Cleans a list that lies in Apache Spark: two tables beside it, the rows that stay and those that go with their reasons."""
# ruff: noqa: S608 - names are quoted as identifiers, texts as literals

import asyncio
from collections.abc import Collection
from datetime import date
from typing import Any

from mailaudit.campaign.recipients import Recipients
from mailaudit.cleaning.best_row import ranked
from mailaudit.cleaning.choose_rows import not_told
from mailaudit.cleaning.result import Cleaned, CleanedFile, CleanPlan
from mailaudit.errors import Complaint, InputError, refused
from mailaudit.facts.dns.answer import Resolver
from mailaudit.facts.recipients.kinds import CLASSES, DATED, Kind
from mailaudit.facts.recipients.receiving.limits import LookUpLimits
from mailaudit.facts.recipients.spark import queries
from mailaudit.facts.recipients.spark.read_list import InSpark, Read, judge_in_spark, oldest_activity
from mailaudit.facts.recipients.spark.session import LIST, Engine
from mailaudit.facts.recipients.sql import literal
from mailaudit.facts.recipients.tables.engine import Workspace

# Kinds that are told row by row, not by a query for people.
_ROW_KINDS = tuple(kind for kind in Kind if kind.of_rows)
_CELLS, _ROWS, _FATES = "mailaudit_cells", "mailaudit_rows", "mailaudit_fates"
# Columns beside the list's own in the table of the removed rows; a row as a whole while it is decided on.
CLASS, REASON, _ROW = "mailaudit_class", "mailaudit_reason", "mailaudit_row"
_NOTHING = "cast(NULL AS VARCHAR)"


async def clean_in_spark(
    recipients: Recipients, dns: Resolver | None, plan: CleanPlan, today: date, limits: LookUpLimits | None
) -> Cleaned:
    """Write the tables `…_clean` and `…_removed`; raises `InputError` when that cannot be done."""
    if plan.folder is not None or plan.to is not None:
        what = "a list in Spark is cleaned into tables beside it"
        raise refused(what, todo="leave out --output and --to")
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
        stays = decided[CLASS].isNull()
        engine.save(decided.where(stays).drop(CLASS, REASON), targets[0])
        engine.save(decided.where(~stays), targets[1])
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

    Which of several equal addresses stays is told by what they say and then by the whole row: Spark may work a row out
    twice, and must then say the same of it.
    """
    read, engine = judged.read, judged.read.engine
    own = [_backticked(name) for name in engine.listed.columns]
    cells = engine.run(queries.cells(LIST, read.column, [one.columns for one in read.further], whole=True))
    further = [f"o{at}" for at in range(len(read.further))]
    packed = cells.selectExpr(
        f"struct({', '.join(own)}) AS {_ROW}", *(f"mailaudit_{name} AS {name}" for name in ("c", *further))
    )
    packed.createOrReplaceTempView(_CELLS)
    engine.run(_rated(read)).createOrReplaceTempView(_ROWS)
    engine.run(_fates(judged, classes)).createOrReplaceTempView(_FATES)
    tests = (
        ("missing", "k IS NULL AND c = ''", "'the address cell is empty'"),
        ("invalid", "k IS NULL AND c <> ''", "why_not"),
        (None, "fate IS NOT NULL", "fate_why"),
        ("duplicates", "k IS NOT NULL AND NOT stays", "'stands already in another row'"),
    )
    wanted = [test for test in tests if test[0] is None or test[0] in classes]
    kind = " ".join(f"WHEN {when} THEN {literal(name) if name else 'fate'}" for name, when, _ in wanted)
    why = " ".join(f"WHEN {when} THEN {told}" for _, when, told in wanted)
    shown = ", ".join(
        f"coalesce(written, {_ROW}.{name}) AS {name}"
        if name == _backticked(read.column)
        else f"{_ROW}.{name} AS {name}"
        for name in own
    )
    rows = f"(SELECT *, to_json({_ROW}) AS tie FROM {_ROWS}) AS listed"
    return engine.query(
        f"SELECT CASE {kind} END AS {CLASS}, CASE {why} END AS {REASON}, {shown} FROM "
        f"({ranked(rows, 'tie', oldest_activity(read))}) AS ranked LEFT JOIN {_FATES} ON person = k"
    ).cache()


def _rated(read: Read) -> str:
    """Return the query for every row with its address and what it says of consent, activity and refusal."""
    numbers = range(len(read.further))
    places = {wish.kinds: at for at in numbers if (wish := read.further[at].wish)}
    agreed, active = (places.get(DATED[name]) for name in ("consent", "last_engaged"))
    refuses = [f"told_{at}.refused IS NOT NULL" for at in numbers if read.further[at].refusals]
    consent = (f"told_{agreed}.{name}" if agreed is not None else _NOTHING for name in ("day", "said", "late"))
    told = zip(("agreed", "said", "late"), consent, strict=True)
    return (
        f"SELECT {_ROW}, {_CELLS}.c AS c, CASE WHEN {queries.is_plain(f'{_CELLS}.c')} THEN lower({_CELLS}.c) "
        f"ELSE {queries.JUDGED}.k END AS k, {queries.JUDGED}.reason AS why_not, {queries.JUDGED}.written AS written, "
        f"{' OR '.join(refuses) or 'FALSE'} AS refuses, {', '.join(f'{cell} AS {name}' for name, cell in told)}, "
        f"{_NOTHING if active is None else f'told_{active}.day'} AS active FROM {_CELLS} "
        f"LEFT JOIN {queries.JUDGED} ON {queries.JUDGED}.c = {_CELLS}.c"
        + "".join(
            f" LEFT JOIN {queries.TOLD}_{at} AS told_{at} ON told_{at}.cell = {_CELLS}.o{at}" for at in numbers
        )
    )


def _backticked(name: str) -> str:
    return "`" + name.replace("`", "``") + "`"


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
    firsts = f"SELECT *, row_number() OVER (PARTITION BY k ORDER BY rank) AS place FROM ({every}) AS every"
    return f"SELECT k AS person, class AS fate, reason AS fate_why FROM ({firsts}) AS ranked WHERE place = 1"


def _refuse(engine: Engine, targets: tuple[str, str], *, force: bool) -> None:
    complaints = [
        Complaint(f"table {target} exists already", todo="drop it, or allow it to be replaced with --force")
        for target in targets
        if not force and engine.has_table(target)
    ]
    if complaints:
        raise InputError(*complaints)
