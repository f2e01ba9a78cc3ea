"""The volume facts of the JSON report."""

from datetime import datetime
from typing import Annotated

from pydantic import BeforeValidator, Field

from mailaudit.campaign.values.types import Rate
from mailaudit.facts.volume.model import Duty, Peak, Projection, Recommended, Series, VolumeFacts
from mailaudit.reports.document.base import Instant, Part, Text
from mailaudit.wording import numbered, rate_words


def _written(rate: object) -> object:
    return (
        f"{rate.count}/{rate.per.unit if rate.per.amount == 1 else rate.per}" if isinstance(rate, Rate) else rate
    )


Pace = Annotated[Text, BeforeValidator(_written)]
# A calendar of years would drown the report.
_MOST_DAYS = 400
_SHOWN = 8


class RemedySection(Part):
    """A steady rate that keeps the limit."""

    rate: Pace
    ends_at: Instant | None
    seconds: float


class CrowdedSection(Part):
    """Other mail that finds a limit used up by the campaign."""

    name: Text
    begins_at: Instant | None
    ends_at: Instant | None
    messages: int


class PeakSection(Part):
    """The fullest window of one key under one limit."""

    scope: Text = Field(description="sender, user, ip, organizational-domain, provider or ip-provider")
    key: Text
    window_s: int
    peak: int
    at: Instant | None = Field(description="first message of the earliest fullest window; null without a start")
    limit: int
    limit_source: Text
    first_breach_at: Instant | None
    first_breach_message: int | None = Field(description="numbered from 1 in sending order")
    name: Text
    kind: Text = Field(description="sliding, tumbling or calendar-day")
    confidence: Text
    effect: Text
    over: int = Field(description="messages of the campaign beyond the limit")
    over_other: int = Field(description="other messages beyond the limit")
    other_in_peak: int = Field(description="other messages in the fullest window")
    jitter_peak: int = Field(description="the most in a window when messages come up to a minute early or late")
    crowded: tuple[CrowdedSection, ...] = ()
    remedy: RemedySection | None = None


class ObligationSection(Part):
    """How near the campaign comes to a volume that brings duties."""

    provider: Text
    threshold: int = Field(description="the most that stays below")
    peak: int
    reached: bool
    permanent: bool
    duties: tuple[Text, ...]
    source: Text


class ProviderFlowSection(Part):
    """What one recipient provider gets, and the most in any ten minutes."""

    provider: Text
    messages: int
    peak: int
    peak_shuffled: int = Field(description="if the list were shuffled")
    begins_at: Instant | None
    ends_at: Instant | None


class DaySection(Part):
    """One local day."""

    day: Instant | None
    messages: int
    other: int


class SeriesSection(Part):
    """How full the window of one limit is over time; each value is the fullest window of its step."""

    key: Text
    window_s: int
    limit: int
    starts_at: Instant | None
    step_s: float
    values: tuple[int, ...]


class WaveSection(Part):
    """What leaves to one time zone, from its own local start on."""

    zone: Text
    messages: int
    begins_at: Instant | None = Field(description="null when the start has no date")


class RecommendedSection(Part):
    """One schedule that keeps every limit, and grows as receivers bear it."""

    text: Text
    rate: Pace | None = Field(description="never faster than this")
    daily: tuple[int, ...] = Field(description="at most so many on each day")
    command: Text


class VolumeSection(Part):
    """How the planned mail is spread over time; without a pace there is nothing but the number of messages."""

    messages: int
    recommended: RecommendedSection | None = Field(default=None, description="null where the schedule may stay")
    waves: tuple[WaveSection, ...] = Field(default=(), description="of a start in everybody's own time")
    starts_at: Instant | None = None
    ends_at: Instant | None = None
    peaks: tuple[PeakSection, ...] = ()
    obligations: tuple[ObligationSection, ...] = ()
    providers: tuple[ProviderFlowSection, ...] = ()
    days: tuple[DaySection, ...] = ()
    ordinary_day: int | None = None
    at_night: int | None = None
    series: SeriesSection | None = None
    limiter: Text | None = None
    assumed_pace: bool = False
    not_projected: Text | None = Field(default=None, description="why there is no projection")


def volume_section(facts: VolumeFacts) -> VolumeSection:
    """Return the volume facts as the report shows them."""
    return VolumeSection.of(
        facts,
        limiter=facts.limiter.id if facts.limiter else None,
        not_projected=facts.no_projection,
        **(_projected(facts.projection_or_none) if facts.projection_or_none else {}),
    )


def _projected(projection: Projection) -> dict[str, object]:
    starts_at = projection.starts_at
    return {
        "recommended": projection.recommended and _recommended(projection.recommended),
        "waves": tuple(
            WaveSection.of(wave, begins_at=wave.begins_at if starts_at else None) for wave in projection.waves
        ),
        "starts_at": starts_at,
        "ends_at": projection.ends_at,
        "peaks": tuple(map(_peak, (*projection.peaks, *projection.provider_peaks))),
        "obligations": tuple(map(_obligation, projection.duties)),
        "providers": projection.providers,
        "days": projection.days[:_MOST_DAYS],
        "ordinary_day": projection.ordinary_day,
        "at_night": projection.at_night,
        "series": projection.series and _series(projection.series, starts_at),
    }


def _recommended(found: Recommended) -> RecommendedSection:
    shown = ", ".join(f"{count:,}" for count in found.daily[:_SHOWN]) + (" …" if len(found.daily) > _SHOWN else "")
    evenly = f", each day at most {rate_words(found.rate)}, evenly" if found.rate else ""
    days = f"spread over {numbered(len(found.daily), 'day')}: {shown}{evenly}"
    rate = f"at most {rate_words(found.rate)}, evenly" if found.rate else ""
    return RecommendedSection.of(
        found,
        text=days if found.is_warm_up else rate,
        daily=found.daily[:_MOST_DAYS],
        command=f"mailaudit plan{' --warm-up' if found.is_warm_up else ''}",
    )


def _peak(peak: Peak) -> PeakSection:
    rule = peak.rule
    return PeakSection.of(
        peak,
        scope=rule.scope,
        window_s=rule.window_s,
        limit_source=rule.source,
        name=rule.name,
        kind=rule.kind,
        confidence=rule.confidence,
        effect=rule.effect,
    )


def _obligation(duty: Duty) -> ObligationSection:
    rule = duty.obligation.rule
    return ObligationSection.of(
        duty.obligation,
        provider=rule.provider or duty.peak.key,
        threshold=rule.max,
        peak=duty.peak.peak,
        reached=duty.peak.breached,
        permanent=duty.obligation.is_permanent,
        source=rule.source,
    )


def _series(series: Series, starts_at: datetime | None) -> SeriesSection:
    peak = series.peak
    return SeriesSection.of(
        series, key=peak.key, window_s=peak.rule.window_s, limit=peak.limit, starts_at=starts_at
    )
