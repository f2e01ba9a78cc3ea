"""From what checks want changed in DNS to records that are proven, or to what somebody has to decide."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from typing import Any, TypeVar

from msgspec.structs import replace

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
from mailaudit.remedies.own_domain import with_own_domain
from mailaudit.remedies.panel import panel_hints
from mailaudit.remedies.proof import Court, objection, proof_of
from mailaudit.remedies.spf.drafts import spf_drafts
from mailaudit.remedies.tag_drafts import key_drafts, retired_key_drafts, tag_drafts
from mailaudit.remedies.together import Trial, together
from mailaudit.runner import Audit, judge

_T = TypeVar("_T")
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
    audit = with_own_domain(audit)
    if not any(finding.fix.change for result in audit.results for finding in result.findings):
        return audit
    checks = {name: check for name, check in audit.checks.items() if check.family == FAMILY}
    judged = tuple(
        found if (found := _selected(audit, name)) else judge(check, audit.facts, audit.facts.source)
        for name, check in checks.items()
    )
    bench = _Bench(Court(audit.facts, as_known(dns), checks, judged))
    mended = await bench.mended(audit.results)
    results = [
        replace(result, findings=tuple(mended.get(id(one), one) for one in result.findings))
        for result in audit.results
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

    async def mended(self, results: Iterable[Result]) -> dict[int, Finding]:
        """Return, by the identity of each finding that wants something changed, the same with its remedy or the reason."""
        failed = (result for result in results if result.outcome is Outcome.FAILED)
        wanted = [one for result in failed for one in result.findings if one.fix.change]
        trials = [await self._tried(one) for one in sorted(wanted, key=lambda one: -one.severity.rank)]
        joint = await self._within(together(trials, self._court, _drafts))
        if not isinstance(joint, str):  # else each is proven by itself
            trials = joint
        return {id(trial.finding): await self._told(trial) for trial in trials}

    async def _tried(self, finding: Finding) -> Trial:
        found = await self._within(self._proven(finding))
        return Trial(finding, why=found) if isinstance(found, str) else found

    async def _told(self, trial: Trial) -> Finding:
        finding, draft = trial.finding, trial.draft
        remedy = await self._within(self._remedy(draft)) if draft else trial.why
        if draft is None or isinstance(remedy, str):
            return replace(finding, fix=_undecided(finding.fix, str(remedy)))
        return replace(finding, fix=replace(finding.fix, steps=_steps(finding.fix, draft), remedy=remedy))

    async def _remedy(self, draft: Draft) -> Remedy:
        proof = await proof_of(draft, self._court)
        panel = await panel_hints(draft.records, self._court.dns)
        return Remedy(draft.records, draft.stage, draft.condition, draft.wait_days, proof, panel)

    async def _within(self, work: Awaitable[_T]) -> _T | str:
        """Return what a piece of work returns, or why it could not be done."""
        try:
            async with asyncio.timeout_at(self._deadline):
                return await work
        except TimeoutError:
            return "DNS did not answer in time what a proof needs"
        except Undecided as open_question:
            return open_question.why
        except FactCrashed as crashed:
            return str(crashed)
        except Exception as error:  # noqa: BLE001 - without a proof there is no record, and never the end of the audit
            return f"the proof broke off ({described(error)})"

    async def _proven(self, finding: Finding) -> Trial:
        why = "nothing that can be published is known"
        tried: dict[tuple[RecordChange, ...], Draft] = {}
        async for draft in _drafts(finding.fix.change, self._world):
            if draft.records in tried:
                continue
            if len(tried) == _MOST_DRAFTS:
                break
            tried[draft.records] = draft
            against = await objection(draft, (finding,), self._court)
            if against is None:
                return Trial(finding, draft)
            why = against
        return Trial(finding, why=why, failed=tuple(tried.values()))


async def _drafts(change: Change | None, world: World) -> AsyncIterator[Draft]:
    if change is not None:
        async for draft in _DRAFTS[type(change)](change, world):
            yield draft


def _undecided(fix: Fix, why: str) -> Fix:
    return replace(fix, steps=(*(fix.otherwise or fix.steps), f"No record is proposed: {why}."))


def _steps(fix: Fix, draft: Draft) -> tuple[str, ...]:
    place = next((one for one in draft.records if all(r.action is Action.REMOVE for r in draft.records)), None)
    what = f"delete the {place.type} record at {place.name}" if place else "publish the record below"
    when = {
        Stage.LATER: (f"Only when {draft.condition}: {what}.",),
        Stage.OPTIONAL: (f"If {draft.condition}: publish the records below.",),
    }.get(draft.stage, ())
    return (*fix.steps[:1], *draft.notes, *fix.steps[1:], *when)
