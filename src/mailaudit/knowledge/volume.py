"""Tells what is known about the flow of mail."""

from functools import cache

from mailaudit.knowledge.load import entries
from mailaudit.knowledge.names import first_named
from mailaudit.knowledge.types.volume import (
    Limiter,
    LimitersFile,
    LimitRule,
    LimitsFile,
    Obligation,
    Relay,
    WarmUp,
)


@cache
def ordinary_address_limit() -> LimitRule:
    """Return what an ordinary address may send, as opposed to the pool of a sending platform."""
    return _limits().ordinary_address.rule


def relays() -> tuple[Relay, ...]:
    """Return the relays that publish what they let through."""
    return _limits().relays


@cache
def provider_limits() -> tuple[LimitRule, ...]:
    """Return what recipient providers take from one sender."""
    return tuple(row.rule for row in _limits().providers)


def obligations() -> tuple[Obligation, ...]:
    """Return the volumes that bring duties."""
    return _limits().obligations


def warm_up() -> WarmUp:
    """Return how a beginner may grow."""
    return _limits().warm_up


def limiters() -> tuple[Limiter, ...]:
    """Return how known software paces mail; a user's `limiters.yml` is merged into ours."""
    return entries(LimitersFile).limiters


def find_limiter(name: str) -> Limiter | None:
    """Return the software of this name, however it is written."""
    return first_named(limiters(), name)


def _limits() -> LimitsFile:
    return entries(LimitsFile)
