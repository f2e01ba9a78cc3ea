"""A plan as the lists that it sends: one for each day, each lane, or each time zone."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping

from msgspec.structs import replace

from mailaudit.cleaning.parts import Part
from mailaudit.errors import refused
from mailaudit.planning.model import NoPlan, SendingPlan

# What a file name may hold of a receiver's name or of a zone, which come from DNS and from the list.
_STRANGE = re.compile(r"[^a-z0-9-]+")
_LONGEST = 60


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
