"""What DNS tells of a recipient domain, and how it is asked about many."""

from __future__ import annotations

import asyncio

import pytest

from mailaudit.facts.dns.answer import Answer, Status
from mailaudit.facts.public_address import is_reachable
from mailaudit.facts.recipients.receiving.mail_domain import (
    LOCAL_MX,
    MAX_AT_ONCE,
    MAX_SILENT,
    NULL_MX,
    ROOT,
    Receiving,
    judged,
    look_up,
    mx_hosts,
)
from support.told import Told


def test_a_dead_server_is_left_alone_after_a_while() -> None:
    dns = Told({}, other=Status.TIMEOUT)
    domains = [f"d{n}.example" for n in range(1000)]

    async def run() -> list[str | None]:
        return [found.silent async for found in look_up(domains, dns)]

    silent = asyncio.run(run())
    assert len(silent) == 1000
    assert all(silent)
    assert len(dns.asked) <= MAX_SILENT + MAX_AT_ONCE


def test_a_slow_domain_holds_up_nobody() -> None:
    class Slow(Told):
        """Answers about the first domain only when the last one was asked."""

        last_was_asked = asyncio.Event()

        async def query(self, name: str, type: str) -> Answer:  # noqa: A002 - the resolver's signature
            if name == domains[-1]:
                self.last_was_asked.set()
            if name == domains[0]:
                await self.last_was_asked.wait()
            return await super().query(name, type)

    domains = [f"d{n}.example" for n in range(500)]

    async def run() -> list[str]:
        return [found.domain async for found in look_up(domains, Slow({}))]

    assert asyncio.run(asyncio.wait_for(run(), 10)) == domains


def test_nothing_is_begun_when_the_time_is_over() -> None:
    dns = Told({})

    async def run() -> list[str]:
        return [found.domain async for found in look_up(["a.example"], dns, asyncio.get_running_loop().time())]

    assert asyncio.run(run()) == []
    assert dns.asked == []


@pytest.mark.parametrize(
    ("address", "can_be"),
    [
        ("192.0.2.1", True),
        ("8.8.8.8", True),
        ("2001:db8::1", True),
        ("172.32.0.1", True),
        ("172.16.0.1", False),
        ("100.64.1.1", False),
        ("::ffff:10.0.0.1", False),
        ("::ffff:8.8.8.8", True),
        ("224.0.0.1", False),
        ("255.255.255.255", False),
        ("fe80::1", False),
        ("fd00::1", False),
    ],
)
def test_which_addresses_the_world_can_reach(address: str, *, can_be: bool) -> None:
    assert is_reachable(address) is can_be


@pytest.mark.parametrize(
    ("records", "hosts"),
    [
        ([(0, ".")], (".",)),
        ([(10, ".")], (ROOT,)),
        ([(10, "b."), (0, ".")], (".", "b")),
        ([(20, "B."), (10, "a"), (30, "b")], ("a", "b")),
        ([], ()),
    ],
)
def test_only_the_root_with_preference_0_is_a_null_mx(
    records: list[tuple[int, str]], hosts: tuple[str, ...]
) -> None:
    assert mx_hosts(records) == hosts


def test_what_the_names_of_mail_servers_tell() -> None:
    assert judged("a.example", (".",)) == Receiving("a.example", problem=NULL_MX)
    assert judged("a.example", (ROOT,)) == Receiving("a.example", (ROOT,), LOCAL_MX.format(host=ROOT))
    assert judged("a.example", ("mx.a.example",)) is None
