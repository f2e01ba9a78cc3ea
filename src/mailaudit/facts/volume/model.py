"""What is known about the campaign's volume: limits, peaks and the projection that holds them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from mailaudit.campaign.values import Rate
from mailaudit.facts.observed import NotGiven, Observed
from mailaudit.knowledge.volume_model import LimitRule


@dataclass(frozen=True, slots=True)
class Remedy:
    """A steady rate that keeps one limit, when the campaign then ends and how long it takes."""

    rate: Rate
    ends_at: datetime | None
    seconds: float


@dataclass(frozen=True, slots=True)
class Peak:
    """The fullest window of one key under one limit.

    `at` is the instant of the first message in the earliest fullest window, `limit` the maximum that holds
    there. The first breach is the first message of the campaign (numbered from 1 in sending order) that finds
    the window over its limit; without one, the first other message that does. `over` counts the campaign's
    messages beyond the limit, `over_other` the other mail's. Instants are missing when the schedule names no
    start. `remedy` is a steady rate that keeps a breached limit; missing when other mail leaves no room.
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


@dataclass(frozen=True, slots=True)
class Projection:
    """How the planned mail is spread over time.

    `starts_at` and `ends_at` are the instants of the first and the last message, in the schedule's zone;
    missing when the schedule names no start. `seconds` is the time between them.
    """

    starts_at: datetime | None
    ends_at: datetime | None
    seconds: float
    peaks: tuple[Peak, ...]


@dataclass(frozen=True, slots=True)
class VolumeFacts:
    """How many messages the campaign sends, and their projection or the reason why there is none.

    `ordinary_address` says whether the rules for an ordinary address apply, as opposed to a sending platform's
    pool; it is unavailable when the sender's records did not answer.
    """

    messages: int
    ordinary_address: Observed[bool]
    projection_or_none: Projection | None
    no_projection: str | None = None

    @property
    def projection(self) -> Projection:
        """The projection; raises `NotGiven` when the schedule does not say how fast the mail leaves."""
        if self.projection_or_none is None:
            raise NotGiven(self.no_projection or "the schedule gives no pace")
        return self.projection_or_none
