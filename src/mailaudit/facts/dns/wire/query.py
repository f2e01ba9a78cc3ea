"""Questions as octets, and the test whether some octets are their response (RFC 1035, section 4; RFC 5452)."""

from __future__ import annotations

import secrets
import struct
from collections.abc import Sequence

from msgspec import Struct

from mailaudit.facts.dns.names import Labels

UDP_PAYLOAD = 1232
"""The EDNS buffer size that we offer: a larger answer comes truncated and is asked again over TCP."""
MAX_CHAIN = 16
"""How many CNAME records are followed, as resolvers do."""
_TYPE_NUMBERS = {"A": 1, "NS": 2, "CNAME": 5, "SOA": 6, "PTR": 12, "MX": 15, "TXT": 16, "AAAA": 28}
_HEADER = struct.Struct("!HHHHHH")
_RECURSION_DESIRED = 0x0100
_AUTHENTIC_DATA = 0x0020
_RESPONSE = 0x8000
_OPCODE = 0x7800
_TRUNCATED = 0x0200
_RCODE = 0x000F
_IN = 1
_OPT_RECORD = struct.pack("!BHHIH", 0, 41, UDP_PAYLOAD, 0, 0)


class Packet(Struct, frozen=True):
    """One question with its random identifier; `question` is the encoded question section."""

    identifier: int
    question: bytes

    @classmethod
    def ask(cls, labels: Labels, rdtype: str) -> Packet:
        """Return a new question in class IN."""
        name = b"".join(bytes((len(label),)) + label for label in labels)
        return cls(secrets.randbits(16), name + struct.pack("!BHH", 0, type_number(rdtype), _IN))

    def to_wire(self, *, edns: bool = True) -> bytes:
        """Return the query message, with an EDNS record unless a server cannot stand it."""
        flags = _RECURSION_DESIRED | _AUTHENTIC_DATA
        header = _HEADER.pack(self.identifier, flags, 1, 0, 0, int(edns))
        return header + self.question + (_OPT_RECORD if edns else b"")

    def is_answered_by(self, wire: bytes) -> bool:
        """Whether the identifier and the question are ours; an error may come without its question."""
        if len(wire) < _HEADER.size:
            return False
        identifier, flags, questions = struct.unpack_from("!HHH", wire)
        if identifier != self.identifier or not flags & _RESPONSE or flags & _OPCODE:
            return False
        if questions == 0:
            return bool(flags & _RCODE)
        echoed = wire[_HEADER.size : _HEADER.size + len(self.question)]
        return echoed[-4:] == self.question[-4:] and echoed[:-4].lower() == self.question[:-4]


def is_truncated(wire: bytes) -> bool:
    """Whether the TC bit is set, so that the whole answer must be fetched over TCP."""
    return bool(int.from_bytes(wire[2:4], "big") & _TRUNCATED)


def chain_problem(name: object, chain: Sequence[object]) -> str | None:
    """Return why the CNAME records from a name on, with these targets, are not followed any further."""
    if name in chain or len(set(chain)) < len(chain):
        return "the CNAME records form a loop"
    return f"more than {MAX_CHAIN} CNAME records in a row" if len(chain) > MAX_CHAIN else None


def type_number(rdtype: str) -> int:
    """Return the number of a record type."""
    number = _TYPE_NUMBERS.get(rdtype)
    if number is None:
        import dns.rdatatype  # noqa: PLC0415 - heavy, and not needed for common types

        number = int(dns.rdatatype.from_text(rdtype))
    return number
