"""DKIM key records: sizes are read exactly, whatever stands there never raises."""

from __future__ import annotations

import base64

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from hypothesis import example, given, settings
from hypothesis import strategies as st

from mailaudit.facts.sender.dkim.der import DerError, rsa_public_key
from mailaudit.facts.sender.dkim.key import looks_like_key, parse

ED25519 = b"v=DKIM1; k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo="


@pytest.mark.parametrize("bits", [1024, 1536, 2048])
@pytest.mark.parametrize(
    "form", [serialization.PublicFormat.SubjectPublicKeyInfo, serialization.PublicFormat.PKCS1]
)
def test_an_rsa_key_in_both_forms(bits: int, form: serialization.PublicFormat) -> None:
    public = rsa.generate_private_key(65537, bits).public_key()
    packed = base64.b64encode(public.public_bytes(serialization.Encoding.DER, form))
    key = parse(b"v=DKIM1; k=rsa; p=" + packed[:70] + b" \t" + packed[70:])
    assert (key.bits, key.exponent, key.errors) == (bits, 65537, ())
    assert key.is_usable


def test_a_huge_key_is_measured_without_computing_with_it() -> None:
    modulus = (1 << 131_072) - 1
    numbers = b"".join(_integer(value) for value in (modulus, 65537))
    key = parse(b"p=" + base64.b64encode(_element(0x30, numbers)))
    assert key.bits == 131_072


@settings(deadline=None)
@given(st.binary(max_size=300))
@example(b"p=" + b"A" * 60_000)
@example(b";" * 60_000)
@example(b"p=MIIB;" * 500)
@example(b"v=DKIM1; t=" + b":" * 10_000 + b"; p=")
@example(b"\xff\x00p=\xc3\xa9")
def test_any_octets_give_a_key(text: bytes) -> None:
    key = parse(text)
    assert key.is_usable in {True, False}
    assert looks_like_key(text) in {True, False}


@settings(deadline=None)
@given(st.binary(max_size=60))
@example(b"\x30\x84\xff\xff\xff\xff")
@example(b"\x30\x80")
@example(b"\x30\x06\x02\x01\x00\x02\x01\x00")
def test_any_octets_are_a_key_or_refused(data: bytes) -> None:
    try:
        modulus, exponent = rsa_public_key(data)
    except DerError:
        return
    assert modulus > 0
    assert exponent > 0


@pytest.mark.parametrize(
    ("text", "usable"),
    [
        (ED25519, True),
        (ED25519 + b"; s=*", True),
        (ED25519 + b"; s=tlsrpt", False),
        (ED25519 + b"; h=sha1", False),
        (ED25519 + b"; t=y:s", True),
        (b"v=DKIM2; " + ED25519[9:], False),
        (ED25519[9:], True),
        (b"k=ed25519; p=AAAA", False),
        (b"v=DKIM1; p=", False),
        (b"v=DKIM1", False),
        (b"", False),
    ],
)
def test_what_receivers_accept(text: bytes, *, usable: bool) -> None:
    assert parse(text).is_usable is usable


def _element(tag: int, content: bytes) -> bytes:
    size = len(content).to_bytes(4, "big")
    return bytes([tag, 0x84]) + size + content


def _integer(value: int) -> bytes:
    return _element(2, value.to_bytes(value.bit_length() // 8 + 1, "big"))
