"""Mail at everybody's own time of day: waves, one a zone, held against every limit."""

from __future__ import annotations

import re
from collections import Counter
from datetime import datetime, timedelta
from fractions import Fraction
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from facts.volume.plans import campaign, mailing, recipients
from mailaudit.campaign.values.types import Duration, Rate, Unit
from mailaudit.errors import InputError
from mailaudit.facts.recipients.judging.columns.own_time import zone_of_cell
from mailaudit.facts.volume.flow.clock import make_clock
from mailaudit.facts.volume.flow.pace import Pace
from mailaudit.facts.volume.flow.waves import Wave, wave_runs
from mailaudit.facts.volume.model import Projection, with_reserve
from mailaudit.facts.volume.observe import observe_volume
from mailaudit.facts.volume.own_time import over_days
from mailaudit.planning.model import Lane, LanePlan, SendingPlan
from mailaudit.planning.plan import plan_campaign
from mailaudit.planning.problem import problem_of
from mailaudit.planning.schedule_keys import pace_keys
from mailaudit.planning.warm_up import plan_warm_up
from mailaudit.reports.formats import RenderOptions
from mailaudit.reports.plan import calendar, text
from mailaudit.schedules import as_split, parts_of
from support.lists import observed_list

PARIS, YORK = ZoneInfo("Europe/Paris"), ZoneInfo("America/New_York")
LOCAL = {"start": "local 2026-12-01T09:00", "timezone": "Europe/Paris"}
ZONES = (("Europe/Paris", 600), ("America/New_York", 300), (None, 100))


def projected(
    schedule: dict[str, Any],
    via: str = "own-server",
    zones: tuple[tuple[str | None, int], ...] = ZONES,
    **keys: Any,
) -> Projection:
    listed = recipients(sum(count for _, count in zones), zones=zones)
    facts = observe_volume(mailing({**LOCAL, **schedule}, via, **keys), listed)
    assert facts is not None
    return facts.projection


@pytest.mark.parametrize(
    ("cell", "zone"),
    [
        ("Europe/Paris", "Europe/Paris"), ("FR", "Europe/Paris"), ("Deutschland", "Europe/Berlin"),
        ("fr-CA", "America/Toronto"), ("UTC+2", "+02:00"), ("-05:30", "-05:30"), ("", None), ("Atlantis", None),
        ("../../etc/passwd", None), ("Nowhere/Land", None), ("+99", None), ("x" * 500, None),
        ("America/New_York", "America/New_York"),
    ],
)  # fmt: skip
def test_a_cell_tells_a_zone_or_none(cell: str, zone: str | None) -> None:
    assert zone_of_cell(cell) == zone


def test_a_language_is_read_as_one_only_in_its_column() -> None:
    assert zone_of_cell("da", is_language=True) == "Europe/Copenhagen"
    assert zone_of_cell("da") is None


@pytest.mark.parametrize(
    ("header", "cells", "zones"),
    [
        ("country", ["FR", "us", "", "FR"], (("Europe/Paris", 2), (None, 1), ("America/New_York", 1))),
        ("Time zone", ["America/New_York"] * 3 + ["+1"], (("America/New_York", 3), ("+01:00", 1))),
        ("city", ["Paris"] * 4, ((None, 4),)),
    ],
)
def test_the_list_tells_where_people_live(
    header: str, cells: list[str], zones: tuple[tuple[str | None, int], ...], tmp_path: Path
) -> None:
    file = tmp_path / "list.csv"
    file.write_text(f"email,{header}\n" + "".join(f"r{at}@mail.example,{cell}\n" for at, cell in enumerate(cells)))
    planned = campaign({**LOCAL, "rate": "10/min"}, recipients={"files": [file]})
    facts = observed_list(planned)
    assert facts.zones == zones


