from __future__ import annotations

from typing import Any

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from facts.volume.plans import mailing, recipients
from mailaudit.facts.volume.by_provider import interleave, shuffle
from mailaudit.facts.volume.model import Projection
from mailaudit.facts.volume.observe import observe_volume

START = {"start": "2026-12-01T09:00", "timezone": "Europe/Paris"}
NAMES = ("gmail", "orange", "other")
# Sorted by domain: 600 at Gmail, then 300 at Orange, then 3,100 elsewhere.
SORTED = np.repeat(np.array([0, 1, 2], dtype=np.uint16), [600, 300, 3100])


def projection(order: str = "list", **keys: Any) -> Projection:
    plan = mailing({**START, "rate": "400/10min", "order": order}, **keys)
    people = recipients(4000, provider_names=NAMES, provider_sequence=SORTED)
    facts = observe_volume(plan, people)
    assert facts is not None
    return facts.projection


def test_a_sorted_list_bursts_one_provider_and_a_shuffled_one_does_not() -> None:
    gmail, orange = projection().providers
    assert (gmail.provider, gmail.messages, gmail.peak) == ("gmail", 600, 400)
    assert (orange.provider, orange.messages, orange.peak) == ("orange", 300, 300)
    assert gmail.peak_shuffled < 90
    mixed = projection("shuffled").providers[0]
    assert mixed.peak == mixed.peak_shuffled == gmail.peak_shuffled
    assert projection("interleaved").providers[0].peak == 60
    assert gmail.ends_at is not None
    assert f"{gmail.ends_at:%H:%M:%S}" == "09:14:58"


def test_own_limits_hold_for_each_provider_and_name_the_message_in_the_list() -> None:
    limit = {"name": "ours", "scope": "provider", "max": 250, "window": "10min"}
    peaks = {peak.key: peak for peak in projection(limits=[limit]).provider_peaks if peak.rule.own}
    assert {key: (peak.peak, peak.over) for key, peak in peaks.items()} == {
        "gmail": (400, 350),
        "orange": (300, 50),
    }
    assert peaks["orange"].first_breach_message == 600 + 251


def test_a_threshold_is_reached_by_the_message_after_it() -> None:
    def orange(count: int) -> tuple[int, bool]:
        people = recipients(count, provider_names=("orange",), provider_sequence=np.zeros(count, dtype=np.uint16))
        facts = observe_volume(mailing({**START, "rate": "40/min"}), people)
        assert facts is not None
        (duty,) = facts.projection.duties
        return duty.peak.peak, duty.peak.breached

    assert orange(1000) == (1000, False)
    assert orange(1001) == (1001, True)


@settings(max_examples=100, deadline=None)
@given(st.lists(st.integers(0, 3), min_size=1, max_size=60))
def test_mixing_keeps_everybody_and_spreads_each_provider(order: list[int]) -> None:
    listed = np.array(order, dtype=np.uint16)
    for mixed in (shuffle(listed), interleave(listed)):
        assert sorted(mixed.tolist()) == sorted(order)
    spread = interleave(listed)
    for provider in set(order):
        seen = np.cumsum(spread == provider)
        fair = np.arange(1, len(order) + 1) * order.count(provider) / len(order)
        assert np.abs(seen - fair).max() <= 4
