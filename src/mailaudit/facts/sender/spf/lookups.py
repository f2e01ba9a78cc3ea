"""The look-ups that SPF needs, with the numbers that RFC 7208 allows."""

import asyncio
from ipaddress import IPv4Address, IPv6Address, ip_address

from dns.rdtypes.ANY.MX import MX
from dns.rdtypes.ANY.PTR import PTR
from dns.rdtypes.IN.A import A
from dns.rdtypes.IN.AAAA import AAAA
from msgspec import Struct

from mailaudit.facts.dns.answer import Answer, Resolver
from mailaudit.facts.sender.names import is_askable, plain

MAX_LOOKUPS = 10
MAX_VOID_LOOKUPS = 2
MAX_MX_NAMES = 10
MAX_PTR_NAMES = 10

IpAddress = IPv4Address | IPv6Address


class Addresses(Struct, frozen=True):
    """The addresses of one or several names; `void` counts the questions that had an empty answer."""

    ips: tuple[IpAddress, ...] = ()
    void: int = 0
    failure: str | None = None


async def ask(dns: Resolver, name: str, rdtype: str) -> Answer | None:
    """Ask for a name that may come out of a macro; nothing is asked when it cannot be a DNS name."""
    if not is_askable(name):
        return None
    # A name out of a macro may hold a backslash that does not mean an escape.
    return await dns.query(name.replace("\\", "\\\\"), rdtype)


def address_type(version: int) -> str:
    """Return the record type that holds addresses of an IP version."""
    return "A" if version == 4 else "AAAA"  # noqa: PLR2004 - an IP version


async def addresses(dns: Resolver, names: tuple[str, ...], version: int) -> Addresses:
    """Return the addresses of one IP version behind the names, asked at once; the first failure is kept."""
    answers = await asyncio.gather(*(ask(dns, name, address_type(version)) for name in names))
    found: list[IpAddress] = []
    void = 0
    failure: str | None = None
    for answer in answers:
        if answer is None:
            continue
        if not answer.is_known:
            failure = failure or answer.failure
        elif not answer.records:
            void += 1
        else:
            found.extend(found_addresses(answer))
    return Addresses(tuple(found), void, failure)


def found_addresses(answer: Answer) -> tuple[IpAddress, ...]:
    """Return the addresses of an A or AAAA answer."""
    return tuple(ip_address(record.address) for record in answer.records if isinstance(record, (A, AAAA)))


def mx_names(answer: Answer) -> tuple[str, ...]:
    """Return the exchanges of an MX answer in order of preference, without the null MX (RFC 7505)."""
    ranked = sorted((r.preference, plain(r.exchange)) for r in answer.records if isinstance(r, MX))
    return tuple(name for _, name in ranked if name)


def ptr_names(answer: Answer) -> tuple[str, ...]:
    """Return the names of a PTR answer."""
    return tuple(plain(record.target) for record in answer.records if isinstance(record, PTR))
