"""One schedule for everything that is wrong with the planned one."""

from __future__ import annotations

from facts.volume.plans import projected

FAST = {"start": "2026-12-01T09:00", "timezone": "Europe/Paris", "rate": "100/min"}


def test_a_warm_up_at_no_more_than_the_slowest_rate_that_keeps_a_limit() -> None:
    limit = {"name": "host", "scope": "sender", "max": 100, "window": "1h"}
    found = projected(3000, FAST, limits=[limit]).recommended
    assert found is not None
    assert found.is_warm_up
    assert found.daily == (200, 400, 800, 1600)
    assert found.rate is not None
    assert (found.rate.count, found.rate.per.seconds) == (97, 3600)


def test_few_mails_need_no_warm_up_and_a_quiet_schedule_nothing() -> None:
    limit = {"name": "host", "scope": "sender", "max": 20, "window": "1min"}
    found = projected(150, FAST, limits=[limit]).recommended
    assert found is not None
    assert found.daily == (150,)
    assert projected(150, {**FAST, "rate": "10/min"}).recommended is None
