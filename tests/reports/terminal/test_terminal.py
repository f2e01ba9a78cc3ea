"""The terminal report; MAILAUDIT_UPDATE_GOLDEN=1 rewrites the expected outputs, which are then to be read."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest
from rich.cells import cell_len

from mailaudit import audit, load_campaign
from mailaudit.checks.finding import Outcome, Severity
from mailaudit.reports.document.build import document
from mailaudit.reports.document.types import Document, FactsSection, UnverifiedEntry
from mailaudit.reports.formats import RenderOptions
from mailaudit.reports.terminal import render
from reports import sample_documents as sample

GOLDEN = Path(__file__).parents[1] / "golden"
ROOT = Path(__file__).parents[3]
_COLOR = re.compile(r"\x1b\[[0-9;]*m")
VIEWS = {
    "terminal-80": RenderOptions(width=80),
    "terminal-40-ascii": RenderOptions(width=40, unicode=False),
    "terminal-100-verbose": RenderOptions(width=100, verbosity=1),
    "terminal-80-quiet": RenderOptions(width=80, verbosity=-1),
}


@pytest.mark.parametrize("name", VIEWS)
def test_the_page_is_as_it_was_agreed(name: str) -> None:
    page = render(sample.troubled(), VIEWS[name])
    file = GOLDEN / f"{name}.txt"
    if os.environ.get("MAILAUDIT_UPDATE_GOLDEN"):
        file.write_text(page, encoding="utf-8")
    assert page == file.read_text(encoding="utf-8")


@pytest.mark.parametrize("width", [20, 40, 50, 80, 200])
@pytest.mark.parametrize("color", [True, False])
def test_a_dns_record_stands_alone_on_one_line_at_any_width(width: int, color: bool) -> None:  # noqa: FBT001 - a table
    lines = _COLOR.sub("", sample.shown(sample.troubled(), width=width, color=color)).splitlines()
    assert sample.LONG_RECORD in lines
    assert 'shop.example. 3600 IN TXT "v=spf1 ip4:203.0.113.25 include:_spf.mail.example -all"' in lines


@pytest.mark.parametrize("width", [40, 50, 80])
def test_only_records_and_long_words_are_wider_than_the_terminal(width: int) -> None:
    for line in sample.shown(sample.troubled(), width=width).splitlines():
        assert cell_len(line) <= width or " IN TXT " in line or len(line.split()) <= 2, line


def test_no_word_is_lost_on_a_narrow_terminal_without_unicode() -> None:
    wide = sample.shown(sample.troubled(), width=200, verbosity=1)
    narrow = sample.shown(sample.troubled(), width=40, verbosity=1, unicode=False)
    letters = re.compile(r"[A-Za-z][A-Za-z0-9,:-]*")
    assert narrow.isascii()
    assert set(letters.findall(wide)) <= set(letters.findall(narrow))


def test_without_colour_there_is_no_escape_and_with_colour_the_same_words() -> None:
    bare = sample.shown(sample.troubled(), width=80, color=False)
    colored = sample.shown(sample.troubled(), width=80, color=True)
    assert "\x1b" not in bare
    assert "\x1b[" in colored
    assert _COLOR.sub("", colored) == bare


@pytest.mark.parametrize("verbose", [0, 1])
def test_hostile_text_is_inert(verbose: int) -> None:
    page = sample.shown(sample.hostile(), width=60, verbosity=verbose)
    assert "[bold]<script>alert(1)</script>gnp.exe" in page
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e]", page)
    assert "owned" not in page


def test_the_verdict_stands_in_the_first_line_and_lines_end_clean() -> None:
    page = sample.shown(sample.troubled(), width=80)
    assert page.startswith("✗ Not ready: 69 % of your recipients (Gmail and Orange) will refuse this mail.\n")
    assert page.endswith("Winter letter · 6,000 people · campaign.yml · shop.example\n")
    assert not [line for line in page.splitlines() if line != line.rstrip()]
    assert "\n\n\n" not in page


def test_a_long_verdict_runs_on_rather_than_over_four_lines() -> None:
    document = sample.troubled()
    notes = (
        "DNS: the campaign file's own zone files (a.zone).",
        "The campaign file itself says when the audit fails.",
    )
    longer = document.model_copy(update={"gate": document.gate.model_copy(update={"notes": notes})})
    page = sample.shown(longer, width=72)
    assert " will refuse this mail. 2 tasks" in " ".join(page.split())
    assert page.splitlines()[4] == ""
    much = document.model_copy(update={"gate": document.gate.model_copy(update={"notes": notes, "shrunk": 2})})
    page = sample.shown(much, width=72)
    assert page.splitlines()[4] == ""
    told = " ".join(page.split())
    assert told.index(notes[1]) < told.index("Do first")
    assert told.index("smaller than accepted") > told.index("Do first")  # what finds no room stands at the end


def test_a_clean_campaign_gets_a_calm_page() -> None:
    page = sample.shown(sample.document((sample.result(), sample.result("spf-missing"))), width=80)
    assert page.startswith("✓ Ready: nothing found that stops this campaign.\n")
    assert "Do first" not in page
    assert "No findings, 2 checks passed." in page
    assert "Passed (2)" in sample.shown(sample.document((sample.result(),) * 2), width=80, verbosity=1)


def test_many_problems_are_one_task_and_all_named_when_asked() -> None:
    findings = tuple(
        sample.finding(fingerprint=f"{number:016}", message=f"Problem number {number} is here.")
        for number in range(30)
    )
    report = sample.document((sample.result(outcome=Outcome.FAILED, findings=findings),))
    page = sample.shown(report, width=80)
    assert "spf-does-not-authorize-sender (30)" in page
    assert "and 28 more, with -v" in page
    everything = sample.shown(report, width=80, verbosity=1)
    assert all(f"Problem number {number} is here." in everything for number in range(30))


def test_a_flood_of_one_check_is_counted() -> None:
    findings = tuple(
        sample.finding(fingerprint=f"{n:016}", severity=Severity.NOTE, message=f"Note {n:03}.") for n in range(100)
    )
    report = sample.document((sample.result("address-role", outcome=Outcome.FAILED, findings=findings),))
    page = sample.shown(report, width=80)
    assert ("Note 000." in page, "Note 001." in page) == (True, False)
    assert "address-role (100)" in page
    assert "Note 099." in sample.shown(report, width=80, verbosity=1)


def test_subjects_without_an_answer_are_named_together() -> None:
    silent = sample.result(
        "domain-undeliverable",
        severity=Severity.WARNING,
        outcome=Outcome.UNVERIFIED,
        unverified=tuple(UnverifiedEntry(subject=f"d{n}.example", reason="DNS timed out") for n in range(9)),
    )
    page = " ".join(sample.shown(sample.document((silent,)), width=200).split())
    assert "? domain-undeliverable (d0.example, d1.example, d2.example and 6 more): DNS timed out" in page


def test_checks_that_share_a_reason_stand_together() -> None:
    names = [f"spf-check-{letter}" for letter in "abcd"]
    reason = "DNS timed out for acme.example TXT"
    silent = (
        sample.result(
            name,
            severity=Severity.WARNING,
            outcome=Outcome.UNVERIFIED,
            unverified=(UnverifiedEntry(subject="acme.example", reason=reason),),
        )
        for name in names
    )
    alone = sample.result(
        "dmarc-missing", outcome=Outcome.UNVERIFIED, unverified=(UnverifiedEntry(reason="refused"),)
    )
    page = sample.shown(sample.document((*silent, alone)), width=100, verbosity=1)
    assert f" ? dmarc-missing: refused\n ? 4 checks: {reason}\n   {', '.join(names)}\n" in page


def test_a_crashed_check_is_called_a_bug() -> None:
    crashed = sample.result("dkim-key-weak", outcome=Outcome.CRASHED, reason="KeyError: p")
    page = sample.shown(sample.document((crashed,), verdict="incomplete"), width=200)
    assert "dkim-key-weak: crashed, which is a bug: KeyError: p" in page


def test_numbers_of_unexpected_shape_do_not_break_the_page() -> None:
    odd: Document = sample.document(
        facts=FactsSection(
            sender={},
            recipients={"rows": 3, "unique": 3, "providers": ["gmail", {"provider": None}], "domains": "many"},
            volume={"messages": 3, "peaks": [{"peak": 3, "at": "yesterday", "limit": None, "window_s": 0}]},
        )
    )
    assert "3 rows" in sample.shown(odd, width=80)
    assert "yesterday" in sample.shown(odd, width=80, verbosity=1)


def test_a_quiet_incomplete_report_says_why() -> None:
    silent = sample.result(
        outcome=Outcome.UNVERIFIED, severity=Severity.ERROR, reason="DNS timed out", findings=(), unverified=()
    )
    page = sample.shown(sample.document((silent,), verdict="incomplete"), width=80, verbosity=-1)
    assert " ? spf-does-not-authorize-sender: DNS timed out\n" in page


def test_many_problems_of_one_check_do_not_hide_the_others() -> None:
    many = tuple(sample.finding(fingerprint=f"{n:016}", subject=f"s{n}.shop.example") for n in range(30))
    one = sample.finding(fingerprint="f" * 16, message="Nothing is signed.")
    report = sample.document(
        (
            sample.result("dkim-key-missing", outcome=Outcome.FAILED, findings=many),
            sample.result("reverse-dns-missing", outcome=Outcome.FAILED, findings=(one,)),
        )
    )
    assert re.search(r"^    Nothing is signed\.$", sample.shown(report, width=80), re.MULTILINE)


@pytest.mark.parametrize(("example", "lines"), [("own-server", 80), ("platform", 20)])
def test_the_examples_fit_on_one_screen(example: str, lines: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    report = audit(*load_campaign(Path(f"examples/{example}/campaign.yml")))
    page = sample.shown(document(report), width=100)
    verdict, _, _ = page.partition("\n\n")
    assert len(verdict.splitlines()) <= 4
    assert len(page.splitlines()) <= lines
    assert max(map(len, page.splitlines())) <= 100


def test_quiet_leaves_the_verdict_and_the_titles() -> None:
    page = sample.shown(sample.troubled(), width=80, verbosity=-1)
    _, _, titles = page.partition("\n\n")
    assert [line[:3] for line in titles.splitlines()] == [" 1.", " 2.", "  ▲"]
    assert "IN TXT" not in page


def test_what_was_done_since_the_last_run_stands_in_the_verdict() -> None:
    page = render(sample.troubled(), RenderOptions(progress="1 of 3 tasks done since yesterday."))
    assert page.splitlines()[1].startswith("  1 of 3 tasks done since yesterday. 2 tasks to do first.")
