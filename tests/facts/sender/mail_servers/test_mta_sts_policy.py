"""The policy file is fetched as the record asks, and the mail servers are held against it."""

from __future__ import annotations

import asyncio

import pytest

from mailaudit.facts.dns.answer import Answer, Resolver
from mailaudit.facts.dns.sources.zone_file import parse_zone
from mailaudit.facts.dns.sources.zones import ZoneSource
from mailaudit.facts.https import Access, Fetched
from mailaudit.facts.observed import Observed
from mailaudit.facts.sender.mail_servers.mta_sts_policy import MtaStsPolicy, observe_policy
from mailaudit.facts.sender.mail_servers.mx import observe_exchange
from mailaudit.facts.sender.mail_servers.receiving_security import observe_transport

ZONE = """\
$ORIGIN acme.example.
$TTL 60
@ IN SOA ns host 1 1 1 1 1
@ IN MX 10 mx1
@ IN MX 20 mx.backup.example.
mx1 IN A 192.0.2.1
_mta-sts IN TXT "v=STSv1; id=1"
"""
GOOD = "version: STSv1\r\nmode: enforce\r\nmx: mx1.acme.example\r\nmx: *.backup.example\r\nmax_age: 604800\r\n"


class Names:
    def __init__(self, zone: str) -> None:
        self._source = ZoneSource([parse_zone(zone)])

    async def query(self, name: str, type: str) -> Answer:  # noqa: A002 - the protocol's word
        return self._source.answer(name, type)


def policy(
    monkeypatch: pytest.MonkeyPatch, found: Observed[Fetched], zone: str = ZONE
) -> tuple[Observed[MtaStsPolicy | None], list[str]]:
    asked: list[str] = []

    async def fetched(url: str, dns: Resolver, access: Access, *, limit: int) -> Observed[Fetched]:
        del dns, access, limit
        asked.append(url)
        return found

    monkeypatch.setattr("mailaudit.facts.https.fetch", fetched)

    async def observed() -> Observed[MtaStsPolicy | None]:
        dns = Names(zone)
        transport = asyncio.ensure_future(observe_transport("acme.example", "acme.example", dns))
        exchange = asyncio.ensure_future(observe_exchange("acme.example", dns))
        return await observe_policy(transport, exchange, dns, Access())

    return asyncio.run(observed()), asked


def file(text: str) -> Observed[Fetched]:
    return Observed.known(Fetched(text.encode()))


def test_a_policy_that_names_every_server_is_in_order(monkeypatch: pytest.MonkeyPatch) -> None:
    found, asked = policy(monkeypatch, file(GOOD))

    read = found.get()
    assert asked == ["https://mta-sts.acme.example/.well-known/mta-sts.txt"]
    assert read is not None
    assert (read.mode, read.max_age, read.mx) == ("enforce", 604800, ("mx1.acme.example", "*.backup.example"))
    assert (read.errors, read.uncovered) == ((), ())


def test_a_server_that_the_policy_leaves_out_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    read = policy(monkeypatch, file(GOOD.replace("mx: *.backup.example\r\n", "")))[0].get()

    assert read is not None
    assert read.uncovered == ("mx.backup.example",)


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("version: STSv1\nmode: enforce\nmax_age: 1\n", "enforce mode requires at least one mx value"),
        ("version: STSv1\nmode: strict\nmx: a.example\nmax_age: 1\n", "line 2: invalid mode: strict"),
        ("<html>", "line 1: not a key: value pair"),
        ("version: STSv1\nmode: none\n", "missing required key: max_age"),
    ],
)
def test_a_policy_that_senders_cannot_read_is_told(monkeypatch: pytest.MonkeyPatch, text: str, error: str) -> None:
    read = policy(monkeypatch, file(text))[0].get()

    assert read is not None
    assert [found.lower() for found in read.errors] == [error.lower()]


def test_a_file_that_is_not_there_is_known_and_a_silent_server_is_not(monkeypatch: pytest.MonkeyPatch) -> None:
    gone = policy(
        monkeypatch, Observed.known(Fetched(problem="the web server answers 404: the file is not there"))
    )[0]
    silent = policy(monkeypatch, Observed.unknown("it did not come"))[0]

    read = gone.get()
    assert read is not None
    assert "404" in read.errors[0]
    assert silent.unavailable == "it did not come"


def test_nobody_is_asked_without_a_usable_record(monkeypatch: pytest.MonkeyPatch) -> None:
    found, asked = policy(monkeypatch, file(GOOD), ZONE.replace("id=1", "id=a-b"))

    assert found.get() is None
    assert asked == []
