"""Texts that were meant as a record are known by their kind; texts of other kinds are left alone."""

from __future__ import annotations

import time

import pytest

from mailaudit.facts.sender.lookalikes import Meant, lookalikes
from mailaudit.facts.sender.spf.record import select

MEANT = {
    Meant.SPF: (
        " v=spf1 ip4:192.0.2.7 -all",
        '"v=spf1 a -all"',
        "v=spf1ip4:192.0.2.7 -all",
        "SPFv1 mx -all",
        "v=spf2 include:_spf.partner.example ~all",
        "spf2.0/mfrom,pra include:_spf.partner.example -all",
        "v=spf 1 mx -all",
        "v=spf1;include:_spf.partner.example;~all",
        "v:spf1 a",
        "v=sfp1 mx ~all",
        "v=spf1\u00a0mx -all",
        "\ufeffv=spf1 mx -all",
        "ip4:192.0.2.7 include:_spf.partner.example ~all",
    ),
    Meant.DMARC: (
        "v=dmarc1; p=reject",
        "v=DMARC1 p=none",
        "v=DMARC1, p=reject",
        "v=DMARC1\\; p=none",
        "DMARC1; p=none",
        "v=DMRAC1; p=quarantine",
        "p=reject; v=DMARC1",
    ),
    Meant.DKIM: ("k=rsa; p=" + "A" * 60, "-----BEGIN PUBLIC KEY-----", "v=DKIM1\\; k=rsa\\; p=A"),
    Meant.MTA_STS: ("v=STSv1 id=1", "STSv1; id=1", "v=sts1; id=2"),
    Meant.TLS_RPT: ("v=TLSRPTv1 rua=mailto:d@acme.example", "v=TLS-RPTv1; rua=mailto:d@acme.example"),
    Meant.BIMI: ("v=bimi1; l=", "BIMI1; l=https://acme.example/l.svg"),
}
OTHERS = (
    "",
    "a",
    "MS=ms123",
    "google-site-verification=abc",
    "spf-verification=abc",
    "spf2.0/pra -all",
    "dkim-domain-verification=x",
    "dmarc-verification=abc",
    "v=verifydomain MS=1",
    "acme sends through a partner",
)


@pytest.mark.parametrize(("kind", "text"), [(kind, text) for kind, texts in MEANT.items() for text in texts])
def test_a_text_is_taken_for_what_was_meant_alone(kind: Meant, text: str) -> None:
    assert [meant for meant in Meant if meant.is_meant_by(text.encode())] == [kind]


@pytest.mark.parametrize("text", OTHERS)
def test_other_texts_are_left_alone(text: str) -> None:
    assert not [meant for meant in Meant if meant.is_meant_by(text.encode())]


def test_the_text_is_kept_as_it_was_published() -> None:
    texts = ["v=spf1\u2013mx".encode(), b"v=spf1 -all", b" v=spf1 a\xff"]
    assert lookalikes(texts, Meant.SPF, select) == (" v=spf1 a\u00ff", "v=spf1\u2013mx")


@pytest.mark.parametrize("piece", ["a ", "ip4:a/", "p=", "p= ", "\\", " ", "v=", " -", "p=" + "A" * 39 + ","])
def test_no_text_takes_long(piece: str) -> None:
    begin = time.process_time()
    for meant in Meant:
        meant.is_meant_by((piece * 30_000).encode())
    assert time.process_time() - begin < 0.5
