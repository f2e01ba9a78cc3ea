"""Lanes: every provider with limits of its own gets its mail as a list of its own, and all lists leave side by side.

One list in one order goes as slowly as the strictest provider lets it. In lanes only that provider's mail is slow, as long as
the lanes together keep the limits on what leaves.
"""

from collections.abc import Sequence
from fractions import Fraction
from math import ceil, lcm

import numpy as np
from msgspec import Struct
from msgspec.structs import replace

from mailaudit.campaign.values.types import Duration, Rate
from mailaudit.errors import InputError
from mailaudit.facts.volume.flow.pace import Pace, runs_of
from mailaudit.facts.volume.flow.stream_math import Runs
from mailaudit.facts.volume.flow.streams import Flows, flows_of
from mailaudit.facts.volume.limits import CampaignLimit
from mailaudit.facts.volume.steady_rate import other_at_most
from mailaudit.facts.volume.windows.count import keeps
from mailaudit.facts.volume.windows.kinds import window_of
from mailaudit.knowledge.receivers import provider_named
from mailaudit.planning.model import Lane, LanePlan
from mailaudit.planning.problem import PlanningProblem, lowest, reserved
from mailaudit.planning.rate_search import UNITS, fastest_rate, per_second

# Beyond so many messages the lanes are not merged; what evenly spaced mail puts into a window at most decides.
_MERGED = 200_000
_ROUNDS = 24
_NEAR = Fraction(1001, 1000)
# Rounding up to a number that a person can type may speed a lane up by so much.
_CLOSE = Fraction(51, 50)


class _Share(Struct, frozen=True):
    """What one lane carries, and the fastest rate that its own limits and those of all allow."""

    provider: str | None
    messages: int
    fastest: Rate

    def lasts(self, rate: Rate) -> Fraction:
        """Return the time in seconds from the first message to the last, pauses left out."""
        return (self.messages - 1) * Fraction(rate.per.seconds, rate.count)

    def within(self, seconds: Fraction) -> Rate:
        """Return the slowest rate, in numbers that a person can type, that ends in time."""
        if self.lasts(self.fastest) >= seconds or self.messages == 1:
            return self.fastest
        wanted = (self.messages - 1) / seconds
        for length, unit in UNITS:
            count = ceil(wanted * length)
            if Fraction(count, length) <= wanted * _CLOSE or length == UNITS[-1][0]:
                rate = Rate(count, Duration(1, unit))
                return min(rate, self.fastest, key=per_second)
        return self.fastest


def lanes(problem: PlanningProblem, *, doubtful: bool = False) -> LanePlan | None:
    """Return the lanes that end first, nothing where no provider has limits of its own, or where they cannot be kept.

    With `doubtful` the limits of low confidence on providers are kept too.
    """
    limits = problem.by_provider + (problem.doubtful_by_provider if doubtful else ())
    if not limits:
        return None
    shares = _shares(problem, limits)
    if shares is None:
        return None
    rates = _fastest(problem, shares)
    if rates is None:
        return None
    flows, streams = _side_by_side(problem, shares, rates)
    found = tuple(
        Lane(
            provider=share.provider,
            messages=share.messages,
            rate=rate,
            ends_at=flows.instant(stream.last_tick),
            seconds=(stream.last_tick - flows.first_tick) / flows.clock.per_second,
            connections=_connections(share.provider),
        )
        for share, rate, stream in zip(shares, rates, streams, strict=True)
    )
    return LanePlan(tuple(sorted(found, key=lambda lane: -lane.seconds)), doubtful=doubtful)


