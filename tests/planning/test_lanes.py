"""Lanes keep every limit together, and none of the same form ends much sooner, by exhaustive search."""

from __future__ import annotations

from fractions import Fraction
from itertools import product

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from facts.volume.plans import mailing, recipients
from mailaudit.facts.volume.model import RESERVE
from mailaudit.planning.lanes import lanes
from mailaudit.planning.model import LanePlan, SendingPlan
from mailaudit.planning.plan import plan_campaign
from mailaudit.planning.problem import PlanningProblem, problem_of
from support.effort import examples

SCHEDULE = {"start": "2026-12-01T09:00", "timezone": "Europe/Paris"}
NAMES = ("gmail", "orange", "other")


def problem(counts: tuple[int, ...], most: int, all_in_ten: int) -> PlanningProblem:
    """A limit on each provider in an hour, and one on everything in ten minutes."""
    sequence = np.repeat(np.arange(len(counts), dtype=np.uint16), counts)
    limits = [
        {"name": "each", "scope": "provider", "max": most, "window": "1h"},
        {"name": "all", "scope": "sender", "max": all_in_ten, "window": "10min"},
    ]
    sent = mailing(SCHEDULE, "platform", limits=limits, sending={"platform": "brevo"})
    return problem_of(sent, recipients(sum(counts), provider_names=NAMES, provider_sequence=sequence))


def instants(messages: int, step: Fraction) -> list[Fraction]:
    return [place * step for place in range(messages)]


def fullest(times: list[Fraction], window: int) -> int:
    return max(sum(at - window < other <= at for other in times) for at in times)


def reserved(most: int) -> int:
    return most - max(most // RESERVE, 1)


def keeps(lists: list[list[Fraction]], most: int, all_in_ten: int) -> bool:
    own = all(fullest(times, 3600) <= reserved(most) for times in lists[:-1])
    return own and fullest([at for times in lists for at in times], 600) <= reserved(all_in_ten)


def best(counts: tuple[int, ...], most: int, all_in_ten: int) -> Fraction:
    """The shortest time of any lanes at whole rates in a minute, an hour or a day, tried one after the other."""
    steps = {Fraction(length, count) for length, top in ((60, 3), (3600, 30)) for count in range(1, top)}
    lasting = sorted(
        product(sorted(steps), repeat=len(counts)),
        key=lambda chosen: max((n - 1) * step for n, step in zip(counts, chosen, strict=True)),
    )
    for chosen in lasting:
        if keeps([instants(n, step) for n, step in zip(counts, chosen, strict=True)], most, all_in_ten):
            return max((n - 1) * step for n, step in zip(counts, chosen, strict=True))
    raise AssertionError("nothing keeps the limits")


@settings(max_examples=examples(4), deadline=None)
@given(st.integers(4, 9), st.integers(2, 9), st.integers(3, 8), st.integers(3, 6))
def test_no_lanes_of_whole_rates_end_much_sooner(slow: int, others: int, most: int, all_in_ten: int) -> None:
    counts = (slow, 0, others)
    given_problem = problem(counts, most, all_in_ten)
    found = lanes(given_problem)
    if found is None:
        assert slow <= reserved(most)
        return
    lists = {
        lane.provider: instants(lane.messages, Fraction(lane.rate.per.seconds, lane.rate.count))
        for lane in found.lanes
    }
    assert {name: len(times) for name, times in lists.items()} == {"gmail": slow, None: others}
    assert keeps([lists["gmail"], lists[None]], most, all_in_ten)
    assert found.slowest.seconds <= float(best((slow, others), most, all_in_ten)) * 1.02


def planned(given_problem: PlanningProblem) -> LanePlan:
    plan = plan_campaign(given_problem)
    assert isinstance(plan, SendingPlan)
    assert plan.lanes is not None
    return plan.lanes


def test_only_the_strict_provider_is_slow() -> None:
    found = planned(problem((300, 0, 2000), 100, 400))
    slow, rest = found.lanes
    assert (slow.provider, slow.messages, rest.provider) == ("gmail", 300, None)
    assert 97 <= slow.rate.count * 3600 / slow.rate.per.seconds <= 98
    assert rest.ends_at is not None
    assert found.slowest.ends_at is not None
    assert rest.ends_at < found.slowest.ends_at


def test_a_provider_that_takes_few_connections_says_so() -> None:
    connections = {lane.provider: lane.connections for lane in planned(problem((0, 300, 900), 100, 400)).lanes}
    assert connections == {"orange": 2, None: None}


def test_nobody_with_limits_of_its_own_needs_no_lane() -> None:
    assert lanes(problem((0, 0, 500), 10, 100)) is None
