"""DKIM-Signature header fields as text (RFC 6376, section 3.5): parsing never raises, errors are listed."""

import base64
import binascii
import re
from collections.abc import Mapping

from msgspec import Struct
from msgspec.structs import replace

from mailaudit.facts.sender.names import is_askable, is_at_or_under
from mailaudit.facts.sender.tags import read_tags

_SPACE = re.compile(r"\s+")
_REQUIRED = ("v", "a", "b", "bh", "d", "h", "s")
_MAX_DIGITS = 12
_ALGORITHMS = frozenset({"rsa-sha256", "rsa-sha1", "ed25519-sha256"})
_FORMS = frozenset({"simple", "relaxed"})


class DkimSignature(Struct, frozen=True):
    """A parsed signature.

    `domain` is `d=`, `selector` `s=`, `identity` the domain part of `i=`, `headers` the lower-case names of `h=`.
    `signed_at` and `expires_at` are seconds since 1970, `body_length` octets. `errors` make it worthless; they are
    sentence fragments.
    """

    domain: str
    selector: str
    identity: str
    algorithm: str
    headers: tuple[str, ...]
    value: bytes
    body_hash: bytes
    relaxed_headers: bool
    relaxed_body: bool
    body_length: int | None = None
    signed_at: int | None = None
    expires_at: int | None = None
    errors: tuple[str, ...] = ()

    @property
    def key_name(self) -> str:
        """The name under which the key is published."""
        return f"{self.selector}._domainkey.{self.domain}"


def parse_signature(value: bytes) -> DkimSignature:
    """Parse the value of a DKIM-Signature header field."""
    tags = read_tags(value.decode("ascii", "replace")).values
    errors = [f"{name}= is missing" for name in _REQUIRED if not tags.get(name)]
    domain, selector = tags.get("d", "").lower(), tags.get("s", "").lower()
    identity = tags.get("i", f"@{domain}").rpartition("@")[2].lower()
    header_form, _, body_form = tags.get("c", "simple/simple").lower().partition("/")
    headers = tuple(_SPACE.sub("", name).lower() for name in tags.get("h", "").split(":"))
    signature = DkimSignature(
        domain=domain,
        selector=selector,
        identity=identity,
        algorithm=tags.get("a", "").lower(),
        headers=headers,
        value=_base64(tags, "b", errors),
        body_hash=_base64(tags, "bh", errors),
        relaxed_headers=header_form == "relaxed",
        relaxed_body=body_form == "relaxed",
        body_length=_number(tags, "l", errors),
        signed_at=_number(tags, "t", errors),
        expires_at=_number(tags, "x", errors),
    )
    errors += _rules(signature, tags.get("v"), {header_form, body_form or "simple"})
    return replace(signature, errors=tuple(errors))


def _rules(signature: DkimSignature, version: str | None, forms: set[str]) -> list[str]:
    errors: list[str] = []
    if version is not None and version != "1":
        errors.append("v= is not 1")
    if signature.algorithm and signature.algorithm not in _ALGORITHMS:
        errors.append(f"a={signature.algorithm[:20]} is not an algorithm of DKIM")
    if forms - _FORMS:
        errors.append("c= names an unknown form")
    if "from" not in signature.headers:
        errors.append("From is not signed")
    if signature.domain and not is_at_or_under(signature.identity, signature.domain):
        errors.append("i= does not belong to d=")
    if signature.domain and not is_askable(signature.key_name):
        errors.append("d= and s= do not make a DNS name")
    if None not in {signature.signed_at, signature.expires_at} and (
        (signature.expires_at or 0) <= (signature.signed_at or 0)
    ):
        errors.append("it expires before it was made")
    return errors


def _base64(tags: Mapping[str, str], name: str, errors: list[str]) -> bytes:
    try:
        return base64.b64decode(_SPACE.sub("", tags.get(name, "")), validate=True)
    except (binascii.Error, ValueError):
        errors.append(f"{name}= is not valid base64")
        return b""


def _number(tags: Mapping[str, str], name: str, errors: list[str]) -> int | None:
    text = tags.get(name)
    if text is None:
        return None
    if not (text.isascii() and text.isdecimal() and len(text) <= _MAX_DIGITS):
        errors.append(f"{name}= is not a number")
        return None
    return int(text)
