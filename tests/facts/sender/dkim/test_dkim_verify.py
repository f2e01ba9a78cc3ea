"""Signatures made by dkimpy, an independent implementation, are verified; changed messages are not."""

from __future__ import annotations

import base64
from itertools import product

import dkim
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from dns import rdata
from hypothesis import given, settings
from hypothesis import strategies as st

from mailaudit.facts.dns.answer import Answer, Status
from mailaudit.facts.sender.dkim.canonical import split_message
from mailaudit.facts.sender.dkim.observe import DkimFacts, Selector, SelectorSource
from mailaudit.facts.sender.dkim.signature import parse_signature
from mailaudit.facts.sender.dkim.verify import SignatureResult, SignedSample, sample_of

KEY = rsa.generate_private_key(65537, 2048)
PRIVATE = KEY.private_bytes(
    serialization.Encoding.PEM, serialization.PrivateFormat.TraditionalOpenSSL, serialization.NoEncryption()
)
PUBLIC = base64.b64encode(
    KEY.public_key().public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
).decode()
MESSAGE = (
    b"Received: from a\r\n\tby b; Mon, 30 Nov 2026 10:00:00 +0000\r\n"
    b"From: ACME  News <news@acme.example>\r\nTo: Anna <anna@customer.example>\r\n"
    b"Subject:  Spring\r\n\t sale \r\nX-Empty:\r\n\r\nHello  Anna,\t \r\n\r\n a line\r\n\r\n\r\n"
)


def key(text: str = f"v=DKIM1; k=rsa; p={PUBLIC}", status: Status = Status.ANSWER) -> DkimFacts:
    selector = Selector("s1", "acme.example", SelectorSource.MESSAGE)
    strings = " ".join(f'"{text[i : i + 255]}"' for i in range(0, len(text), 255))
    records = (rdata.from_text("IN", "TXT", strings),) if status is Status.ANSWER else ()
    return DkimFacts(selector, Answer(selector.name, "TXT", status, records))


def signed(message: bytes, header: bytes = b"relaxed", body: bytes = b"relaxed", **options: object) -> bytes:
    field = dkim.sign(message, b"s1", b"acme.example", PRIVATE, canonicalize=(header, body), **options)
    return bytes(field) + message


def check(raw: bytes, found: DkimFacts | None = None) -> SignedSample:
    return sample_of(split_message(raw), (found or key(),))


@pytest.mark.parametrize("forms", list(product((b"simple", b"relaxed"), repeat=2)), ids=str)
def test_both_canonical_forms(forms: tuple[bytes, bytes]) -> None:
    sample = check(signed(MESSAGE, *forms))
    assert [one.result for one in sample.signatures] == [SignatureResult.PASS]
    assert sample.is_delivered
    assert sample.counts["from"] == 1


def test_line_ends_of_a_saved_message_do_not_matter() -> None:
    assert check(signed(MESSAGE).replace(b"\r\n", b"\n")).signatures[0].result is SignatureResult.PASS


def test_an_empty_body() -> None:
    for form in (b"simple", b"relaxed"):
        raw = signed(b"From: a@acme.example\r\nSubject: x\r\n\r\n", form, form)
        assert check(raw).signatures[0].result is SignatureResult.PASS


def test_a_changed_body_and_a_changed_header_are_told_apart() -> None:
    raw = signed(MESSAGE)
    assert check(raw.replace(b"a line", b"a lie")).signatures[0].result is SignatureResult.BODY_CHANGED
    assert check(raw.replace(b"News", b"Mews")).signatures[0].result is SignatureResult.HEADER_CHANGED


def test_a_field_that_is_signed_once_more_than_it_occurs_cannot_be_added() -> None:
    raw = signed(MESSAGE, include_headers=[b"from", b"from", b"subject"])
    assert check(raw).signatures[0].result is SignatureResult.PASS
    assert check(b"From: evil@acme.example\r\n" + raw).signatures[0].result is SignatureResult.HEADER_CHANGED


