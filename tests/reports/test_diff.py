from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailaudit.checks.finding import Outcome, Severity
from mailaudit.reports.diff import Diff, diff, render_diff
from mailaudit.reports.document.types import Document, SuppressedEntry, UnverifiedEntry
from mailaudit.reports.formats import RenderOptions
from reports import sample_documents as sample


def _report(*fingerprints: str, outcome: Outcome = Outcome.FAILED) -> Document:
    findings = tuple(sample.finding(fingerprint=name, message=f"Finding {name}.") for name in fingerprints)
    if outcome is Outcome.FAILED and not findings:
        outcome = Outcome.PASSED
    return sample.document((sample.result(outcome=outcome, findings=findings),), verdict="not-ready")


def _names(found: Diff) -> tuple[str, str, str]:
    parts = (found.new, found.fixed, found.kept)
    return tuple("".join(item.finding.fingerprint for item in part) for part in parts)  # type: ignore[return-value]


def test_findings_are_told_apart_by_their_fingerprints() -> None:
    assert _names(diff(_report("a", "b"), _report("b", "c"))) == ("c", "a", "b")


@given(st.lists(st.sampled_from("abc"), max_size=6), st.lists(st.sampled_from("abc"), max_size=6))
def test_fingerprints_are_a_multiset(old: list[str], new: list[str]) -> None:
    before, after = Counter(old), Counter(new)
    added, fixed, kept = (Counter(names) for names in _names(diff(_report(*old), _report(*new))))
    assert (added, fixed, kept) == (after - before, before - after, before & after)


def test_wording_and_place_do_not_matter() -> None:
    old = _report("a")
    changed = sample.finding(fingerprint="a", message="Other words.", location=None)
    new = sample.document((sample.result(outcome=Outcome.FAILED, findings=(changed,)),))
    assert _names(diff(old, new)) == ("", "", "a")


def test_what_could_not_be_seen_again_is_not_fixed() -> None:
    for outcome in (Outcome.UNVERIFIED, Outcome.CRASHED, Outcome.SKIPPED):
        found = diff(_report("a"), _report(outcome=outcome))
        assert _names(found) == ("", "", "")
        assert [item.finding.fingerprint for item in found.lost_sight] == ["a"]
    assert len(diff(_report("a"), sample.document()).lost_sight) == 1
    assert _names(diff(_report("a"), _report(outcome=Outcome.NOT_APPLICABLE))) == ("", "a", "")


@pytest.mark.parametrize(("subject", "fixed"), [("shop.example", False), (None, False), ("other.example", True)])
def test_a_subject_that_was_not_judged_again_is_not_fixed(subject: str | None, fixed: bool) -> None:  # noqa: FBT001 - a table
    unverified = (UnverifiedEntry(subject=subject, reason="DNS timed out"),)
    new = sample.document((sample.result(outcome=Outcome.UNVERIFIED, unverified=unverified),))
    partly = sample.document(
        (
            sample.result(
                outcome=Outcome.FAILED, findings=(sample.finding(fingerprint="z"),), unverified=unverified
            ),
        )
    )
    assert not diff(_report("a"), new).fixed
    assert bool(diff(_report("a"), partly).fixed) is fixed


def test_the_worst_new_finding_counts_only_when_it_is_not_suppressed() -> None:
    warning = sample.finding(fingerprint="b", severity=Severity.WARNING)
    hidden = sample.finding(fingerprint="c", suppressed=SuppressedEntry(reason="known"))
    new = sample.document((sample.result(outcome=Outcome.FAILED, findings=(warning, hidden)),))
    assert diff(_report(), new).worst_new is Severity.WARNING
    assert diff(_report(), _report()).worst_new is None


def test_the_page_tells_what_is_new_first() -> None:
    page = render_diff(_report("a", "b"), _report("b", "c"), RenderOptions())
    lines = page.splitlines()
    assert lines[0] == "1 new, 1 fixed, 1 as before."
    assert lines.index(" ✗ Finding c.") < lines.index(" ✓ Finding a.")
    assert "Finding b." not in page
    assert "Finding b." in render_diff(_report("a", "b"), _report("b", "c"), RenderOptions(verbosity=1))
    assert not render_diff(sample.document(), sample.hostile(), RenderOptions(unicode=False)).count("\x1b")
