"""How long the DNS message would be that holds some records."""

from collections.abc import Iterable
from typing import Any

import dns.name
from dns.rdata import Rdata

from mailaudit.facts.dns.names import labels_of_name

MAX_MESSAGE = 65_535

RecordSet = tuple[dns.name.Name, int, tuple[Rdata, ...]]
"""Owner, TTL and records of one type."""

# RFC 1035, section 4.1: the header, type and class of the question, and what stands before the data of a record.
_HEADER, _QUESTION, _RECORD = 12, 4, 10
# RFC 6891, section 6.1.2: an OPT record without options.
_OPT = 11
_POINTER, _FARTHEST = 2, 0x3FFF
# RFC 3597, section 4: the names that may be compressed in the types that we ask for, and the octets beside them.
_NAMES: dict[str, tuple[tuple[str, ...], int]] = {
    "NS": (("target",), 0),
    "CNAME": (("target",), 0),
    "PTR": (("target",), 0),
}
_NAMES |= {"MX": (("exchange",), 2), "SOA": (("mname", "rname"), 20)}


def message_size(
    question: dns.name.Name, answer: Iterable[RecordSet], authority: Iterable[RecordSet] = ()
) -> int | None:
    """Return the length in octets of the response that holds these records, `None` if none can hold them."""
    message = _Message(_HEADER)
    message.add(question)
    message.length += _QUESTION
    for owner, _, records in (*answer, *authority):
        for record in records:
            message.add(owner)
            message.length += _RECORD
            message.add_data(record)
    length = message.length + _OPT
    return length if length <= MAX_MESSAGE else None


class _Message:
    """The length so far, and the names that a later one may point to (RFC 1035, section 4.1.4)."""

    def __init__(self, length: int) -> None:
        self.length = length
        self._known: set[tuple[bytes, ...]] = set()

    def add(self, name: dns.name.Name) -> None:
        labels = labels_of_name(name)
        for at in range(len(labels)):
            rest = labels[at:]
            if rest in self._known:
                self.length += _POINTER
                return
            if self.length <= _FARTHEST:
                self._known.add(rest)
            self.length += 1 + len(labels[at])
        self.length += 1

    def add_data(self, record: Any) -> None:
        names, others = _NAMES.get(record.rdtype.name, ((), None))
        if others is None:
            self.length += len(record.to_wire())
            return
        self.length += others
        for name in names:
            self.add(getattr(record, name))
