"""The pace of one server, on a clock of its own: what it loses is told, and the pace that follows is looked at."""

from __future__ import annotations

import random
from collections.abc import Callable

import pytest

from mailaudit.facts.dns.bulk.pace import SLOWEST, Pace

LIMIT = 4_000.0
TICK = 0.01
PATIENCE = 0.4


def run(seconds: float, loses: Callable[[int], bool], limit: float = LIMIT) -> tuple[Pace, list[int], list[float]]:
    """Send as fast as the pace allows; `loses` gets how many were sent in this tick. Return the sent and the rates."""
    pace, now = Pace(limit, limit, 0.0), 0.0
    overdue: list[tuple[float, object]] = []
    sent, rates = [], []
    while now < seconds:
        now += TICK
        count = 0
        while pace.has_room(now):
            part = pace.send(now)
            part.sent += 1
            count += 1
            if loses(count):
                overdue.append((now + PATIENCE, part))
        while overdue and overdue[0][0] <= now:
            overdue.pop(0)[1].lost += 1  # type: ignore[attr-defined]
        pace.judge(now, PATIENCE)
        sent.append(count)
        rates.append(pace.rate)
    return pace, sent, rates


def at_random(share: float) -> Callable[[int], bool]:
    rng = random.Random(1)
    return lambda _count: rng.random() < share


@pytest.mark.parametrize("share", [0.0, 0.05, 0.3])
def test_loss_at_random_leaves_the_pace(share: float) -> None:
    pace, sent, _ = run(4, at_random(share))
    assert pace.rate == LIMIT
    assert sum(sent) <= LIMIT * 4 + LIMIT * 0.05 + 50


def test_a_server_that_cannot_follow_is_asked_about_as_fast_as_it_answers() -> None:
    _, _, rates = run(12, lambda count: count > 1_000 * TICK)
    settled = rates[len(rates) // 2 :]
    assert 800 < sum(settled) / len(settled) < 1_600


def test_the_pace_comes_back_in_equal_steps_after_a_bad_time() -> None:
    clock = [0]

    def loses(count: int) -> bool:
        clock[0] += count == 1
        return clock[0] < 1.5 / TICK and count > 500 * TICK

    pace, _, rates = run(9, loses)
    assert min(rates) < LIMIT / 2
    assert pace.rate == LIMIT


def test_a_silent_server_is_asked_no_more_slowly_than_the_slowest_pace() -> None:
    pace, _, _ = run(8, lambda _count: True)
    assert pace.rate >= SLOWEST
    assert run(2, lambda _count: True, limit=50.0)[0].rate <= 50
