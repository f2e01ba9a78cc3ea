from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from fractions import Fraction
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from facts.volume.plans import mailing, projected, recipients
from mailaudit.errors import InputError
from mailaudit.facts.volume.flow.pace import Pace
from mailaudit.facts.volume.flow.stream_math import Runs
from mailaudit.facts.volume.flow.streams import Plan, flows_of
from mailaudit.facts.volume.model import with_reserve
from mailaudit.facts.volume.steady_rate import other_at_most
from mailaudit.facts.volume.windows.count import fullest
from mailaudit.facts.volume.windows.kinds import window_of
from mailaudit.planning.model import NoPlan, SendingPlan
from mailaudit.planning.plan import plan_campaign
from mailaudit.planning.problem import PlanningProblem, problem_of
from mailaudit.planning.rate_search import fastest_rate
from mailaudit.planning.schedule_keys import pace_keys, schedule_changes, start_key
from mailaudit.planning.warm_up import plan_warm_up
from support.effort import examples

PARIS = ZoneInfo("Europe/Paris")
SCHEDULE = {"start": "2026-12-01T09:00", "timezone": "Europe/Paris"}
DAILY = {"name": "daily", "rate": "40/h", "hours": "09:00-18:00", "days": "mon-fri"}
WEEKLY = {"name": "weekly", "rate": "1/7d"}
LATE = {**WEEKLY, "hours": "17:00-24:00"}


def problem(messages: int, schedule: dict[str, Any] | None = None, **keys: Any) -> PlanningProblem:
    plan = mailing({**SCHEDULE, **(schedule or {})}, **keys)
    return problem_of(plan, recipients(messages))


def together(streams: list[Runs]) -> Runs:
    """Several streams as one."""
    ticks = np.concatenate([stream.times(np.arange(stream.count)) for stream in streams])
    return Runs.of_beats(*np.unique(ticks, return_counts=True))


def typed(schedule: dict[str, Any], plan: SendingPlan) -> dict[str, Any]:
    """The schedule with the line of a plan for the campaign file, where the start is that of the first mail."""
    return {**schedule, "start": start_key(plan)} | {
        key: value.strip('"') for key, value in pace_keys(plan).items()
    }


def planned(given: PlanningProblem, until: datetime | None = None) -> SendingPlan:
    plan = plan_campaign(given, until)
    assert isinstance(plan, SendingPlan)
    return plan


def test_the_shop_sends_as_fast_as_its_other_mail_leaves_room() -> None:
    plan = planned(problem(6247, other_mail=[DAILY]))
    assert plan.rate is not None
    assert (plan.rate.count, plan.rate.per.seconds) == (38, 60)
    assert plan.ends_at == datetime(2026, 12, 1, 11, 44, 22, 105263, PARIS)
    assert all(peak.peak <= peak.limit and not peak.crowded for peak in plan.peaks)
    assert plan.bound_at == datetime(2026, 12, 1, 11, 30, tzinfo=PARIS)


@pytest.mark.slow
@settings(max_examples=examples(15), deadline=None)
@given(
    st.integers(1, 3000),
    st.integers(20, 500),
    st.sampled_from(["1min", "10min", "1h", "24h"]),
    st.sampled_from(["sliding", "tumbling", "calendar-day"]),
    st.sampled_from([{}, {"hours": "09:00-18:00"}, {"days": "mon-fri"}]),
)
def test_no_plan_breaks_a_limit_and_a_little_more_would(
    messages: int, most: int, window: str, kind: str, schedule: dict[str, str]
) -> None:
    limit = {"name": "ours", "scope": "sender", "max": most, "window": window, "kind": kind}
    busy = messages % 2 == 0
    other = [{"name": "daily", "rate": "3/h"}] if busy else []
    given = problem(messages, schedule, limits=[limit], other_mail=other)
    plan = plan_campaign(given)
    if isinstance(plan, NoPlan):
        assert busy
        return
    assert plan.rate is not None
    assert not any(peak.breached for peak in plan.peaks)
    assert plan.bound_s is None or plan.seconds + 1e-6 >= plan.bound_s
    more = plan.rate.count + 1, plan.rate.per.seconds
    at_once = plan.rate.count * 60 >= messages * plan.rate.per.seconds
    assert at_once or not given.keeps(given.pace(*more), given.crowd())


