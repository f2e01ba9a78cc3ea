"""Lay the planned mail out over time and hold it against every limit."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

from mailaudit.campaign.model import Campaign
from mailaudit.errors import InputError
from mailaudit.facts.observed import Observed
from mailaudit.facts.recipients.model import RecipientFacts
from mailaudit.facts.sender.model import SenderFacts
from mailaudit.facts.volume.applied import Applied, applied, rules_of
from mailaudit.facts.volume.flows import Flows, flows_of
from mailaudit.facts.volume.model import Peak, Projection, Remedy, VolumeFacts
from mailaudit.facts.volume.pace import Pace, pace_of
from mailaudit.facts.volume.steady import steady_rate
from mailaudit.facts.volume.window import Sliding, fullest
from mailaudit.knowledge.volume_model import Scope

_OF_A_PROVIDER = frozenset({Scope.PROVIDER, Scope.IP_PROVIDER})


def observe_volume(
    campaign: Campaign, recipients: RecipientFacts | None, sender: SenderFacts
) -> VolumeFacts | None:
    """Return how the mail is spread over time, or nothing without a recipient list or a schedule.

    Raises `InputError` when the schedule makes no sense (a rate of zero, centuries of sending).
    """
    if recipients is None or campaign.schedule is None:
        return None
    messages = recipients.messages
    ordinary = ordinary_address(campaign, sender)
    pace = pace_of(campaign.schedule, messages)
    if pace is None:
        return VolumeFacts(messages, ordinary, None, "the schedule gives no pace (rate, batch or over)")
    # When it could not be found out, the rule is still projected: the check asks again before it judges.
    rules = tuple(rules_of(campaign, ordinary=ordinary.value is not False))
    longest = max((rule.window_s for rule in rules), default=0)
    flows = flows_of(campaign, campaign.schedule, pace, messages, longest)
    if not messages:
        return VolumeFacts(messages, ordinary, Projection(None, None, 0.0, ()))
    limits = [applied(rule, campaign, sender) for rule in rules if rule.scope not in _OF_A_PROVIDER]
    peaks = tuple(_with_remedy(peak_of(limit, flows), limit, flows, campaign, messages) for limit in limits)
    projection = Projection(
        starts_at=flows.instant(flows.first_tick),
        ends_at=flows.instant(flows.last_tick),
        seconds=(flows.last_tick - flows.first_tick) / flows.clock.per_second,
        peaks=peaks,
    )
    return VolumeFacts(messages, ordinary, projection)


def ordinary_address(campaign: Campaign, sender: SenderFacts) -> Observed[bool]:
    """Return whether the mail leaves an ordinary address and not the pool of a sending platform."""
    platform = campaign.sending.platform
    if platform is not None and platform != "none":
        return Observed.known(value=False)
    if sender.sends_via.is_known:
        return Observed.known(value=sender.sends_via.value != "platform")
    if platform == "none":
        return Observed.known(value=True)
    return Observed.unknown(sender.sends_via.unavailable or "the sender's records did not answer")


def peak_of(limit: Applied, flows: Flows) -> Peak:
    """Return the fullest window of one limit."""
    others = [other.stream for other in flows.others if limit.belongs(other)]
    window = Sliding(flows.clock.ticks(limit.rule.window_s), limit.rule.max)
    found = fullest(window, flows.campaign, others)
    return Peak(
        rule=limit.rule,
        key=limit.key,
        peak=found.peak,
        at=flows.instant(found.opens),
        limit=found.allowed,
        first_breach_at=flows.instant(found.breach_tick),
        first_breach_message=None if found.breach_number is None else found.breach_number + 1,
        over=found.over,
        over_other=found.over_other,
        other_in_peak=found.other_in_peak,
    )


def _with_remedy(peak: Peak, limit: Applied, flows: Flows, campaign: Campaign, messages: int) -> Peak:
    if not peak.breached or campaign.schedule is None:
        return peak
    rate = steady_rate(limit, flows)
    if rate is None:
        return peak
    pace = Pace(Fraction(rate.per.seconds, rate.count))
    try:
        slower = flows_of(campaign, campaign.schedule, pace, messages, limit.rule.window_s)
    except InputError:
        return peak
    if peak_of(limit, slower).breached:
        return peak
    seconds = (slower.last_tick - slower.first_tick) / slower.clock.per_second
    return replace(peak, remedy=Remedy(rate, slower.instant(slower.last_tick), seconds))
