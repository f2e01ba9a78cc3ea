"""Which terms of an SPF record pass every server in the world."""

from collections.abc import Iterable, Iterator
from ipaddress import IPv4Network, IPv6Network, collapse_addresses, ip_network

from mailaudit.facts.observed import Unavailable
from mailaudit.facts.sender.names import is_public_suffix
from mailaudit.facts.sender.spf.lookup_tree import SpfNode
from mailaudit.facts.sender.spf.record import Mechanism, Qualifier

Network = IPv4Network | IPv6Network
Term = tuple[SpfNode, Mechanism]

# What servers on the internet can have (RFC 1112, section 4, keeps 224.0.0.0 and above apart; RFC 4291, section 2.5.4).
_USABLE: dict[int, tuple[int, int]] = {4: (0, 224 << 24), 6: (1 << 125, 1 << 126)}
_ALMOST_ALL = 0.9
_TINY = 16  # a range below a /16 (IPv6: a /32) is no part of an attempt to name the world
_COARSE = {4: _TINY, 6: 2 * _TINY}


def open_doors(survey: SpfNode) -> tuple[Term, ...]:
    """Return each term that passes every address, or the ranges that do so together, with the record it stands in."""
    passing = tuple(_passing(survey))
    alone = tuple((node, term) for node, term in passing if _is_open(node, term))
    return alone or _together(passing)


def require_control(survey: SpfNode) -> None:
    """Raise `Unavailable` when it is not known whether an `exists` lets in a sender that nobody can know."""
    for node in survey.walk():
        for cost in node.costs:
            if cost.anybody.failure:
                raise Unavailable(cost.anybody.failure)


def networks(node: SpfNode, mechanism: Mechanism) -> tuple[Network, ...]:
    """Return the ranges that an address term allows, as far as they are known."""
    if mechanism.network is not None:
        return (mechanism.network,)
    if mechanism.name not in {"a", "mx"}:
        return ()
    found = node.cost_of(mechanism).found.values()
    prefixes = {4: mechanism.prefix4, 6: mechanism.prefix6}
    return tuple(ip_network((ip, prefixes[ip.version]), strict=False) for one in found for ip in one.ips)


def _passing(node: SpfNode) -> Iterator[Term]:
    """Yield the terms whose match is a pass, through includes that count and redirects.

    A record that holds an error passes nobody (RFC 7208, section 4.6), and what its writer meant is not known.
    """
    if node.record is None or node.record.errors:
        return
    followed = {child.term: child for child in node.children}
    for mechanism in node.record.effective_mechanisms:
        if mechanism.qualifier is not Qualifier.PASS:
            continue
        yield node, mechanism
        if mechanism.text in followed and mechanism.name == "include":
            yield from _passing(followed[mechanism.text])
    if node.redirected is not None:
        yield from _passing(node.redirected)


def _is_open(node: SpfNode, mechanism: Mechanism) -> bool:
    match mechanism.name:
        case "all":
            return True
        case "exists":
            cost = node.cost_of(mechanism)
            return bool(cost.anybody.ips) or (cost.ignores_address and any(one.ips for one in cost.found.values()))
        case "ptr":
            # Whoever has an address can give it a name under a suffix that is open to everybody.
            return is_public_suffix((mechanism.domain_spec or node.domain).lower().rstrip("."))
        case _:
            return any(network.prefixlen == 0 for network in networks(node, mechanism))


def _together(passing: tuple[Term, ...]) -> tuple[Term, ...]:
    wide = [
        (node, term, network)
        for node, term in passing
        for network in networks(node, term)
        if network.prefixlen <= _COARSE[network.version]
    ]
    for version in _USABLE:
        part = [one for one in wide if one[2].version == version]
        if _share(network for _, _, network in part) >= _ALMOST_ALL:
            return tuple((node, term) for node, term, _ in part)
    return ()


def _share(ranges: Iterable[Network]) -> float:
    """Return which part of the addresses that servers can have lies in ranges of one version."""
    covered = 0
    start = end = 0
    for network in collapse_addresses(ranges):  # type: ignore[type-var]
        start, end = _USABLE[network.version]
        first, last = int(network.network_address), int(network.broadcast_address) + 1
        covered += max(0, min(last, end) - max(first, start))
    return covered / (end - start) if covered else 0.0
