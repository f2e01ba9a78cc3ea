"""The volume facts of the JSON report."""

from __future__ import annotations

from datetime import datetime

from pydantic import Field

from mailaudit.campaign.values.types import Rate
from mailaudit.facts.volume.model import Crowded, Duty, Peak, Projection, Recommended, Series, VolumeFacts
from mailaudit.reports.document.base import Part, Text
from mailaudit.wording import numbered, rate_words

# A calendar of years would drown the report.
_MOST_DAYS = 400
_SHOWN = 8


class RemedySection(Part):
    """A steady rate that keeps the limit."""

    rate: Text
    ends_at: Text | None
    seconds: float


class CrowdedSection(Part):
    """Other mail that finds a limit used up by the campaign."""

    name: Text
    begins_at: Text | None
    ends_at: Text | None
    messages: int


class PeakSection(Part):
    """The fullest window of one key under one limit."""

    scope: Text = Field(description="sender, user, ip, organizational-domain, provider or ip-provider")
    key: Text
    window_s: int
    peak: int
    at: Text | None = Field(description="first message of the earliest fullest window; null without a start")
    limit: int
    limit_source: Text
    first_breach_at: Text | None
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
    begins_at: Text | None
    ends_at: Text | None


class DaySection(Part):
    """One local day."""

    day: Text | None
    messages: int
    other: int


class SeriesSection(Part):
    """How full the window of one limit is over time; each value is the fullest window of its step."""

    key: Text
    window_s: int
    limit: int
    starts_at: Text | None
    step_s: float
    values: tuple[int, ...]


class WaveSection(Part):
    """What leaves to one time zone, from its own local start on."""

    zone: Text
    messages: int
    begins_at: Text | None = Field(description="null when the start has no date")


class RecommendedSection(Part):
    """One schedule that keeps every limit, and grows as receivers bear it."""

    text: Text
    rate: Text | None = Field(description="never faster than this")
    daily: tuple[int, ...] = Field(description="at most so many on each day")
    command: Text


class VolumeSection(Part):
    """How the planned mail is spread over time; without a pace there is nothing but the number of messages."""

    messages: int
    recommended: RecommendedSection | None = Field(default=None, description="null where the schedule may stay")
    waves: tuple[WaveSection, ...] = Field(default=(), description="of a start in everybody's own time")
    starts_at: Text | None = None
    ends_at: Text | None = None
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
    base = VolumeSection(
        messages=facts.messages,
        limiter=facts.limiter.id if facts.limiter else None,
        assumed_pace=facts.assumed_pace,
        not_projected=facts.no_projection,
    )
    projection = facts.projection_or_none
    return base if projection is None else base.model_copy(update=_projected(projection))


def _projected(projection: Projection) -> dict[str, object]:
    return {
        "recommended": projection.recommended and _recommended(projection.recommended),
        "waves": tuple(
            WaveSection(
                zone=wave.zone,
                messages=wave.messages,
                begins_at=_iso(wave.begins_at if projection.starts_at else None),
            )
            for wave in projection.waves
        ),
        "starts_at": _iso(projection.starts_at),
        "ends_at": _iso(projection.ends_at),
        "peaks": tuple(_peak(peak) for peak in (*projection.peaks, *projection.provider_peaks)),
        "obligations": tuple(_obligation(duty) for duty in projection.duties),
        "providers": tuple(
            ProviderFlowSection(
                provider=flow.provider,
                messages=flow.messages,
                peak=flow.peak,
                peak_shuffled=flow.peak_shuffled,
                begins_at=_iso(flow.begins_at),
                ends_at=_iso(flow.ends_at),
            )
            for flow in projection.providers
        ),
        "days": tuple(
            DaySection(day=day.day.isoformat() if day.day else None, messages=day.messages, other=day.other)
            for day in projection.days[:_MOST_DAYS]
        ),
        "ordinary_day": projection.ordinary_day,
        "at_night": projection.at_night,
        "series": _series(projection.series, projection) if projection.series else None,
    }


def _recommended(found: Recommended) -> RecommendedSection:
    shown = ", ".join(f"{count:,}" for count in found.daily[:_SHOWN]) + (" …" if len(found.daily) > _SHOWN else "")
    days = f"spread over {numbered(len(found.daily), 'day')}: {shown}" if found.is_warm_up else ""
    rate = f"at most {rate_words(found.rate)}, evenly" if found.rate else ""
    return RecommendedSection(
        text=", each day ".join(part for part in (days, rate) if part),
        rate=_rate(found.rate) if found.rate else None,
        daily=found.daily[:_MOST_DAYS],
        command=f"mailaudit plan{' --warm-up' if found.is_warm_up else ''}",
    )


def _peak(peak: Peak) -> PeakSection:
    remedy = peak.remedy
    return PeakSection(
        scope=peak.rule.scope,
        key=peak.key,
        window_s=peak.rule.window_s,
        peak=peak.peak,
        at=_iso(peak.at),
        limit=peak.limit,
        limit_source=peak.rule.source,
        first_breach_at=_iso(peak.first_breach_at),
        first_breach_message=peak.first_breach_message,
        name=peak.rule.name,
        kind=peak.rule.kind,
        confidence=peak.rule.confidence,
        effect=peak.rule.effect,
        over=peak.over,
        over_other=peak.over_other,
        other_in_peak=peak.other_in_peak,
        jitter_peak=peak.jitter_peak,
        crowded=tuple(map(_crowded, peak.crowded)),
        remedy=remedy
        and RemedySection(rate=_rate(remedy.rate), ends_at=_iso(remedy.ends_at), seconds=remedy.seconds),
    )


def _crowded(crowded: Crowded) -> CrowdedSection:
    return CrowdedSection(
        name=crowded.name,
        begins_at=_iso(crowded.begins_at),
        ends_at=_iso(crowded.ends_at),
        messages=crowded.messages,
    )


def _obligation(duty: Duty) -> ObligationSection:
    rule = duty.obligation.rule
    return ObligationSection(
        provider=rule.provider or duty.peak.key,
        threshold=rule.max,
        peak=duty.peak.peak,
        reached=duty.peak.breached,
        permanent=duty.obligation.is_permanent,
        duties=duty.obligation.duties,
        source=rule.source,
    )


def _series(series: Series, projection: Projection) -> SeriesSection:
    return SeriesSection(
        key=series.peak.key,
        window_s=series.peak.rule.window_s,
        limit=series.peak.limit,
        starts_at=_iso(projection.starts_at),
        step_s=series.step_s,
        values=series.values,
    )


def _rate(rate: Rate) -> str:
    return f"{rate.count}/{rate.per.unit if rate.per.amount == 1 else rate.per}"


def _iso(at: datetime | None) -> str | None:
    return at.isoformat() if at else None
