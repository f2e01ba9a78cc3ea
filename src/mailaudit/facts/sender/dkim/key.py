"""DKIM key records as text (RFC 6376, section 3.6.1; RFC 8301; RFC 8463): parsing never raises."""

import base64
import binascii
import re
from collections.abc import Iterator
from enum import StrEnum
from functools import lru_cache

from msgspec import Struct

from mailaudit.facts.dns.answer import readable
from mailaudit.facts.sender.dkim.der import DerError, rsa_public_key
from mailaudit.facts.sender.tags import read_tags

MIN_RSA_BITS = 1024
"""Receivers refuse shorter RSA keys (RFC 8301, section 3.2)."""
GOOD_RSA_BITS = 2048
"""What signers should use (RFC 8301, section 3.2)."""
_ED25519_OCTETS = 32
_SPACE = re.compile(r"\s+")


class KeyType(StrEnum):
    """The algorithm of a public key (`k=`)."""

    RSA = "rsa"
    ED25519 = "ed25519"


class DkimKey(Struct, frozen=True):
    """A parsed key record.

    `bits` is the size of an RSA modulus, `exponent` its public exponent. `revoked` means an empty `p=`.
    `hashes` and `services` are missing when the record allows all. `errors` make receivers refuse the key; they
    are sentences without a final full stop.
    """

    text: str
    type: str = "rsa"
    data: bytes = b""
    bits: int | None = None
    exponent: int | None = None
    revoked: bool = False
    testing: bool = False
    strict: bool = False
    hashes: tuple[str, ...] | None = None
    services: tuple[str, ...] | None = None
    errors: tuple[str, ...] = ()

    @property
    def is_usable(self) -> bool:
        """Whether receivers accept signatures made with it (RFC 8301, section 3.2)."""
        is_long_enough = self.bits is None or self.bits >= MIN_RSA_BITS
        return not (self.errors or self.revoked) and self.allows_mail and self.allows_sha256 and is_long_enough

    @property
    def allows_mail(self) -> bool:
        """Whether `s=` lets the key be used for e-mail."""
        return self.services is None or bool({"*", "email"} & set(self.services))

    @property
    def mistaken_hashes(self) -> tuple[str, ...]:
        """What `h=` names that is no hash: often the algorithm of the signature, such as rsa-sha256."""
        return tuple(name for name in self.hashes or () if name.startswith(("rsa-", "ed25519-", "sha-")))

    @property
    def allows_sha256(self) -> bool:
        """Whether `h=` lets signatures use SHA-256, the only hash that receivers still accept (RFC 8301)."""
        return self.hashes is None or "sha256" in self.hashes


@lru_cache(maxsize=256)
def parse(text: bytes) -> DkimKey:
    """Parse a TXT record found under `_domainkey`; every check and every proof asks for the same few again."""
    shown = text.decode("ascii", "backslashreplace")
    read = read_tags(shown)
    tags, errors = read.values, [*_slips(shown), *read.faults]
    if read.has_gap:
        errors.append("a tag is empty")
    if tags and "v" in tags and (tags["v"] != "DKIM1" or next(iter(tags)) != "v"):
        errors.append("v= must be DKIM1 and stand first")
    kind = tags.get("k", "rsa").lower()
    flags = _list(tags.get("t")) or ()
    if "p" not in tags:
        errors.append("p=, the public key, is missing")
    packed = _SPACE.sub("", tags.get("p", ""))
    data, bits, exponent = _public_key(kind, packed, errors)
    return DkimKey(
        text=readable(text),
        type=kind,
        data=data,
        bits=bits,
        exponent=exponent,
        revoked="p" in tags and not packed,
        testing="y" in flags,
        strict="s" in flags,
        hashes=_list(tags.get("h")),
        services=_list(tags.get("s")),
        errors=tuple(errors),
    )


def _slips(shown: str) -> Iterator[str]:
    """Yield what went wrong while the record was copied; it comes first, because other errors follow from it."""
    if "\\;" in shown:
        yield "backslashes stand before its semicolons"
    if '"' in shown:
        yield "quotation marks stand in the record itself"
    if "-----" in shown:
        yield "lines of the key file (-----BEGIN PUBLIC KEY-----) stand in it"


def looks_like_key(text: bytes) -> bool:
    """Say whether a TXT record is meant as a DKIM key, whatever else it is."""
    return bool(re.search(rb"(?:^|;)\s*(?:p\s*=|v\s*=\s*DKIM1)", text))


def _list(value: str | None) -> tuple[str, ...] | None:
    if value is None:
        return None
    return tuple(part.strip().lower() for part in value.split(":"))


def _public_key(kind: str, packed: str, errors: list[str]) -> tuple[bytes, int | None, int | None]:
    if not packed:
        return b"", None, None
    try:
        data = base64.b64decode(packed, validate=True)
    except (binascii.Error, ValueError):
        errors.append("p= is not valid base64: the key was probably cut or changed while copying")
        return b"", None, None
    if kind == KeyType.ED25519:
        if len(data) != _ED25519_OCTETS:
            errors.append(f"an Ed25519 key has {_ED25519_OCTETS} octets, this one has {len(data)}")
        return data, None, None
    if kind != KeyType.RSA:
        errors.append(f"k={kind[:20]} is not an algorithm that receivers know")
        return data, None, None
    try:
        modulus, exponent = rsa_public_key(data)
    except DerError as problem:
        errors.append(f"p= is not an RSA key ({problem}): the key was probably cut while copying")
        return data, None, None
    return data, modulus.bit_length(), exponent
