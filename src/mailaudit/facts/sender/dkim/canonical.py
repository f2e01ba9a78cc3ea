"""Canonical forms of a message, over which DKIM signatures are made (RFC 6376, section 3.4)."""

import re
from collections.abc import Iterable

from msgspec import Struct

_RUN = re.compile(rb"[ \t]+")
_LINE_END = re.compile(rb"\r\n|\r|\n")
_SIGNATURE_VALUE = re.compile(rb"((?:^|;)[ \t\r\n]*b[ \t\r\n]*=)[^;]*")


class SignedField(Struct, frozen=True):
    """One header field as it stands in the message: `raw` is the whole field with CRLF line ends."""

    name: str
    raw: bytes

    @property
    def value(self) -> bytes:
        """What stands behind the colon."""
        return self.raw.partition(b":")[2]


class RawMessage(Struct, frozen=True):
    """A message in octets with CRLF line ends, its header split into fields."""

    fields: tuple[SignedField, ...]
    body: bytes

    def named(self, name: str) -> tuple[SignedField, ...]:
        """Return the fields of a name, in order."""
        return tuple(field for field in self.fields if field.name == name.lower())


def split_message(raw: bytes) -> RawMessage:
    """Split a message into header fields and body, whatever its line ends; lines that are no field are left out."""
    head, _, body = _LINE_END.sub(b"\r\n", raw).partition(b"\r\n\r\n")
    unfolded: list[bytes] = []
    for line in head.split(b"\r\n"):
        if line[:1] in {b" ", b"\t"} and unfolded:
            unfolded[-1] += b"\r\n" + line
        else:
            unfolded.append(line)
    fields = (
        SignedField(name.strip().decode("ascii", "replace").lower(), field + b"\r\n")
        for field in unfolded
        for name, colon, _ in (field.partition(b":"),)
        if colon and name.strip()
    )
    return RawMessage(tuple(fields), body)


def canonical_header(field: SignedField, *, relaxed: bool) -> bytes:
    """Return a header field in simple or relaxed form, with its CRLF."""
    if not relaxed:
        return field.raw
    value = _RUN.sub(b" ", field.value.replace(b"\r\n", b"")).strip(b" \t")
    return field.name.encode("ascii", "replace") + b":" + value + b"\r\n"


def canonical_body(body: bytes, *, relaxed: bool) -> bytes:
    """Return a body in simple or relaxed form."""
    if relaxed:
        body = b"\r\n".join(_RUN.sub(b" ", line).rstrip(b" \t") for line in body.split(b"\r\n"))
    # Line ends come in pairs only: split_message has seen to it.
    stripped = body.rstrip(b"\r\n")
    if not stripped:
        return b"" if relaxed else b"\r\n"
    return stripped + b"\r\n"


def signed_headers(message: RawMessage, names: Iterable[str], signature: SignedField, *, relaxed: bool) -> bytes:
    """Return the octets that a signature covers: the fields named in `h=`, the last of each name first."""
    waiting: dict[str, list[SignedField]] = {}
    for field in message.fields:
        waiting.setdefault(field.name, []).append(field)
    parts = [canonical_header(waiting[name].pop(), relaxed=relaxed) for name in names if waiting.get(name)]
    value = _SIGNATURE_VALUE.sub(rb"\1", signature.value, count=1)
    own = SignedField(signature.name, signature.raw.partition(b":")[0] + b":" + value)
    parts.append(canonical_header(own, relaxed=relaxed).removesuffix(b"\r\n"))
    return b"".join(parts)
