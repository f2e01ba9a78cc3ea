from __future__ import annotations

import re
from datetime import date, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailaudit.campaign.values import rates
from mailaudit.campaign.values.types import Duration, Hours, Rate, Unit
from mailaudit.reach.yaml.unusable import Unusable


def refusal(parse: object, text: str) -> str:
    assert callable(parse)
    with pytest.raises(Unusable) as caught:
        parse(text)
    return f"{caught.value.what}; {caught.value.todo}"


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("90s", 90),
        ("10min", 600),
        ("2h", 7200),
        ("24h", 86400),
        ("3d", 259200),
        ("12mo", 31104000),
        ("3y", 94608000),
    ],
)
def test_durations(text: str, seconds: int) -> None:
    duration = rates.parse_duration(text)
    assert duration.seconds == seconds
    assert str(duration) == text


@given(st.integers(1, 1_000_000), st.sampled_from(list(Unit)))
def test_every_duration_survives_its_spelling(amount: int, unit: Unit) -> None:
    duration = Duration(amount, unit)
    if duration.seconds <= 100 * 365 * 86400:
        assert rates.parse_duration(str(duration)) == duration
        assert re.search(rates.DURATION_PATTERN, str(duration))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("0s", "'0s' is no time at all; write a duration above zero"),
        ("000min", "'000min' is no time at all"),
        ("10m", "'10m' is not a duration; write 10min for minutes or 10mo for months"),
        ("24 hours", "'24 hours' is not a duration; write 24h"),
        ("3 Days", "'3 Days' is not a duration; write 3d"),
        ("10", "'10' is not a duration; add the unit, such as 10min; units are s, min, h, d, mo and y"),
        ("-3h", "'-3h' is not a duration; write for example 10min or 24h"),
        ("1.5h", "'1.5h' is not a duration"),
        ("٣h", "'٣h' is not a duration"),
        ("1h30min", "'1h30min' is not a duration"),
        ("101y", "'101y' is longer than 100 years"),
        ("999999999999s", "'999999999999s' is longer than 100 years"),
        ("", "'' is not a duration"),
        ("9" * 5000, "is not a duration"),
    ],
)
def test_what_is_no_duration(text: str, said: str) -> None:
    assert said in refusal(rates.parse_duration, text)


@pytest.mark.parametrize(
    ("text", "count", "seconds"),
    [("40/h", 40, 3600), ("600/10min", 600, 600), ("60/min", 60, 60), ("1/s", 1, 1), ("5000/d", 5000, 86400)],
)
def test_rates(text: str, count: int, seconds: int) -> None:
    rate = rates.parse_rate(text)
    assert (rate.count, rate.per.seconds) == (count, seconds)
    assert re.search(rates.RATE_PATTERN, text)


def test_a_rate_keeps_its_window() -> None:
    assert rates.parse_rate("600/10min") == Rate(600, Duration(10, Unit.MINUTE))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("0/h", "a rate of zero never sends anything"),
        ("40", "'40' is not a rate; write for example 600/10min or 40/h"),
        ("40/0h", "'0h' is no time at all"),
        ("600/10m", "write 600/10min, or 600/10mo for months"),
        ("40 per hour", "write 40/h"),
        ("600 / 10 minutes", "write 600/10min"),
        ("40 an hour", "write 40/h"),
        ("/h", "'/h' is not a rate"),
        ("99999999999/h", "'99999999999' is not a whole number"),
    ],
)
def test_what_is_no_rate(text: str, said: str) -> None:
    assert said in refusal(rates.parse_rate, text)


def test_counts() -> None:
    assert rates.parse_count("2000") == 2000
    for text in ("2 000", "2,000", "2_000", "0x10", "1e3", "-1", "1.0", "", "9" * 5000, "²"):
        assert "is not a whole number" in refusal(rates.parse_count, text)
    assert "0 is too small" in refusal(rates.parse_count, "0")


