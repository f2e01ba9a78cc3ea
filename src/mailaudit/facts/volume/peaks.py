"""From a limit and the streams to a peak with local times, and a rate that would keep the limit."""

import dataclasses
from collections.abc import Sequence
from fractions import Fraction

from msgspec.structs import replace

from mailaudit.errors import InputError
from mailaudit.facts.volume.flow.pace import Pace
from mailaudit.facts.volume.flow.stream_math import Selection, Stream
from mailaudit.facts.volume.flow.streams import Flows, OtherFlow, Plan, flows_of
from mailaudit.facts.volume.limits import CampaignLimit
from mailaudit.facts.volume.model import Crowded, Peak, Remedy, jitter_of
from mailaudit.facts.volume.steady_rate import steady_rate
from mailaudit.facts.volume.windows.count import Fullest, fullest, keeps
from mailaudit.facts.volume.windows.crowding import Stretch, crowded_out
from mailaudit.facts.volume.windows.kinds import Sliding, window_of
from mailaudit.facts.volume.windows.window import Window
from mailaudit.knowledge.types.volume import WindowKind

# Evenly spaced mail may gain one message from rounding; a tenth more than it would is a burst.
BURST = Fraction(11, 10)


def peak_of(limit: CampaignLimit, flows: Flows, stream: Stream | None = None) -> Peak:
    """Return the fullest window of one limit, over the whole campaign or a part of it."""
    others = [other for other in flows.others if limit.belongs(other.party)]
    campaign = flows.campaign if stream is None else stream
    streams = [other.stream for other in others]
    window = window_of(limit.rule, flows.clock, flows.first_tick, flows.last_tick)
    found = fullest(window, campaign, streams)
    jitter_peak, is_robust = (found.peak, True) if stream is not None else shaken(limit, flows, found.peak)
    return Peak(
        rule=limit.rule,
        key=limit.key,
        peak=found.peak,
        at=flows.instant(found.opens),
        limit=found.allowed if found.closes is not None else limit.rule.max,
        first_breach_at=flows.instant(found.breach_tick),
        first_breach_message=_number(found, campaign),
        over=found.over,
        over_other=found.over_other,
        other_in_peak=found.other_in_peak,
        jitter_peak=jitter_peak,
        is_robust=is_robust,
        crowded=_crowded(crowded_out(window, campaign, streams), others, flows) if found.over_other else (),
    )


def _number(found: Fullest, campaign: Stream) -> int | None:
    if found.breach_number is None:
        return None
    place = campaign.place(found.breach_number) if isinstance(campaign, Selection) else found.breach_number
    return place + 1


def shaken(limit: CampaignLimit, flows: Flows, peak: int) -> tuple[int, bool]:
    """Return the most that a window may hold when each message comes a little early or late, and whether that is robust.

    Two messages can share a window then if they lie less than the window and twice the jitter apart, so the answer is the
    fullest window of that length. Evenly spaced mail grows with the window, and each sender may gain one message from
    rounding: a schedule is robust when it stays within the limit, or at most a tenth above that.
    """
    window = shaken_window(limit, flows)
    if not isinstance(window, Sliding):
        return peak, True
    others = limit.others(flows)
    found = fullest(window, flows.campaign, others)
    even = peak * Fraction(window.length, flows.clock.ticks(limit.rule.window_s)) + flows.abreast + len(others)
    return found.peak, found.peak <= max(Fraction(found.allowed), even * BURST)


def shaken_window(limit: CampaignLimit, flows: Flows) -> Window:
    """Return the window of a limit, longer by twice the jitter where it slides."""
    window_s = limit.rule.window_s
    window = window_of(limit.rule, flows.clock, flows.first_tick, flows.last_tick)
    if not isinstance(window, Sliding):
        return window
    return dataclasses.replace(window, length=flows.clock.ticks(window_s + 2 * jitter_of(window_s)))  # noqa: TID251 - a data class


def _crowded(found: Sequence[Stretch], others: Sequence[OtherFlow], flows: Flows) -> tuple[Crowded, ...]:
    return tuple(
        Crowded(
            name=others[stretch.stream].name,
            begins_at=flows.instant(stretch.begins),
            ends_at=flows.instant(stretch.ends),
            messages=stretch.messages,
        )
        for stretch in found
    )


def with_remedy(peak: Peak, limit: CampaignLimit, flows: Flows, plan: Plan) -> Peak:
    """Return the peak with a steady rate that keeps its limit."""
    if not peak.breached:
        return peak
    rate = steady_rate(limit, flows)
    if rate is None:
        return peak
    pace = Pace(Fraction(rate.per.seconds, rate.count))
    try:
        slower = flows_of(plan, pace, alone=True)
        kept = (_is_plain(limit) and not plan.waves) or _is_kept(limit, flows_of(plan, pace))
    except InputError:
        return peak
    if not kept:
        return peak
    return replace(peak, remedy=Remedy(rate, slower.instant(slower.last_tick), slower.seconds))


def _is_plain(limit: CampaignLimit) -> bool:
    """Say whether a steady rate of at most maximum / window is known to keep the limit, without a look at the clock."""
    return limit.rule.kind is WindowKind.SLIDING and not limit.rule.modifiers


def _is_kept(limit: CampaignLimit, flows: Flows) -> bool:
    window = window_of(limit.rule, flows.clock, flows.first_tick, flows.last_tick)
    return keeps(window, flows.campaign, limit.others(flows))
