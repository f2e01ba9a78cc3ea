from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from facts.volume.plans import only_peak, projected
from facts.volume.windows.test_window import CASES, listed, short_streams_are_cut_too, streams
from mailaudit.facts.volume.flow.stream_math import Runs
from mailaudit.facts.volume.windows.count import fullest
from mailaudit.facts.volume.windows.kinds import Divided, Fixed, Sliding, Tumbling
from mailaudit.facts.volume.windows.window import Tally, Window

PARIS = ZoneInfo("Europe/Paris")
__all__ = ["short_streams_are_cut_too"]


@st.composite
def windows(draw: st.DrawFn) -> Window:
    length = draw(st.integers(1, 40))
    maximum: int | Divided = draw(st.integers(0, 12))
    if draw(st.booleans()):
        cuts = sorted(draw(st.sets(st.integers(-60, 150), max_size=4)) | {-500})
        divisors = draw(st.lists(st.integers(1, 4), min_size=len(cuts), max_size=len(cuts)))
        maximum = Divided(12, np.array(cuts), np.array(divisors))
    if draw(st.booleans()):
        if draw(st.booleans()):
            return Tumbling(length, -400, maximum)
        return Fixed(np.arange(-400, 600, length, dtype=np.int64), maximum)
    return Sliding(length, maximum)


def at(window: Window, tick: int) -> tuple[int, int]:
    """The edge and the limit at one tick."""
    ticks = np.array([tick], dtype=np.int64)
    allowed = window.allowed(ticks)
    return int(window.edge(ticks)[0]), allowed if isinstance(allowed, int) else int(allowed[0])


@settings(max_examples=CASES, deadline=None)
@given(streams(cut=True), st.lists(streams(), max_size=1), windows())
def test_every_kind_of_window_is_the_brute_force(own: Runs, others: list[Runs], window: Window) -> None:
    found = fullest(window, own, others)
    sent = [int(tick) for tick in listed(own)]
    theirs = [int(tick) for other in others for tick in listed(other)]
    over, first, shares = 0, None, []
    for place, tick in enumerate(sent):
        edge, allowed = at(window, tick)
        count = sum(edge < one for one in sent[: place + 1]) + sum(edge < one <= tick for one in theirs)
        shares.append((count / max(allowed, 1), count))
        if count > allowed:
            over += 1
            first = place if first is None else first
    assert (found.over, found.breach_number) == (over, first)
    if not others:
        assert (found.peak / max(found.allowed, 1), found.peak) == max(shares, key=lambda share: share[0])


@pytest.mark.slow
@settings(max_examples=CASES, deadline=None)
@given(streams(cut=True), st.lists(streams(), max_size=2), windows())
def test_segments_say_what_message_by_message_says(own: Runs, others: list[Runs], window: Window) -> None:
    one_by_one = Tally()
    one_by_one.see_all(window, own, others)
    found = fullest(window, own, others)
    assert (found.over, found.breach_number) == (one_by_one.over, one_by_one.first_number)


def limited(kind: str, window: str, most: int) -> dict[str, object]:
    return {"name": "ours", "scope": "sender", "max": most, "window": window, "kind": kind}


def test_a_calendar_day_begins_at_local_midnight_even_when_the_clocks_change() -> None:
    # The 25th of October 2026 has 25 hours in Paris: one message more than on an ordinary day.
    schedule = {"start": "2026-10-24T00:00", "timezone": "Europe/Paris", "rate": "1/h"}
    peaks = projected(72, schedule, limits=[limited("calendar-day", "24h", 24)]).peaks
    (peak,) = (peak for peak in peaks if peak.rule.own)
    assert (peak.peak, peak.over) == (25, 1)
    assert peak.first_breach_at == datetime(2026, 10, 25, 23, tzinfo=PARIS)
    assert peak.first_breach_message == 24 + 25


def test_a_tumbling_window_begins_with_the_first_message() -> None:
    schedule = {"start": "2026-12-01T09:07", "timezone": "Europe/Paris", "batch": {"size": 10, "every": "7min"}}
    peaks = projected(40, schedule, limits=[limited("tumbling", "10min", 15)]).peaks
    (peak,) = (peak for peak in peaks if peak.rule.own)
    assert (peak.peak, peak.first_breach_at) == (20, datetime(2026, 12, 1, 9, 14, tzinfo=PARIS))


def test_other_mail_after_the_last_message_is_in_later_windows() -> None:
    # The last of 20 messages leaves exactly when the second window begins.
    schedule = {"start": "2026-12-01T09:00", "timezone": "Europe/Paris", "rate": "1140/h"}
    daily = [{"name": "daily", "rate": "60/h"}]
    peaks = projected(20, schedule, limits=[limited("tumbling", "1min", 20)], other_mail=daily).peaks
    (peak,) = (peak for peak in peaks if peak.rule.own)
    assert (peak.peak, peak.over_other) == (20, 0)


@pytest.mark.parametrize(
    ("start", "limit"),
    [
        ("2026-12-01T09:00", 1000),
        ("2026-12-01T22:00", 250),
        ("2026-12-02T06:00", 250),
        ("2026-12-05T10:00", 500),
        ("2026-12-05T21:00", 250),
    ],
)
def test_a_published_relay_lets_less_through_at_night_and_on_weekends(start: str, limit: int) -> None:
    schedule = {"start": start, "timezone": "Europe/Paris", "rate": "100/10min"}
    peaks = projected(200, schedule, **{"from": "news@ac-reunion.fr"}).peaks
    (peak,) = (one for one in peaks if one.rule.scope == "sender" and one.rule.window_s == 600 and one.rule.warn)
    assert (peak.limit, peak.peak) == (limit, 100)


def test_the_peak_with_jitter_is_that_of_two_bursts() -> None:
    burst = only_peak(2000, {"batch": {"size": 400, "every": "10min"}})
    even = only_peak(2000, {"rate": "400/10min"})
    assert (burst.peak, burst.jitter_peak) == (400, 800)
    assert (even.peak, even.jitter_peak) == (400, 480)