@pytest.mark.parametrize(
    ("text", "begin", "end"),
    [
        ("09:00-18:00", time(9), time(18)),
        ("9:00 - 18:30", time(9), time(18, 30)),
        ("00:00-24:00", time(0), time(0)),
        ("18:00-24:00", time(18), time(0)),
    ],
)
def test_hours(text: str, begin: time, end: time) -> None:
    assert rates.parse_hours(text) == Hours(begin, end)
    assert re.search(rates.HOURS_PATTERN, text)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("09:00-09:00", 'begins and ends at the same time; write "00:00-24:00" for all day'),
        ("22:00-06:00", 'the window ends before it begins; a window stays within one day, such as "22:00-24:00"'),
        ("18:00-00:00", 'such as "18:00-24:00"'),
        ("24:00-24:00", "24:00 is not a time of day"),
        ("09:60-18:00", "09:60 is not a time of day"),
        ("09:00-24:01", "24:01 is not a time of day"),
        ("9-18", "'9-18' is not a window of hours; write for example"),
        ("09:00–18:00", "is not a window of hours"),  # noqa: RUF001 - the dash that word processors write
        ("", "'' is not a window of hours"),
    ],
)
def test_what_are_no_hours(text: str, said: str) -> None:
    assert said in refusal(rates.parse_hours, text)


@pytest.mark.parametrize(
    ("value", "days"),
    [
        ("mon-fri", {1, 2, 3, 4, 5}),
        ("mon,wed,fri", {1, 3, 5}),
        ("Mon, Wed", {1, 3}),
        ("sat-mon", {6, 7, 1}),
        ("sun", {7}),
        ("tue-tue", {2}),
        ("mon-sun", {1, 2, 3, 4, 5, 6, 7}),
        (["mon", "wed-thu"], {1, 3, 4}),
        (("sat", "sun"), {6, 7}),
    ],
)
def test_days(value: object, days: set[int]) -> None:
    assert rates.parse_days(value) == days


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ("monday", "'monday' is not a day; write mon"),
        ("lundi", "'lundi' is not a day; days are mon, tue"),
        ("mon-", "'' is not a day"),
        ("mon-tue-wed", "'tue-wed' is not a day; write tue"),
        ("", "'' is not a day"),
        ([], "names no days"),
        ([["mon"]], "names no days"),
        ({}, "names no days"),
        ("x" * 100_000, "is not a day"),
    ],
)
def test_what_are_no_days(value: object, said: str) -> None:
    with pytest.raises(Unusable) as caught:
        rates.parse_days(value)
    assert said in f"{caught.value.what}; {caught.value.todo}"


def test_dates() -> None:
    assert rates.parse_date("2027-01-31") == date(2027, 1, 31)
    assert "'2027-02-30' is not in the calendar" in refusal(rates.parse_date, "2027-02-30")
    for text in ("31.01.2027", "20270131", "2027-W05-1", "2027-1-31", "2027-01-31T00:00", "tomorrow"):
        assert "write it as year-month-day, such as 2027-01-31" in refusal(rates.parse_date, text)


def test_zones() -> None:
    assert rates.parse_zone("Europe/Paris").key == "Europe/Paris"
    assert rates.parse_zone("UTC").key == "UTC"


@pytest.mark.parametrize(
    ("text", "todo"),
    [
        ("Europe/Pariss", "did you mean Europe/Paris?"),
        ("europe/paris", "did you mean Europe/Paris?"),
        ("Paris", "did you mean Europe/Paris?"),
        ("new york", "did you mean America/New_York?"),
        ("+01:00", "write a name such as Europe/Paris or UTC"),
        ("../../etc/passwd", "write a name such as"),
        ("Europe", "no time zone is called"),
        ("/etc/localtime", "no time zone is called"),
        ("", "no time zone is called"),
        ("x" * 100_000, "no time zone is called"),
    ],
)
def test_what_is_no_zone(text: str, todo: str) -> None:
    assert todo in refusal(rates.parse_zone, text)
