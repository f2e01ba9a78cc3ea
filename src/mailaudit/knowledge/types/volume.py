"""The types of facts about the flow of mail: limits, and how they count."""

from collections.abc import Iterator
from datetime import date
from enum import StrEnum
from typing import ClassVar

from msgspec import Struct, field
from msgspec.structs import replace

from mailaudit.knowledge.types.fact import Confidence, Entry, Mistake, Provenance


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


class Modifier(Entry, frozen=True):
    """Local hours in which a limit is divided; `days` are ISO weekdays. An end before the begin lies on the next day."""

    first: str = field(name="begin")
    last: str = field(name="end")
    divide_by: int
    days: frozenset[int] = frozenset(range(1, 8))

    @property
    def begin(self) -> int:
        """Seconds after midnight."""
        return _clock(self.first)

    @property
    def end(self) -> int:
        """Seconds after midnight."""
        return _clock(self.last)


class LimitRule(Struct, frozen=True):
    """At most `max` messages in any window of `window_s` seconds, for each key of a scope.

    Windows are half-open: a message at t and one at t + `window_s` never share one. `warn` is a lower level at
    which something happens already. `provider` narrows a provider scope to one provider.
    `consequence` completes the sentence "providers may …". `own` marks a limit that the campaign file gives.
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
    consequence: str | None = None
    own: bool = False

    @property
    def likeness(self) -> tuple[object, ...]:
        """What two rules have in common that are one limit: a campaign mail has one recipient and one sender."""
        scope = Scope.SENDER if self.scope is Scope.USER else self.scope
        return scope, self.provider, self.window_s, self.kind, self.max, self.warn


class LimitRow(Entry, frozen=True):
    """A limit as a file states it; what is left out stands in the entry around it."""

    scope: Scope
    window_s: int
    max: int
    provenance: Provenance
    name: str = ""
    effect: Effect = Effect.DEFER
    kind: WindowKind = WindowKind.SLIDING
    warn: int | None = None
    counts: Counts = Counts.MESSAGES
    provider: str | None = None
    consequence: str | None = None

    @property
    def rule(self) -> LimitRule:
        """The limit."""
        return LimitRule(
            name=self.name,
            scope=self.scope,
            window_s=self.window_s,
            max=self.max,
            source=self.provenance.source,
            confidence=self.provenance.confidence,
            effect=self.effect,
            kind=self.kind,
            warn=self.warn,
            counts=self.counts,
            checked=self.provenance.date,
            provider=self.provider,
            consequence=self.consequence,
        )


class Relay(Entry, frozen=True):
    """A relay that publishes its limits; `from_domains` are the domains of its users."""

    name: str
    from_domains: tuple[str, ...]
    provenance: Provenance
    limits: tuple[LimitRow, ...]
    modifiers: tuple[Modifier, ...] = ()

    @property
    def rules(self) -> tuple[LimitRule, ...]:
        """What it lets through; a relay counts recipients and refuses what is beyond."""
        return tuple(self._rule(row.rule) for row in self.limits)

    def _rule(self, rule: LimitRule) -> LimitRule:
        effect, counts = Effect.BLOCK, Counts.RECIPIENTS
        return replace(rule, name=self.name, modifiers=self.modifiers, effect=effect, counts=counts)


class Obligation(LimitRow, frozen=True, kw_only=True):
    """A volume to one provider that brings duties; `duties` are words such as `dmarc` or `one-click`."""

    duties: tuple[str, ...]
    is_permanent: bool = field(default=False, name="permanent")


class Growth(Entry, frozen=True):
    """By how many percent of the day before a day may hold, up to a daily volume (`None`: without end)."""

    percent: int
    up_to: int | None = None


class WarmUpSchedule(Entry, frozen=True):
    """A published sequence of daily volumes for a beginner."""

    name: str
    steps: tuple[int, ...]
    provenance: Provenance


class WarmUp(Entry, frozen=True):
    """How a domain or an address that receivers do not know may begin, and how fast it may grow."""

    first_day: int
    first_day_established: int
    growth: tuple[Growth, ...]
    provenance: Provenance
    schedules: tuple[WarmUpSchedule, ...]

    def after(self, volume: int) -> int:
        """Return the most that may follow a day of this volume."""
        step = next((step for step in self.growth if step.up_to is None or volume <= step.up_to), self.growth[-1])
        return volume * step.percent // 100


class LimitsFile(Entry, frozen=True):
    """limits.yml."""

    ordinary_address: LimitRow
    warm_up: WarmUp
    relays: tuple[Relay, ...] = ()
    providers: tuple[LimitRow, ...] = ()
    obligations: tuple[Obligation, ...] = ()


class LimiterKind(StrEnum):
    """What the setting “so many per period” of a program really is."""

    SMOOTH = "smooth"
    BATCH = "batch"
    SLIDING = "sliding"
    TUMBLING = "tumbling"
    TOKEN_BUCKET = "token-bucket"  # noqa: S105 - a way to pace, no password


class TypedSetting(Entry, frozen=True):
    """A setting that a person types in.

    `value` may hold `{count}`, `{seconds}`, `{minutes}`, `{duration}` (90s), `{unit}` (s, min, h, d), `{copies}` (pace1:,
    pace2:) and `{cron}`, when runs of a job of cron begin. `for_copies` tells one that is needed only for several copies.
    """

    identity: ClassVar[tuple[str, ...]] = ("name",)

    name: str
    value: str
    for_copies: bool = False


class Limiter(Entry, frozen=True):
    """How a program paces mail: by default `size` messages every `every_ms`, or, without them, as fast as it can.

    `kind` is what its setting is, `typed_kind` what it is when `typed` is set (a burst may be forbidden then). `periods_s`
    are the only periods that the setting takes, `most` the largest number, `overshoot` how many messages more than the number
    leave in a period. `processes` send at once unless the campaign says otherwise, each at the pace that is set. Where steps
    are coarse, up to `copies` of a `copied` part can be set up side by side, each at the pace that is set, by a
    `copy_line` with `{copy}` in `copy_file`.
    """

    id: str
    name: str
    kind: LimiterKind = field(name="limiter")
    setting: str
    provenance: Provenance
    size: int | None = None
    every_ms: int | None = None
    aliases: tuple[str, ...] = ()
    typed: tuple[TypedSetting, ...] = ()
    typed_as: LimiterKind | None = None
    periods_s: tuple[int, ...] = ()
    most: int | None = None
    overshoot: int = 0
    processes: int = 1
    copies: int = 1
    copied: str = "process"
    copy_file: str = ""
    copy_line: str = ""

    @property
    def typed_kind(self) -> LimiterKind:
        """What the setting is when `typed` is set."""
        return self.typed_as or self.kind

    def mistakes(self) -> Iterator[Mistake]:
        """Yield a pace of nothing."""
        if self.size == 0 or self.every_ms == 0 or (self.size is None) != (self.every_ms is None):
            yield "size", "`size` and `every_ms` come together, and are greater than zero"


class LimitersFile(Entry, frozen=True):
    """limiters.yml."""

    limiters: tuple[Limiter, ...] = ()


def _clock(text: str) -> int:
    hour, minute = text.split(":")
    return int(hour) * 3600 + int(minute) * 60
