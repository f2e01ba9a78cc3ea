"""Every kind of DNS source tells the same world in the same way."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path

import pytest

from mailaudit.errors import InputError
from mailaudit.facts.dns.answer import Status
from mailaudit.facts.dns.open_resolver import open_resolver
from mailaudit.facts.dns.sources.kinds import kinds, open_kind, open_servers
from support.dns_server import serving

ZONE = """\
$ORIGIN acme.example.
$TTL 60
@ IN SOA ns host 1 1 1 1 1
@ IN MX 10 mx
mx IN A 192.0.2.1
mx IN AAAA 2001:db8::1
www IN CNAME mx
key IN TXT "one " "two"
*.any IN A 192.0.2.2
"""
WORLD = {
    ("acme.example", "MX"): (Status.ANSWER, ["10 mx.acme.example."]),
    ("MX.acme.example.", "A"): (Status.ANSWER, ["192.0.2.1"]),
    ("mx.acme.example", "AAAA"): (Status.ANSWER, ["2001:db8::1"]),
    ("www.acme.example", "A"): (Status.ANSWER, ["192.0.2.1"]),
    ("key.acme.example", "TXT"): (Status.ANSWER, ['"one " "two"']),
    ("x.any.acme.example", "A"): (Status.ANSWER, ["192.0.2.2"]),
    ("mx.acme.example", "TXT"): (Status.NODATA, []),
    ("nobody.acme.example", "A"): (Status.NXDOMAIN, []),
}
Given = list[str | Path]


@asynccontextmanager
async def _live(folder: Path) -> AsyncIterator[Given]:
    del folder
    async with serving(ZONE) as server:
        yield [server.address]


@asynccontextmanager
async def _zones(folder: Path) -> AsyncIterator[Given]:
    (folder / "acme.zone").write_text(ZONE, encoding="utf-8")
    yield [folder / "acme.zone"]


@asynccontextmanager
async def _recording(folder: Path) -> AsyncIterator[Given]:
    async with (
        _zones(folder) as zones,
        open_resolver(zones=list(map(Path, zones)), record=folder / "dns.json") as dns,
    ):
        for name, rdtype in WORLD:
            await dns.query(name, rdtype)
    yield [folder / "dns.json"]


SETTINGS: dict[str, Callable[[Path], AbstractAsyncContextManager[Given]]] = {
    "live": _live,
    "zones": _zones,
    "recording": _recording,
}
"""How each kind is made to answer from the zone. A new kind needs a line here."""


def test_every_kind_is_tried() -> None:
    assert set(kinds()) - {"offline"} == set(SETTINGS)


@pytest.mark.parametrize("kind", SETTINGS)
def test_every_kind_tells_the_same_world(kind: str, tmp_path: Path) -> None:
    async def told() -> dict[tuple[str, str], tuple[Status, list[str]]]:
        async with SETTINGS[kind](tmp_path) as given:
            source = open_kind(kind, given, 10)
            try:
                assert source.describe()
                found = {}
                for name, rdtype in WORLD:
                    answer = await source.ask(name.lower().rstrip("."), rdtype)
                    found[name, rdtype] = (answer.status, sorted(record.to_text() for record in answer.records))
                return found
            finally:
                await source.close()

    assert asyncio.run(told()) == WORLD


def test_offline_leaves_every_question_open() -> None:
    async def told() -> set[bool]:
        source = open_kind("offline", (), 1)
        return {(await source.ask(name, rdtype)).is_known for name, rdtype in WORLD}

    assert asyncio.run(told()) == {False}


def test_a_server_may_be_of_any_kind_by_its_name(tmp_path: Path) -> None:
    (tmp_path / "acme.zone").write_text(ZONE, encoding="utf-8")

    assert "acme.zone" in open_servers([f"zones:{tmp_path / 'acme.zone'}"], 1).describe()
    assert "192.0.2.1:5353" in open_servers(["192.0.2.1:5353"], 1).describe()
    assert "[2001:db8::1]:53" in open_servers(["2001:db8::1"], 1).describe()


@pytest.mark.parametrize("given", [["nonsense:192.0.2.1"], ["kinds:x"], ["zones:a.zone", "192.0.2.1"]])
def test_what_names_no_kind_or_two_is_told(given: list[str]) -> None:
    with pytest.raises(InputError, match=r"DNS server|kinds"):
        open_servers(given, 1)
