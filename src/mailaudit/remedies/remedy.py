"""From what checks want changed in DNS to records that are proven, or to what somebody has to decide."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from typing import Any

from mailaudit.checks.change import (
    Change,
    ChangeDmarc,
    ChangeSpf,
    PointAlias,
    PublishAddresses,
    PublishForPlatform,
    RepairKey,
    RepairTags,
    RetireKey,
    SeparateCampaign,
)
from mailaudit.checks.finding import Finding, Fix, Outcome, Result
from mailaudit.checks.remedy import Action, RecordChange, Remedy, Stage
from mailaudit.errors import described
from mailaudit.facts.dns.answer import Resolver
from mailaudit.facts.dns.sources.proposed import as_known
from mailaudit.facts.isolation import FactCrashed
from mailaudit.remedies.dmarc_drafts import dmarc_drafts
from mailaudit.remedies.draft import Draft, Undecided, World
from mailaudit.remedies.other_drafts import address_drafts, alias_drafts, campaign_domain_drafts, platform_drafts
from mailaudit.remedies.panel import panel_hints
from mailaudit.remedies.proof import Court, objection, spf_proof
from mailaudit.remedies.spf.drafts import spf_drafts
from mailaudit.remedies.tag_drafts import key_drafts, retired_key_drafts, tag_drafts
from mailaudit.runner import Audit, judge

_MOST_DRAFTS = 8
_SECONDS = 10.0
FAMILY = "sender"

Drafts = Callable[[Any, World], AsyncIterator[Draft]]
_DRAFTS: dict[type[Change], Drafts] = {
    ChangeSpf: spf_drafts,
    ChangeDmarc: dmarc_drafts,
    RepairKey: key_drafts,
    RepairTags: tag_drafts,
    RetireKey: retired_key_drafts,
    PublishAddresses: address_drafts,
    PublishForPlatform: platform_drafts,
    SeparateCampaign: campaign_domain_drafts,
    PointAlias: alias_drafts,
}


async def with_remedies(audit: Audit, dns: Resolver) -> Audit:
    """Return the audit with proven records where its checks want something changed; asks only what these need."""
    if not any(finding.fix.change for result in audit.results for finding in result.findings):
        return audit
    checks = {name: check for name, check in audit.checks.items() if check.family == FAMILY}
    judged = tuple(
        found if (found := _selected(audit, name)) else judge(check, audit.facts, audit.facts.source)
        for name, check in checks.items()
    )
    bench = _Bench(Court(audit.facts, as_known(dns), checks, judged))
    results = [
        await bench.mended(result) if result.outcome is Outcome.FAILED else result for result in audit.results
    ]
    return replace(audit, results=tuple(results))


def _selected(audit: Audit, name: str) -> Result | None:
    if name not in audit.selected:
        return None
    return next((result for result in audit.results if result.check == name), None)


class _Bench:
    """Looks for a remedy for each finding, for a bounded time."""

    def __init__(self, court: Court) -> None:
        self._court = court
        self._world = World(court.facts, court.dns)
        self._deadline = asyncio.get_running_loop().time() + _SECONDS

    async def mended(self, result: Result) -> Result:
        findings = [await self._finding(finding) for finding in result.findings]
        return replace(result, findings=tuple(findings))

    async def _finding(self, finding: Finding) -> Finding:
        change = finding.fix.change
        if change is None:
            return finding
        try:
            async with asyncio.timeout_at(self._deadline):
                draft, why = await self._proven(change, finding)
                proof = await spf_proof(draft, self._court) if draft else None
                panel = await panel_hints(draft.records, self._court.dns) if draft else ()
        except TimeoutError:
            draft, why = None, "DNS did not answer in time what a proof needs"
        except Undecided as open_question:
            draft, why = None, open_question.why
        except FactCrashed as crashed:
            draft, why = None, str(crashed)
        except Exception as error:  # noqa: BLE001 - without a proof there is no record, and never the end of the audit
            draft, why = None, f"the proof broke off ({described(error)})"
        if draft is None:
            return replace(finding, fix=_undecided(finding.fix, why))
        remedy = Remedy(draft.records, draft.stage, draft.condition, draft.wait_days, proof, panel)
        return replace(finding, fix=replace(finding.fix, steps=_steps(finding.fix, draft), remedy=remedy))

    async def _proven(self, change: Change, finding: Finding) -> tuple[Draft | None, str]:
        why = "nothing that can be published is known"
        tried: set[tuple[RecordChange, ...]] = set()
        async for draft in _DRAFTS[type(change)](change, self._world):
            if draft.records in tried:
                continue
            if len(tried) == _MOST_DRAFTS:
                break
            tried.add(draft.records)
            against = await objection(draft, finding, self._court)
            if against is None:
                return draft, ""
            why = against
        return None, why


def _undecided(fix: Fix, why: str) -> Fix:
    return replace(fix, steps=(*(fix.otherwise or fix.steps), f"No record is proposed: {why}."))


def _steps(fix: Fix, draft: Draft) -> tuple[str, ...]:
    place = next((one for one in draft.records if all(r.action is Action.REMOVE for r in draft.records)), None)
    what = f"delete the {place.type} record at {place.name}" if place else "publish the record below"
    when = {
        Stage.LATER: (f"Only when {draft.condition}: {what}.",),
        Stage.OPTIONAL: (f"If {draft.condition}: publish the records below.",),
    }.get(draft.stage, ())
    return (*fix.steps, *draft.notes, *when)
