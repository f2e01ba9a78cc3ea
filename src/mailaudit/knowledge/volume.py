"""Reads the facts about the flow of mail."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from pathlib import Path

from mailaudit.errors import Complaint, InputError
from mailaudit.knowledge.load import Directories, directories
from mailaudit.knowledge.read import Fields, Malformed, located, open_file
from mailaudit.knowledge.volume_model import (
    Counts,
    Effect,
    Growth,
    Limiter,
    LimiterKind,
    LimitRule,
    Modifier,
    Obligation,
    Relay,
    Scope,
    WarmUp,
    WarmUpSchedule,
    WindowKind,
)

_HERE = Path(__file__).parent


@cache
def ordinary_address_limit() -> LimitRule:
    """Return what an ordinary address may send, as opposed to the pool of a sending platform."""
    return _rule(_part(_limits(), "ordinary_address"))


@cache
def relays() -> tuple[Relay, ...]:
    """Return the relays that publish what they let through."""
    found = []
    for entry in _limits().parts("relays"):
        where = entry.provenance()
        modifiers = tuple(_modifier(part) for part in entry.parts("modifiers"))
        name = entry.text("name")
        rules = tuple(
            replace(
                _rule(part, name, Counts.RECIPIENTS),
                modifiers=modifiers,
                effect=Effect.BLOCK,
                source=where.source,
                confidence=where.confidence,
            )
            for part in entry.parts("limits")
        )
        found.append(Relay(name, entry.texts("from_domains"), rules))
        entry.done()
    return tuple(found)


@cache
def provider_limits() -> tuple[LimitRule, ...]:
    """Return what recipient providers take from one sender."""
    return tuple(_rule(part) for part in _limits().parts("providers"))


@cache
def obligations() -> tuple[Obligation, ...]:
    """Return the volumes that bring duties."""
    found = []
    for part in _limits().parts("obligations"):
        duties, permanent = part.texts("duties"), part.flag("permanent")
        found.append(Obligation(_rule(part), duties, permanent))
    return tuple(found)


@cache
def warm_up() -> WarmUp:
    """Return how a beginner may grow."""
    part = _part(_limits(), "warm_up")
    where = part.provenance()
    return WarmUp(
        first_day=part.required_number("first_day"),
        first_day_established=part.required_number("first_day_established"),
        growth=tuple(
            Growth(step.required_number("percent"), step.number("up_to")) for step in part.parts("growth")
        ),
        source=where.source,
        confidence=where.confidence,
        schedules=tuple(
            WarmUpSchedule(entry.text("name"), tuple(entry.raw("steps")), entry.provenance().source)
            for entry in part.parts("schedules")
        ),
    )


def limiters() -> tuple[Limiter, ...]:
    """Return how known software paces mail; a user's `limiters.yml` adds to ours and replaces entries by `id`."""
    return _limiters(directories())


@cache
def _limiters(extra: Directories) -> tuple[Limiter, ...]:
    found: dict[str, Limiter] = {}
    for path in (_HERE / "limiters.yml", *(place / "limiters.yml" for place in extra)):
        if not path.is_file():
            continue
        try:
            found.update({one.id: one for one in map(_limiter, open_file(path).parts("limiters"))})
        except Malformed as error:
            place = located(path, error.path)
            raise InputError(Complaint(error.message, place, "see docs/volume.md for the format")) from None
    return tuple(found.values())


def _limiter(part: Fields) -> Limiter:
    where = part.provenance()
    limiter = Limiter(
        id=part.text("id"),
        name=part.text("name"),
        kind=part.choice("limiter", LimiterKind),
        setting=part.text("setting"),
        source=where.source,
        confidence=where.confidence,
        size=part.number("size"),
        every_ms=part.number("every_ms"),
        aliases=part.texts("aliases"),
    )
    if limiter.size == 0 or limiter.every_ms == 0 or (limiter.size is None) != (limiter.every_ms is None):
        raise part.fail("size", "`size` and `every_ms` come together, and are greater than zero")
    part.done()
    return limiter


def find_limiter(name: str) -> Limiter | None:
    """Return the software of this name, however it is written."""
    wanted = _plain(name)
    return next(
        (one for one in limiters() if wanted in {_plain(n) for n in (one.id, one.name, *one.aliases)}), None
    )


def _plain(name: str) -> str:
    return "".join(letter for letter in name.casefold() if letter.isalnum())


@cache
def _limits() -> Fields:
    return open_file(_HERE / "limits.yml")


def _part(fields: Fields, key: str) -> Fields:
    part = fields.part(key)
    if part is None:
        raise LookupError(f"limits.yml lacks {key}")
    return part


def _modifier(part: Fields) -> Modifier:
    days = part.raw("days")
    return Modifier(
        begin=_clock(part.text("begin")),
        end=_clock(part.text("end")),
        divide_by=part.required_number("divide_by"),
        days=frozenset(days) if days else frozenset(range(1, 8)),
    )


def _clock(text: str) -> int:
    hour, minute = text.split(":")
    return int(hour) * 3600 + int(minute) * 60


def _rule(part: Fields, name: str | None = None, counts: Counts = Counts.MESSAGES) -> LimitRule:
    where = part.provenance()
    rule = LimitRule(
        name=part.text("name", name),
        scope=part.choice("scope", Scope),
        window_s=part.required_number("window_s"),
        max=part.required_number("max"),
        source=where.source,
        confidence=where.confidence,
        effect=part.choice("effect", Effect, Effect.DEFER),
        kind=part.choice("kind", WindowKind, WindowKind.SLIDING),
        warn=part.number("warn"),
        counts=part.choice("counts", Counts, counts),
        checked=where.date,
        provider=part.optional("provider"),
        zone=part.optional("zone"),
        consequence=part.optional("consequence"),
    )
    part.done()
    return rule
