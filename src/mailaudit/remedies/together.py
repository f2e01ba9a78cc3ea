"""The proposals of all findings as one change of the zone: one record for each purpose, proven beside the others."""

from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass
from functools import reduce

from msgspec import Struct
from msgspec.structs import replace

from mailaudit.checks.change import Change, ChangeDmarc, DmarcAim
from mailaudit.checks.finding import Finding
from mailaudit.checks.remedy import Action, RecordChange, Stage
from mailaudit.remedies.dmarc_drafts import ONCE_IT_PASSES, RELAXED
from mailaudit.remedies.draft import Draft, Undecided, World
from mailaudit.remedies.proof import Court, objection

Drafts = Callable[[Change | None, World], AsyncIterator[Draft]]
_MOST_DRAFTS = 4
_TOGETHER = "Publish these records together: the last one alone is not enough."
_FIRST = "another record for {name} is proposed, and both cannot be had: publish that one first, and audit again"


class Trial(Struct, frozen=True):
    """A finding, the draft that is proven for it, or why there is none, and the drafts that do not hold alone."""

    finding: Finding
    draft: Draft | None = None
    why: str = ""
    failed: tuple[Draft, ...] = ()

    @property
    def now(self) -> Draft | None:
        """The draft, when it is to be published at once."""
        return self.draft if self.draft and self.draft.stage is Stage.NOW else None

    @property
    def waits_for_pass(self) -> bool:
        """Whether a draft is for later only because the campaign does not pass DMARC as things are."""
        drafts = (self.draft, *self.failed) if self.draft else self.failed
        return any(draft.condition == ONCE_IT_PASSES for draft in drafts)

    @property
    def is_loosening(self) -> bool:
        """Whether the finding wants more to count than the record lets count: no more of that than a campaign needs."""
        change = self.finding.fix.change
        return isinstance(change, ChangeDmarc) and change.aim is DmarcAim.RELAX


@dataclass(slots=True)
class _Group:
    """Findings whose records touch each other, by their places, and the one draft for them all."""

    draft: Draft
    places: list[int]


async def together(trials: Sequence[Trial], court: Court, drafts: Drafts) -> list[Trial]:
    """Return trials, the most urgent first, so that all records for now can be published at once, the others after them."""
    change = _ZoneChange(list(trials), court, drafts)
    await change.merge()
    await change.rest()
    await change.prove()
    await change.follow()
    return change.trials