def _shares(problem: PlanningProblem, limits: Sequence[tuple[CampaignLimit, int]]) -> list[_Share] | None:
    """Return a share for each provider with limits, and one for everybody else; nothing when one of them finds no rate."""
    own: dict[int, list[CampaignLimit]] = {}
    for limit, index in limits:
        own.setdefault(index, []).append(limit)
    counted: list[tuple[str | None, int, list[CampaignLimit]]] = [
        (of_it[0].rule.provider, problem.share(index), of_it) for index, of_it in own.items()
    ]
    rest = problem.plan.messages - sum(messages for _, messages, _ in counted)
    if rest:
        counted.append((None, rest, []))
    single = problem.plan.schedule.model_copy(update={"processes": 1})
    shares = []
    for provider, messages, of_it in counted:
        # Each lane is a sender of its own.
        plan = replace(problem.plan, messages=messages, schedule=single)
        alone = replace(problem, plan=plan, limits=(*problem.limits, *of_it), by_provider=(), doubtful=())
        found = fastest_rate(alone)
        if found is None:
            return None
        shares.append(_Share(provider, messages, found[0]))
    return shares


def _fastest(problem: PlanningProblem, shares: Sequence[_Share]) -> list[Rate] | None:
    """Return the rate of each lane with which all end as early as they can, by bisection.

    A lane that its own limits make last longer keeps its fastest rate; the others share what it leaves.
    """
    low, high = Fraction(0), max(Fraction(1), *(share.lasts(share.fastest) for share in shares))
    for _ in range(_ROUNDS):
        best = [share.within(high) for share in shares]
        if _keep(problem, shares, best):
            break
        low, high = high, 2 * high
    else:
        return None
    for _ in range(_ROUNDS):
        middle = (low + high) / 2
        rates = [share.within(middle) for share in shares]
        if _keep(problem, shares, rates):
            high, best = middle, rates
        else:
            low = middle
        if high <= low * _NEAR:
            break
    return best


def _keep(problem: PlanningProblem, shares: Sequence[_Share], rates: Sequence[Rate]) -> bool:
    """Say whether the lanes together keep the limits on what leaves, with the reserve left free."""
    crowd = problem.crowd()
    tight = [limit for limit in problem.limits if not _surely(limit, crowd, shares, rates)]
    if not tight:
        return True
    if problem.plan.messages > _MERGED:
        return False
    try:
        flows, streams = _side_by_side(problem, shares, rates)
    except InputError:
        return False
    numbers = (np.arange(stream.count, dtype=np.int64) for stream in streams)
    ticks = np.concatenate([stream.times(one) for stream, one in zip(streams, numbers, strict=True)])
    merged = Runs.of_beats(*np.unique(ticks, return_counts=True))
    for limit in tight:
        window = window_of(reserved(limit).rule, flows.clock, flows.first_tick, merged.last_tick)
        if not keeps(window, merged, limit.others(flows)):
            return False
    return True


def _surely(limit: CampaignLimit, crowd: Flows, shares: Sequence[_Share], rates: Sequence[Rate]) -> bool:
    window, most = lowest(limit)
    mine = sum(
        min(share.messages, ceil(Fraction(window * rate.count, rate.per.seconds)))
        for share, rate in zip(shares, rates, strict=True)
    )
    return mine + other_at_most(limit, crowd, window) <= most


def _side_by_side(
    problem: PlanningProblem, shares: Sequence[_Share], rates: Sequence[Rate]
) -> tuple[Flows, list[Runs]]:
    """Lay the lanes out on one clock, each from the start on: what leaves beside the slowest, and the stream of each."""
    paces = [Pace(Fraction(rate.per.seconds, rate.count)) for rate in rates]
    slowest = max(range(len(shares)), key=lambda at: shares[at].lasts(rates[at]))
    grain = Fraction(1, lcm(*(pace.step.denominator for pace in paces)))
    plan = replace(problem.plan, messages=shares[slowest].messages, grain=grain)
    flows = flows_of(plan, paces[slowest])
    opening = plan.opening
    streams = [
        runs_of(pace, opening, flows.clock, flows.first_tick, share.messages)
        for share, pace in zip(shares, paces, strict=True)
    ]
    return flows, streams


def _connections(provider: str | None) -> int | None:
    known = provider_named(provider) if provider else None
    asked = known.requirement("connections") if known else None
    return int(asked.value) if asked is not None and asked.value else None
