"""SPF text of any kind is read in bounded time and without an exception."""

from __future__ import annotations

from ipaddress import ip_address, ip_network

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from mailaudit.facts.sender.spf.macros import MacroContext, MacroError, expand, expand_domain
from mailaudit.facts.sender.spf.record import parse, select

CONTEXT = MacroContext(
    ip=ip_address("2001:db8::cb01"),
    domain="email.example.com",
    sender="strong-bad@email.example.com",
    helo="mx.example",
)


@settings(deadline=None)
@given(st.binary(max_size=200))
@example(b"v=spf1 ip4:1.2.3.4/" + b"9" * 5000)
@example(b"v=spf1 a/" + b"0" * 5000)
@example(b"v=spf1 exists:%{i" + b"1" * 5000 + b"}.example.com")
@example(b"v=spf1 include:" + b"." * 5000)
@example(b"v=spf1 \xff\x00\xc3\xa9")
def test_any_octets_give_a_record(text: bytes) -> None:
    record = parse(b"v=spf1 " + text)
    assert record.text.startswith("v=spf1")


@settings(deadline=None)
@given(st.text(alphabet="abc%{}dioslhpv1289rR.-+,/_=: ~", max_size=60))
def test_a_macro_string_expands_or_is_refused(text: str) -> None:
    try:
        expanded = expand_domain(text, CONTEXT)
    except MacroError:
        return
    assert len(expanded) <= 253 or "." not in expanded


@settings(deadline=None)
@given(st.ip_addresses(), st.integers(0, 128))
def test_every_range_is_read_back(ip: object, prefix: int) -> None:
    network = ip_network(f"{ip}/{min(prefix, 32) if '.' in str(ip) else prefix}", strict=False)
    record = parse(f"v=spf1 ip{network.version}:{network} -all".encode())
    assert record.errors == ()
    assert record.mechanisms[0].network == network


@pytest.mark.parametrize(
    ("text", "expanded"),
    [
        # The examples of RFC 7208, section 7.4.
        ("%{s}", "strong-bad@email.example.com"),
        ("%{o}", "email.example.com"),
        ("%{d4}", "email.example.com"),
        ("%{d3}", "email.example.com"),
        ("%{d2}", "example.com"),
        ("%{d1}", "com"),
        ("%{dr}", "com.example.email"),
        ("%{d2r}", "example.email"),
        ("%{l}", "strong-bad"),
        ("%{l-}", "strong.bad"),
        ("%{lr}", "strong-bad"),
        ("%{lr-}", "bad.strong"),
        ("%{l1r-}", "strong"),
        ("%%_%_%-", "%_ %20"),
        ("%{S}", "strong-bad%40email.example.com"),
    ],
)
def test_macros_of_the_standard(text: str, expanded: str) -> None:
    assert expand(text, CONTEXT) == expanded


def test_a_name_that_is_too_long_loses_its_leftmost_labels() -> None:
    name = expand_domain(".".join(["a" * 60] * 5) + ".example.com", CONTEXT)
    assert len(name) <= 253
    assert name.endswith(".example.com")


def test_only_records_with_the_very_version_are_chosen() -> None:
    texts = [b"v=spf1", b"V=SPF1 -all", b"v=spf10 -all", b"v=spf1-all", b" v=spf1 -all", b""]
    assert select(texts) == (b"v=spf1", b"V=SPF1 -all")


@pytest.mark.parametrize("encoding", ["utf-8", "latin-1"])
def test_a_record_beyond_ascii_is_shown_as_it_was_written_and_stays_invalid(encoding: str) -> None:
    record = parse("v=spf1 a:café.example -all".encode(encoding))

    assert record.text == "v=spf1 a:café.example -all"
    assert record.errors
    assert not record.mechanisms
