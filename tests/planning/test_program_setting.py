"""The settings of every known program keep every limit in the program's own worst case, and are near the plan."""

from __future__ import annotations

from fractions import Fraction
from math import ceil
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, cast

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from facts.volume.plans import campaign, mailing, recipients
from mailaudit.campaign.values.types import Duration, Rate, Unit
from mailaudit.checks.finding import Severity
from mailaudit.checks.volume.limiter_allows_bursts import limiter_allows_bursts, limits_of_the_software
from mailaudit.facts.volume.limiter_worst_case import worst_window
from mailaudit.facts.volume.observe import observe_volume
from mailaudit.knowledge.types.volume import LimiterKind
from mailaudit.knowledge.volume import limiters
from mailaudit.planning.model import SendingPlan, SoftwareSetting
from mailaudit.planning.plan import plan_campaign
from mailaudit.planning.problem import problem_of
from mailaudit.planning.schedule_keys import pace_keys
from mailaudit.wording import length
from support.effort import examples

if TYPE_CHECKING:
    from mailaudit.facts.facts import Facts

START = {"start": "2026-12-01T09:00", "timezone": "Europe/Paris"}


def setting(software: str, most: int, window: str, messages: int = 5000, **schedule: Any) -> SoftwareSetting:
    limits = [{"name": "host", "scope": "sender", "max": most, "window": window}]
    sending = {"platform": "brevo", "software": software}
    sent = mailing({**START, **schedule}, "platform", limits=limits, sending=sending)
    plan = plan_campaign(problem_of(sent, recipients(messages)))
    assert isinstance(plan, SendingPlan)
    assert plan.software is not None
    return plan.software


def worst(found: SoftwareSetting, window: int) -> int:
    """The most that the program lets through in a window, told from how it works, not from the formulas of the plan."""
    return worst_of(found, found.count, Fraction(found.period_s), window)


def worst_of(found: SoftwareSetting, count: int, period: Fraction | int, window: int) -> int:
    """The same for another count and period (seconds) than those that are set."""
    limiter = found.limiter
    sent = (count + limiter.overshoot) * found.processes
    kind = limiter.typed_kind
    if kind is LimiterKind.SMOOTH:
        return found.processes * ceil_of(window * count, period)
    if kind is LimiterKind.TOKEN_BUCKET:
        return sent + window * sent // period
    return sent * (ceil_of(window, period) + (kind is LimiterKind.TUMBLING))


