"""Sets of addresses as sorted ranges of whole numbers, one for each IP version."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, summarize_address_range

from msgspec import Struct

Range = tuple[int, int]
_LAST = {4: 2**32 - 1, 6: 2**128 - 1}


class AddressSet(Struct, frozen=True):
    """Disjoint ranges in order, first and last address included."""

    v4: tuple[Range, ...] = ()
    v6: tuple[Range, ...] = ()

    def __or__(self, other: AddressSet) -> AddressSet:
        """Return the addresses in either."""
        return AddressSet(_union((*self.v4, *other.v4)), _union((*self.v6, *other.v6)))

    def __and__(self, other: AddressSet) -> AddressSet:
        """Return the addresses in both."""
        return AddressSet(_common(self.v4, other.v4), _common(self.v6, other.v6))

    def __sub__(self, other: AddressSet) -> AddressSet:
        """Return the addresses that are not in the other."""
        return self & AddressSet(_rest(other.v4, 4), _rest(other.v6, 6))

    def __bool__(self) -> bool:
        """Whether any address is in it."""
        return bool(self.v4 or self.v6)

    def networks(self) -> Iterator[IPv4Network | IPv6Network]:
        """Yield the networks that cover it exactly."""
        for first, last in self.v4:
            yield from summarize_address_range(IPv4Address(first), IPv4Address(last))
        for first, last in self.v6:
            yield from summarize_address_range(IPv6Address(first), IPv6Address(last))


EVERYBODY = AddressSet(((0, _LAST[4]),), ((0, _LAST[6]),))
NOBODY = AddressSet()


def of_network(network: IPv4Network | IPv6Network) -> AddressSet:
    """Return the addresses of a network."""
    ranges = ((int(network.network_address), int(network.broadcast_address)),)
    return AddressSet(v4=ranges) if network.version == 4 else AddressSet(v6=ranges)  # noqa: PLR2004 - an IP version


def written(network: IPv4Network | IPv6Network) -> str:
    """Return a network as people write it: one address without its length."""
    return str(network.network_address) if network.num_addresses == 1 else str(network)


def _union(ranges: Iterable[Range]) -> tuple[Range, ...]:
    found: list[Range] = []
    for first, last in sorted(ranges):
        if found and first <= found[-1][1] + 1:
            found[-1] = (found[-1][0], max(last, found[-1][1]))
        else:
            found.append((first, last))
    return tuple(found)


def _rest(ranges: tuple[Range, ...], version: int) -> tuple[Range, ...]:
    found: list[Range] = []
    free = 0
    for first, last in ranges:
        if first > free:
            found.append((free, first - 1))
        free = last + 1
    return (*found, (free, _LAST[version])) if free <= _LAST[version] else tuple(found)


def _common(left: tuple[Range, ...], right: tuple[Range, ...]) -> tuple[Range, ...]:
    found: list[Range] = []
    one, two = 0, 0
    while one < len(left) and two < len(right):
        first, last = max(left[one][0], right[two][0]), min(left[one][1], right[two][1])
        if first <= last:
            found.append((first, last))
        if left[one][1] < right[two][1]:
            one += 1
        else:
            two += 1
    return tuple(found)
