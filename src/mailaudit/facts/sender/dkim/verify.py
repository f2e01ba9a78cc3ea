"""Verifies the DKIM signatures of a sample message (RFC 6376, section 6; RFC 8301; RFC 8463)."""

import hashlib
import hmac
from collections import Counter
from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from msgspec import Struct

from mailaudit.facts.observed import Unavailable
from mailaudit.facts.sender.dkim.canonical import RawMessage, SignedField, canonical_body, signed_headers
from mailaudit.facts.sender.dkim.der import DerError, rsa_public_key
from mailaudit.facts.sender.dkim.key import DkimKey, KeyType
from mailaudit.facts.sender.dkim.observe import DkimFacts
from mailaudit.facts.sender.dkim.signature import DkimSignature, parse_signature

MAX_SIGNATURES = 10


class SignatureResult(StrEnum):
    """The results of RFC 6376, section 3.9, with the kind of failure told apart."""

    PASS = "pass"  # noqa: S105 - a result of DKIM
    BODY_CHANGED = "body-changed"
    HEADER_CHANGED = "header-changed"
    PERMERROR = "permerror"
    TEMPERROR = "temperror"


class CheckedSignature(Struct, frozen=True):
    """A signature of the sample message and what verifying it gave; `reason` is a sentence fragment.

    The time plays no part: whether a signature has expired is judged apart.
    """

    signature: DkimSignature
    result: SignatureResult
    reason: str

    def __str__(self) -> str:
        """Return the name of the key."""
        return self.signature.key_name


class SignedSample(Struct, frozen=True):
    """The sample message as signers see it.

    `is_delivered` says that it went through a mail server (it has Received fields), so that a missing signature means
    something. `counts` tells how often each header field stands in it, by lower-case name.
    """

    is_delivered: bool
    counts: Mapping[str, int]
    signatures: tuple[CheckedSignature, ...]


def sample_of(message: RawMessage, keys: tuple[DkimFacts, ...]) -> SignedSample:
    """Verify every signature of a message with the keys that were looked up for it."""
    by_name = {key.selector.name: key for key in keys}
    return SignedSample(
        is_delivered=bool(message.named("received")),
        counts=MappingProxyType(Counter(field.name for field in message.fields)),
        signatures=tuple(
            verify(message, field, signature, by_name.get(signature.key_name))
            for field, signature in signatures_of(message)
        ),
    )


def signatures_of(message: RawMessage) -> tuple[tuple[SignedField, DkimSignature], ...]:
    """Return the signatures of a message, the topmost first, at most ten."""
    fields = message.named("dkim-signature")[:MAX_SIGNATURES]
    return tuple((field, parse_signature(field.value)) for field in fields)


def verify(
    message: RawMessage, field: SignedField, signature: DkimSignature, key: DkimFacts | None
) -> CheckedSignature:
    """Return what a receiver finds; `key` holds the answer for the signature's selector."""
    if signature.errors or key is None:
        return CheckedSignature(signature, SignatureResult.PERMERROR, "; ".join(signature.errors))
    try:
        keys = key.keys
    except Unavailable as missing:
        return CheckedSignature(signature, SignatureResult.TEMPERROR, missing.reason)
    problem = _key_problem(signature, keys)
    if problem:
        return CheckedSignature(signature, SignatureResult.PERMERROR, problem)
    if not hmac.compare_digest(_body_hash(message.body, signature), signature.body_hash):
        return CheckedSignature(signature, SignatureResult.BODY_CHANGED, "the body is not the one that was signed")
    data = signed_headers(message, signature.headers, field, relaxed=signature.relaxed_headers)
    if not _is_made_with(keys[0], signature, data):
        return CheckedSignature(
            signature, SignatureResult.HEADER_CHANGED, "the signed header fields or the key differ"
        )
    return CheckedSignature(signature, SignatureResult.PASS, "")


def _key_problem(signature: DkimSignature, keys: tuple[DkimKey, ...]) -> str | None:
    if not keys:
        return "its key is not in DNS"
    key = keys[0]
    hash_name = signature.algorithm.rpartition("-")[2]
    rules = (
        (key.revoked, "its key is revoked"),
        (bool(key.errors), f"its key cannot be used ({key.errors[0] if key.errors else ''})"),
        (not key.allows_mail, "its key is not meant for mail"),
        (key.type != signature.algorithm.partition("-")[0], f"its key is of the type {key.type}"),
        (key.hashes is not None and hash_name not in key.hashes, f"its key does not allow {hash_name}"),
        (key.strict and signature.identity != signature.domain, "its key (t=s) forbids a sub-domain in i="),
    )
    return next((reason for applies, reason in rules if applies), None)


def _body_hash(body: bytes, signature: DkimSignature) -> bytes:
    canonical = canonical_body(body, relaxed=signature.relaxed_body)
    if signature.body_length is not None:
        canonical = canonical[: signature.body_length]
    return _hash(signature, canonical)


def _hash(signature: DkimSignature, data: bytes) -> bytes:
    if signature.algorithm == "rsa-sha1":
        return hashlib.sha1(data, usedforsecurity=False).digest()
    return hashlib.sha256(data).digest()


def _is_made_with(key: DkimKey, signature: DkimSignature, data: bytes) -> bool:
    # Cryptography is heavy, and only a signed sample message needs it.
    from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm  # noqa: PLC0415 - see above
    from cryptography.hazmat.primitives.asymmetric import ed25519, padding, rsa  # noqa: PLC0415 - see above
    from cryptography.hazmat.primitives.hashes import SHA1, SHA256  # noqa: PLC0415 - see above

    try:
        if key.type == KeyType.ED25519:
            public = ed25519.Ed25519PublicKey.from_public_bytes(key.data)
            public.verify(signature.value, hashlib.sha256(data).digest())
        else:
            modulus, exponent = rsa_public_key(key.data)
            numbers = rsa.RSAPublicNumbers(exponent, modulus)
            algorithm = SHA1() if signature.algorithm == "rsa-sha1" else SHA256()  # noqa: S303 - to say what it is
            numbers.public_key().verify(signature.value, data, padding.PKCS1v15(), algorithm)
    except (InvalidSignature, UnsupportedAlgorithm, DerError, ValueError):
        return False
    return True
