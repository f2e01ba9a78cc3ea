"""The names of the sending addresses: reverse names, whether they lead back, and the HELO name."""

import asyncio
import re
from ipaddress import IPv6Address

from msgspec import Struct

from mailaudit.facts.dns.answer import Answer, Resolver
from mailaudit.facts.dns.records import IpAddress, address_type, addresses_in, target_names
from mailaudit.facts.observed import those
from mailaudit.facts.public_address import is_reachable
from mailaudit.facts.sender.names import organizational_domain
from mailaudit.knowledge.machines import helo_shape, reverse_name_kind
from mailaudit.knowledge.types.software import HeloPattern, ReversePattern

# Receivers look at a few names only; more of them are a sign of a mistake, or of an attack on the asking program.
MAX_NAMES = 10
_DIGITS = re.compile(r"\d{1,3}")
_TELLING = 8


class ReverseName(Struct, frozen=True):
    """One reverse name of an address, and the addresses that it leads to."""

    name: str
    forward: Answer

    def leads_to(self, ip: IpAddress) -> bool:
        """Whether the name leads back to the address; raises `Unavailable` when nobody answered."""
        self.forward.known_records()
        return ip in addresses_in(self.forward)

    @property
    def shape(self) -> ReversePattern | None:
        """The kind of machine or line that the name betrays, if any."""
        return reverse_name_kind(self.name, organizational_domain(self.name))

    def repeats(self, ip: IpAddress) -> bool:
        """Say whether the labels left of the registrable domain hold the address's own digits, as access networks do."""
        left = self.name.removesuffix(organizational_domain(self.name))
        if isinstance(ip, IPv6Address):
            return _holds_hexadecimal(left, ip.exploded.replace(":", ""))
        numbers = {int(digits) for digits in _DIGITS.findall(left)}
        packed = "".join(f"{octet:03d}" for octet in ip.packed)
        return set(ip.packed[2:]) <= numbers or packed in left or f"{int(ip):08x}" in left


def _holds_hexadecimal(left: str, digits: str) -> bool:
    # Zeros stand in every address; eight other digits in a row stand in no name by chance.
    joined = re.sub(r"[-.]", "", left)
    parts = (digits[start : start + _TELLING] for start in range(len(digits) - _TELLING + 1))
    return any(part in joined for part in parts if part.strip("0"))


class SendingAddress(Struct, frozen=True):
    """One address of the campaign with its reverse names."""

    ip: IpAddress
    place: int
    ptr: Answer
    reverse: tuple[ReverseName, ...]

    def __str__(self) -> str:
        """Return the address."""
        return str(self.ip)

    @property
    def names(self) -> tuple[ReverseName, ...]:
        """The reverse names, empty when there are none; raises `Unavailable` when nobody answered."""
        self.ptr.known_records()
        return self.reverse

    @property
    def confirmed(self) -> tuple[ReverseName, ...]:
        """The names that lead back to the address; raises `Unavailable` when none does and one did not answer."""
        return those(self.names, lambda one: one.leads_to(self.ip))

    @property
    def is_private(self) -> bool:
        """Whether no mail can come from this address over the public Internet."""
        return not is_reachable(self.ip)


class HeloName(Struct, frozen=True):
    """The name that the sending server gives, with the addresses of each version that the campaign uses."""

    name: str
    forward: tuple[Answer, ...]

    def __str__(self) -> str:
        """Return the name."""
        return self.name

    @property
    def shape(self) -> HeloPattern | None:
        """The distrusted shape of the name, if any."""
        return helo_shape(self.name)

    @property
    def addresses(self) -> frozenset[IpAddress]:
        """The addresses behind the name; raises `Unavailable` when none is known and nobody answered."""
        known = those(self.forward, lambda answer: bool(answer.known_records()))
        return frozenset(ip for answer in known for ip in addresses_in(answer))


async def observe_addresses(ips: tuple[IpAddress, ...], dns: Resolver) -> tuple[SendingAddress, ...]:
    """Return each address with its reverse names and where they lead; never raises for what DNS does."""
    return tuple(await asyncio.gather(*(_observe(ip, place, dns) for place, ip in enumerate(ips))))


async def observe_helo(name: str | None, ips: tuple[IpAddress, ...], dns: Resolver) -> HeloName | None:
    """Return the HELO name and its addresses, nothing when the campaign does not say it."""
    if name is None:
        return None
    versions = sorted({ip.version for ip in ips}) or [4, 6]
    answers = await asyncio.gather(*(dns.query(name, address_type(version)) for version in versions))
    return HeloName(name, tuple(answers))


async def _observe(ip: IpAddress, place: int, dns: Resolver) -> SendingAddress:
    ptr = await dns.query(ip.reverse_pointer, "PTR")
    names = tuple(dict.fromkeys(target_names(ptr)))[:MAX_NAMES]
    forward = await asyncio.gather(*(dns.query(name, address_type(ip.version)) for name in names))
    reverse = tuple(ReverseName(name, answer) for name, answer in zip(names, forward, strict=True))
    return SendingAddress(ip, place, ptr, reverse)