class _ZoneChange:
    """All that is proposed, step by step made one."""

    def __init__(self, trials: list[Trial], court: Court, drafts: Drafts) -> None:
        self.trials = trials
        self._court = court
        self._drafts = drafts
        self._groups: list[_Group] = []

    async def merge(self) -> None:
        """Make one record of those that several findings want at one place."""
        for place, trial in enumerate(self.trials):
            if trial.now is None:
                continue
            group = self._touched(trial.now)
            if group is None:
                self._groups.append(_Group(trial.now, [place]))
                continue
            merged = await self._one_for(group, trial)
            if merged is None and trial.is_loosening:
                optional = replace(trial.now, stage=Stage.OPTIONAL, condition=RELAXED)
                self.trials[place] = replace(trial, draft=optional)
            elif merged is None:
                name = trial.now.records[0].name
                self.trials[place] = replace(trial, draft=None, why=_FIRST.format(name=name))
            else:
                group.draft = merged
                group.places.append(place)
        for group in self._groups:
            for place in group.places:
                self.trials[place] = await self._part(group, self.trials[place])

    async def rest(self) -> None:
        """Give what does not hold alone a second chance beside the other records."""
        for place, trial in enumerate(self.trials):
            whole = self._whole
            waits = trial.waits_for_pass
            if not whole.records or (trial.draft and not waits):
                continue
            if await self._is_ended_by_another(place):
                continue
            again = [draft async for draft in self._over(whole, trial)] if waits else trial.failed[:_MOST_DRAFTS]
            for draft in again:
                if draft.stage is not Stage.NOW or self._touched(draft):
                    continue
                if await self._against(_joined(whole, draft), trial.finding):
                    continue
                bases = [*(() if waits else (group.draft for group in self._groups)), whole]
                found = [base for base in bases if not await self._against(_joined(base, draft), trial.finding)]
                shown = replace(_joined(found[0], draft), notes=(*draft.notes, _TOGETHER))
                self.trials[place] = replace(trial, draft=shown, why="")
                self._groups.append(_Group(draft, [place]))
                break

    async def _is_ended_by_another(self, place: int) -> bool:
        """Give a finding without a draft of its own what is proposed at the same place, if that ends it."""
        trial = self.trials[place]
        keys = {key for draft in trial.failed for key in _keys(draft)}
        for group in self._groups if trial.draft is None else ():
            draft = self.trials[group.places[0]].draft
            if draft and keys & _keys(group.draft) and not await self._against(draft, trial.finding):
                self.trials[place] = replace(trial, draft=draft, why="")
                group.places.append(place)
                return True
        return False

    async def prove(self) -> None:
        """Prove all records for now as one change; the least urgent go until it holds."""
        while len(self._groups) > 1:
            findings = [self.trials[place].finding for group in self._groups for place in group.places]
            against = await self._against(self._whole, *findings)
            if against is None:
                return
            for place in self._groups.pop().places:
                why = f"beside the other records of this report {against}"
                self.trials[place] = replace(self.trials[place], draft=None, why=why)

    async def follow(self) -> None:
        """Make what is for later out of the records for now, where these are changed first."""
        for place, trial in enumerate(self.trials):
            later = None if trial.now else trial.draft
            group = self._touched(later) if later else None
            if later is None or group is None:
                continue
            found = None
            async for draft in self._over(group.draft, trial):
                if not await self._against(_joined(group.draft, draft), trial.finding):
                    found = replace(draft, stage=later.stage, condition=later.condition, wait_days=later.wait_days)
                    break
            name = group.draft.records[0].name
            self.trials[place] = replace(trial, draft=found, why="" if found else _FIRST.format(name=name))

    @property
    def _whole(self) -> Draft:
        return reduce(_joined, (group.draft for group in self._groups), Draft(()))

    def _touched(self, draft: Draft) -> _Group | None:
        """Return the group with records at the places of a draft; several become one."""
        keys = _keys(draft)
        touched = [group for group in self._groups if keys & _keys(group.draft)]
        for other in touched[1:]:
            touched[0].draft = _joined(touched[0].draft, other.draft)
            touched[0].places += other.places
            self._groups.remove(other)
        return touched[0] if touched else None

    async def _one_for(self, group: _Group, trial: Trial) -> Draft | None:
        """Return one draft that ends a further finding as well as those of a group."""
        findings = [self.trials[place].finding for place in group.places]
        candidates = [group.draft]
        if trial.draft and not trial.is_loosening:
            candidates.append(_joined(group.draft, trial.draft))
        for candidate in candidates:
            if await self._against(candidate, *findings, trial.finding) is None:
                return candidate
        if trial.is_loosening:
            return None
        async for draft in self._over(group.draft, trial):
            candidate = _joined(group.draft, draft)
            if await self._against(candidate, *findings, trial.finding) is None:
                return candidate
        return None

    async def _part(self, group: _Group, trial: Trial) -> Trial:
        """Return a trial with what its group's records are at its own places, if that holds; else with all of them."""
        own = trial.draft or Draft(())
        by_key = {one.key: one for one in group.draft.records}
        records = tuple(by_key.get(one.key, one) for one in own.records)
        if records == own.records:
            return trial
        notes = tuple(dict.fromkeys((*own.notes, *group.draft.notes)))
        part = replace(group.draft, records=records, notes=notes)
        holds = not await self._against(part, trial.finding)
        return replace(trial, draft=part if holds else replace(group.draft, notes=notes))

    async def _over(self, base: Draft, trial: Trial) -> AsyncIterator[Draft]:
        """Yield the drafts for a finding in the world in which others' records stand."""
        dns = await self._court.with_records(base.records)
        facts, _ = await self._court.judged_again(base, dns)
        world = World(facts, dns)
        count = 0
        try:
            async for draft in self._drafts(trial.finding.fix.change, world):
                yield draft
                count += 1
                if count == _MOST_DRAFTS:
                    return
        except Undecided:
            return

    async def _against(self, draft: Draft, *findings: Finding) -> str | None:
        try:
            return await objection(draft, findings, self._court)
        except Undecided as undecided:
            return undecided.why


def _keys(draft: Draft) -> set[tuple[bool, str, str]]:
    return {one.key for one in draft.records}


def _joined(base: Draft, top: Draft) -> Draft:
    """Return a draft with the records of both; where both have one, that of the second."""
    if not base.records:
        return top
    old = {one.key: one for one in base.records}
    fresh = {one.key: _replacing(one, old.get(one.key)) for one in top.records}
    return replace(
        top,
        records=tuple({**old, **fresh}.values()),
        notes=tuple(dict.fromkeys((*base.notes, *top.notes))),
        ends=base.ends and top.ends,
        texts=tuple(dict.fromkeys((*base.texts, *top.texts))),
        adds=tuple(dict.fromkeys((*base.adds, *top.adds))),
    )


def _replacing(record: RecordChange, old: RecordChange | None) -> RecordChange:
    if old is None or record.action is Action.REMOVE:
        return record
    # What the first one puts there goes again with it, unless it stands there today.
    replaces = tuple(sorted({*old.replaces, *(text for text in record.replaces if text != old.value)}))
    action = Action.REPLACE if replaces else Action.ADD
    return replace(record, action=action, replaces=replaces, remembered_s=old.remembered_s or record.remembered_s)
