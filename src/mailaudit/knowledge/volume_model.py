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


@dataclass(frozen=True, slots=True)
class Relay:
    """A relay that publishes its limits; `from_domains` are the domains of its users."""

    name: str
    from_domains: tuple[str, ...]
    rules: tuple[LimitRule, ...]


@dataclass(frozen=True, slots=True)
class Obligation:
    """A volume to one provider that brings duties; `duties` are words such as `dmarc` or `one-click`."""

    rule: LimitRule
    duties: tuple[str, ...]
    is_permanent: bool


@dataclass(frozen=True, slots=True)
class Growth:
    """By how many percent of the day before a day may hold, up to a daily volume (`None`: without end)."""

    percent: int
    up_to: int | None


@dataclass(frozen=True, slots=True)
class WarmUpSchedule:
    """A published sequence of daily volumes for a beginner."""

    name: str
    steps: tuple[int, ...]
    source: str


@dataclass(frozen=True, slots=True)
class WarmUp:
    """How a domain or an address that receivers do not know may begin, and how fast it may grow."""

    first_day: int
    first_day_established: int
    growth: tuple[Growth, ...]
    source: str
    confidence: Confidence
    schedules: tuple[WarmUpSchedule, ...]

    def after(self, volume: int) -> int:
        """Return the most that may follow a day of this volume."""
        step = next((step for step in self.growth if step.up_to is None or volume <= step.up_to), self.growth[-1])
        return volume * step.percent // 100


class LimiterKind(StrEnum):
    """What the setting “so many per period” of a program really is."""

    SMOOTH = "smooth"
    BATCH = "batch"
    SLIDING = "sliding"
    TUMBLING = "tumbling"
    TOKEN_BUCKET = "token-bucket"  # noqa: S105 - a way to pace, no password


@dataclass(frozen=True, slots=True)
class Limiter:
    """How a program paces mail: by default `size` messages every `every_ms`, or, without them, as fast as it can."""

    id: str
    name: str
    kind: LimiterKind
    setting: str
    source: str
    confidence: Confidence
    size: int | None = None
    every_ms: int | None = None
    aliases: tuple[str, ...] = ()
