"""Typed views of an answer's records; an answer that is not known holds none."""

from ipaddress import IPv4Address, IPv6Address, ip_address

from dns.name import Name
from dns.rdtypes.ANY.MX import MX
from dns.rdtypes.ANY.NS import NS
from dns.rdtypes.ANY.PTR import PTR
from dns.rdtypes.IN.A import A
from dns.rdtypes.IN.AAAA import AAAA

from mailaudit.facts.dns.answer import Answer

IpAddress = IPv4Address | IPv6Address


def address_type(version: int) -> str:
    """Return the record type that holds addresses of an IP version."""
    return "A" if version == 4 else "AAAA"  # noqa: PLR2004 - an IP version


def addresses_in(answer: Answer) -> tuple[IpAddress, ...]:
    """Return the addresses of A or AAAA records."""
    return tuple(ip_address(record.address) for record in answer.records if isinstance(record, (A, AAAA)))


def mx_names(answer: Answer) -> tuple[str, ...]:
    """Return the exchanges of MX records in order of preference, without the null MX (RFC 7505)."""
    ranked = sorted((r.preference, plain(r.exchange)) for r in answer.records if isinstance(r, MX))
    return tuple(name for _, name in ranked if name)


def target_names(answer: Answer) -> tuple[str, ...]:
    """Return the targets of PTR or NS records."""
    return tuple(plain(record.target) for record in answer.records if isinstance(record, (PTR, NS)))


def plain(name: Name) -> str:
    """Return a name out of a DNS record as lower-case text without the final dot; the root is empty text."""
    return name.to_text().lower().removesuffix(".")