@given(st.lists(st.tuples(st.integers(0, 50), st.integers(1, 30)), min_size=1, max_size=4), st.integers(1, 3))
def test_every_message_of_every_wave_leaves_at_its_beat(waves: list[tuple[int, int]], size: int) -> None:
    start = datetime(2026, 12, 1, 9, tzinfo=PARIS)
    made = [
        Wave(str(at), n, datetime.fromtimestamp(start.timestamp() + 7 * begin, PARIS))
        for at, (begin, n) in enumerate(waves)
    ]
    clock = make_clock(start, PARIS, [Fraction(7)], 10_000)
    stream = wave_runs(Pace(Fraction(7), size), clock, made)
    wanted = sorted(7 * (begin + place // size) for begin, n in waves for place in range(n))
    assert (stream.times(np.arange(stream.count)) / clock.per_second).tolist() == wanted


def test_each_zone_begins_at_its_own_nine_o_clock() -> None:
    found = projected({"rate": "60/min"})
    assert [(wave.zone, wave.messages, wave.begins_at) for wave in found.waves] == [
        ("Europe/Paris", 700, datetime(2026, 12, 1, 9, tzinfo=PARIS)),
        ("America/New_York", 300, datetime(2026, 12, 1, 9, tzinfo=YORK)),
    ]
    assert found.starts_at == datetime(2026, 12, 1, 9, tzinfo=PARIS)
    assert found.ends_at == datetime(2026, 12, 1, 15, 4, 59, tzinfo=PARIS)


def test_waves_that_overlap_add_up() -> None:
    limit = {"name": "host", "scope": "sender", "max": 60, "window": "1min"}
    together = projected({"rate": "1/min"}, limits=[{**limit, "max": 1}])
    assert max(peak.peak for peak in together.peaks if peak.rule.own) == 2
    apart = projected({"rate": "60/min"}, limits=[limit])
    assert not any(peak.breached for peak in apart.peaks if peak.rule.own)


def test_a_plan_finds_the_rate_of_the_waves() -> None:
    limit = {"name": "host", "scope": "sender", "max": 100, "window": "1h"}
    sent = mailing(LOCAL, "platform", limits=[limit], sending={"platform": "brevo"})
    plan = plan_campaign(problem_of(sent, recipients(1000, zones=ZONES)))
    assert isinstance(plan, SendingPlan)
    assert [wave.messages for wave in plan.waves] == [700, 300]
    assert not any(peak.breached for peak in plan.peaks)
    assert plan.rate is not None
    # Seven hundred take longer than the six hours to New York, so that both share the limit for a while.
    assert plan.rate.count * 3600 / plan.rate.per.seconds <= 98


@pytest.mark.parametrize("shorter", [[], [{"name": "minute", "scope": "sender", "max": 30, "window": "1min"}]])
def test_a_limit_of_a_day_spreads_the_waves_over_days_at_the_same_time(shorter: list[dict[str, Any]]) -> None:
    limits = [{"name": "host", "scope": "sender", "max": 300, "window": "24h"}, *shorter]
    own: dict[str, Any] = {"limits": limits, "sending": {"platform": "brevo"}}
    plan = plan_campaign(problem_of(mailing(LOCAL, "platform", **own), recipients(1000, zones=ZONES)))
    assert isinstance(plan, SendingPlan)
    assert {(wave.begins_at.hour, wave.begins_at.tzinfo) for wave in plan.waves} == {(9, PARIS), (9, YORK)}
    assert sum(wave.messages for wave in plan.waves) == 1000
    assert max(wave.day for wave in plan.waves) == 4
    again = projected(pace_keys(plan), via="platform", **own)
    assert again.waves == plan.waves
    assert all(peak.is_robust and peak.peak <= with_reserve(peak.limit) for peak in again.peaks)


@settings(deadline=None)
@given(st.lists(st.integers(1, 200), min_size=1, max_size=5), st.lists(st.integers(1, 90), min_size=1, max_size=3))
def test_waves_over_days_lose_nobody_and_keep_every_share(zones: list[int], shares: list[int]) -> None:
    start = datetime(2026, 12, 1, 9, tzinfo=PARIS)
    waves = over_days([Wave(str(at), n, start) for at, n in enumerate(zones)], shares)
    by_zone, by_day = Counter[str](), Counter[int]()
    for wave in waves:
        by_zone[wave.zone] += wave.messages
        by_day[wave.day] += wave.messages
        assert wave.begins_at == start + timedelta(days=wave.day - 1)
    assert [by_zone[str(at)] for at in range(len(zones))] == zones
    *full, last = (by_day[day] for day in sorted(by_day))
    assert full == [shares[min(at, len(shares) - 1)] for at in range(len(full))]
    assert last <= shares[min(len(full), len(shares) - 1)]


def test_a_warm_up_spreads_the_waves_too_and_the_calendar_has_each() -> None:
    plan = plan_warm_up(problem_of(mailing(LOCAL), recipients(1000, zones=ZONES)))
    assert isinstance(plan, SendingPlan)
    days = Counter[int]()
    for wave in plan.waves:
        days[wave.day] += wave.messages
    assert [days[day] for day in sorted(days)] == [200, 400, 400]
    told = calendar.render(plan, RenderOptions())
    assert told.count("BEGIN:VEVENT") == len(plan.waves)
    assert "SUMMARY:Send 60 mails to America/New_York" in told
    with pytest.raises(InputError, match="warm-up"):
        pace_keys(plan)


def test_no_single_rate_is_told_for_a_deadline_of_waves() -> None:
    plan = plan_campaign(problem_of(mailing(LOCAL), recipients(1000, zones=ZONES)), datetime(2026, 12, 1, 12))  # noqa: DTZ001 - as typed
    assert isinstance(plan, SendingPlan)
    assert plan.deadline is not None
    assert (plan.deadline.is_met, plan.deadline.sent, plan.deadline.rate_needed) == (False, 700, None)


def test_a_plan_that_was_split_tells_of_the_lists() -> None:
    plan = plan_campaign(problem_of(mailing(LOCAL), recipients(1000, zones=ZONES)))
    first, second = (part.label for part in parts_of(plan))
    assert isinstance(plan, SendingPlan)
    told = as_split(plan, [{first: 650, second: 200}, {first: 40}])
    assert "SUMMARY:Send 690 mails to Europe/Paris" in calendar.render(told, RenderOptions())
    lane = Lane("free", 90, Rate(97, Duration(1, Unit.HOUR)), plan.ends_at, 3000)
    lanes = replace(plan, waves=(), lanes=LanePlan((lane, replace(lane, provider=None))))
    shown = calendar.render(as_split(lanes, [{"lane-free": 80, "lane-others": 7}]), RenderOptions())
    assert re.findall(r"SUMMARY:Send (\d+) mails to ([^:]+)", shown) == [("80", "Free"), ("7", "everybody else")]
    assert "mails to" not in calendar.render(lanes, RenderOptions())


def test_people_of_whom_nobody_knows_where_they_live_are_told() -> None:
    plan = plan_campaign(problem_of(mailing(LOCAL), recipients(1000, zones=ZONES)))
    assert "Of 100 people nobody knows in which zone they live" in text.render(plan, RenderOptions())


def test_without_a_date_no_instants_are_told() -> None:
    found = projected({"start": "local 09:00", "rate": "60/min"})
    assert found.starts_at is None
    assert len(found.waves) == 2


@pytest.mark.parametrize(
    ("schedule", "york", "ends"),
    [
        # Paris has seven hundred, in two hours a day at 250 an hour.
        (
            {"rate": "250/h", "hours": "09:00-11:00"},
            datetime(2026, 12, 1, 9, tzinfo=YORK),
            datetime(2026, 12, 2, 9, 48, tzinfo=PARIS),
        ),
        (
            {"rate": "60/min", "hours": "10:00-18:00"},
            datetime(2026, 12, 1, 10, tzinfo=YORK),
            datetime(2026, 12, 1, 16, 5, tzinfo=PARIS),
        ),
        (
            {"rate": "60/min", "hours": "07:00-08:00"},
            datetime(2026, 12, 2, 7, tzinfo=YORK),
            datetime(2026, 12, 2, 13, 5, tzinfo=PARIS),
        ),
        (
            {"rate": "60/min", "days": "sat"},
            datetime(2026, 12, 5, 0, tzinfo=YORK),
            datetime(2026, 12, 5, 6, 5, tzinfo=PARIS),
        ),
    ],
)
def test_hours_and_days_are_those_of_each_zone(schedule: dict[str, Any], york: datetime, ends: datetime) -> None:
    found = projected(schedule)
    assert next(wave.begins_at for wave in found.waves if wave.zone == "America/New_York") == york
    assert found.ends_at is not None
    assert timedelta(0) <= ends - found.ends_at <= timedelta(seconds=15)


def test_mail_that_is_slower_than_its_hours_leaves_inside_them_all_the_same() -> None:
    found = projected(
        {"rate": "1/h", "hours": "09:00-09:30"}, zones=(("Europe/Paris", 2), ("America/New_York", 2))
    )
    assert (found.starts_at, found.ends_at) == (
        datetime(2026, 12, 1, 9, tzinfo=PARIS),
        datetime(2026, 12, 2, 9, tzinfo=YORK),
    )


def test_a_day_share_of_waves_skips_closed_days_in_their_zone() -> None:
    found = projected({"rate": "60/min", "most_a_day": 500, "days": "tue, thu"})
    assert [wave.begins_at.day for wave in found.waves] == [1, 1, 3, 3]


def test_night_is_that_of_each_zone() -> None:
    zones = (("Australia/Sydney", 60), ("America/New_York", 60))
    assert projected({"rate": "60/min"}, zones=zones).at_night == 0
    late = {"start": "local 2026-12-01T20:30", "rate": "1/min"}
    assert projected(late, zones=zones).at_night == 60
