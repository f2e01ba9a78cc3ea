"""Tests talk to this machine only, and leave nothing in the user's folders."""

from __future__ import annotations

import ipaddress
import socket
from pathlib import Path
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


@pytest.fixture(autouse=True)
def _own_cache(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(_cache(tmp_path_factory)))


@pytest.fixture(autouse=True)
def _before_the_examples(monkeypatch: pytest.MonkeyPatch) -> None:
    # 30 November 2026, 10:00: the campaigns of the examples and tests begin later.
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1796032800")


def _cache(factory: pytest.TempPathFactory) -> Path:
    return factory.getbasetemp() / "cache"


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Say loudly that SPF was not held against the standard's own suite: a line among the skipped is overlooked."""
    skipped = terminalreporter.stats.get("skipped", [])
    missing = {report.longrepr[2] for report in skipped if isinstance(report.longrepr, tuple)}
    for reason in sorted(reason for reason in missing if "conformance suite" in reason):
        terminalreporter.write_sep("!", "NOT TESTED: SPF against the suite of RFC 7208", red=True, bold=True)
        terminalreporter.write_line(reason.removeprefix("Skipped: "))
        terminalreporter.write_line(
            "The source distribution of pyspf holds it; name the folder with rfc7208/rfc7208-tests.yml in MAILAUDIT_SUITES."
        )
