"""Which addresses a name that somebody else wrote may lead us to: public ones, and never into a network of one's own."""

from functools import lru_cache
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

_GLOBAL_UNICAST = IPv6Network("2000::/3")
_NAT64 = IPv6Network("64:ff9b::/96")
_REFUSED_BESIDES = (
    IPv4Network("192.0.0.0/24"),  # IETF protocol assignments; a cloud's metadata service listens there
    IPv4Network("168.63.129.16/32"),  # the virtual address of Azure's host, which serves its machines' metadata
    IPv6Network("3fff::/20"),  # documentation (RFC 9637), which older versions of Python do not know
)
# RFC 5737, RFC 3849 and RFC 9637.
_DOCUMENTATION = tuple(
    map(ip_network, ("192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24", "2001:db8::/32", "3fff::/20"))
)


def as_address(text: str) -> IPv4Address | IPv6Address | None:
    """Return a text as an address, nothing when it is none."""
    try:
        return ip_address(text)
    except ValueError:
        return None


def is_for_documentation(address: IPv4Address | IPv6Address) -> bool:
    """Say whether an address stands for somebody's in examples: nobody answers there."""
    inner = getattr(address, "ipv4_mapped", None) or address
    return any(inner in network for network in _DOCUMENTATION)


@lru_cache(maxsize=65_536)
def is_reachable(address: str | IPv4Address | IPv6Address) -> bool:
    """Say whether mail can come from an address, or go there, over the public Internet; one for documentation counts."""
    return is_public(address) or is_for_documentation(ip_address(address))


def is_public(address: str | IPv4Address | IPv6Address) -> bool:
    """Return whether an address, and the IPv4 address that it carries inside, is a public unicast one.

    Loopback, private, link-local (where clouds serve metadata), carrier-grade and documentation addresses are not, nor are
    they as IPv4-mapped, 6to4 or NAT64 addresses; nor are Teredo ones, nor other IPv6 addresses outside 2000::/3.
    Raises `ValueError` for what is no address.
    Sources: RFC 6890 and the IANA registries of special-purpose addresses; RFC 4291, sections 2.4 and 2.5.5; RFC 3056;
    RFC 6052; Microsoft Learn, "What is IP address 168.63.129.16?".
    """
    outer = ip_address(address)
    if isinstance(outer, IPv4Address):
        return _is_public(outer)
    inner = outer.ipv4_mapped or (IPv4Address(int(outer) & 0xFFFFFFFF) if outer in _NAT64 else None)
    if inner is not None:
        return _is_public(inner)
    tunnelled = outer.sixtofour or outer
    return outer in _GLOBAL_UNICAST and _is_public(outer) and _is_public(tunnelled)


def _is_public(address: IPv4Address | IPv6Address) -> bool:
    refused = any(address in network for network in _REFUSED_BESIDES)
    return address.is_global and not address.is_multicast and not refused
