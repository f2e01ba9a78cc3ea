from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailaudit.reports.content import moments
from mailaudit.reports.content.figures import about, buckets, list_figures, span, volume_figures
from mailaudit.reports.content.provider_rules import standing
from mailaudit.reports.document.providers import CellEntry, MatrixRow, MatrixSection
from mailaudit.reports.document.types import Document, FactsSection
from reports import sample_documents as sample


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(600, "10 min"), (3600, "1 h"), (86_400, "24 h"), (172_800, "2 days"), (90, "90 s"), (1, "1 s")],
)
def test_a_window_is_told_in_the_unit_that_people_use(seconds: int, words: str) -> None:
    assert span(seconds) == words


@pytest.mark.parametrize(
    ("seconds", "words"), [(60, "1 min"), (181.2, "about 3 min"), (0.4, "1 s"), (5400, "about 2 h")]
)
def test_a_step_is_told_roughly(seconds: float, words: str) -> None:
    assert about(seconds) == words


@given(st.lists(st.integers(0, 1000), min_size=1, max_size=300), st.integers(1, 100))
def test_no_peak_is_lost_when_a_series_is_narrowed(values: list[int], most: int) -> None:
    narrowed = buckets(tuple(values), most)
    assert len(narrowed) == min(len(values), most)
    assert max(narrowed) == max(values)
    assert set(narrowed) <= set(values)


def test_the_parts_of_the_list_add_up_to_its_rows() -> None:
    figures = list_figures(sample.troubled())
    assert figures is not None
    assert sum(part.count for part in figures.parts) == figures.rows
    assert [part.key for part in figures.providers] == ["gmail", "orange", "yahoo", "other"]


def _volume(*peaks: dict[str, Any]) -> Document:
    shared = {"scope": "sender", "window_s": 600}
    told = {"messages": 9, "peaks": [{**shared, **peak} for peak in peaks]}
    return sample.document(facts=FactsSection(sender={}, volume=told))


def test_a_dry_run_of_nobody_knows_when_is_told_without_a_time() -> None:
    document = sample.document(
        facts=FactsSection(sender={}, volume={"messages": 9}, capture={"folder": "capture"})
    )
    figures = volume_figures(document)
    assert figures is not None
    assert figures.when.startswith("as the dry run recorded them")


def test_a_sure_breach_stands_before_a_doubtful_one_and_only_it_is_marked_as_wrong() -> None:
    document = _volume(
        {"key": "fine", "peak": 4, "limit": 5, "confidence": "high"},
        {"key": "doubtful", "peak": 90, "limit": 5, "confidence": "low"},
        {"key": "sure", "peak": 6, "limit": 5, "confidence": "high"},
    )
    figures = volume_figures(document)
    assert figures is not None
    assert [peak.key for peak in figures.peaks] == ["sure", "doubtful", "fine"]
    page = sample.shown(document, width=80, verbosity=1)
    assert "   ✗ sure:" in page
    assert "   ▲ doubtful:" in page
    assert "   ✓ fine:" in page


def test_a_provider_whose_rules_begin_at_larger_volumes_asks_nothing_yet() -> None:
    def row(state: str) -> MatrixRow:
        cell = CellEntry(requirement="dkim", state=state, text="DKIM.", confidence="high", threshold=5000)
        return MatrixRow(provider=state, name=f"Mailbox {state}", recipients=1, share=0.5, cells=(cell,))

    matrix = MatrixSection(requirements=("dkim",), rows=(row("not-required"), row("met")))
    document = sample.document(facts=FactsSection(sender={}, providers_matrix=matrix))
    shown = standing(document)
    assert shown is not None
    assert [provider.asks_nothing_yet for provider in shown.providers] == [True, False]
    page = sample.shown(document, width=80, verbosity=1)
    assert "Mailbox not-required (50 %): asks nothing of a campaign of this size" in page
    assert "Mailbox met (50 %): all that it asks is met" in page


def test_a_matrix_without_any_rule_is_not_shown() -> None:
    row = MatrixRow(provider="other", name="other", recipients=1, share=1.0)
    document = sample.document(
        facts=FactsSection(sender={}, providers_matrix=MatrixSection(requirements=(), rows=(row,)))
    )
    assert standing(document) is None
    assert standing(sample.document()) is None


def test_what_shows_only_in_the_send_is_never_taken_as_met() -> None:
    def row(*cells: tuple[str, str]) -> MatrixRow:
        told = tuple(
            CellEntry.model_validate({"requirement": kind, "state": state, "text": kind, "confidence": "high"})
            for kind, state in cells
        )
        name = "+".join(kind for kind, _ in cells)
        return MatrixRow(provider=name, name=name, recipients=1, share=0.5, cells=told)

    rows = (row(("tls", "unverified")), row(("dkim", "met"), ("tls", "unverified")), row(("dkim", "unverified")))
    matrix = MatrixSection(requirements=("dkim", "tls"), rows=rows)
    document = sample.document(facts=FactsSection(sender={}, providers_matrix=matrix))
    page = sample.shown(document, width=100, verbosity=1)
    assert "• tls (50 %): asks nothing that shows before the send\n   shows only in the send: TLS" in page
    assert "✓ dkim+tls (50 %): all that it asks is met, as far as it shows before the send" in page
    assert "? dkim (50 %): nothing missing was found\n   could not be verified: DKIM" in page


def test_a_stretch_names_its_day_once() -> None:
    assert moments.stretch("2026-12-01T09:00:00+01:00", "2026-12-01T10:44:06+01:00") == (
        "1 December 2026, 09:00 to 10:44:06 (UTC+01:00)"
    )
    assert moments.stretch("2026-12-01T09:00:00+01:00", "2026-12-02T08:00:00+01:00") == (
        "1 December 2026, 09:00 to 2 December 2026, 08:00 (UTC+01:00)"
    )
    assert moments.stretch(None, "2026-12-02T08:00:00+01:00") == ""


def test_an_instant_that_is_none_is_shown_as_it_is() -> None:
    assert moments.told("soon") == "soon"
    assert moments.told("") is None
    assert moments.told(7) is None
