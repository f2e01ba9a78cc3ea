"""Tells whose machines servers are: where they run, who answers for a zone, who parks a domain; never who sends."""

from collections.abc import Iterable, Mapping
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_network
from itertools import islice

from mailaudit.knowledge import load
from mailaudit.knowledge.names import SuffixIndex, normal
from mailaudit.knowledge.types.dns_host import DnsHost, DnsHostsFile
from mailaudit.knowledge.types.fact import Confidence
from mailaudit.knowledge.types.mailbox import Hoster, ParkingFile, ParkingHost

# Nobody has more name servers than fit into one answer.
_MOST = 20


def hoster_by_spf(domain: str) -> Hoster | None:
    """Return the hoster, access provider or gateway to which an SPF include points."""
    return _index("spf").first(domain)


def hoster_by_reverse_name(name: str) -> Hoster | None:
    """Return the hoster whose machines, lines or relays have such names."""
    return _index("reverse_names").first(name) or _index("relays").first(name)


def hoster_by_address(address: IPv4Address | IPv6Address) -> Hoster | None:
    """Return the hoster that holds an address."""
    return next((hoster for network, hoster in _ranges() if address in network), None)


def dns_host(ns_names: Iterable[str]) -> DnsHost | None:
    """Return the host whose name servers these are; nothing for unknown ones, or when two hosts share the zone."""
    hosts = (_dns_hosts().first(name) for name in islice(ns_names, _MOST))
    found = {host.id: host for host in hosts if host}
    return next(iter(found.values())) if len(found) == 1 else None


@load.kept
def parking_hosts() -> Mapping[str, ParkingHost]:
    """Return the hosts of domains that nobody uses by name; a user's `parking.yml` is merged into ours."""
    return {normal(host.id): host for host in load.entries(ParkingFile).hosts}


def parking_of(hosts: Iterable[str]) -> ParkingHost | None:
    """Return the first of a domain's MX hosts when all of them are parking hosts; one other server, and it is in use.

    What is only believed of a host (low confidence) accuses nobody.
    """
    known = parking_hosts()
    found = [known.get(normal(host)) for host in hosts]
    if not found or any(host is None or host.provenance.confidence is Confidence.LOW for host in found):
        return None
    return found[0]


@load.kept
def _index(field: str) -> SuffixIndex[Hoster]:
    return SuffixIndex((name, hoster) for hoster in load.hosters() for name in getattr(hoster, field))


@load.kept
def _dns_hosts() -> SuffixIndex[DnsHost]:
    return SuffixIndex((name, host) for host in load.entries(DnsHostsFile).dns_hosts for name in host.name_servers)


@load.kept
def _ranges() -> tuple[tuple[IPv4Network | IPv6Network, Hoster], ...]:
    return tuple((ip_network(text), hoster) for hoster in load.hosters() for text in hoster.ranges)
