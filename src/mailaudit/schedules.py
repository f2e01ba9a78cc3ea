"""Plans, by the same door as audits: the schedule is found, written down, and its list split by day, lane or time zone."""

from __future__ import annotations

import asyncio
import re
from collections import Counter
from datetime import UTC, datetime
from typing import TYPE_CHECKING, TypeAlias

from msgspec.structs import replace

from mailaudit.campaign.values.start import LocalStart
from mailaudit.campaign.yaml.edit import with_schedule
from mailaudit.campaign.yaml.file_text import read_file_text
from mailaudit.cleaning.parts import Part
from mailaudit.cleaning.split import split as write_parts
from mailaudit.errors import refused
from mailaudit.facts.volume.mailing import mailing_of
from mailaudit.planning.model import NoPlan, SendingPlan
from mailaudit.planning.plan import plan_campaign
from mailaudit.planning.problem import problem_of
from mailaudit.planning.schedule_keys import refuse_shared_pace, schedule_changes
from mailaudit.planning.warm_up import plan_warm_up
from mailaudit.prepare import facts_of, look_up_limits, resolver_of
from mailaudit.remedies.later import later_steps

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from mailaudit.campaign.model import Campaign
    from mailaudit.cleaning.split import SplitFile
    from mailaudit.facts.facts import Facts
    from mailaudit.prepare import Prepared

LaterSteps: TypeAlias = tuple[tuple[int, str, str], ...]
# What a file name may hold of a receiver's name or of a zone, which come from DNS and from the list.
_STRANGE = re.compile(r"[^a-z0-9-]+")
_LONGEST = 60


def plan(
    ready: Prepared,
    *,
    start: str | None = None,
    until: str | None = None,
    warm_up: str | None = None,
    with_reminders: bool = False,
) -> SendingPlan | NoPlan:
    """Return the fastest schedule that keeps every limit; raises `InputError`.

    `start` and `until` are instants in the campaign's zone unless they have an offset. `warm_up` is the name of a
    published warm-up, or `double` for one that at most doubles from day to day. `with_reminders` adds what is to be done in
    DNS some time after the last mail, for which the sender is audited.
    """
    begin, end = _instant(start, "--start", ready.campaign), _instant(until, "--until", ready.campaign)
    if ready.campaign.recipients is None:
        raise refused("the campaign names no recipient list", todo="write `recipients: {files: […]}`")

    async def observe() -> tuple[Facts, LaterSteps]:
        async with resolver_of(ready.dns) as resolver:
            facts = await facts_of(ready, resolver, projected=False)
            return facts, await later_steps(facts, resolver) if with_reminders else ()

    facts, later = asyncio.run(observe())
    mailing = mailing_of(ready.campaign, facts.sender)
    problem = problem_of(mailing, facts.recipients, start=begin, beside=facts.beside)
    found = plan_campaign(problem, end) if warm_up is None else plan_warm_up(problem, warm_up, end)
    return found if isinstance(found, NoPlan) else found.told_at(facts.now).reminding(later)


def applied(ready: Prepared, found: SendingPlan | NoPlan, *, with_start: bool = False) -> str:
    """Return the text of the campaign file with the plan as its schedule, comments kept; raises `InputError`.

    `with_start` tells that the plan begins at another time than the file says.
    """
    source = ready.source
    changes = schedule_changes(found, with_start=with_start)
    if source.shared is not None:
        refuse_shared_pace(changes, source.shared)
    text = with_schedule(read_file_text(source.path, source.display).text, source.display, changes)
    return text.replace("\n", "\r\n") if b"\r\n" in source.path.read_bytes() else text


def split(ready: Prepared, found: SendingPlan | NoPlan, folder: Path) -> tuple[SplitFile, ...]:
    """Write the lists in parts, one a day or lane of the plan; raises `InputError`, and then nothing was written."""
    parts, warms_up = parts_of(found), isinstance(found, SendingPlan) and found.warm_up is not None

    async def written() -> tuple[SplitFile, ...]:
        async with resolver_of(ready.dns) as resolver:
            limits = look_up_limits(ready)
            return await write_parts(
                _begun(ready.campaign, found),
                resolver,
                parts,
                folder,
                limits,
                ready.options.now,
                engaged_first=warms_up,
            )

    return asyncio.run(written())


