"""Walk over the records of a DNS message without building what nobody asks for (RFC 1035, section 4)."""

import struct
from collections.abc import Iterator

from msgspec import Struct

from mailaudit.facts.dns.names import Labels

HEADER_LENGTH = 12
_POINTER = 0xC0
_MAX_LABEL = 63
_MAX_NAME = 254
_MAX_HOPS = 64
_FIXED = struct.Struct("!HHIH")


class Malformed(ValueError):  # noqa: N818 - reads as what it is
    """The octets are not a DNS message."""


class WireRecord(Struct, frozen=True):
    """One record as it lies in the message; `start` and `length` bound its data."""

    owner: Labels
    rdtype: int
    rdclass: int
    ttl: int
    start: int
    length: int


class Sections:
    """Reads names and records from hostile octets; every error is `Malformed` or an `IndexError`.

    Each name is decoded once, and a pointer may only lead backwards, so that compression costs bounded time. `is_longer`
    tells after reading that octets follow the last record that was counted.
    """

    def __init__(self, wire: bytes) -> None:
        self.wire = wire
        self.is_longer = False
        self._names: dict[int, tuple[Labels, int]] = {}
        _, self.flags, self._questions, *self._counts = struct.unpack_from("!HHHHHH", wire)

    def read(self) -> tuple[list[WireRecord], list[WireRecord], list[WireRecord]]:
        """Return the records of the answer, authority and additional sections."""
        offset = HEADER_LENGTH
        for _ in range(self._questions):
            offset = self.name_at(offset)[1] + 4
        sections: list[list[WireRecord]] = []
        for count in self._counts:
            records = []
            for _ in range(count):
                record = self._record_at(offset)
                offset = record.start + record.length
                records.append(record)
            sections.append(records)
        self.is_longer = offset < len(self.wire)
        answer, authority, additional = sections
        return answer, authority, additional

    def name_at(self, offset: int, hops: int = 0) -> tuple[Labels, int]:
        """Return the name at an offset in lower case, and the offset after it."""
        known = self._names.get(offset)
        if known is not None:
            return known
        begin = offset
        labels: list[bytes] = []
        rest: Labels = ()
        while (length := self.wire[offset]) != 0:
            if length >= _POINTER:
                target = (length & ~_POINTER) << 8 | self.wire[offset + 1]
                if target >= begin or hops >= _MAX_HOPS:
                    raise Malformed("a name that points in a circle")
                rest = self.name_at(target, hops + 1)[0]
                offset += 1
                break
            if length > _MAX_LABEL or len(labels) > _MAX_NAME:
                raise Malformed("a label of unknown kind")
            labels.append(self.wire[offset + 1 : offset + 1 + length].lower())
            offset += 1 + length
        name = (*labels, *rest)
        if sum(map(len, name)) + len(name) > _MAX_NAME:
            raise Malformed("a name that is too long")
        self._names[begin] = name, offset + 1
        return name, offset + 1

    def options(self, record: WireRecord) -> Iterator[tuple[int, bytes]]:
        """Yield code and data of the EDNS options of an OPT record (RFC 6891, section 6.1.2)."""
        offset, end = record.start, record.start + record.length
        while offset + 4 <= end:
            code, length = struct.unpack_from("!HH", self.wire, offset)
            yield code, self.wire[offset + 4 : min(offset + 4 + length, end)]
            offset += 4 + length

    def _record_at(self, offset: int) -> WireRecord:
        owner, offset = self.name_at(offset)
        if offset + _FIXED.size > len(self.wire):
            raise Malformed("a record that is cut off")
        rdtype, rdclass, ttl, length = _FIXED.unpack_from(self.wire, offset)
        start = offset + _FIXED.size
        if start + length > len(self.wire):
            raise Malformed("a record that is cut off")
        return WireRecord(owner, rdtype, rdclass, ttl if ttl < 2**31 else 0, start, length)
