"""DMARC records are read as RFC 9989 says: broken parts fall back, nothing raises."""

from __future__ import annotations

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from mailaudit.facts.sender.dmarc.record import Alignment, Policy, Psd, parse, select

WORDS = st.sampled_from(
    ["v", "p", "sp", "np", "t", "psd", "adkim", "aspf", "rua", "ruf", "fo", "pct", "=", ";", " ", "none", "reject", "y", "s",
     "u", "quarantine", "mailto:d@acme.example", ",", "DMARC1", "\xff", "\0", ":", "!10m", "x"]
)  # fmt: skip


@settings(deadline=None)
@given(st.lists(WORDS, max_size=25).map("".join))
@example(";" * 50_000)
@example("rua=" + "," * 50_000)
@example("rua=mailto:" + "@" * 50_000)
@example("p" * 50_000 + "=none")
def test_any_text_gives_a_record(text: str) -> None:
    record = parse(b"v=DMARC1;" + text.encode("latin-1"))
    assert record.p in {None, *Policy}


@pytest.mark.parametrize(
    ("text", "chosen"),
    [
        (b"v=DMARC1; p=none", True),
        (b"v=DMARC1", True),
        (b"v = DMARC1 ;p=none", True),
        (b"V=DMARC1; P=none", True),
        (b"v=DMARC1p=none", False),
        (b"v=DMARC10; p=none", False),
        (b"v=dmarc1; p=none", False),
        (b" v=DMARC1; p=none", False),
        (b"p=none; v=DMARC1", False),
        (b"v=spf1 -all", False),
        (b"", False),
    ],
)
def test_which_records_count(text: bytes, *, chosen: bool) -> None:
    assert bool(select([text])) is chosen


def test_every_tag() -> None:
    record = parse(
        b"v=DMARC1; p=REJECT; sp=quarantine; np=none; t=y; psd=n; adkim=s; aspf=S; fo=1:d:s;"
        b" rua=mailto:a@acme.example!10m, mailto:b@reports.example?x=y,https://acme.example/d; ruf=mailto:c@acme.example"
    )
    assert (record.p, record.sp, record.np) == (Policy.REJECT, Policy.QUARANTINE, Policy.NONE)
    assert (record.testing, record.psd, record.adkim, record.aspf) == (
        True,
        Psd.NO,
        Alignment.STRICT,
        Alignment.STRICT,
    )
    assert [uri.mailbox for uri in record.rua] == ["a@acme.example", "b@reports.example", None]
    assert [uri.domain for uri in record.ruf] == ["acme.example"]
    assert record.errors == ()


@pytest.mark.parametrize(
    "broken", ["p=rejct", "sp=x", "t=1", "psd=yes", "adkim=strict", "fo=2", "rua=d@acme.example", "x"]
)
def test_a_broken_tag_is_named_and_counts_as_absent(broken: str) -> None:
    record = parse(f"v=DMARC1; aspf=s; {broken}".encode())
    assert len(record.errors) == 1
    assert record.aspf is Alignment.STRICT


def test_the_case_of_names_means_nothing() -> None:
    record = parse(b"V=DMARC1; P=Reject; SP=none; ADKIM=s; Rua=mailto:a@acme.example; FO=S")
    assert (record.p, record.sp, record.adkim) == (Policy.REJECT, Policy.NONE, Alignment.STRICT)
    assert [uri.mailbox for uri in record.rua] == ["a@acme.example"]
    assert record.errors == ()


def test_the_first_of_two_equal_tags_counts() -> None:
    record = parse(b"v=DMARC1; p=none; p=reject")
    assert record.p is Policy.NONE
    assert record.errors
