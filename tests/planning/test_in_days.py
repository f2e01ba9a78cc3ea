"""A plan of two rates against every other of its form, and against the night in which the clocks change."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from fractions import Fraction
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from facts.volume.plans import mailing, recipients
from mailaudit.facts.volume.model import with_reserve
from mailaudit.planning.model import SendingPlan
from mailaudit.planning.plan import plan_campaign
from mailaudit.planning.problem import problem_of

DAY = 86_400
PARIS = ZoneInfo("Europe/Paris")


def planned(messages: int, schedule: dict[str, Any], limits: list[dict[str, Any]]) -> SendingPlan:
    """The plan of a campaign that only its own limits bind."""
    begin = {"start": "2026-12-01T09:00", "timezone": "Europe/Paris", **schedule}
    sent = mailing(begin, "platform", limits=limits, sending={"platform": "brevo"})
    plan = plan_campaign(problem_of(sent, recipients(messages)))
    assert isinstance(plan, SendingPlan)
    return plan


def staged(messages: int, room: int, step: Fraction) -> list[Fraction]:
    return [place // room * DAY + place % room * step for place in range(messages)]


def keeps(times: list[Fraction], window: int, most: int) -> bool:
    return all(sum(at - window < other <= at for other in times) <= most for at in times)


@pytest.mark.slow
@settings(max_examples=6, deadline=None)
@given(st.integers(10, 40), st.integers(3, 7), st.integers(8, 20))
def test_no_plan_of_the_same_form_ends_much_sooner(messages: int, a_minute: int, a_day: int) -> None:
    limits = [
        {"name": "minute", "scope": "sender", "max": a_minute, "window": "1min"},
        {"name": "day", "scope": "sender", "max": a_day, "window": "24h"},
    ]
    per_minute, per_day = map(with_reserve, (a_minute, a_day))
    steps = {Fraction(60, count) for count in range(1, a_minute + 2)} | {
        Fraction(3600, n) for n in range(1, 400, 7)
    }
    every = [(room, step) for room in range(1, a_day + 1) for step in steps if room * step < DAY]
    in_order = sorted(every, key=lambda one: (messages - 1) // one[0] * DAY + (messages - 1) % one[0] * one[1])
    schedules = (staged(messages, room, step) for room, step in in_order)
    best = next(times[-1] for times in schedules if keeps(times, 60, per_minute) and keeps(times, DAY, per_day))
    assert planned(messages, {}, limits).seconds <= float(best) * 1.02


@pytest.mark.parametrize("kind", ["sliding", "calendar-day", "tumbling"])
def test_a_night_in_which_the_clocks_change_slows_that_night_only(kind: str) -> None:
    limit = {"name": "day", "scope": "sender", "max": 300, "window": "24h", "kind": kind}
    schedule = {"hours": "09:00-18:00", "start": "2027-03-01T09:00"}
    plan = planned(15_000, schedule, [limit])
    late = [day for day in plan.days if day.begins_at and day.begins_at.hour != 9]
    # The day that begins an hour late ends when the others do.
    assert [(day.day, day.messages) for day in late] == [(date(2027, 3, 28), 264)]
    assert [day.messages for day in plan.days if day not in late] == [292] * 50 + [136]
    assert plan.days[-1].day == date(2027, 3, 1) + timedelta(days=51)


def test_a_limit_of_a_day_alone_is_spread_over_the_day() -> None:
    limit = {"name": "day", "scope": "sender", "max": 300, "window": "24h"}
    plan = planned(600, {"hours": "09:00-18:00"}, [limit])
    assert plan.ends_at is not None
    assert plan.rate is not None
    assert plan.rate.count * 3600 / plan.rate.per.seconds < 40
    assert plan.ends_at < datetime(2026, 12, 3, 18, tzinfo=PARIS)
