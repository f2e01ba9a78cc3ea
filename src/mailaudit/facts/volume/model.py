"""What is known about the campaign's volume: limits, peaks and the projection that holds them."""

from __future__ import annotations

from datetime import date, datetime
from fractions import Fraction
from typing import TYPE_CHECKING

from msgspec import Struct

from mailaudit.campaign.values.types import Rate
from mailaudit.facts.observed import NotGiven, Observed
from mailaudit.knowledge.types.volume import Limiter, LimitRule, Obligation

if TYPE_CHECKING:  # numpy comes with them, and the checks of every audit import this file
    from mailaudit.facts.volume.flow.pace import Pace
    from mailaudit.facts.volume.flow.waves import Wave
    from mailaudit.facts.volume.settings.model import ProgramSettings


# One part in forty of a limit stays free, so that a clock that runs a little fast breaks nothing.
RESERVE = 40
# From half a day on a limit is one of days, and not of a pace.
LONG_S = 43_200


def with_reserve(maximum: int) -> int:
    """Return what may be used of a limit: all but one part in forty, at least one message, where there is more than one."""
    return maximum - -(-maximum // RESERVE) if maximum > 1 else maximum


def usable(rule: LimitRule) -> int:
    """Return what may be used of a rule: all but its reserve, also where it is divided, and less than brings a warning."""
    divisor = max((modifier.divide_by for modifier in rule.modifiers), default=1)
    # Dividing rounds the limit down, and its reserve with it.
    free = max(with_reserve(rule.max) - divisor + 1, min(divisor, rule.max))
    return free if rule.warn is None else min(free, max(rule.warn - 1, 1))


def jitter_of(window_s: int) -> Fraction:
    """Return how many seconds early or late a message may come, when a plan is tried: a minute, a tenth of short windows."""
    return min(Fraction(60), Fraction(window_s, 10))


class Remedy(Struct, frozen=True):
    """A steady rate that keeps one limit, when the campaign then ends and how long it takes."""

    rate: Rate
    ends_at: datetime | None
    seconds: float


class Crowded(Struct, frozen=True):
    """Other mail, message after message, that finds its window over the limit only because of the campaign."""

    name: str
    begins_at: datetime | None
    ends_at: datetime | None
    messages: int


class Peak(Struct, frozen=True):
    """The fullest window of one key under one limit.

    `at` is the instant of the first message in the earliest fullest window, `limit` the maximum that holds
    there. The first breach is the first message of the campaign (numbered from 1 in sending order) that finds
    the window over its limit; without one, the first other message that does. `over` counts the campaign's
    messages beyond the limit, `over_other` the other mail's; `crowded` are stretches of the latter, at most 50,
    that the campaign causes. `jitter_peak` is the most that a window may hold when every message comes a
    little early or late (`jitter_of`), `is_robust` tells that evenly spaced mail would hardly be better off. Instants are
    missing when the schedule names no start. `remedy` is a steady rate that keeps a breached limit; missing when other mail
    leaves no room.
    """

    rule: LimitRule
    key: str
    peak: int
    at: datetime | None
    limit: int
    first_breach_at: datetime | None = None
    first_breach_message: int | None = None
    over: int = 0
    over_other: int = 0
    other_in_peak: int = 0
    jitter_peak: int = 0
    is_robust: bool = True
    crowded: tuple[Crowded, ...] = ()
    remedy: Remedy | None = None

    def __str__(self) -> str:
        """Name the key and its limit."""
        return f"{self.key}: {self.limit:,} in {self.rule.window_s} s"

    @property
    def breached(self) -> bool:
        """Whether any window holds more than the limit."""
        return self.over > 0 or self.over_other > 0

    @property
    def share(self) -> float:
        """The peak as a fraction of the limit."""
        return self.peak / self.limit if self.limit else float("inf")


class Duty(Struct, frozen=True):
    """A volume that brings duties, and the fullest window towards it."""

    obligation: Obligation
    peak: Peak

    def __str__(self) -> str:
        """Name the provider."""
        return self.peak.key


class ProviderFlow(Struct, frozen=True):
    """What one recipient provider gets: how much, from when to when, and the most in any ten minutes.

    `peak` holds in the planned order, `peak_shuffled` if the list were shuffled.
    """

    provider: str
    messages: int
    peak: int
    peak_shuffled: int
    begins_at: datetime | None
    ends_at: datetime | None

    def __str__(self) -> str:
        """Return the provider."""
        return self.provider


class Day(Struct, frozen=True):
    """One local day: the campaign's messages, and the other mail of the same address or domain."""

    day: date | None
    messages: int
    other: int


class Series(Struct, frozen=True):
    """How full the window of one limit is over time: the fullest window in each step, so that no peak is lost."""

    peak: Peak
    step_s: float
    values: tuple[int, ...]


class Overlap(Struct, frozen=True):
    """Another campaign that is sent at the same time, and the stretch that both share."""

    name: str
    begins_at: datetime | None
    ends_at: datetime | None
    messages: int


class Projection(Struct, frozen=True):
    """How the planned mail is spread over time.

    `starts_at` and `ends_at` are the instants of the first and the last message, in the schedule's zone;
    missing when the schedule names no start. `seconds` is the time between them. `peaks` are those of limits on
    what leaves, `provider_peaks` those of limits on what one recipient provider gets. `ordinary_day` is the most
    other mail of the same organizational domain on one of the seven days before. `at_night` counts messages
    that leave between 21:00 and 07:00; missing without a start. `recommended` is missing when the schedule may stay.
    `waves` are those of a start at everybody's own time.
    """

    starts_at: datetime | None
    ends_at: datetime | None
    seconds: float
    peaks: tuple[Peak, ...]
    provider_peaks: tuple[Peak, ...] = ()
    duties: tuple[Duty, ...] = ()
    providers: tuple[ProviderFlow, ...] = ()
    days: tuple[Day, ...] = ()
    ordinary_day: int = 0
    at_night: int | None = None
    series: Series | None = None
    overlaps: tuple[Overlap, ...] = ()
    recommended: Recommended | None = None
    waves: tuple[Wave, ...] = ()


class Recommended(Struct, frozen=True):
    """One schedule for everything: at most so many messages on each day, one without a warm-up, and never above the rate."""

    daily: tuple[int, ...]
    rate: Rate | None

    @property
    def is_warm_up(self) -> bool:
        """Whether it takes several days because receivers do not know the sender for so much mail."""
        return len(self.daily) > 1


class VolumeFacts(Struct, frozen=True):
    """How many messages the campaign sends, and their projection or the reason why there is none.

    `ordinary_address` says whether the rules for an ordinary address apply, as opposed to a sending platform's
    pool; it is unavailable when the sender's records did not answer. `limiter` is the known software that sends;
    `assumed_pace` tells that its default pace was taken because the schedule gives none. `beside` says whether
    other campaigns were given. `true_pace` is that of the program's own `settings`, which is projected where they were
    given, `planned_pace` that of the schedule. What a dry run recorded is projected when `is_recorded`.
    """

    messages: int
    ordinary_address: Observed[bool]
    projection_or_none: Projection | None
    no_projection: str | None = None
    limiter: Limiter | None = None
    assumed_pace: bool = False
    beside: bool = False
    true_pace: Pace | None = None
    planned_pace: Pace | None = None
    settings: ProgramSettings | None = None
    is_recorded: bool = False

    @property
    def projection(self) -> Projection:
        """The projection; raises `NotGiven` when the schedule does not say how fast the mail leaves."""
        if self.projection_or_none is None:
            raise NotGiven(self.no_projection or "the schedule gives no pace")
        return self.projection_or_none
