"""Which addresses a name that somebody else wrote may lead us to: public ones, and never into a network of one's own."""

from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

_NAT64 = IPv6Network("64:ff9b::/96")
_IPV4_COMPATIBLE = IPv6Network("::/96")
_REFUSED_BESIDES = (
    IPv4Network("192.0.0.0/24"),  # IETF protocol assignments; a cloud's metadata service listens there
    IPv4Network("168.63.129.16/32"),  # the virtual address of Azure's host, which serves its machines' metadata
    IPv6Network("64:ff9b:1::/48"),  # translation inside one's own network (RFC 8215)
    IPv6Network("fec0::/10"),  # site-local (RFC 3879)
)


def is_public(address: str | IPv4Address | IPv6Address) -> bool:
    """Return whether an address, and the IPv4 address that it carries inside, is a public unicast one.

    Loopback, private, link-local (where clouds serve metadata), carrier-grade and documentation addresses are not, nor are
    they as IPv4-mapped, IPv4-compatible, 6to4, Teredo or NAT64 addresses. Raises `ValueError` for what is no address.
    Sources: RFC 6890 and the IANA registries of special-purpose addresses; RFC 4291, section 2.5.5; RFC 3056; RFC 6052;
    Microsoft Learn, "What is IP address 168.63.129.16?".
    """
    outer = ip_address(address)
    inner = _carried(outer) if isinstance(outer, IPv6Address) else None
    return all(_is_public(one) for one in (outer, inner) if one is not None)


def _is_public(address: IPv4Address | IPv6Address) -> bool:
    refused = any(address in network for network in _REFUSED_BESIDES)
    return address.is_global and not address.is_multicast and not refused


def _carried(address: IPv6Address) -> IPv4Address | None:
    if address in _NAT64 or address in _IPV4_COMPATIBLE:
        return IPv4Address(int(address) & 0xFFFFFFFF)
    teredo = address.teredo
    return address.ipv4_mapped or address.sixtofour or (teredo[1] if teredo else None)
