"""The volume facts of the JSON report."""

from __future__ import annotations

from datetime import datetime

from pydantic import BaseModel, ConfigDict, Field

from mailaudit.campaign.values import Rate
from mailaudit.facts.volume.model import Peak, VolumeFacts


class Section(BaseModel):
    """A part of the report: immutable, and strict about its keys."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class RemedySection(Section):
    """A steady rate that keeps the limit."""

    rate: str
    ends_at: str | None
    seconds: float


class PeakSection(Section):
    """The fullest window of one key under one limit."""

    scope: str = Field(description="sender, user, ip, domain, provider or ip-provider")
    key: str
    window_s: int
    peak: int
    at: str | None = Field(description="first message of the earliest fullest window; null without a start")
    limit: int
    limit_source: str
    first_breach_at: str | None
    first_breach_message: int | None = Field(description="numbered from 1 in sending order")
    name: str
    confidence: str
    effect: str
    over: int = Field(description="messages of the campaign beyond the limit")
    over_other: int = Field(description="other messages beyond the limit")
    remedy: RemedySection | None


class VolumeSection(Section):
    """How the planned mail is spread over time; without a pace there is nothing but the number of messages."""

    messages: int
    starts_at: str | None
    ends_at: str | None
    peaks: tuple[PeakSection, ...]
    not_projected: str | None = Field(description="why there is no projection")


def volume_section(facts: VolumeFacts) -> VolumeSection:
    """Return the volume facts as the report shows them."""
    projection = facts.projection_or_none
    return VolumeSection(
        messages=facts.messages,
        starts_at=_iso(projection.starts_at) if projection else None,
        ends_at=_iso(projection.ends_at) if projection else None,
        peaks=tuple(_peak(peak) for peak in projection.peaks) if projection else (),
        not_projected=facts.no_projection,
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
        confidence=peak.rule.confidence,
        effect=peak.rule.effect,
        over=peak.over,
        over_other=peak.over_other,
        remedy=RemedySection(rate=_rate(remedy.rate), ends_at=_iso(remedy.ends_at), seconds=remedy.seconds)
        if remedy
        else None,
    )


def _rate(rate: Rate) -> str:
    return f"{rate.count}/{rate.per.unit if rate.per.amount == 1 else rate.per}"


def _iso(at: datetime | None) -> str | None:
    return at.isoformat() if at else None
