"""Tells which company answers for a zone, by the names of its name servers."""

from collections.abc import Iterable
from itertools import islice

from mailaudit.knowledge.load import entries, kept
from mailaudit.knowledge.names import SuffixIndex
from mailaudit.knowledge.types.dns_host import DnsHost, DnsHostsFile

# Nobody has more name servers than fit into one answer.
_MOST = 20


def dns_host(ns_names: Iterable[str]) -> DnsHost | None:
    """Return the host whose name servers these are; nothing for unknown ones, or when two hosts share the zone."""
    found = {host.id: host for name in islice(ns_names, _MOST) for host in _hosts_of(name)}
    return next(iter(found.values())) if len(found) == 1 else None


def _hosts_of(name: str) -> tuple[DnsHost, ...]:
    groups = _index().find(name)
    return groups[0][:1] if groups else ()


@kept
def _index() -> SuffixIndex[DnsHost]:
    return SuffixIndex((name, host) for host in entries(DnsHostsFile).dns_hosts for name in host.name_servers)
