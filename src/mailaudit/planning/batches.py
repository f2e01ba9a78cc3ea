"""The same plan in batches, for software that knows nothing else."""

from fractions import Fraction
from math import ceil

from mailaudit.errors import InputError
from mailaudit.facts.volume.flow.pace import Pace
from mailaudit.facts.volume.flow.streams import Flows, flows_of
from mailaudit.facts.volume.model import jitter_of
from mailaudit.planning.model import Batching
from mailaudit.planning.problem import PlanningProblem, reserved

_MINUTE = 60


def batches(problem: PlanningProblem) -> Batching | None:
    """Return the largest batches, of each process, that keep every limit even when one comes late and the next early.

    The pause is as long as the shortest window and twice that little, in whole minutes where it takes a minute; as a longer
    one where not even a message at a time would do. Nothing when all messages fit into one.
    """
    windows = sorted({limit.rule.window_s for limit in problem.limits})
    return next(filter(None, (_paused(problem, window_s) for window_s in windows)), None)


def _paused(problem: PlanningProblem, window_s: int) -> Batching | None:
    pause = ceil(window_s + 2 * jitter_of(window_s))
    every = pause if window_s < _MINUTE else ceil(pause / _MINUTE) * _MINUTE
    most = min(problem.plan.messages, *(reserved(limit).rule.max for limit in problem.limits))
    low, high = 0, most // problem.plan.schedule.processes + 1
    best: Flows | None = None
    while high - low > 1:
        middle = (low + high) // 2
        flows = _in_batches(problem, middle, every)
        if flows is None:
            high = middle
        else:
            low, best = middle, flows
    if best is None or low >= problem.plan.messages:
        return None
    return Batching(low, every, best.instant(best.last_tick), best.seconds)


def _in_batches(problem: PlanningProblem, size: int, every_s: int) -> Flows | None:
    """Return the streams of a batch plan when it keeps every limit, also with batches a little early or late."""
    try:
        flows = flows_of(problem.plan, Pace(Fraction(every_s), size * problem.plan.schedule.processes))
    except InputError:
        return None
    return flows if problem.keeps_shaken(flows) and problem.keeps_flows(flows) else None
