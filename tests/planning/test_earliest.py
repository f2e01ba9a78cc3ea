from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations_with_replacement

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from mailaudit.facts.volume.flow.stream_math import Run, Runs
from mailaudit.facts.volume.windows.count import fullest
from mailaudit.facts.volume.windows.kinds import Fixed, Sliding, Tumbling
from mailaudit.facts.volume.windows.window import Window
from mailaudit.planning.earliest import Cap, shape
from support.effort import examples

LAST = 13


def spread(bursts: list[Run]) -> list[int]:
    return [burst.first for burst in bursts for _ in range(burst.size)]


def keeps(times: tuple[int, ...], caps: list[Cap], classes: list[int]) -> bool:
    """Whether no window of any cap holds more than its maximum, counted one by one."""
    for cap in caps:
        mine = [at for at, kind in zip(times, classes, strict=False) if cap.of_class in {None, kind}]
        for at in mine:
            edge = int(cap.window.edge(np.array([at], dtype=np.int64))[0])
            if sum(edge < other <= at for other in mine) > cap.maximum:
                return False
    return True


@st.composite
def caps(draw: st.DrawFn) -> Cap:
    length, maximum = draw(st.integers(1, 6)), draw(st.integers(1, 3))
    kind = draw(st.sampled_from(["all", "class", "fixed", "anchored"]))
    window: Window = Sliding(length, maximum)
    if kind == "fixed":
        window = Fixed(np.arange(0, 100, length, dtype=np.int64), maximum)
    elif kind == "anchored":
        window = Tumbling(length, 0, maximum)
    return Cap(window, maximum, draw(st.integers(0, 1)) if kind == "class" else None)


def open_times(stretches: list[tuple[int, int]]) -> list[int]:
    return [at for at in range(LAST + 1) if any(first <= at < last for first, last in stretches)]


@settings(max_examples=examples(75), deadline=None)
@given(
    st.integers(1, 4),
    st.lists(caps(), min_size=1, max_size=3),
    st.sampled_from([[(0, 99)], [(2, 5), (8, 99)], [(0, 1), (3, 4), (6, 99)]]),
    st.lists(st.integers(0, 1), min_size=4, max_size=4),
)
def test_no_schedule_sends_any_message_earlier(
    count: int, limits: list[Cap], stretches: list[tuple[int, int]], classes: list[int]
) -> None:
    shaped = spread(shape(count, limits, iter(stretches), classes))
    assert len(shaped) == count
    assert keeps(tuple(shaped), limits, classes)
    every = combinations_with_replacement(open_times(stretches), count)
    kept = [times for times in every if keeps(times, limits, classes)]
    for place in range(count):
        assert all(times[place] >= shaped[place] for times in kept)
    if shaped[-1] <= LAST:
        assert tuple(shaped) in kept


def endless() -> Iterator[tuple[int, int]]:
    yield 0, 1 << 62


def test_bursts_as_large_as_the_limit_one_window_apart() -> None:
    bursts = shape(1000, [Cap(Sliding(600, 400), 400)], endless())
    assert [(burst.first, burst.size) for burst in bursts] == [(0, 400), (600, 400), (1200, 200)]
    assert fullest(Sliding(600, 400), Runs(bursts), ()).peak == 400


def test_a_limit_of_nothing_can_never_be_kept() -> None:
    assert shape(1, [Cap(Sliding(600, 0), 0)], endless()) == []


def test_openings_that_end_too_early_are_no_schedule() -> None:
    assert shape(3, [Cap(Sliding(10, 1), 1)], iter([(0, 15)])) == []