def _begun(campaign: Campaign, plan: SendingPlan | NoPlan) -> Campaign:
    """Return the campaign as it begins in the plan: ages are those on the day of the send."""
    if isinstance(plan, NoPlan) or plan.waves or plan.starts_at is None or campaign.schedule is None:
        return campaign
    schedule = campaign.schedule.model_copy(update={"start": plan.starts_at})
    return campaign.model_copy(update={"schedule": schedule})


def parts_of(plan: SendingPlan | NoPlan) -> tuple[Part, ...]:
    """Return the parts in the order in which they begin; raises `InputError` when there is no plan.

    Lanes are taken where they end sooner than one list.
    """
    if isinstance(plan, NoPlan):
        raise refused(f"there is nothing to split: {plan.reason}")
    if plan.waves:
        return tuple(
            Part(f"zone-{number:02}-{_plain(wave.zone)}{_day(wave.day, plan)}", wave.messages, zone=wave.zone)
            for number, wave in enumerate(plan.waves, start=1)
        )
    if plan.lanes is not None and not plan.lanes.doubtful:
        names = [_named(lane.provider) for lane in plan.lanes.lanes]
        return tuple(
            Part(
                name if names.count(name) == 1 else f"{name}-{number}", lane.messages, lane.provider, is_lane=True
            )
            for number, (name, lane) in enumerate(zip(names, plan.lanes.lanes, strict=True), start=1)
        )
    width = max(len(str(len(plan.by_day))), 2)
    return tuple(
        Part(f"day-{day.number:0{width}}" + (f"-{day.day.isoformat()}" if day.day else ""), day.messages)
        for day in plan.by_day
    )


def as_split(plan: SendingPlan | NoPlan, written: Iterable[Mapping[str, int]]) -> SendingPlan | NoPlan:
    """Return a plan with as many messages as the lists hold, for each label: who must not be mailed is left out."""
    if isinstance(plan, NoPlan):
        return plan
    sent = sum(map(Counter, written), Counter[str]())
    labels = [part.label for part in parts_of(plan)]
    if plan.waves:
        pairs = zip(labels, plan.waves, strict=True)
        return replace(
            plan, waves=tuple(replace(wave, messages=sent[label]) for label, wave in pairs if sent[label])
        )
    if plan.lanes is not None and not plan.lanes.doubtful:
        lanes = zip(labels, plan.lanes.lanes, strict=True)
        held = tuple(replace(lane, messages=sent[label]) for label, lane in lanes if sent[label])
        return replace(plan, lanes=replace(plan.lanes, lanes=held, is_split=True)) if held else plan
    days = tuple(
        replace(day, messages=sent[label]) for label, day in zip(labels, plan.by_day, strict=True) if sent[label]
    )
    return replace(plan, by_day=days, days=days if plan.days else ())


def _day(number: int, plan: SendingPlan) -> str:
    return f"-day-{number:02}" if any(wave.day > 1 for wave in plan.waves) else ""


def _named(provider: str | None) -> str:
    return f"lane-{_plain(provider)}" if provider else "lane-others"


def _plain(name: str) -> str:
    return _STRANGE.sub("-", name.lower())[:_LONGEST]


def _instant(text: str | None, option: str, campaign: Campaign) -> datetime | None:
    if text is None:
        return None
    # Another start stays everybody's own time of day, unless an offset makes it one instant for all.
    own = option == "--start" and campaign.schedule is not None and isinstance(campaign.schedule.start, LocalStart)
    try:
        at = (LocalStart if own else datetime).fromisoformat(text.removeprefix("local ") if own else text)
    except ValueError:
        raise refused(f"{option} {text}: not a date and time", todo="write 2026-12-01T09:00") from None
    if own and at.tzinfo is None:
        return at
    zone = (campaign.schedule.timezone if campaign.schedule else None) or UTC
    return datetime.fromisoformat(at.isoformat()) if at.tzinfo else at.replace(tzinfo=zone)