@pytest.mark.parametrize(
    ("record", "reason"),
    [
        ("v=DKIM1; p=", "revoked"),
        (f"v=DKIM1; s=tlsrpt; p={PUBLIC}", "not meant for mail"),
        (f"v=DKIM1; h=sha1; p={PUBLIC}", "does not allow sha256"),
        ("v=DKIM1; k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=", "of the type ed25519"),
        (f"v=DKIM1; p={PUBLIC[:100]}", "cannot be used"),
    ],
)
def test_keys_that_forbid_the_signature(record: str, reason: str) -> None:
    found = check(signed(MESSAGE), key(record)).signatures[0]
    assert found.result is SignatureResult.PERMERROR
    assert reason in found.reason


def test_a_strict_key_forbids_a_sub_domain_as_identity() -> None:
    raw = signed(MESSAGE, identity=b"news@mail.acme.example")
    assert check(raw).signatures[0].result is SignatureResult.PASS
    strict = check(raw, key(f"v=DKIM1; t=s; p={PUBLIC}")).signatures[0]
    assert strict.result is SignatureResult.PERMERROR


def test_a_key_that_does_not_answer_is_no_failure() -> None:
    assert check(signed(MESSAGE), key(status=Status.TIMEOUT)).signatures[0].result is SignatureResult.TEMPERROR


def test_ed25519_as_in_rfc_8463_appendix_a() -> None:
    # The example message of RFC 8463, appendix A.3; its domain is a documentation domain.
    raw = (
        b"DKIM-Signature: v=1; a=ed25519-sha256; c=relaxed/relaxed;\r\n d=football.example.com;"
        b" i=@football.example.com;\r\n q=dns/txt; s=brisbane; t=1528637909; h=from : to :\r\n"
        b" subject : date : message-id : from : subject : date;\r\n"
        b" bh=2jUSOH9NhtVGCQWNr9BrIAPreKQjO6Sn7XIkfJVOzv8=;\r\n"
        b" b=/gCrinpcQOoIfuHNQIbq4pgh9kyIK3AQUdt9OdqQehSwhEIug4D11Bus\r\n Fa3bT3FY5OsU7ZbnKELq+eXdp1Q1Dw==\r\n"
        b"From: Joe SixPack <joe@football.example.com>\r\nTo: Suzie Q <suzie@shopping.example.net>\r\n"
        b"Subject: Is dinner ready?\r\nDate: Fri, 11 Jul 2003 21:00:37 -0700 (PDT)\r\n"
        b"Message-ID: <20030712040037.46341.5F8J@football.example.com>\r\n\r\n"
        b"Hi.\r\n\r\nWe lost the game.  Are you hungry yet?\r\n\r\nJoe.\r\n"
    )
    selector = Selector("brisbane", "football.example.com", SelectorSource.MESSAGE)
    record = rdata.from_text("IN", "TXT", '"v=DKIM1; k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo="')
    found = check(raw, DkimFacts(selector, Answer(selector.name, "TXT", Status.ANSWER, (record,))))
    assert [one.result for one in found.signatures] == [SignatureResult.PASS]


@settings(max_examples=40, deadline=None)
@given(
    body=st.binary(max_size=80).map(lambda raw: raw.replace(b"\r", b"").replace(b"\n", b"\r\n") + b"\r\n"),
    header=st.sampled_from([b"simple", b"relaxed"]),
    form=st.sampled_from([b"simple", b"relaxed"]),
)
def test_every_body_that_smtp_can_carry_is_verified(body: bytes, header: bytes, form: bytes) -> None:
    raw = signed(b"From: a@acme.example\r\nSubject: x\r\n\r\n" + body, header, form)
    assert check(raw).signatures[0].result is SignatureResult.PASS


@settings(deadline=None)
@given(st.binary(max_size=300))
def test_no_signature_field_makes_the_parser_fail(value: bytes) -> None:
    assert parse_signature(value).domain is not None
    sample_of(split_message(b"DKIM-Signature:" + value + b"\r\nFrom: a@b.example\r\n\r\nx"), ())