def ceil_of(whole: int, part: Fraction | int) -> int:
    return -(-whole // part)


@pytest.mark.parametrize("software", [one.id for one in limiters()])
@pytest.mark.parametrize(("most", "window", "seconds"), [(400, "10min", 600), (100, "1h", 3600), (30, "1min", 60)])
def test_a_setting_keeps_the_limit_whatever_the_program_does(
    software: str, most: int, window: str, seconds: int
) -> None:
    found = setting(software, most, window)
    if found.count:
        assert worst(found, seconds) <= most
    else:
        assert found.limiter.periods_s == (1,) or found.limiter.overshoot


# Those whose setting is fine enough; per-second ones cannot be so slow.
@pytest.mark.parametrize(
    "software",
    ["listmonk", "phplist", "mautic", "mailtrain", "kumomta", "cron", "postfix", "mailcoach", "mailpoet"],
)
@pytest.mark.parametrize("most", [400, 1000, 4000])
def test_a_setting_is_hardly_slower_than_the_plan(software: str, most: int) -> None:
    assert setting(software, most, "10min", 50_000).share >= 0.97


@pytest.mark.parametrize(
    ("software", "typed"),
    [
        ("listmonk", {"app.message_sliding_window": "true", "app.message_sliding_window_rate": "18",
                      "app.message_sliding_window_duration": '"30s"'}),
        ("phplist", {"MAILQUEUE_BATCH_SIZE": "39", "MAILQUEUE_BATCH_PERIOD": "60"}),
        ("mautic", {"mailer_spool_msg_limit": "39", "messenger:consume email --limit": "39", "crontab": "* * * * *"}),
        ("mailtrain", {"Throttling": "468"}),
        ("postfix", {"default_destination_rate_delay": "14s", "default_transport_rate_delay": "14s",
                     "sender_dependent_default_transport_maps":
                     "randmap:{pace1:, pace2:, pace3:, pace4:, pace5:, pace6:, pace7:, pace8:, pace9:}"}),
        ("kumomta", {"additional_message_rate_throttles.everything": '"39/min,max_burst=1"'}),
        ("cron", {"when": "* * * * *", "--limit": "39"}),
    ],
)  # fmt: skip
def test_what_is_typed_in(software: str, typed: dict[str, str]) -> None:
    assert setting(software, 400, "10min").typed == typed


def test_the_documentation_shows_the_plan_of_every_program() -> None:
    page = (Path(__file__).parents[2] / "docs" / "volume.md").read_text(encoding="utf-8")
    rows = []
    for limiter in sorted(limiters(), key=lambda one: one.name.lower()):
        found = setting(limiter.id, 400, "10min")
        if not found.count:
            rows.append(f"| {limiter.name} | cannot be set so slowly | |")
            continue
        copies = f", in each of {found.copies} {limiter.copied}s" if found.copies > 1 else ""
        each = f", in each of {found.processes} processes" if found.processes > found.copies else copies
        told = "<br>".join(f"`{name} = {value}`" for name, value in found.typed.items())
        words = f"{found.count:,} per {length(found.period_s)}{each}"
        rows.append(f"| {limiter.name} | {told or words} | {found.share:.0%} |")
    assert "\n".join(rows) in page, "\n".join(rows)


@pytest.mark.parametrize("software", ["listmonk", "mailcoach", "halon"])
def test_the_line_of_the_plan_is_what_a_limiter_with_bursts_is_set_to(software: str) -> None:
    limits = [{"name": "host", "scope": "sender", "max": 400, "window": "10min"}]
    sent = mailing(START, "platform", limits=limits, sending={"platform": "brevo", "software": software})
    plan = plan_campaign(problem_of(sent, recipients(5000)))
    assert isinstance(plan, SendingPlan)
    assert plan.software is not None
    count, _, period = pace_keys(plan)["rate"].partition("/")
    seconds = 60 if period == "min" else int(period.rstrip("s"))
    assert worst_window(plan.software.limiter.kind, (int(count), Fraction(seconds)), 600) <= 400


@pytest.mark.slow
@settings(max_examples=examples(20), deadline=None)
@given(
    st.sampled_from([one.id for one in limiters()]),
    st.integers(1, 9000),
    st.lists(
        st.tuples(
            st.sampled_from([2, 3, 7, 30, 79, 400, 2000]),
            st.sampled_from(["1min", "10min", "1h", "24h", "7d"]),
        ),
        min_size=1,
        max_size=3,
    ),
    st.sampled_from([{}, {"hours": "09:00-18:00"}, {"processes": 2}, {"days": "mon-fri"}]),
)
def test_the_line_of_a_plan_leaves_no_burst_to_find(
    software: str, messages: int, caps: list[tuple[int, str]], schedule: dict[str, Any]
) -> None:
    limits = [{"name": "host", "scope": "sender", "max": most, "window": window} for most, window in caps]
    keys: dict[str, Any] = {"limits": limits, "sending": {"platform": "brevo", "software": software}}
    plan = plan_campaign(problem_of(mailing({**START, **schedule}, "platform", **keys), recipients(messages)))
    if not isinstance(plan, SendingPlan) or (len(plan.days) > 1 and not plan.most_a_day):
        return
    if plan.software is not None and not plan.software.count:  # it says that the program cannot be so slow
        return
    line = {**START, **schedule, **pace_keys(plan)}
    volume = observe_volume(mailing(line, "platform", **keys), recipients(messages))
    assert volume is not None
    facts = cast("Facts", SimpleNamespace(campaign=campaign(line, **keys), volume=volume))
    for peak in limits_of_the_software(facts):
        found = list(limiter_allows_bursts(facts, peak))
        assert all(one.severity is Severity.NOTE for one in found if software == "kumomta")
        assert software == "kumomta" or not found, (line, found)


def test_a_setting_is_no_faster_than_a_plan_that_leaves_time_between_its_days() -> None:
    limits = [
        {"name": "minute", "scope": "sender", "max": 400, "window": "10min"},
        {"name": "day", "scope": "sender", "max": 300, "window": "24h"},
    ]
    keys: dict[str, Any] = {"limits": limits, "sending": {"platform": "brevo", "software": "phplist"}}
    plan = plan_campaign(problem_of(mailing(START, "platform", **keys), recipients(1000)))
    assert isinstance(plan, SendingPlan)
    assert plan.software is not None
    assert plan.rate is not None
    assert plan.most_a_day
    assert plan.software.count * plan.rate.per.seconds <= plan.rate.count * plan.software.period_s


@pytest.mark.parametrize("software", ["listmonk", "phplist", "mailtrain", "cron", "postfix", "kumomta", "mautic"])
def test_hours_leave_a_limit_of_a_day_to_the_hours(software: str) -> None:
    assert setting(software, 300, "24h", 2000, hours="09:00-18:00").share >= 0.93


def test_the_line_of_a_slow_plan_is_no_batch_of_a_whole_day() -> None:
    limits = [{"name": "host", "scope": "sender", "max": 3, "window": "10min"}]
    sent = mailing(START, "platform", limits=limits, sending={"platform": "brevo", "software": "mautic"})
    plan = plan_campaign(problem_of(sent, recipients(500)))
    assert isinstance(plan, SendingPlan)
    assert (plan.rate, pace_keys(plan)) == (Rate(288, Duration(1, Unit.DAY)), {"rate": "1/300s"})


@pytest.mark.parametrize("software", ["mailpoet", "phplist"])
def test_the_line_of_a_plan_is_no_burst_of_a_program_that_counts_back(software: str) -> None:
    limits = [
        {"name": "minute", "scope": "sender", "max": 30, "window": "1min"},
        {"name": "hour", "scope": "sender", "max": 200, "window": "1h"},
    ]
    sent = mailing(START, "platform", limits=limits, sending={"platform": "brevo", "software": software})
    plan = plan_campaign(problem_of(sent, recipients(3000)))
    assert isinstance(plan, SendingPlan)
    count, _, period = pace_keys(plan)["rate"].partition("/")
    assert worst_window(LimiterKind.SLIDING, (int(count), Fraction(int(period.rstrip("s")))), 60) <= 30


@pytest.mark.parametrize("software", ["listmonk", "mautic", "phplist", "kumomta"])
def test_a_limit_on_one_provider_slows_the_setting_as_it_slows_the_plan(software: str) -> None:
    limits = [{"name": "theirs", "scope": "provider", "max": 120, "window": "15min"}]
    sent = mailing(START, limits=limits, sending={"software": software})
    people = recipients(1000, provider_names=("gmail", "other"), provider_sequence=np.zeros(1000, dtype=np.uint16))
    plan = plan_campaign(problem_of(sent, people))
    assert isinstance(plan, SendingPlan)
    assert plan.rate is not None
    found = plan.software
    assert found is not None
    sent_at_once = found.count + found.limiter.overshoot
    worst_of_all = worst_window(found.limiter.typed_kind, (sent_at_once, Fraction(found.period_s)), 900)
    assert 100 <= worst_of_all <= 117
    assert found.share >= 0.8


def test_waves_over_days_make_no_setting_slow() -> None:
    limits = [
        {"name": "minute", "scope": "sender", "max": 30, "window": "1min"},
        {"name": "day", "scope": "sender", "max": 400, "window": "24h"},
    ]
    start = {"start": "local 2026-12-01T09:00", "timezone": "Europe/Paris"}
    sent = mailing(start, "platform", limits=limits, sending={"platform": "brevo", "software": "mautic"})
    people = recipients(1000, zones=(("Asia/Tokyo", 500), ("Europe/Paris", 500)))
    plan = plan_campaign(problem_of(sent, people))
    assert isinstance(plan, SendingPlan)
    assert plan.most_a_day
    assert plan.software is not None
    assert plan.rate == Rate(870, Duration(1, Unit.HOUR))
    assert (plan.software.count, plan.software.period_s) == (29, 120)


def test_several_processes_share_the_limit() -> None:
    one, three = setting("cron", 400, "10min"), setting("cron", 400, "10min", processes=3)
    assert (one.count, three.count, three.processes) == (39, 13, 3)


def test_a_program_that_counts_in_seconds_cannot_be_slow_enough() -> None:
    assert setting("sendy", 400, "10min").count == 0
    assert setting("sendy", 70, "1s").count == 35


def test_a_limit_of_a_day_does_not_slow_the_setting_down() -> None:
    limits = [
        {"name": "minute", "scope": "sender", "max": 30, "window": "1min"},
        {"name": "day", "scope": "sender", "max": 1000, "window": "24h"},
    ]
    sent = mailing(START, "platform", limits=limits, sending={"platform": "brevo", "software": "phplist"})
    plan = plan_campaign(problem_of(sent, recipients(3000)))
    assert isinstance(plan, SendingPlan)
    assert plan.software is not None
    assert plan.software.share >= 0.95


def fastest(found: SoftwareSetting, most: int, window: int) -> Fraction:
    """The fastest pace of all that the program's setting takes, tried one by one."""
    limiter = found.limiter
    room = most - ceil(most / 40)
    evenly = limiter.typed_kind in {LimiterKind.SMOOTH, LimiterKind.TOKEN_BUCKET}
    allowed = most if limiter.typed_kind is LimiterKind.TUMBLING else room
    best = Fraction(0)
    for period in limiter.periods_s or range(1, 181):
        fitting = 0
        for count in range(1, min(most, limiter.most or most) + 1):
            running = (count + limiter.overshoot) * found.processes * ceil_of(window, period)
            if worst_of(found, count, period, window) > allowed or (running > room and not evenly):
                break
            fitting = (count + limiter.overshoot) * found.processes
        best = max(best, Fraction(fitting, period))
    return best


@pytest.mark.parametrize("software", [one.id for one in limiters() if one.copies == 1])
@pytest.mark.parametrize(("most", "window", "seconds"), [(90, "10min", 600), (30, "1min", 60), (60, "1h", 3600)])
def test_no_setting_that_the_program_takes_is_much_faster(
    software: str, most: int, window: str, seconds: int
) -> None:
    found = setting(software, most, window)
    pace = Fraction((found.count + found.limiter.overshoot) * found.processes, int(found.period_s))
    best = fastest(found, most, seconds)
    assert best * Fraction(96, 100) <= (pace if found.count else 0)
    assert best or not found.count
