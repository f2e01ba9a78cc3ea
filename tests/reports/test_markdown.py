from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token

from mailaudit.checks.finding import Outcome, Severity
from mailaudit.reports.document.types import Document, ResultEntry
from mailaudit.reports.formats import RenderOptions
from mailaudit.reports.markdown import code, escape, prose, render
from mailaudit.reports.safe_text import plain
from reports import sample_documents as sample

_OWN_HTML = {"<br>", "<sub>", "</sub>"}


def _tokens(text: str) -> list[Token]:
    parser = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
    return [inner for token in parser.parse(text) for inner in (token, *(token.children or ()))]


def _render(document: Document) -> str:
    return render(document, RenderOptions())


def _shown(text: str) -> str:
    return "".join(t.content for t in _tokens(text) if t.type in {"text", "code_inline", "fence", "text_special"})


def test_the_summary_tells_verdict_first_and_the_record_in_a_fence() -> None:
    text = _render(sample.troubled())
    assert text.startswith("## 🔴 Not ready: 69 % of your recipients (Gmail and Orange) will refuse this mail.\n")
    fences = [token.content for token in _tokens(text) if token.type == "fence"]
    assert f"{sample.LONG_RECORD}\n" in fences
    shown = _shown(text)
    assert "The SPF record of shop.example does not allow 203.0.113.25" in shown
    assert "Read two weeks of DMARC reports." in shown
    assert "DNS timed out for 25.113.0.203.bl.example A" in shown
    assert "they wrote to us" in shown


def test_tasks_come_before_findings() -> None:
    text = _render(sample.troubled())
    assert text.index("### Do first") < text.index("#### 1.") < text.index("### Then") < text.index("<details>")
    assert "Settles `" in text
    assert "### " not in _render(sample.document())


@pytest.mark.slow
def test_a_flood_of_findings_stays_below_what_a_step_summary_may_hold() -> None:
    def entry(severity: Severity) -> ResultEntry:
        findings = tuple(
            sample.finding(fingerprint=f"{severity}{n}", severity=severity, message=f"{'Long words. ' * 40}{n}")
            for n in range(5_000)
        )
        return sample.result(f"check-{severity}", outcome=Outcome.FAILED, findings=findings)

    text = _render(sample.document((entry(Severity.ERROR), entry(Severity.WARNING))))
    assert len(text.encode()) < 1_048_576
    assert text.count("and 4,800 more; the JSON report has them all") == 2


@pytest.mark.parametrize("make", [sample.troubled, sample.hostile])
def test_nothing_but_our_own_markup_is_alive(make: Callable[[], Document]) -> None:
    for token in _tokens(_render(make())):
        assert token.type not in {"link_open", "image", "s_open"}
        if token.type == "html_inline":
            assert token.content in _OWN_HTML
        if token.type == "html_block":
            assert token.content.startswith(("<details><summary>", "</details>", "<sub>"))


def test_hostile_text_is_shown_as_it_is() -> None:
    shown = _shown(_render(sample.hostile()))
    assert "Cell [bold]<script>alert(1)</script>gnp.exe ::error::x]]>" in shown
    assert "%0A&#x3c;|`*_" in shown


@pytest.mark.parametrize(
    "text", ["https://evil.example", "www.evil.example", ":tada:", "@everyone", "a@b.example", "$x$"]
)
def test_nothing_turns_into_a_link_a_mention_or_an_emoji(text: str) -> None:
    escaped = escape(text)
    assert not re.search(r"https?://|www\.|:\w|@\w|\$", escaped)
    assert _shown(escaped) == text


@settings(max_examples=300, deadline=None)
@given(st.text(alphabet="ab`*_[]()<>|\\!#~&;:@$-+. 1=\n\"'", min_size=1, max_size=30))
def test_escaped_text_and_code_read_back_as_they_were(text: str) -> None:
    wanted = " ".join(plain(text).split())
    assert " ".join(_shown(f"x {escape(text)}").split()) == f"x {wanted}".strip()
    assert " ".join(_shown(escape(text)).split()) == wanted
    if wanted and "|" not in wanted:
        assert " ".join(_shown(f"x {code(text)}").split()) == f"x {wanted}"


def test_a_heading_keeps_its_last_signs() -> None:
    failed = sample.result(outcome=Outcome.FAILED, findings=(sample.finding(message="It ends in ##"),))
    assert "It ends in ##" in _shown(_render(sample.document((failed,))))


def test_backticks_in_a_sentence_mean_code_and_nothing_else_becomes_markup() -> None:
    assert prose("Run `mailaudit plan` *now*.") == "Run `mailaudit plan` \\*now\\*."
    assert prose("`<b>` and one ` alone") == "`<b>` and one \\` alone"


def test_checks_that_share_a_cause_stand_on_one_line() -> None:
    silent = tuple(
        sample.result(check, outcome=Outcome.UNVERIFIED, reason="DNS timed out", findings=())
        for check in ("spf-missing", "spf-invalid")
    )
    assert "* `spf-missing`, `spf-invalid`: DNS timed out\n" in render(sample.document(silent), RenderOptions())
