"""Typed views of an answer's records, and the names under which addresses are looked up."""

from __future__ import annotations

import ipaddress
from typing import TYPE_CHECKING, cast

from mailaudit.facts.dns.answer import Answer
from mailaudit.facts.dns.names import text_of_name

if TYPE_CHECKING:
    from dns.rdtypes.ANY.MX import MX
    from dns.rdtypes.ANY.NS import NS
    from dns.rdtypes.IN.A import A


def addresses(answer: Answer) -> tuple[str, ...]:
    """Return the addresses of A or AAAA records in their canonical text; raises `Unavailable`."""
    return tuple(str(ipaddress.ip_address(cast("A", record).address)) for record in answer.known_records())


def names(answer: Answer) -> tuple[str, ...]:
    """Return the targets of PTR, NS or CNAME records, lower case without the final dot; raises `Unavailable`."""
    return tuple(text_of_name(cast("NS", record).target) for record in answer.known_records())


def mx(answer: Answer) -> tuple[tuple[int, str], ...]:
    """Return preference and host of MX records, best first; a null MX has the host `.`; raises `Unavailable`."""
    records = [cast("MX", record) for record in answer.known_records()]
    return tuple(sorted((record.preference, text_of_name(record.exchange)) for record in records))
