"""Reads the facts about the flow of mail."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from mailaudit.knowledge.read import Fields, open_file
from mailaudit.knowledge.volume_model import Counts, Effect, LimitRule, Scope, WindowKind

_HERE = Path(__file__).parent


@cache
def ordinary_address_limit() -> LimitRule:
    """Return what an ordinary address may send, as opposed to the pool of a sending platform."""
    part = open_file(_HERE / "limits.yml").part("ordinary_address")
    if part is None:
        raise LookupError("limits.yml lacks ordinary_address")
    return _rule(part)


def _rule(part: Fields) -> LimitRule:
    where = part.provenance()
    rule = LimitRule(
        name=part.text("name"),
        scope=part.choice("scope", Scope),
        window_s=part.required_number("window_s"),
        max=part.required_number("max"),
        source=where.source,
        confidence=where.confidence,
        effect=part.choice("effect", Effect, Effect.DEFER),
        kind=part.choice("kind", WindowKind, WindowKind.SLIDING),
        warn=part.number("warn"),
        counts=part.choice("counts", Counts, Counts.MESSAGES),
        checked=where.date,
        provider=part.optional("provider"),
        zone=part.optional("zone"),
        consequence=part.optional("consequence"),
    )
    part.done()
    return rule
