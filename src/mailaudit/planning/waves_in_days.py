"""Waves over several days: on each day as many people as a limit of days allows get the mail at their own time of day."""

from collections.abc import Iterator
from fractions import Fraction

from msgspec import Struct
from msgspec.structs import replace

from mailaudit.campaign.values.types import Rate
from mailaudit.facts.volume.flow.streams import Flows
from mailaudit.facts.volume.model import LONG_S
from mailaudit.facts.volume.own_time import over_days
from mailaudit.facts.volume.steady_rate import most_a_day
from mailaudit.planning.problem import PlanningProblem
from mailaudit.planning.rate_search import fastest_rate, lay_out, per_second, typed

_TRIES = 12
_SLOWER = (1, 2, 4, 8)
# Where nothing else sets the pace, the largest wave takes an hour.
_HOUR = 3600


class WavesInDays(Struct, frozen=True):
    """The rate of every wave, the problem with the waves of all days, their streams, and the most on a day."""

    problem: PlanningProblem
    rate: Rate
    flows: Flows
    most_a_day: int | None


def waves_in_days(problem: PlanningProblem, steady: Flows) -> WavesInDays | None:
    """Return waves over days that keep every limit and end before the steady ones; nothing where no limit of days binds."""
    most = most_a_day(problem.limits, problem.crowd())
    if most is None or not problem.plan.waves:
        return None
    found = next(filter(None, (_fastest(spread, share) for spread, share in _spread(problem, most))), None)
    return found if found is not None and found.flows.seconds < steady.seconds else None


def _spread(problem: PlanningProblem, most: int) -> Iterator[tuple[PlanningProblem, int | None]]:
    """Yield the waves over days, with fewer and fewer on each; those of a warm-up are spread already."""
    waves = problem.plan.waves
    if any(wave.day > 1 for wave in waves):
        yield problem, None
    elif most < problem.plan.messages:
        # Rounding puts a message more or less into a window that holds the end of one day and the begin of the next.
        for less in (0, *(1 << power for power in range(_TRIES))):
            if (most - less) * 2 >= most:
                spread = over_days(waves, (most - less,))
                yield replace(problem, plan=replace(problem.plan, waves=spread)), most - less


def _fastest(problem: PlanningProblem, share: int | None) -> WavesInDays | None:
    short = tuple(limit for limit in problem.limits if limit.rule.window_s < LONG_S)
    fastest = fastest_rate(replace(problem, limits=short)) if short else None
    most = (
        per_second(fastest[0]) if fastest else Fraction(max(wave.messages for wave in problem.plan.waves), _HOUR)
    )
    for slower in _SLOWER:
        rate = typed(most / slower)
        flows = lay_out(problem, rate.count, rate.per.seconds) if rate else None
        if rate and flows and problem.keeps_flows(flows):
            return WavesInDays(problem, rate, flows, share)
    return None
