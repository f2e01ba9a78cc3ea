"""The types of facts about the flow of mail: limits, and how they count."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from mailaudit.knowledge.model import Confidence


class Scope(StrEnum):
    """Whose mail a limit adds up."""

    SENDER = "sender"
    USER = "user"
    IP = "ip"
    DOMAIN = "organizational-domain"
    PROVIDER = "provider"
    IP_PROVIDER = "ip-provider"


class WindowKind(StrEnum):
    """How a window moves: with every message, in fixed steps from an anchor, or with the calendar."""

    SLIDING = "sliding"
    TUMBLING = "tumbling"
    CALENDAR_DAY = "calendar-day"


class Effect(StrEnum):
    """What happens to the mail beyond a limit; an obligation only brings duties."""

    BLOCK = "block"
    QUARANTINE = "quarantine"
    DEFER = "defer"
    OBLIGATION = "obligation"


class Counts(StrEnum):
    """What a limit counts; a message to one person counts once either way."""

    MESSAGES = "messages"
    RECIPIENTS = "recipients"


@dataclass(frozen=True, slots=True)
class Modifier:
    """Local hours in which a limit is divided; `begin` and `end` are seconds after midnight, `days` ISO weekdays.

    An `end` before `begin` lies on the next day.
    """

    begin: int
    end: int
    divide_by: int
    days: frozenset[int] = frozenset(range(1, 8))


@dataclass(frozen=True, slots=True)
class LimitRule:
    """At most `max` messages in any window of `window_s` seconds, for each key of a scope.

    Windows are half-open: a message at t and one at t + `window_s` never share one. `warn` is a lower level at
    which something happens already. `provider` narrows a provider scope to one provider, `zone` names the
    calendar of a calendar-day limit. `consequence` completes the sentence "providers may …". `own` marks a limit
    that the campaign file gives.
    """

    name: str
    scope: Scope
    window_s: int
    max: int
    source: str
    confidence: Confidence
    effect: Effect = Effect.DEFER
    kind: WindowKind = WindowKind.SLIDING
    warn: int | None = None
    counts: Counts = Counts.MESSAGES
    modifiers: tuple[Modifier, ...] = ()
    checked: date | None = None
    provider: str | None = None
    zone: str | None = None
    consequence: str | None = None
    own: bool = False