@pytest.mark.slow
@settings(max_examples=examples(15), deadline=None)
@given(
    st.integers(50, 3000),
    st.integers(5, 60),
    st.integers(40, 1500),
    st.sampled_from(["sliding", "calendar-day"]),
    st.sampled_from([{}, {"hours": "09:00-18:00"}, {"days": "mon-fri"}, {"start": "2027-03-26T22:30"}]),
)
def test_a_plan_of_two_rates_keeps_every_limit_and_takes_as_few_days_as_can_be(
    messages: int, a_minute: int, a_day: int, kind: str, schedule: dict[str, str]
) -> None:
    limits = [
        {"name": "minute", "scope": "sender", "max": a_minute, "window": "1min"},
        {"name": "day", "scope": "sender", "max": a_day, "window": "24h", "kind": kind},
    ]
    plan = planned(problem(messages, schedule, limits=limits))
    assert not any(peak.breached or peak.peak >= peak.limit for peak in plan.peaks)
    if not plan.days:
        return
    free = with_reserve(a_day)
    assert plan.rate is not None
    assert sum(day.messages for day in plan.days) == messages
    assert all(day.messages <= free for day in plan.days)
    hours = 24 if "hours" not in schedule else 9
    fits = min(free, plan.rate.count * hours * 3600 // plan.rate.per.seconds)
    assert len(plan.days) <= -(-messages // fits) + 1
    steady = fastest_rate(problem(messages, schedule, limits=limits))
    assert steady is not None
    assert plan.seconds <= steady[1].seconds


@pytest.mark.slow
@settings(max_examples=examples(20), deadline=None)
@given(
    st.integers(1, 3000),
    st.lists(
        st.tuples(
            st.sampled_from([2, 3, 7, 30, 79, 500, 2000]),
            st.sampled_from(["1min", "10min", "1h", "24h", "7d"]),
            st.sampled_from(["sliding", "tumbling"]),
            st.booleans(),
        ),
        min_size=1,
        max_size=3,
    ),
    st.sampled_from(
        [
            {},
            {"hours": "09:00-18:00"},
            {"processes": 2},
            {"start": "2027-03-26T22:30"},
            {"start": "2026-12-01T17:55:37", "hours": "22:00-24:00"},
        ]
    ),
    st.sampled_from([[], [DAILY], [{"name": "trickle", "rate": "1/d"}], [WEEKLY], [LATE]]),
)
@example(1, [(7, "10min", "sliding", False)], {}, [DAILY])
@example(8, [(1, "10min", "sliding", False)], {"hours": "08:00-12:00", "start": "2026-12-01T20:00"}, [WEEKLY])
@example(12, [(2, "15min", "sliding", False), (2, "24h", "tumbling", False)], {"days": "mon-fri"}, [LATE])
def test_the_line_that_a_plan_gives_leaves_nothing_to_find(
    messages: int,
    caps: list[tuple[int, str, str, bool]],
    schedule: dict[str, Any],
    other: list[dict[str, Any]],
) -> None:
    limits = [
        {"name": "host", "scope": "sender", "max": most, "window": window, "kind": kind}
        | ({"warn": most * 3 // 4} if warned and most > 2 else {})
        for most, window, kind, warned in caps
    ]
    plan = plan_campaign(problem(messages, schedule, limits=limits, other_mail=other))
    if isinstance(plan, NoPlan) or (len(plan.days) > 1 and not plan.most_a_day):
        return
    line = typed({**SCHEDULE, **schedule}, plan)
    for peak in projected(messages, line, limits=limits, other_mail=other).peaks:
        assert not peak.breached
        if not plan.gives_up:
            assert peak.is_robust, str(peak)
            assert peak.peak <= with_reserve(peak.limit)
            assert peak.rule.warn is None or peak.peak < peak.rule.warn


def test_fast_stages_of_days_leave_room_for_a_late_end_and_an_early_begin() -> None:
    limits = [
        {"name": "minute", "scope": "sender", "max": 30, "window": "1min"},
        {"name": "day", "scope": "sender", "max": 300, "window": "24h"},
    ]
    plan = planned(problem(900, limits=limits))
    assert [day.messages for day in plan.days] == [292, 292, 292, 24]
    # A minute early and a minute late: two minutes of the next stage fall into the window of the day.
    assert plan.rate is not None
    assert 2 * plan.rate.count * 60 / plan.rate.per.seconds <= 30
    assert all(peak.is_robust for peak in plan.peaks)


def test_the_last_message_of_a_limit_is_used_only_where_there_would_be_no_plan() -> None:
    limit = {"name": "host", "scope": "sender", "max": 2, "window": "1h", "kind": "tumbling"}
    plan = planned(problem(3, limits=[limit], other_mail=[{"name": "news", "rate": "1/h"}]))
    assert max(peak.peak for peak in plan.peaks) == 2
    assert plan.gives_up


def test_other_mail_that_breaks_a_limit_alone_is_said_so() -> None:
    limit = {"name": "host", "scope": "sender", "max": 100, "window": "24h"}
    plan = plan_campaign(problem(3, limits=[limit], other_mail=[DAILY]))
    assert isinstance(plan, NoPlan)
    assert plan.reason == "the other mail alone breaks a limit"
    assert plan.limit is not None
    assert plan.limit.other_in_peak == 360


def test_other_mail_that_breaks_a_limit_at_other_hours_prevents_no_plan() -> None:
    limit = {"name": "host", "scope": "sender", "max": 20, "window": "1h"}
    beside = {"name": "orders", "rate": "60/h", "hours": "09:00-18:00"}
    plan = planned(problem(60, {"hours": "20:00-24:00"}, limits=[limit], other_mail=[beside]))
    assert plan.ends_at is not None
    assert plan.ends_at.date() == date(2026, 12, 1)


def test_the_other_mail_of_one_calendar_day_is_told() -> None:
    limit = {"name": "host", "scope": "sender", "max": 300, "window": "24h", "kind": "calendar-day"}
    plan = plan_campaign(problem(3, limits=[limit], other_mail=[{"name": "orders", "rate": "20/h"}]))
    assert isinstance(plan, NoPlan)
    assert plan.limit is not None
    assert plan.limit.other_in_peak == 480


def test_a_limit_of_days_that_another_one_keeps_anyway_makes_no_stops() -> None:
    limits = [
        {"name": "slow", "scope": "sender", "max": 2, "window": "20min"},
        {"name": "day", "scope": "sender", "max": 100, "window": "24h"},
    ]
    plan = planned(problem(300, limits=limits))
    assert (plan.days, plan.most_a_day) == ((), None)


def test_busy_weekdays_make_a_campaign_of_saturdays_no_slower() -> None:
    limits = [
        {"name": "minute", "scope": "sender", "max": 30, "window": "1min"},
        {"name": "day", "scope": "sender", "max": 10_000, "window": "24h"},
    ]
    beside = {"name": "orders", "rate": "10/min", "hours": "09:00-18:00", "days": "mon-fri"}
    plan = planned(problem(401, {"days": "sat"}, limits=limits, other_mail=[beside]))
    assert plan.seconds < 15 * 60


@pytest.mark.parametrize(
    ("hours", "window"), [("09:00-18:00", "24h"), ("22:00-24:00", "2h"), ("00:00-05:00", "7d")]
)
def test_no_window_holds_more_other_mail_than_is_counted_on(hours: str, window: str) -> None:
    limit = {"name": "host", "scope": "sender", "max": 5000, "window": window}
    night = {"start": "2027-03-26T09:00"}  # the clocks change on the 28th
    given_problem = problem(3, night, limits=[limit], other_mail=[{"name": "o", "rate": "70/h", "hours": hours}])
    flows = flows_of(given_problem.plan, Pace(Fraction(86_400)))
    host = next(one for one in given_problem.limits if one.rule.name == "host")
    streams = [other.stream for other in flows.others]
    found = fullest(window_of(host.rule, flows.clock, flows.first_tick, flows.last_tick), together(streams), [])
    most = other_at_most(host, flows)
    assert found.peak <= most <= found.peak + 70 + host.rule.window_s // 86_400 + 1


def test_one_recipient_more_does_not_spread_the_campaign_over_a_day() -> None:
    limits = [
        {"name": "minute", "scope": "sender", "max": 30, "window": "1min"},
        {"name": "day", "scope": "sender", "max": 10_000, "window": "24h"},
    ]
    plan = planned(problem(9_751, limits=limits))
    assert [(day.messages, day.begins_at and f"{day.begins_at:%d %H:%M}") for day in plan.days] == [
        (9_750, "01 09:00"),
        (1, "02 09:00"),
    ]


def test_mail_that_no_limit_counts_changes_no_plan() -> None:
    limit = {"name": "day", "scope": "sender", "max": 300, "window": "24h"}
    shop = {"name": "shop", "from": "shop@other.example", "rate": "60/h"}
    alone, beside = (planned(problem(50_000, limits=[limit], other_mail=other)) for other in ([], [shop]))
    assert alone.ends_at == beside.ends_at
    assert alone.rate == beside.rate


def test_a_limit_of_weeks_is_kept_by_waiting_for_weeks() -> None:
    limit = {"name": "trial", "scope": "sender", "max": 2, "window": "7d"}
    plan = planned(problem(4, limits=[limit]))
    assert pace_keys(plan) == {"rate": "1/7d"}
    assert [day.messages for day in plan.by_day] == [1, 1, 1, 1]
    assert plan.seconds == 3 * 7 * 86_400


def test_a_doubtful_limit_is_named_with_a_rate_that_keeps_it_too() -> None:
    found = problem(500, sending={"smtp": "ssl0.ovh.net:587"})
    doubtful = plan_campaign(found).left_out
    assert all(left.peak.rule.confidence == "low" and left.peak.breached for left in doubtful)
    assert [left.peak.limit for left in doubtful] == [200, 300]
    assert doubtful[0].rate is not None
    assert doubtful[0].rate.count * 3600 / doubtful[0].rate.per.seconds < 200


def test_batches_hold_a_guard_against_late_ones() -> None:
    plan = planned(problem(6000))
    assert plan.batching is not None
    assert (plan.batching.size, plan.batching.every_s) == (390, 720)
    shaken = flows_of(Plan(mailing(SCHEDULE), problem(1).plan.schedule, 6000, 600), Pace(Fraction(720), 400))
    (peak,) = problem(6000).projected(shaken)
    assert peak.jitter_peak == 400


def test_batches_leave_the_reserve_and_stay_below_a_warning() -> None:
    limits = [{"name": "host", "scope": "sender", "max": 2, "window": "15min", "kind": "tumbling"}]
    found = planned(problem(12, limits=limits)).batching
    assert found is not None
    assert (found.size, found.every_s) == (1, 17 * 60)
    warned = [{"name": "host", "scope": "sender", "max": 37, "window": "15min", "warn": 27}]
    found = planned(problem(289, limits=warned)).batching
    assert found is not None
    batch = {**SCHEDULE, "batch": {"size": found.size, "every": f"{found.every_s}s"}}
    assert max(peak.peak for peak in projected(289, batch, limits=warned).peaks) < 27


def test_processes_that_use_a_limit_of_a_provider_up_make_a_plan_without_reserve() -> None:
    limits = [{"name": "theirs", "scope": "provider", "max": 3, "window": "24h", "kind": "calendar-day"}]
    sent = mailing({**SCHEDULE, "processes": 3}, limits=limits)
    everybody = {"provider_names": ("gmail",), "provider_sequence": np.zeros(9, dtype=np.uint16)}
    plan = planned(problem_of(sent, recipients(9, **everybody)))
    # Three at nine, and the last three after the second midnight.
    assert (plan.gives_up, plan.seconds) == (True, (24 + 15) * 3600)


@pytest.mark.parametrize(
    ("start", "zone", "written"),
    [
        ("2026-12-01T09:00:37", "Europe/Paris", "2026-12-01T09:00:37"),
        ("2026-10-25T02:30+01:00", "Europe/Paris", "2026-10-25T02:30+01:00"),  # the second half past two
        ("2026-12-01T09:00+05:30", None, "2026-12-01T09:00+05:30"),
        ("2026-12-01T09:00", None, "2026-12-01T09:00"),
    ],
)
def test_the_start_of_a_plan_is_written_so_that_it_is_read_as_the_same(
    start: str, zone: str | None, written: str
) -> None:
    assert start_key(planned(problem(3, {"start": start, "timezone": zone}))) == written


def test_a_tool_is_set_so_that_its_worst_case_keeps_the_limit() -> None:
    plan = planned(problem(6000, sending={"software": "listmonk"}))
    assert plan.software is not None
    # Twenty-one fixed windows of half a minute touch any ten minutes, each with the message that opens it.
    assert (plan.software.count, plan.software.period_s) == (400 // 21 - 1, 30)


def test_a_deadline_that_cannot_be_met_says_what_would_have_to_change() -> None:
    plan = planned(problem(6000), datetime(2026, 12, 1, 10, 0, tzinfo=PARIS))
    assert plan.deadline is not None
    assert (plan.deadline.is_met, plan.deadline.sent) == (False, 39 * 60 + 1)
    assert plan.deadline.rate_needed is not None
    assert plan.deadline.rate_needed.count == 100
    # Until eleven of the next day, eleven hours are open.
    late = planned(problem(60_000, {"hours": "09:00-18:00"}), datetime(2026, 12, 2, 11, tzinfo=PARIS))
    assert late.deadline is not None
    assert late.deadline.rate_needed is not None
    assert late.deadline.rate_needed.count == 91
    met = planned(problem(6000), datetime(2026, 12, 1, 12, 0, tzinfo=PARIS)).deadline
    assert met is not None
    assert met.is_met


def test_other_mail_that_fills_the_limit_leaves_no_plan() -> None:
    plan = plan_campaign(problem(10, other_mail=[{"name": "shop", "rate": "400/10min"}]))
    assert isinstance(plan, NoPlan)
    assert plan.reason == "the other mail leaves no room"


@pytest.mark.parametrize("make", [plan_campaign, plan_warm_up])
def test_processes_that_break_a_limit_at_once_are_not_blamed_on_other_mail(
    make: Callable[[PlanningProblem], SendingPlan | NoPlan],
) -> None:
    limit = {"name": "minute", "scope": "sender", "max": 1, "window": "1min"}
    plan = make(problem(10, {"processes": 2}, limits=[limit]))
    assert isinstance(plan, NoPlan)
    assert plan.reason == "2 processes at once break a limit of 1 in 1 minute; send from fewer"


def test_a_limit_that_would_take_years_is_said_so() -> None:
    limit = {"name": "trickle", "scope": "sender", "max": 1, "window": "1mo"}
    for plan in (plan_campaign(problem(6000, limits=[limit])), plan_warm_up(problem(6000, limits=[limit]))):
        assert isinstance(plan, NoPlan)
        assert "would take 493 years" in plan.reason


def test_a_platform_needs_no_plan() -> None:
    free = plan_campaign(problem_of(mailing(SCHEDULE, "platform", sending={"platform": "brevo"}), recipients(10)))
    assert isinstance(free, NoPlan)
    assert free.is_free


def test_a_provider_that_is_mixed_in_gets_its_share_and_the_bound_is_its_own() -> None:
    sequence = np.array([0] * 100 + [1] * 900, dtype=np.uint16)
    limit = {"name": "gmail", "scope": "provider", "max": 10, "window": "1h"}

    def plan_for(order: str) -> SendingPlan:
        plan = mailing({**SCHEDULE, "order": order}, limits=[limit])
        people = recipients(1000, provider_names=("gmail", "other"), provider_sequence=sequence)
        return planned(problem_of(plan, people))

    mixed, listed = plan_for("interleaved"), plan_for("list")
    assert mixed.seconds < listed.seconds / 8
    assert mixed.bound_s == 9 * 3600
    assert max(peak.peak for peak in mixed.peaks if peak.key == "gmail") <= 10


def test_the_slowest_provider_makes_no_plan_impossible() -> None:
    sequence = np.array([0] * 40 + [1] * 2960, dtype=np.uint16)
    limit = {"name": "gmail", "scope": "provider", "max": 3, "window": "7d", "kind": "tumbling"}
    people = recipients(3000, provider_names=("gmail", "other"), provider_sequence=sequence)
    plan = planned(problem_of(mailing({**SCHEDULE, "order": "list"}, limits=[limit]), people))
    assert plan.lanes is not None
    assert plan.lanes.slowest.provider == "gmail"
    assert plan.lanes.slowest.seconds < 21 * 7 * 86_400


def test_a_rate_between_one_and_a_few_a_day_is_told_to_the_minute() -> None:
    limit = {"name": "week", "scope": "sender", "max": 20, "window": "7d"}
    rate = fastest_rate(problem(60, limits=[limit]))
    assert rate is not None
    assert rate[0].count / rate[0].per.seconds * 7 * 86_400 > 19 * 0.98


def test_a_warm_up_doubles_at_most_and_keeps_every_limit() -> None:
    plan = plan_warm_up(problem(6247, other_mail=[DAILY]))
    assert isinstance(plan, SendingPlan)
    assert [day.messages for day in plan.days] == [360, 1080, 2520, 2287]
    totals = [360, *(day.messages + 360 for day in plan.days)]
    assert all(after <= 2 * before for before, after in pairwise(totals))
    assert not any(peak.breached for peak in plan.peaks)
    assert {day.begins_at.hour for day in plan.days if day.begins_at} == {9}


def test_a_warm_up_leaves_the_reserve_and_moves_where_the_other_mail_leaves_no_room() -> None:
    limit = {"name": "host", "scope": "sender", "max": 7, "window": "24h"}
    plan = plan_warm_up(problem(8, limits=[limit]))
    assert isinstance(plan, SendingPlan)
    assert max(peak.peak for peak in plan.peaks) == 6
    slow = plan_warm_up(problem(10, limits=[{**limit, "max": 1, "window": "2h"}]))
    assert isinstance(slow, SendingPlan)
    assert max(peak.peak for peak in slow.peaks) == 1
    moved = plan_warm_up(problem(3, limits=[{**limit, "window": "10min"}], other_mail=[DAILY]))
    assert isinstance(moved, SendingPlan)
    assert (moved.is_moved, moved.hours) == (True, "18:10-24:00")


def test_a_warm_up_of_an_empty_list_is_no_plan() -> None:
    plan = plan_warm_up(problem(0))
    assert isinstance(plan, NoPlan)
    assert plan.reason == "the list holds no recipients"


def test_other_mail_that_comes_once_after_the_campaign_is_counted() -> None:
    limit = {"name": "host", "scope": "sender", "max": 2, "window": "24h", "kind": "tumbling"}
    beside = {"name": "report", "rate": "1/d", "days": "mon-fri"}
    given_problem = problem(1, limits=[limit], other_mail=[beside])
    # The reserve is one of two, and the report comes at the midnight after the message.
    assert not given_problem.keeps_flows(flows_of(given_problem.plan, Pace(Fraction(60))))


def test_a_published_warm_up_is_followed() -> None:
    plan = plan_warm_up(problem(400), "conservative")
    assert isinstance(plan, SendingPlan)
    assert [day.messages for day in plan.days] == [50, 100, 200, 50]


def test_a_warm_up_that_limits_hold_back_takes_longer() -> None:
    limit = {"name": "host", "scope": "sender", "max": 100, "window": "1h"}
    plan = plan_warm_up(problem(3000, limits=[limit]))
    assert isinstance(plan, SendingPlan)
    assert sum(day.messages for day in plan.days) == 3000
    assert max(day.messages for day in plan.days) <= 98 * 9
    assert not any(peak.breached for peak in plan.peaks)


def test_an_unknown_warm_up_is_refused() -> None:
    with pytest.raises(InputError, match="conservative"):
        plan_warm_up(problem(400), "hasty")


@pytest.mark.parametrize(
    ("other", "hours", "most", "window", "rate"),
    [
        # 3.9 million a week, in the office hours and always; and 10 million in the weeks around the campaign.
        ("390/min", {"hours": "09:00-18:00", "days": "mon-fri"}, 4000, "10min", (0, 60)),
        ("399/min", {"hours": "09:00-18:00", "days": "mon-fri"}, 4000, "10min", (1, 3600)),
        ("10/s", {}, 2_000_000, "24h", (16_000, 1)),
    ],
)
def test_so_much_other_mail_is_counted_too(
    other: str, hours: dict[str, str], most: int, window: str, rate: tuple[int, int]
) -> None:
    limits = [{"name": "host", "scope": "sender", "max": most, "window": window}]
    daily = [{"name": "shop", "rate": other, **hours}]
    messages = 20_000 if window == "10min" else 1_000_000
    given = problem(messages, via="platform", limits=limits, other_mail=daily, sending={"platform": "brevo"})
    plan = planned(given)
    assert plan.rate is not None
    assert plan.rate.count * rate[1] >= rate[0] * plan.rate.per.seconds
    assert not any(peak.breached for peak in plan.peaks)


OFFICE = {"name": "office", "rate": "35/min", "hours": "09:00-18:00", "days": "mon-fri"}


def test_a_night_beside_a_busy_office_is_told_where_it_ends_sooner() -> None:
    found = planned(problem(8000, other_mail=[OFFICE])).outside
    assert found is not None
    assert (str(found.hours), found.rate.count, found.rate.per.seconds) == ("18:10-24:00", 39, 60)
    again = projected(8000, {**SCHEDULE, "rate": "39/min", "hours": "18:10-24:00"}, other_mail=[OFFICE])
    assert again.ends_at == found.ends_at == datetime(2026, 12, 1, 21, 35, 6, 153846, PARIS)
    assert not any(peak.breached for peak in again.peaks)
    assert planned(problem(8000, other_mail=[DAILY])).outside is None
    assert planned(problem(8000, {"hours": "08:00-20:00"}, other_mail=[OFFICE])).outside is None


def test_what_has_no_room_by_day_is_sent_at_night() -> None:
    limits = [{"name": "host", "scope": "sender", "max": 30, "window": "10min", "kind": "tumbling"}]
    full = {**OFFICE, "rate": "3/min"}
    plan = planned(problem(2000, via="platform", limits=limits, other_mail=[full], sending={"platform": "brevo"}))
    assert (plan.is_moved, plan.hours) == (True, "18:10-24:00")
    assert schedule_changes(plan, with_start=False)["hours"] == '"18:10-24:00"'
    assert not any(peak.breached for peak in plan.peaks)
