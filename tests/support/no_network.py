"""Refuses connections that leave this machine, and remembers them: a test fails whatever the program makes of that."""

from __future__ import annotations

import ipaddress
import sys
from functools import cache
from typing import Any

TRIED: list[str] = []
# Where the address, or the name to be looked up, stands in what Python tells of each event.
_PLACES = {
    "socket.connect": 1,
    "socket.sendto": 1,
    "socket.sendmsg": 1,
    "socket.getaddrinfo": 0,
    "socket.gethostbyname": 0,
}


@cache
def watch() -> None:
    """Refuse such connections from now on until the process ends; sees what any library does through Python's sockets."""
    sys.addaudithook(_look)


def _look(event: str, told: tuple[Any, ...]) -> None:
    place = _PLACES.get(event)
    if place is None:
        return
    address = told[place]
    host = address[0] if isinstance(address, tuple) else address if place == 0 else None
    if host is not None and not _stays(host):
        TRIED.append(
            f"{event.removeprefix('socket.')} {host} {address[1] if isinstance(address, tuple) else ''}".strip()
        )
        raise OSError(f"a test may not talk to {host}")


def _stays(host: str | bytes) -> bool:
    name = host.decode() if isinstance(host, bytes) else host
    if name in {"", "localhost"}:
        return True
    try:
        return ipaddress.ip_address(name.partition("%")[0]).is_loopback
    except ValueError:
        return False
