"""Writes the clean list and the removed rows of a campaign: whole files or nothing, never over an input."""

import asyncio
from contextlib import ExitStack
from datetime import datetime
from pathlib import Path

from mailaudit.campaign.model import Campaign
from mailaudit.campaign.values.types import STDIN
from mailaudit.cleaning.best_row import repeats_that_stay
from mailaudit.cleaning.choose_rows import decide, fates, not_told, remove_lone_slips
from mailaudit.cleaning.convert import Rewriting
from mailaudit.cleaning.copy_lines import Written
from mailaudit.cleaning.ledger import write_ledger
from mailaudit.cleaning.outputs import Targets, publish, refuse, require_folders, targets_of, temporary
from mailaudit.cleaning.repairs import write_repairs
from mailaudit.cleaning.result import Cleaned, CleanedFile, CleanPlan
from mailaudit.cleaning.take_repairs import TakenRepairs
from mailaudit.errors import refused
from mailaudit.facts.dns.answer import Resolver
from mailaudit.facts.recipients.judging.judge_list import JudgedList, judge_list
from mailaudit.facts.recipients.list_plan import list_plan_of
from mailaudit.facts.recipients.loading.load import Loaded
from mailaudit.facts.recipients.reading.list_format import suffix_of
from mailaudit.facts.recipients.receiving.limits import LookUpLimits
from mailaudit.facts.recipients.tables.engine import Repairs, Workspace


async def clean(
    campaign: Campaign,
    dns: Resolver | None,
    plan: CleanPlan,
    *,
    now: datetime | None = None,
    limits: LookUpLimits | None = None,
) -> Cleaned:
    """Clean the campaign's lists, with look-ups within `limits`; raises `InputError` when a file cannot be used."""
    listed = list_plan_of(campaign, now)
    if listed is None:
        raise refused("the campaign names no recipient list", todo="name it under recipients.files")
    if listed.in_spark:
        from mailaudit.cleaning.in_spark import clean_in_spark  # noqa: PLC0415 - only for lists in Spark

        return await clean_in_spark(listed.lists, dns, plan, listed.day, limits)
    if not plan.dry_run:
        files = [path for path in listed.lists.files if isinstance(path, Path) and path != STDIN]
        require_folders({plan.folder} if plan.folder else {path.parent for path in files} or {Path()})
        guessed = [target for path in files for target in targets_of(path, suffix_of(path)[1:], plan).paths]
        refuse(guessed, _inputs(campaign), force=plan.force)
    work = Workspace(limits.progress if limits else None, plan.repairs, listed.lists.reads)
    try:
        changed = TakenRepairs(plan.classes) if plan.repairs is Repairs.APPLIED else None
        judged = await judge_list(work, listed, dns, limits, whole=True, changed=changed)
        return await asyncio.to_thread(_clean, judged, plan, _inputs(campaign))
    finally:
        work.close()


def _inputs(campaign: Campaign) -> set[Path]:
    """Return every file that the campaign reads, none of which may be replaced."""
    return {path.resolve() for path in (*campaign.files, *campaign.dns.zones)}


def _clean(judged: JudgedList, plan: CleanPlan, inputs: set[Path]) -> Cleaned:
    targets = [targets_of(file.source.origin.path, file.source.written, plan) for file in judged.found.files]
    taken = inputs | {path.resolve() for file in judged.found.files if (path := file.source.origin.path)}
    if not plan.dry_run:
        refuse([path for target in targets for path in target.paths], taken, force=plan.force)
    decide(judged, plan.classes)
    remove_lone_slips(judged.found, plan.classes)
    with ExitStack() as undo:
        done = [
            _clean_file(judged, file, plan, target, undo)
            for file, target in zip(judged.found.files, targets, strict=True)
        ]
        for file in judged.found.files:
            file.require_unchanged()
        publish([pair for _, pairs in done for pair in pairs], force=plan.force)
    return Cleaned(
        tuple(result for result, _ in done),
        judged.found.rows,
        not_told(judged.found.counts, plan.classes),
        repeats_that_stay(judged.found) if "duplicates" in plan.classes else 0,
    )


def _clean_file(
    judged: JudgedList, file: Loaded, plan: CleanPlan, targets: Targets, undo: ExitStack
) -> tuple[CleanedFile, list[tuple[Path, Path]]]:
    by_class = dict(
        judged.found.work.rows(
            f"SELECT class, count(*) FROM removed WHERE {file.within} GROUP BY class ORDER BY class"  # noqa: S608 - numbers of our own
        )
    )
    rows = sum(1 for _ in fates(judged, file)) if plan.dry_run else 0
    written = Written(rows - sum(by_class.values()), sum(by_class.values()))
    pairs: list[tuple[Path, Path]] = []
    repaired = 0
    if not plan.dry_run:
        try:
            pairs = [(temporary(target, undo), target) for target in targets.paths]
            made = {target: part for part, target in pairs}
            both = (made[targets.clean], made[targets.removed])
            written = file.source.by_shape(
                Rewriting(judged, file, both, plan.to, plan.neutral, targets.clean.name)
            )
            if targets.repairs:
                repaired = write_repairs(judged, file, made[targets.repairs], neutral=plan.neutral)
            if targets.ledger:
                write_ledger(judged, file, made[targets.ledger], neutral=plan.neutral)
        except OSError as error:
            todo = "nothing was changed: free some room or choose another folder (--output)"
            what = f"{targets.clean}: cannot be written ({error.strerror or error})"
            raise refused(what, todo=todo) from error
    return CleanedFile(
        name=file.source.name,
        rows=written.kept + written.removed,
        kept=written.kept,
        removed=by_class,
        formulas=written.formulas,
        clean=None if plan.dry_run else targets.clean,
        leftovers=None if plan.dry_run else targets.removed,
        repairs=None if plan.dry_run else targets.repairs,
        repaired=repaired,
        ledger=None if plan.dry_run else targets.ledger,
    ), pairs
