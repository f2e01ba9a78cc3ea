"""The addresses of DNS servers: given on the command line, or those of this machine."""

import ipaddress
import re

from msgspec import Struct

from mailaudit.errors import refused

DNS_PORT = 53
_MAX_PORT = 65_535
_BRACKETED = re.compile(r"\[([^\]]+)\](?::([0-9]{1,5}))?")
_WITH_PORT = re.compile(r"([^:]+):([0-9]{1,5})")


class Server(Struct, frozen=True):
    """A DNS server: a numeric address (IPv6 with its zone where it has one) and a port."""

    address: str
    port: int = DNS_PORT

    def __str__(self) -> str:
        """Return `192.0.2.1:53` or `[2001:db8::1]:53`."""
        return f"[{self.address}]:{self.port}" if ":" in self.address else f"{self.address}:{self.port}"


def parse_server(text: str) -> Server:
    """Parse `ADDRESS`, `ADDRESS:PORT` or `[ADDRESS]:PORT`; raises `InputError`, also for a host name."""
    stripped = text.strip()
    match = _BRACKETED.fullmatch(stripped) or _WITH_PORT.fullmatch(stripped)
    address, port = (match[1], int(match[2] or DNS_PORT)) if match else (stripped, DNS_PORT)
    try:
        ipaddress.ip_address(address)
    except ValueError:
        port = 0
    if not 0 < port <= _MAX_PORT:
        what = f"{text!r} is not the address of a DNS server"
        todo = "write an IP address, with a port if needed: 192.0.2.53, 192.0.2.53:5353 or [2001:db8::53]:5353"
        raise refused(what, todo=todo)
    return Server(address, port)


def system_servers() -> tuple[Server, ...]:
    """Return the DNS servers that this machine uses; the loopback address where it names none, as libc does."""
    import dns.resolver  # noqa: PLC0415 - heavy, and only for live look-ups without --dns-server

    try:
        names = [str(name) for name in dns.resolver.Resolver().nameservers if isinstance(name, str)]
    except (dns.resolver.NoResolverConfiguration, ValueError, OSError):
        names = []
    return tuple(Server(name) for name in dict.fromkeys(names)) or (Server("127.0.0.1"),)
