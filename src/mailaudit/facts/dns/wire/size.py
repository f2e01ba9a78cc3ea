"""DNS messages: how long ours would be, and what a server's says."""

from __future__ import annotations

from collections.abc import Iterable

import dns.exception
import dns.message
import dns.name
import dns.rdataclass
import dns.rdatatype
import dns.rrset
from dns.rdata import Rdata

from mailaudit.facts.dns.wire.query import UDP_PAYLOAD

MAX_MESSAGE = 65_535

RecordSet = tuple[dns.name.Name, int, tuple[Rdata, ...]]
"""Owner, TTL and records of one type."""


def message_size(
    question: dns.name.Name, rdtype: str, answer: Iterable[RecordSet], authority: Iterable[RecordSet] = ()
) -> int | None:
    """Return the length in octets of the response that holds these records, `None` if none can hold them."""
    message = dns.message.QueryMessage(id=0)
    message.use_edns(edns=0, payload=UDP_PAYLOAD)
    message.question.append(dns.rrset.RRset(question, dns.rdataclass.IN, dns.rdatatype.from_text(rdtype)))
    message.answer.extend(rrset_of(*records) for records in answer)
    message.authority.extend(rrset_of(*records) for records in authority)
    try:
        return len(message.to_wire(max_size=MAX_MESSAGE))
    except dns.exception.TooBig:
        return None


def rrset_of(owner: dns.name.Name, ttl: int, records: tuple[Rdata, ...]) -> dns.rrset.RRset:
    """Return dnspython's record set."""
    return dns.rrset.from_rdata_list(owner, ttl, records)
