from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from fractions import Fraction
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from facts.volume.oracle import Opening, instants, next_open, project
from facts.volume.plans import mailing, only_peak, projected
from mailaudit.campaign.values.types import Hours
from mailaudit.errors import InputError
from mailaudit.facts.volume.flow.pace import pace_of
from mailaudit.facts.volume.flow.streams import Plan, flows_of
from support.effort import examples

PARIS = {"start": "2026-12-01T09:00", "timezone": "Europe/Paris"}
# Days around which the clocks change, and an ordinary one.
STARTS = ["2026-03-28T20:00", "2026-03-29T01:30", "2026-10-24T23:00", "2026-10-25T00:10", "2026-12-01T09:00"]
HOURS = [None, "09:00-18:00", "01:30-02:30", "22:00-03:15", "00:00-24:00"]
DAYS = [None, "mon-fri", "sun", "sat, sun"]


def window_of(hours: str | None) -> Hours | None:
    minutes = clock_minutes(hours)
    return minutes and Hours(*(time(minute // 60 % 24, minute % 60) for minute in minutes))


def clock_minutes(hours: str | None) -> tuple[int, int] | None:
    if hours is None:
        return None
    begin, end = ([int(part) for part in text.split(":")] for text in hours.split("-"))
    return begin[0] * 60 + begin[1], end[0] * 60 + end[1]


DAY_SETS = {None: None, "mon-fri": frozenset(range(1, 6)), "sun": frozenset({7}), "sat, sun": frozenset({6, 7})}


@pytest.mark.slow
@settings(max_examples=examples(30), deadline=None)
@given(
    st.sampled_from(STARTS),
    st.sampled_from(HOURS),
    st.sampled_from(DAYS),
    st.sampled_from(["1/min", "7/10min", "13/h", "1/45min", "11/2h"]),
    st.sampled_from(["Europe/Paris", "Australia/Lord_Howe"]),
)
def test_every_instant_is_where_a_minute_by_minute_walk_puts_it(
    start: str, hours: str | None, days: str | None, rate: str, zone: str
) -> None:
    keys = {"start": f"{start}Z", "timezone": zone, "rate": rate} | ({"days": days} if days else {})
    plan = mailing(keys)
    assert plan.schedule is not None
    # Hours that reach into the next morning cannot be written in a campaign file, but the clock knows them.
    schedule = plan.schedule.model_copy(update={"hours": window_of(hours)})
    pace = pace_of(schedule, 120)
    assert pace is not None
    assert schedule.start is not None
    flows = flows_of(Plan(plan, schedule, 120, 600), pace)
    seconds = [
        Fraction(tick, flows.clock.per_second) + int(flows.clock.origin.timestamp())
        for tick in flows.campaign.times(np.arange(120)).tolist()
    ]
    begin = Fraction(int(schedule.start.timestamp()))
    opening = Opening(ZoneInfo(zone), clock_minutes(hours), DAY_SETS[days])
    assert seconds == instants(begin, pace.step, 1, 120, opening)


@pytest.mark.slow
@settings(max_examples=examples(10), deadline=None)
@given(
    st.integers(300, 500),
    st.integers(30, 120),
    st.integers(1, 60),
    st.sampled_from([None, "08:55-09:10"]),
    st.integers(1, 450),
)
def test_a_rate_beside_other_mail_is_the_brute_force(
    count: int, messages: int, other: int, hours: str | None, limit: int
) -> None:
    mail = {"name": "other", "rate": f"{other}/10min"} | ({"hours": hours} if hours else {})
    own_limit = {"name": "ours", "scope": "sender", "max": limit, "window": "2min"}
    peaks = projected(messages, {**PARIS, "rate": f"{count}/10min"}, other_mail=[mail], limits=[own_limit]).peaks
    (peak,) = (peak for peak in peaks if peak.rule.own)
    start = int(datetime(2026, 12, 1, 8, tzinfo=UTC).timestamp())
    own = [start + Fraction(600 * place, count) for place in range(messages)]
    first = start - 3600 if hours is None else start - 300
    last = own[-1] + 3600 if hours is None else start + 600
    step = Fraction(600, other)
    shift = (start - first) % step if hours is None else 0
    theirs = [first + shift + step * place for place in range(int((last - first) / step) + 2)]
    found = project(own, [at for at in theirs if at < last], Fraction(120), limit)
    assert (peak.peak, peak.first_breach_message, peak.over, peak.over_other) == (found[0], *found[2:])
    assert peak.at is not None
    assert found[1] is not None
    assert peak.at.timestamp() == pytest.approx(float(found[1]), abs=1e-5)


def test_four_hundred_in_ten_minutes_is_no_breach_and_one_more_is() -> None:
    fine, over = only_peak(6000, {**PARIS, "rate": "400/10min"}), only_peak(6000, {**PARIS, "rate": "401/10min"})
    assert (fine.peak, fine.breached, fine.first_breach_at) == (400, False, None)
    assert (over.peak, over.first_breach_message) == (401, 401)


def test_the_classic_mistake_to_the_second() -> None:
    peak = only_peak(6000, {**PARIS, "rate": "600/10min"})
    zone = ZoneInfo("Europe/Paris")
    assert (peak.peak, peak.at) == (600, datetime(2026, 12, 1, 9, tzinfo=zone))
    assert (peak.first_breach_message, peak.over) == (401, 5600)
    assert peak.first_breach_at == datetime(2026, 12, 1, 9, 6, 40, tzinfo=zone)


def test_batches_leave_at_one_instant_and_do_not_share_a_half_open_window() -> None:
    fine = only_peak(2000, {**PARIS, "batch": {"size": 400, "every": "10min"}})
    over = only_peak(2000, {**PARIS, "batch": {"size": 401, "every": "10min"}})
    close = only_peak(2000, {**PARIS, "batch": {"size": 400, "every": "599s"}})
    assert (fine.peak, fine.breached) == (400, False)
    assert (over.peak, over.first_breach_message, over.over) == (401, 401, 4)
    assert (close.peak, close.first_breach_message) == (800, 401)


def test_a_duration_spreads_every_message_evenly() -> None:
    plan = projected(4800, {**PARIS, "over": "2h"})
    assert plan.peaks[0].peak == 400
    assert plan.ends_at == datetime(2026, 12, 1, 11, tzinfo=ZoneInfo("Europe/Paris")) - timedelta(seconds=1.5)


def test_other_mail_of_the_same_address_is_added_and_that_of_another_is_not() -> None:
    def mail(address: str) -> list[dict[str, str]]:
        return [{"name": "daily", "from": address, "rate": "40/h", "hours": "09:00-18:00", "days": "mon-fri"}]

    plan = {**PARIS, "rate": "395/10min"}
    added = only_peak(6000, plan, other_mail=mail("News@ACME.example"))
    other = only_peak(6000, plan, other_mail=mail("contact@acme.example"))
    assert (added.peak, added.other_in_peak, added.breached) == (402, 7, True)
    assert (other.peak, other.other_in_peak, other.breached) == (395, 0, False)


def test_the_organizational_domain_adds_up_all_its_names() -> None:
    mail = [
        {"name": "shop", "from": "shop@mail.acme.example", "rate": "60/h"},
        {"name": "elsewhere", "from": "x@other.example", "rate": "600/h"},
    ]
    limit = {"name": "contract", "scope": "domain", "max": 100, "window": "1h"}
    peaks = projected(100, {**PARIS, "rate": "100/h"}, other_mail=mail, limits=[limit]).peaks
    (peak,) = (peak for peak in peaks if peak.rule.own)
    assert (peak.key, peak.peak, peak.rule.scope) == ("acme.example", 160, "organizational-domain")


def test_sending_pauses_at_night_and_goes_on_in_the_morning() -> None:
    plan = projected(22_000, {**PARIS, "rate": "600/10min", "hours": "09:00-15:00", "days": "mon-fri"})
    assert plan.ends_at == datetime(2026, 12, 2, 9, 6, 39, tzinfo=ZoneInfo("Europe/Paris"))


def test_without_a_start_there_are_peaks_and_no_times() -> None:
    plan = projected(6000, {"rate": "600/10min"})
    (peak,) = plan.peaks
    assert (plan.starts_at, plan.ends_at, peak.at, peak.first_breach_at) == (None, None, None, None)
    assert (peak.peak, peak.first_breach_message) == (600, 401)


def test_a_day_of_25_hours_holds_one_hour_more() -> None:
    night = {"start": "2026-10-25T00:00", "timezone": "Europe/Paris", "rate": "1/min", "days": "sun"}
    sunday = projected(25 * 60, night)
    assert sunday.ends_at == datetime(2026, 10, 25, 23, 59, tzinfo=ZoneInfo("Europe/Paris"))
    assert sunday.seconds == 25 * 3600 - 60


def test_centuries_of_sending_are_refused() -> None:
    with pytest.raises(InputError, match="years"):
        projected(10**9, {**PARIS, "rate": "1/h"})
    with pytest.raises(InputError, match="a hundred years"):
        projected(100_000, {**PARIS, "rate": "400/d", "hours": "23:59-24:00", "days": "sat, sun"})


@pytest.mark.slow
@settings(max_examples=examples(30), deadline=None)
@given(
    st.integers(25, 3000),
    st.sampled_from(["1min", "10min", "1h", "24h"]),
    st.sampled_from(["sliding", "calendar-day", "tumbling"]),
    st.integers(1, 60),
    st.sampled_from([{}, {"hours": "09:00-18:00", "days": "mon-fri"}]),
)
def test_a_suggested_rate_keeps_the_limit_that_it_is_for(
    most: int, window: str, kind: str, other: int, hours: dict[str, str]
) -> None:
    keys = {
        "limits": [{"name": "ours", "scope": "sender", "max": most, "window": window, "kind": kind}],
        "other_mail": [{"name": "daily", "rate": f"{other}/h", **hours}],
    }
    peaks = projected(5000, {**PARIS, "rate": "50/s"}, **keys).peaks
    (peak,) = (peak for peak in peaks if peak.rule.own)
    if peak.remedy is None:
        return
    rate = f"{peak.remedy.rate.count}/{peak.remedy.rate.per}"
    again = projected(5000, {**PARIS, "rate": rate}, **keys)
    assert not any(one.breached for one in again.peaks if one.rule.own)
    assert again.ends_at == peak.remedy.ends_at


def test_a_thousand_million_messages_are_projected_in_closed_form() -> None:
    peak = only_peak(10**9, {**PARIS, "rate": "10000/s"})
    assert (peak.peak, peak.over, peak.first_breach_message) == (6_000_000, 10**9 - 400, 401)


def test_a_thousand_million_messages_at_a_sane_pace_have_an_end() -> None:
    facts = mailing({**PARIS, "rate": "10000/s"})
    assert facts.schedule is not None
    pace = pace_of(facts.schedule, 10**9)
    assert pace is not None
    assert flows_of(Plan(facts, facts.schedule, 10**9, 600), pace).campaign.count == 10**9


def test_the_walk_of_the_oracle_knows_the_night_the_clocks_change() -> None:
    zone = ZoneInfo("Europe/Paris")
    saturday = int(datetime(2026, 3, 28, 22, tzinfo=UTC).timestamp())
    opened = next_open(Fraction(saturday), Opening(zone, (150, 240)))
    assert datetime.fromtimestamp(int(opened), zone) == datetime(2026, 3, 29, 3, 0, tzinfo=zone)
