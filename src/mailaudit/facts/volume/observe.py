"""Lay the planned mail out over time and hold it against every limit."""

import dataclasses
from collections.abc import Sequence

from mailaudit.campaign.schedule import Schedule
from mailaudit.facts.capture.deliveries import Recorded
from mailaudit.facts.recipients.model import RecipientFacts
from mailaudit.facts.sender.names import is_at_or_under
from mailaudit.facts.volume.by_provider import ProviderView, view_providers
from mailaudit.facts.volume.flow.pace import default_pace, limiter_of, pace_of
from mailaudit.facts.volume.flow.streams import Flows, OtherFlow, Plan, flows_of, recorded_flows
from mailaudit.facts.volume.limits import OF_A_PROVIDER, limit_of_campaign, reach_of, rules_of
from mailaudit.facts.volume.mailing import Beside, Mailing
from mailaudit.facts.volume.model import Overlap, Peak, Projection, VolumeFacts
from mailaudit.facts.volume.own_time import waves_of
from mailaudit.facts.volume.peaks import peak_of, with_remedy
from mailaudit.facts.volume.recommended import recommended
from mailaudit.facts.volume.settings.read import pace_of_settings
from mailaudit.facts.volume.steady_rate import most_a_day
from mailaudit.facts.volume.timeline import at_night, days_of, ordinary_day, series_of
from mailaudit.knowledge.types.volume import LimitRule


def observe_volume(
    mailing: Mailing,
    recipients: RecipientFacts | None,
    beside: Sequence[Beside] = (),
    recorded: Recorded | None = None,
) -> VolumeFacts | None:
    """Return how the mail is spread over time, or nothing without a recipient list.

    What a dry run `recorded` takes the place of the planned pace and order. Raises `InputError` when the schedule makes no
    sense (centuries of sending, an unknown limiter).
    """
    if recorded is not None:
        return _as_recorded(mailing, recipients, beside, recorded)
    if recipients is None:
        return None
    messages = recipients.messages
    limiter = limiter_of(mailing.schedule, mailing.program)
    schedule = mailing.schedule or Schedule()
    planned = pace_of(schedule, messages)
    settings = mailing.settings
    pace = pace_of_settings(settings, schedule.processes, messages) if settings else planned
    assumed = pace is None and limiter is not None
    if pace is None and limiter is not None:
        pace = default_pace(limiter, schedule, messages)
    if pace is None:
        return VolumeFacts(messages, mailing.ordinary, None, _why_not(mailing), limiter, beside=bool(beside))
    rules = tuple(rules_of(mailing))
    plan = Plan(
        mailing, schedule, messages, reach_of(rules), tuple(beside), waves=waves_of(schedule, recipients.zones)
    )
    flows = flows_of(plan, pace)
    projection = project(plan, flows, rules, recipients) if messages else Projection(None, None, 0.0, ())
    return VolumeFacts(
        messages=messages,
        ordinary_address=mailing.ordinary,
        projection_or_none=projection,
        limiter=limiter,
        assumed_pace=assumed and schedule.limiter is None,
        beside=bool(beside),
        true_pace=pace if settings else None,
        planned_pace=planned,
        settings=settings,
    )


def _as_recorded(
    mailing: Mailing, recipients: RecipientFacts | None, beside: Sequence[Beside], recorded: Recorded
) -> VolumeFacts:
    messages = len(recorded.seconds)
    if not messages:
        return VolumeFacts(0, mailing.ordinary, None, "the dry run recorded no message", beside=bool(beside))
    rules = tuple(rules_of(mailing))
    schedule = (mailing.schedule or Schedule()).model_copy(update={"order": "list"})
    plan = Plan(mailing, schedule, messages, reach_of(rules), tuple(beside))
    flows = recorded_flows(plan, recorded.seconds)
    listed = recipients or RecipientFacts((), messages, messages, 0, 0, 0, messages, 0)
    seen = dataclasses.replace(listed, provider_names=recorded.names, provider_sequence=recorded.providers)  # noqa: TID251 - a data class
    return VolumeFacts(
        messages=messages,
        ordinary_address=mailing.ordinary,
        projection_or_none=project(plan, flows, rules, seen),
        beside=bool(beside),
        planned_pace=pace_of(schedule, messages),
        is_recorded=True,
    )


def project(plan: Plan, flows: Flows, rules: Sequence[LimitRule], recipients: RecipientFacts) -> Projection:
    """Return the projection of streams that are laid out already."""
    mailing = plan.mailing
    limits = [limit_of_campaign(rule, mailing) for rule in rules if rule.scope not in OF_A_PROVIDER]
    peaks = tuple(with_remedy(peak_of(limit, flows), limit, flows, plan) for limit in limits)
    # In waves nobody knows who comes when.
    providers = (
        ProviderView() if plan.waves else view_providers(recipients, rules, mailing, plan.schedule.order, flows)
    )
    domain = mailing.organizational_domain
    of_the_domain = flows.of_domain(domain)
    days, usual = days_of(flows, of_the_domain), ordinary_day(flows, of_the_domain)
    ordinary = mailing.ordinary.value is True
    certain = [limit for limit in limits if limit.rule.confidence != "low"]
    tightest = max(range(len(peaks)), key=lambda place: _tightness(peaks[place]), default=None)
    return Projection(
        starts_at=flows.instant(flows.first_tick),
        ends_at=flows.instant(flows.last_tick),
        seconds=flows.seconds,
        peaks=peaks,
        provider_peaks=providers.peaks,
        duties=providers.duties,
        providers=providers.flows,
        days=days,
        ordinary_day=usual,
        at_night=at_night(flows, plan.waves),
        series=None if tightest is None else series_of(limits[tightest], peaks[tightest], flows),
        waves=plan.waves,
        recommended=recommended(plan.messages, peaks, days, usual, most_a_day(certain, flows), ordinary=ordinary),
        overlaps=tuple(overlap for other in flows.others if (overlap := _overlap(other, flows, domain))),
    )


def _why_not(mailing: Mailing) -> str:
    if mailing.schedule is None:
        return "the campaign gives no schedule"
    return (
        "the schedule gives no pace (rate, batch, over or limiter), and nothing is known of the sending software's"
    )


def _tightness(peak: Peak) -> tuple[int, float]:
    # A doubtful limit must not take the chart from a certain one.
    return peak.rule.confidence.rank, peak.share


def _overlap(other: OtherFlow, flows: Flows, domain: str) -> Overlap | None:
    if not other.is_campaign or not is_at_or_under(other.party.domain or domain, domain):
        return None
    first, last = other.stream.first_tick, other.stream.last_tick
    begins, ends = max(first, flows.first_tick), min(last, flows.last_tick)
    if begins > ends:
        return None
    return Overlap(other.name, flows.instant(begins), flows.instant(ends), other.stream.count)
