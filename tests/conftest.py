"""Tests talk to this machine only."""

from __future__ import annotations

import ipaddress
import socket
from typing import Any

import pytest

_connect = socket.socket.connect
_sendto = socket.socket.sendto


def _refuse_the_world(address: Any) -> None:
    host = address[0] if isinstance(address, tuple) else None
    if host is None or host in {"localhost", ""}:
        return
    if not ipaddress.ip_address(str(host).split("%")[0]).is_loopback:
        raise OSError(f"a test may not talk to {host}")


@pytest.fixture(autouse=True)
def _loopback_only(monkeypatch: pytest.MonkeyPatch) -> None:
    def connect(self: socket.socket, address: Any) -> None:
        _refuse_the_world(address)
        _connect(self, address)

    def sendto(self: socket.socket, data: bytes, *rest: Any) -> int:
        _refuse_the_world(rest[-1])
        return _sendto(self, data, *rest)

    monkeypatch.setattr(socket.socket, "connect", connect)
    monkeypatch.setattr(socket.socket, "sendto", sendto)
