"""The few octets of a DNS message that the bulk engine needs (RFC 1035, section 4)."""

import socket
import struct

from msgspec import Struct

from mailaudit.facts.dns.answer import Status
from mailaudit.facts.dns.wire.query import type_number

_RECORD = struct.Struct("!HHIH")
_NUMBER = struct.Struct("!I")
_MAX_TTL = 2**31 - 1
_TYPES = {"A": 1, "AAAA": 28, "MX": 15}
_CNAME, _SOA = 5, 6
_MAX_POINTERS = 32
_POINTER = 0xC0
_TRUNCATED = 0x02
_STATUS = {0: Status.ANSWER, 2: Status.SERVFAIL, 3: Status.NXDOMAIN}


class Unclear(Exception):  # noqa: N818 - reads as what it is
    """The message is cut off, malformed, or tells only half of a CNAME chain: somebody else must ask."""


class Parsed(Struct, frozen=True):
    """An answer: MX records as (preference, host), addresses as text; `unclear` when it must be asked in another way.

    `ttl` says for how many seconds it may be kept (RFC 2308, section 5, for an absence), `None` that it may not be.
    """

    status: Status
    mx: tuple[tuple[int, str], ...] = ()
    addresses: tuple[str, ...] = ()
    unclear: bool = False
    ttl: int | None = None


def question_of(name: str, rdtype: str) -> bytes:
    """Return the question section for a plain name in lower case."""
    labels = name.encode("ascii").split(b".")
    return b"".join(bytes((len(label),)) + label for label in labels) + struct.pack(
        "!BHH", 0, type_number(rdtype), 1
    )


def parse(wire: bytes, at: int, rdtype: str) -> Parsed:
    """Return what a response says whose answer section begins at `at`; raises `Unclear`."""
    if wire[2] & _TRUNCATED:
        raise Unclear
    status = _STATUS.get(wire[3] & 0x0F, Status.REFUSED)
    if status is not Status.ANSWER:
        return Parsed(status, ttl=_absence(wire, at) if status is Status.NXDOMAIN else None)
    wanted = _TYPES[rdtype]
    mx: list[tuple[int, str]] = []
    addresses: list[str] = []
    has_alias = False
    begin, ttl = at, _MAX_TTL
    try:
        for _ in range(wire[6] << 8 | wire[7]):
            at = _skip(wire, at)
            rrtype, _, lives, length = _RECORD.unpack_from(wire, at)
            at += _RECORD.size
            ttl = min(ttl, lives if lives <= _MAX_TTL else 0)  # RFC 2181, section 8
            if rrtype == wanted and wanted == _TYPES["MX"]:
                mx.append((wire[at] << 8 | wire[at + 1], _name(wire, at + 2)))
            elif rrtype == wanted:
                addresses.append(_address(wire[at : at + length]))
            has_alias = has_alias or rrtype == _CNAME
            at += length
    except (IndexError, struct.error, ValueError):
        raise Unclear from None
    if has_alias and not (mx or addresses):
        raise Unclear
    if mx or addresses:
        return Parsed(Status.ANSWER, tuple(mx), tuple(addresses), ttl=ttl)
    return Parsed(Status.NODATA, ttl=_absence(wire, begin))


def _absence(wire: bytes, at: int) -> int | None:
    """Return how long the absence that a response tells may be kept; nothing when it does not say so."""
    try:
        for _ in range(wire[6] << 8 | wire[7]):
            at = _skip(wire, at)
            at += _RECORD.size + _RECORD.unpack_from(wire, at)[3]
        for _ in range(wire[8] << 8 | wire[9]):
            at = _skip(wire, at)
            rrtype, _, lives, length = _RECORD.unpack_from(wire, at)
            at += _RECORD.size + length
            if rrtype == _SOA:
                (minimum,) = _NUMBER.unpack_from(wire, at - _NUMBER.size)
                return int(min(lives, minimum))
    except (IndexError, struct.error):
        pass
    return None


def _address(data: bytes) -> str:
    return socket.inet_ntop(socket.AF_INET if len(data) == 4 else socket.AF_INET6, data)  # noqa: PLR2004 - octets of IPv4


def _skip(wire: bytes, at: int) -> int:
    while (length := wire[at]) != 0:
        if length >= _POINTER:
            return at + 2
        at += length + 1
    return at + 1


def _name(wire: bytes, at: int) -> str:
    labels: list[str] = []
    for _ in range(_MAX_POINTERS):
        while (length := wire[at]) != 0 and length < _POINTER:
            label = wire[at + 1 : at + 1 + length]
            labels.append(label.decode("ascii", "backslashreplace").lower().replace(".", "\\."))
            at += length + 1
        if length == 0:
            return ".".join(labels) or "."
        at = (length & 0x3F) << 8 | wire[at + 1]
    raise ValueError("too many pointers")
