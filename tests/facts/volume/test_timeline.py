from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from facts.volume.plans import projected

DAILY = {"name": "daily", "rate": "40/h", "hours": "09:00-18:00", "days": "mon-fri"}
START = {"start": "2026-12-01T09:00", "timezone": "Europe/Paris"}


@settings(max_examples=40, deadline=None)
@given(st.integers(1, 20_000), st.sampled_from(["7/s", "300/10min", "40/h"]), st.booleans())
def test_a_series_is_bounded_and_keeps_the_peak(messages: int, rate: str, busy: bool) -> None:  # noqa: FBT001 - drawn
    plan = projected(messages, {**START, "rate": rate}, other_mail=[DAILY] if busy else [])
    assert plan.series is not None
    assert 1 <= len(plan.series.values) <= 241
    assert max(plan.series.values) == plan.series.peak.peak


def test_days_and_other_mail_are_counted_apart() -> None:
    schedule = {"start": "2026-12-01T17:00", "timezone": "Europe/Paris", "rate": "100/h", "hours": "09:00-18:00"}
    plan = projected(200, schedule, other_mail=[DAILY])
    assert [(str(day.day), day.messages, day.other) for day in plan.days] == [
        ("2026-12-01", 100, 360),
        ("2026-12-02", 100, 360),
    ]
    assert plan.ordinary_day == 360


def test_night_is_from_nine_to_seven() -> None:
    plan = projected(24, {"start": "2026-12-01T00:00", "timezone": "Europe/Paris", "rate": "1/h"})
    assert plan.at_night == 7 + 3
    assert projected(24, {"rate": "1/h"}).at_night is None


def test_other_mail_that_is_crowded_out_is_told_by_stretches() -> None:
    limit = {"name": "relay", "scope": "sender", "max": 100, "window": "1h"}
    peaks = projected(
        90, {**START, "batch": {"size": 90, "every": "1d"}}, other_mail=[DAILY], limits=[limit]
    ).peaks
    (peak,) = (peak for peak in peaks if peak.rule.own)
    (stretch,) = peak.crowded
    # At 09:00 the 90 leave beside the first of the other mail; from the eleventh on (09:15) there is no room.
    assert stretch.begins_at is not None
    assert stretch.ends_at is not None
    assert (f"{stretch.begins_at:%H:%M:%S}", f"{stretch.ends_at:%H:%M:%S}") == ("09:15:00", "09:58:30")
    assert (stretch.name, stretch.messages, peak.over_other) == ("daily", 30, 30)
