"""SPF text is read as it was meant: each known slip has one meaning, and what has none is asked about."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mailaudit.facts.sender.spf.record import parse
from mailaudit.remedies.spf.text import read


@pytest.mark.parametrize(
    ("published", "meant"),
    [
        ("v=spf1 ipv4:192.0.2.1 -all", "ip4:192.0.2.1 -all"),
        ("v=spf1 ip:192.0.2.0/24 -all", "ip4:192.0.2.0/24 -all"),
        ("v=spf1 ip4:2001:db8::1 ip6:192.0.2.1 -all", "ip6:2001:db8::1 ip4:192.0.2.1 -all"),
        ("v=spf1 192.0.2.1 2001:db8::/32 -all", "ip4:192.0.2.1 ip6:2001:db8::/32 -all"),
        ("v=spf1 -a:192.0.2.1 mx:192.0.2.0/24 ~all", "-ip4:192.0.2.1 ip4:192.0.2.0/24 ~all"),
        ("v=spf1 ip4:mail.shop.example -all", "a:mail.shop.example -all"),
        ("v=spf1 includes:spf.shop.example inlcude:x.example -all", "include:spf.shop.example include:x.example -all"),
        ("v=spf1 include=spf.shop.example ip4=192.0.2.1 -all", "include:spf.shop.example ip4:192.0.2.1 -all"),
        ("v=spf1 redirect:spf.shop.example", "redirect=spf.shop.example"),
        ("v=spf1 ip4 :192.0.2.1 ip4: 192.0.2.2 -all", "ip4:192.0.2.1 ip4:192.0.2.2 -all"),
        ("v=spf1 -ip4: 192.0.2.1 ?a : x.example ~all", "-ip4:192.0.2.1 ?a:x.example ~all"),
        ("v=spf1 include :x.example include: y.example -all", "include:x.example include:y.example -all"),
        ("v=spf1; include:x.example; ip4:192.0.2.1; ~all", "include:x.example ip4:192.0.2.1 ~all"),
        ("v=spf1,ip4:192.0.2.1,192.0.2.2,-all", "ip4:192.0.2.1 ip4:192.0.2.2 -all"),
        ("v=spf1 ip4:192.0.2.1 \u2013all", "ip4:192.0.2.1 -all"),
        ("v=spf1 ip4:192.0.2.1 \u2014 all", "ip4:192.0.2.1 -all"),
        ("v=spf1 mx all-", "mx -all"),
        ("v=spf1 mx ~ all", "mx ~all"),
        ("v=spf1 mx -al", "mx -all"),
        ("v=spf1\u00a0ip4:192.0.2.1\u200b\u2003-all", "ip4:192.0.2.1 -all"),
        ('"v=spf1 ip4:192.0.2.1 -all"', "ip4:192.0.2.1 -all"),
        ("v=spf1 “ip4:192.0.2.1” -all", "ip4:192.0.2.1 -all"),
        ("v=spf1\\032ip4:192.0.2.0\\24\\ -all", "ip4:192.0.2.0/24 -all"),
        ("v=spf1 ip4:192.000.002.001 ip4:192.0.2.64/026 -all", "ip4:192.0.2.1 ip4:192.0.2.64/26 -all"),
        ("v=spf1 ip4:192.0.2.1/ ip4:192.0.2.0/255.255.255.0 -all", "ip4:192.0.2.1 ip4:192.0.2.0/24 -all"),
        ("v=spf1 ip4:192.0.2.4-192.0.2.7 ip4:192.0.2.9-10 -all", "ip4:192.0.2.4/30 ip4:192.0.2.9 ip4:192.0.2.10 -all"),
        ("v=spf1 include:https://x.example/ include:me@y.example -all", "include:x.example include:y.example -all"),
        ("v=spf1 include:spf.käse.example -all", "include:spf.xn--kse-qla.example -all"),
        ("v=spf1ip4:192.0.2.1 -all", "ip4:192.0.2.1 -all"),
        ("SPFv1 ip4:192.0.2.1 -all", "ip4:192.0.2.1 -all"),
        ("v=spf2 ip4:192.0.2.1 -all", "ip4:192.0.2.1 -all"),
        (" v=spf1 mx -all", "mx -all"),
        ("v=spf -ip4:192.0.2.3 mx -all", "-ip4:192.0.2.3 mx -all"),
        ("v=spf 192.0.2.1 -all", "ip4:192.0.2.1 -all"),
        ("v=spf 1.2.3.4 -all", "ip4:1.2.3.4 -all"),
        ("v=spf1 2.3.4.5 -all", "ip4:2.3.4.5 -all"),
        ("v=spf1.0 mx -all", "mx -all"),
        ("v=spf-1 mx -all", "mx -all"),
        ("v=spfl mx -all", "mx -all"),
        ("v=spf -all", "-all"),
        ("TXT v=spf1 mx -all", "mx -all"),
        ('acme.example. 3600 IN TXT "v=spf1 mx -all"', "mx -all"),
        ("v=spf1 ip4:192.0.2.1include:x.example-all", "ip4:192.0.2.1 include:x.example -all"),
        ("v=spf1 mx ra=postmaster exp=why.x.example ~all", "mx ra=postmaster exp=why.x.example ~all"),
        ("v=spf1 exists:%{ir,}.x.example a/24//64 ~all", "exists:%{ir,}.x.example a/24//64 ~all"),
        ("v=spf1 mx v=spf1 ~all", "mx ~all"),
        ("v=sfp1 mx ~allv=spf1 a ~all", "mx ~all a"),
        ("v=spf1 include:x.example,y.example, z.example -all", "include:x.example include:y.example include:z.example -all"),
        ("v=spf1 include:x.example;mx;-all", "include:x.example mx -all"),
        ("v=spf1 include x.example ip4 192.0.2.1 -all", "include:x.example ip4:192.0.2.1 -all"),
        ("v=spf1 ip4:192.0.2.1a mx -all", "ip4:192.0.2.1 a mx -all"),
        ('a.example.\\ 3600\\ IN\\ TXT\\ "v=spf1\\ mx\\ -all"', "mx -all"),
    ],
)  # fmt: skip
def test_a_slip_is_read_as_it_was_meant(published: str, meant: str) -> None:
    text = read([published.encode()])
    assert (text.text, text.question) == (f"v=spf1 {meant}", None)


@pytest.mark.parametrize(
    ("strings", "meant"),
    [
        (["v=spf1 ip4:192.0.2.1", "include:x.example -all"], "ip4:192.0.2.1 include:x.example -all"),
        (["v=spf1 ip4:192.0", ".2.1 -all"], "ip4:192.0.2.1 -all"),
        (["v=spf1 include:x.exa", "mple -all"], "include:x.example -all"),
        (["v=spf1 include:x.example", "mx -all"], "include:x.example mx -all"),
        (["v=spf1 include:x.example", "-all"], "include:x.example -all"),
        (["v=spf1", "mx -all"], "mx -all"),
    ],
)
def test_strings_that_meet_without_a_blank(strings: list[str], meant: str) -> None:
    assert read([part.encode() for part in strings]).text == f"v=spf1 {meant}"


@pytest.mark.parametrize(
    "published",
    [
        "v=spf1 something -all",
        "v=spf1 ip4:192.0.2.9inlcude=x.example -all",
        "v=spf1 include: -all",
        "v=spf1 ip4:192.0.2 -all",
        "v=spf1 ip4:192.0.2.1/33 -all",
        "v=spf1 ip4:192.0.2.1 - 192.0.2.9 -all",
        "v=spf1 redirect=x.example redirect=y.example",
        "v=spf1 ip4:10.0.0.1-11.254.3.4 -all",
        f"v=spf1; {'mx ' * 3000}",
    ],
)
def test_what_has_no_plain_meaning_is_asked(published: str) -> None:
    assert read([published.encode()]).question


@settings(deadline=None)
@given(st.lists(st.binary(max_size=80), min_size=1, max_size=4))
def test_any_octets_give_a_valid_record_or_a_question(strings: list[bytes]) -> None:
    text = read(strings)
    assert text.question or not parse(text.text.encode("ascii")).errors


@settings(deadline=None)
@given(
    st.lists(
        st.sampled_from(
            [
                "ip4:192.0.2.1",
                "include:x.example",
                "-all",
                "~all",
                "\u2013all",
                "all-",
                ":",
                ",",
                " ",
                "mx",
                "a",
                "=",
                "\u00a0",
            ]
        ),
        max_size=12,
    )
)
def test_no_slip_opens_a_record(words: list[str]) -> None:
    text = read([b"v=spf1 ", "".join(words).encode()])
    assert text.question or "all" in words or "all" not in text.text.split()
