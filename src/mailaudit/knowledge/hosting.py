"""Tells on whose machines a server or a web site runs, by its names and addresses; never who sends."""

from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_network

from mailaudit.knowledge import load
from mailaudit.knowledge.names import SuffixIndex
from mailaudit.knowledge.types.mailbox import Hoster


def hoster_by_spf(domain: str) -> Hoster | None:
    """Return the hoster, access provider or gateway to which an SPF include points."""
    return _found("spf", domain)


def hoster_by_reverse_name(name: str) -> Hoster | None:
    """Return the hoster whose machines, lines or relays have such names."""
    return _found("reverse_names", name) or _found("relays", name)


def hoster_by_address(address: IPv4Address | IPv6Address) -> Hoster | None:
    """Return the hoster that holds an address."""
    return next((hoster for network, hoster in _ranges() if address in network), None)


def _found(field: str, name: str) -> Hoster | None:
    groups = _index(field).find(name)
    return groups[0][0] if groups else None


@load.kept
def _index(field: str) -> SuffixIndex[Hoster]:
    return SuffixIndex((name, hoster) for hoster in load.hosters() for name in getattr(hoster, field))


@load.kept
def _ranges() -> tuple[tuple[IPv4Network | IPv6Network, Hoster], ...]:
    return tuple((ip_network(text), hoster) for hoster in load.hosters() for text in hoster.ranges)
