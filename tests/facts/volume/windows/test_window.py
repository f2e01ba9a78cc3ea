from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from facts.volume.oracle import project
from mailaudit.facts.volume.flow.stream_math import Run, Runs, Selection
from mailaudit.facts.volume.windows import closed_form
from mailaudit.facts.volume.windows import window as window_module
from mailaudit.facts.volume.windows.count import fullest, keeps
from mailaudit.facts.volume.windows.kinds import Sliding, Tumbling
from mailaudit.facts.volume.windows.window import Window
from support.effort import examples

# MAILAUDIT_CASES=20000 looks much longer for a difference from the brute force.
CASES = int(os.environ.get("MAILAUDIT_CASES", examples(150)))


@pytest.fixture(scope="module", autouse=True)
def short_streams_are_cut_too() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(closed_form, "CUTS", 0)
        yield


@st.composite
def streams(draw: st.DrawFn, *, cut: bool = False, most: int = 7) -> Runs:
    runs, at = [], draw(st.integers(-30, 30))
    for _ in range(draw(st.integers(1, 4))):
        step, beats = draw(st.integers(1, 9)), draw(st.integers(1, most))
        runs.append(Run(at, step, beats, draw(st.integers(1, 4)) if cut else 1))
        at += step * beats + draw(st.integers(0, 25))
    whole = sum(run.beats * run.size for run in runs)
    last = runs[-1].size
    return Runs(runs, whole - draw(st.integers(0, last - 1)) if cut else None)


def listed(stream: Runs) -> list[Fraction]:
    """The instants, written out from the definition of a run."""
    sent = [
        Fraction(run.first + beat * run.step)
        for run in stream.runs
        for beat in range(run.beats)
        for _ in range(run.size)
    ]
    return sent[: stream.count]


@pytest.mark.slow
@settings(max_examples=CASES, deadline=None)
@given(streams(cut=True), st.lists(streams(), max_size=2), st.integers(1, 40), st.integers(0, 20))
def test_every_number_is_that_of_the_brute_force(own: Runs, others: list[Runs], length: int, limit: int) -> None:
    found = fullest(Sliding(length, limit), own, others)
    other = sorted(at for stream in others for at in listed(stream))
    peak, opens, breach, over, over_other = project(listed(own), other, Fraction(length), limit)
    assert (found.peak, found.opens) == (peak, opens)
    assert (found.over, found.over_other) == (over, over_other)
    assert found.breach_number == (None if breach is None else breach - 1)


@pytest.mark.slow
@settings(max_examples=CASES, deadline=None)
@given(
    streams(cut=True, most=200),
    st.lists(streams(most=300), max_size=2),
    st.integers(1, 300),
    st.integers(0, 200),
    st.sampled_from([Sliding, lambda length, limit: Tumbling(length, 7, limit)]),
)
def test_beats_that_stand_for_others_tell_what_all_of_them_tell(
    own: Runs, others: list[Runs], length: int, limit: int, kind: Callable[[int, int], Window]
) -> None:
    window = kind(length, limit)
    found = fullest(window, own, others)
    assert keeps(window, own, others) is not bool(found.over or found.over_other)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(closed_form, "CUTS", 1_000_000)
        assert fullest(window, own, others) == found


@settings(max_examples=examples(100), deadline=None)
@given(streams(cut=True), st.integers(-60, 120))
def test_rank_and_instant_agree_with_the_list(stream: Runs, tick: int) -> None:
    sent = listed(stream)
    assert stream.times(np.arange(stream.count)).tolist() == sent
    assert stream.upto(np.array([tick])).tolist() == [sum(at <= tick for at in sent)]


@settings(max_examples=examples(100), deadline=None)
@given(streams(cut=True), st.data(), st.integers(1, 30))
def test_a_selection_counts_only_its_own(stream: Runs, data: st.DataObject, length: int) -> None:
    marks = data.draw(st.lists(st.booleans(), min_size=stream.count, max_size=stream.count))
    places = np.flatnonzero(np.array(marks, dtype=bool)).astype(np.int64)
    sent = listed(stream)
    chosen = [sent[place] for place in places]
    found = fullest(Sliding(length, 3), Selection(stream, places), [])
    peak, opens, breach, over, _ = project(chosen, [], Fraction(length), 3)
    assert (found.peak, found.opens, found.over) == (peak, opens, over)
    assert found.breach_number == (None if breach is None else breach - 1)


def test_chunks_do_not_show(monkeypatch: pytest.MonkeyPatch) -> None:
    own, other = Runs([Run(0, 3, 400, 2)]), Runs([Run(-200, 7, 300)])
    whole = fullest(Sliding(100, 60), own, [other])
    monkeypatch.setattr(window_module, "CHUNK", 37)
    assert fullest(Sliding(100, 60), own, [other]) == whole
    assert whole.over > 0


def test_the_window_is_half_open() -> None:
    assert fullest(Sliding(600, 400), Runs([Run(0, 600, 2, 400)]), []).peak == 400
    assert fullest(Sliding(601, 400), Runs([Run(0, 600, 2, 400)]), []).peak == 800


def test_published_case_of_a_day_that_is_used_up() -> None:
    # 6,000 in 24 h: 3,500 at 09:00, 1,500 at 10:00 and 1,000 at 11:00 leave nothing until 09:00 next day.
    hour = 3600
    used = [Run(9 * hour, 1, 1, 3500), Run(10 * hour, 1, 1, 1500), Run(11 * hour, 1, 1, 1000)]
    day = Sliding(24 * hour, 6000)
    assert fullest(day, Runs(used), []).over == 0
    assert fullest(day, Runs([*used, Run(33 * hour - 1, 1, 1, 1)]), []).breach_number == 6000
    assert fullest(day, Runs([*used, Run(33 * hour, 1, 1, 3500)]), []).over == 0
    assert fullest(day, Runs([*used, Run(33 * hour, 1, 1, 3501)]), []).over == 1
