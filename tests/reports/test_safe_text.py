from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mailaudit.reports.safe_text import clip, plain, plain_lines, shorten, to_ascii


@pytest.mark.parametrize(
    ("given_text", "shown"),
    [
        ("\x1b[31mred\x1b[0m", "red"),
        ("\x1b]0;owned\x07title", "title"),
        ("\x1b]8;;https://evil.example\x1b\\link\x1b]8;;\x1b\\", "link"),
        ("\x9b2Jcleared", "cleared"),
        ("\x1bPdevice\x1b\\after", "after"),
        ("a\r\nb\tc", "a b c"),
        ("pay\u202egnp.exe", "paygnp.exe"),
        ("zero\u200bwidth\ufeff", "zerowidth"),
        ("tag\U000e0041", "tag"),
        ("nul\x00bell\x07", "nulbell"),
        ("sur\ud800rogate", "surrogate"),
        ("keeps  two blanks", "keeps  two blanks"),
        ("Épicerie 日本 😀", "Épicerie 日本 😀"),
    ],
)
def test_plain_leaves_only_what_can_be_read(given_text: str, shown: str) -> None:
    assert plain(given_text) == shown


@settings(max_examples=300, deadline=None)
@given(st.text(alphabet=st.characters(codec=None), max_size=40))
def test_plain_text_holds_nothing_that_acts(text: str) -> None:
    shown = plain(text)
    assert not any(unicodedata.category(c) in {"Cc", "Cs"} for c in shown)
    assert not any(c in shown for c in "\u202e\u2066\u200b\u2028")
    assert plain(shown) == shown


def test_lines_are_kept_apart_whatever_ends_them() -> None:
    assert plain_lines("a\r\nb\rc\nd\x1b[1m") == ["a", "b", "c", "d"]


def test_a_long_text_says_how_long_it_was() -> None:
    assert shorten("x" * 5_000, 50).endswith("… (5,000 characters)")
    assert len(shorten("x" * 5_000, 50)) == 50
    assert shorten("short", 50) == "short"


def test_a_clipped_name_keeps_its_length() -> None:
    assert clip("abcdefgh", 5) == "abcd…"
    assert clip("abcde", 5) == "abcde"


def test_ascii_keeps_every_word() -> None:
    assert (
        to_ascii("“Épicerie” \N{EN DASH} 400 \N{MULTIPLICATION SIGN} … ≥ 日")
        == '"Epicerie" - 400 x ... >= \\u65e5'
    )
