"""Header fields are kept as written and as read."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mailaudit.facts.message.reading.encoded_words import decode_words
from mailaudit.facts.message.reading.header_fields import split_header
from support.effort import examples


def test_fields_are_unfolded_decoded_and_placed() -> None:
    raw = b"From: a@acme.example\r\nSubject: =?utf-8?b?w6k=?=\r\n folded\r\nX-Other: 1\r\n\r\nX-Body: no"
    fields, body = split_header(raw)
    assert [(item.name, item.value, item.line) for item in fields] == [
        ("From", "a@acme.example", 1),
        ("Subject", "é folded", 2),
        ("X-Other", "1", 4),
    ]
    assert fields[1].raw == b" =?utf-8?b?w6k=?=\n folded"
    assert raw[body:] == b"X-Body: no"


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("=?utf-8?q?Caf=C3=A9?= ACME", "Café ACME"),
        ("=?utf-8?q?a?= =?utf-8?q?b?=", "ab"),
        ("=?utf-8?q?=C3?= =?utf-8?q?=A9?=", "é"),
        ("=?iso-8859-1*fr?Q?=E9t=E9?=", "été"),
        ("=?utf-8?b?A?=", "=?utf-8?b?A?="),
        ("=?nonsense?q?a?=", "=?nonsense?q?a?="),
        ("=?utf-8?b?w6k", "=?utf-8?b?w6k"),
        ("a =?utf-8?q?b?= c", "a b c"),
    ],
)
def test_encoded_words_are_decoded_and_damaged_ones_stay(written: str, read: str) -> None:
    assert decode_words(written) == read


def test_very_many_encoded_words_are_one_text() -> None:
    assert decode_words(" ".join(["=?utf-8?q?=C3=A9?="] * 100_000)) == "é" * 100_000


@settings(max_examples=examples(200), deadline=None)
@given(st.text(alphabet="=?utf-8bq _é\t", max_size=80))
def test_no_value_makes_decoding_fail(value: str) -> None:
    assert isinstance(decode_words(value), str)
