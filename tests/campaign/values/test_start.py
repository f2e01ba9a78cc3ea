from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailaudit.campaign.values.start import in_zone, parse_start
from mailaudit.reach.yaml.unusable import Unusable

PARIS = ZoneInfo("Europe/Paris")
KOLKATA = ZoneInfo("Asia/Kolkata")


@pytest.mark.parametrize(
    ("text", "start"),
    [
        ("2026-12-01T09:00", datetime(2026, 12, 1, 9)),  # noqa: DTZ001 - local until the zone is known
        ("2026-12-01 09:00", datetime(2026, 12, 1, 9)),  # noqa: DTZ001 - local until the zone is known
        ("2026-12-01T09:00:30", datetime(2026, 12, 1, 9, 0, 30)),  # noqa: DTZ001 - local until the zone is known
        ("2026-12-01T09:00Z", datetime(2026, 12, 1, 9, tzinfo=UTC)),
        ("2026-12-01T09:00+01:00", datetime(2026, 12, 1, 9, tzinfo=timezone(timedelta(hours=1)))),
        ("2026-12-01 09:00 -0530", datetime(2026, 12, 1, 9, tzinfo=timezone(-timedelta(hours=5, minutes=30)))),
    ],
)
def test_starts(text: str, start: datetime) -> None:
    parsed = parse_start(text)
    assert parsed == start
    assert (parsed.tzinfo is None) == (start.tzinfo is None)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("2026-12-01", "the time of day is missing; write for example 2026-12-01T09:00"),
        ("2026-02-30T09:00", "'2026-02-30T09:00' is not in the calendar or not on the clock"),
        ("2026-12-01T24:30", "is not in the calendar or not on the clock"),
        ("2026-12-01T09:00+99:00", "is not in the calendar or not on the clock"),
        ("1999-12-31T09:00", "the year 1999 is out of range; write a year from 2000 to 2199"),
        ("9999-12-31T23:59-14:00", "the year 9999 is out of range"),
        ("01/12/2026 09:00", "is not a date and time; write it as 2026-12-01T09:00"),
        ("2026-W49-2T09:00", "is not a date and time"),
        ("now", "'now' is not a date and time"),
        ("", "'' is not a date and time"),
    ],
)
def test_what_is_no_start(text: str, said: str) -> None:
    with pytest.raises(Unusable) as caught:
        parse_start(text)
    assert said in f"{caught.value.what}; {caught.value.todo}"


def test_a_local_start_is_in_its_zone_or_in_utc() -> None:
    local = parse_start("2026-12-01T09:00")
    assert in_zone(local, PARIS) == datetime(2026, 12, 1, 8, tzinfo=UTC)
    assert in_zone(local, PARIS).tzinfo is PARIS
    assert in_zone(local, None) == datetime(2026, 12, 1, 9, tzinfo=UTC)


def test_an_offset_keeps_its_instant_and_is_told_in_the_zone() -> None:
    start = parse_start("2026-12-01T09:00+05:30")
    assert in_zone(start, None) == start
    assert in_zone(start, PARIS) == start
    assert in_zone(start, PARIS).hour == 4


def test_a_time_that_the_clocks_skip_is_refused() -> None:
    with pytest.raises(Unusable) as caught:
        in_zone(parse_start("2026-03-29T02:30"), PARIS)
    assert caught.value.what == "2026-03-29 02:30 does not exist in Europe/Paris: the clocks are put forward then"
    assert caught.value.todo == "write for example 2026-03-29T03:30"
    in_zone(parse_start("2026-03-29T02:30"), KOLKATA)


@pytest.mark.parametrize(("text", "hour"), [("2026-03-29T01:59:59", 0), ("2026-03-29T03:00", 1)])
def test_the_edges_of_the_gap(text: str, hour: int) -> None:
    assert in_zone(parse_start(text), PARIS).astimezone(UTC).hour == hour


def test_a_time_that_occurs_twice_is_the_first() -> None:
    start = in_zone(parse_start("2026-10-25T02:30"), PARIS)
    assert start.astimezone(UTC) == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)


@given(
    st.datetimes(datetime(2000, 1, 1), datetime(2199, 12, 31)),  # noqa: DTZ001 - local times are the point
    st.sampled_from(["Europe/Paris", "America/St_Johns", "Australia/Lord_Howe", "UTC", "Africa/Casablanca"]),
)
def test_a_local_time_is_refused_exactly_when_no_instant_shows_it(local: datetime, name: str) -> None:
    local = local.replace(microsecond=0, fold=0)
    zone = ZoneInfo(name)
    offsets = {local.replace(tzinfo=zone, fold=fold).utcoffset() or timedelta() for fold in (0, 1)}
    instants = {(local - offset).replace(tzinfo=UTC) for offset in offsets}
    shown = sorted(at for at in instants if at.astimezone(zone).replace(tzinfo=None, fold=0) == local)
    if shown:
        assert in_zone(local, zone).astimezone(UTC) == shown[0]
    else:
        with pytest.raises(Unusable):
            in_zone(local, zone)
