"""Each link is asked once, by HEAD, from public addresses, and personal ones never."""

from __future__ import annotations

import asyncio
import contextlib
from pathlib import Path

import pytest
from msgspec.structs import replace

from mailaudit.api import load_campaign
from mailaudit.campaign.message import MessagePlan
from mailaudit.checks.finding import Outcome, Severity
from mailaudit.checks.registry import find
from mailaudit.facts.dns.answer import Answer
from mailaudit.facts.dns.sources.zone_file import parse_zone
from mailaudit.facts.dns.sources.zones import ZoneSource
from mailaudit.facts.facts import Facts
from mailaudit.facts.https import Access
from mailaudit.facts.message.html.targets import targets_of
from mailaudit.facts.message.observe import observe_message
from mailaudit.facts.message.probes.ask_links import ask_links
from mailaudit.facts.message.probes.model import AskedLinks, Probes
from mailaudit.facts.message.probes.personal_links import is_personal
from mailaudit.facts.observed import Observed
from mailaudit.runner import judge

ZONE = """\
$TTL 60
$ORIGIN example.
@ IN SOA ns host 1 1 1 1 1
orchard IN A 127.0.0.1
cider IN A 127.0.0.1
inside IN A 192.168.1.1
"""
STATUS = {"/there": 200, "/moved": 302, "/gone": 404, "/busy": 503, "/no-head": 405}


class Names:
    """Answers from a zone, and counts as the network."""

    reaches_network = True

    async def query(self, name: str, type: str) -> Answer:  # noqa: A002 - the protocol's word
        return ZoneSource([parse_zone(ZONE)]).answer(name, type)


def asked(folder: Path, *links: str, to_loopback: bool = True) -> tuple[AskedLinks, list[str]]:
    """Return what was answered, and the requests that the server saw."""
    mail = folder / "letter.eml"
    body = "".join(f'<a href="{link}">read</a>' for link in links)
    mail.write_text(f"From: a@orchard.example\nContent-Type: text/html\n\n{body}", encoding="utf-8")
    message = observe_message(MessagePlan(eml=mail))
    seen: list[str] = []

    async def on_connection(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError, EOFError):
            method, path, _ = (await reader.readuntil(b"\r\n\r\n")).decode().split(" ", 2)
            seen.append(f"{method} {path}")
            writer.write(f"HTTP/1.1 {STATUS.get(path, 200)} x\r\nContent-Length: 0\r\n\r\n".encode())
            await writer.drain()
        writer.close()

    async def go() -> AskedLinks:
        server = await asyncio.start_server(on_connection, "127.0.0.1", 0)
        async with server:
            port = server.sockets[0].getsockname()[1]
            found = await ask_links(message, Names(), Access(5, port, to_loopback=to_loopback))
            return found.get()

    return asyncio.run(go()), seen


def test_a_page_that_is_gone_is_told_and_what_servers_do_is_not(tmp_path: Path) -> None:
    found, seen = asked(tmp_path, *(f"http://orchard.example{path}" for path in STATUS), "http://nobody.example/")
    problems = {link.address.rpartition("/")[2]: link.answer for link in found.links}

    assert problems["there"].get().problem is None
    assert problems["moved"].get().problem is None
    assert problems["no-head"].get().problem is None
    assert "404" in str(problems["gone"].get().problem)
    assert "503" in str(problems["busy"].unavailable)
    assert problems[""].get().problem == "its host has no address"
    assert sorted(seen) == sorted(f"HEAD {path}" for path in STATUS)


def test_an_address_is_asked_once_whatever_stands_behind_the_number_sign(tmp_path: Path) -> None:
    found, seen = asked(tmp_path, "http://orchard.example/there#a", "http://orchard.example/there#b")
    assert seen == ["HEAD /there"]
    assert len(found.links) == 1


@pytest.mark.parametrize("host", ["127.0.0.1", "8.8.8.8", "[2001:4860::8]", "2130706433", "0x7f.1"])
def test_an_address_in_place_of_a_name_is_neither_asked_nor_called_unknown(tmp_path: Path, host: str) -> None:
    found, seen = asked(tmp_path, f"http://{host}/there")
    assert "its host is an address" in str(found.links[0].answer.unavailable)
    assert seen == []


@pytest.mark.parametrize("to_loopback", [False, True])
def test_no_network_of_ones_own_is_entered(tmp_path: Path, to_loopback: bool) -> None:  # noqa: FBT001 - a parameter
    found, seen = asked(tmp_path, "http://inside.example/there", to_loopback=to_loopback)
    assert "not a public one" in str(found.links[0].answer.unavailable)
    assert seen == []


def test_personal_links_are_never_opened(tmp_path: Path) -> None:
    found, seen = asked(
        tmp_path,
        "http://orchard.example/unsubscribe",
        "http://orchard.example/x?token=1",
        "http://orchard.example/r/8f14e45fceea167a5a36",
        "http://orchard.example/page?mail=a@b.example",
        "http://u12345.ct.sendgrid.net/ls/click?upn=abc",
    )
    assert seen == []
    assert (found.personal, found.links) == (5, ())


@pytest.mark.parametrize(
    "address",
    [
        "https://orchard.example/blog/2026-11-28-what-blooms-this-week-in-the-garden",
        "https://orchard.example/shop/?utm_source=newsletter&utm_campaign=spring2026",
        "https://orchard.example/produits/pommes.html",
    ],
)
def test_ordinary_links_are_not_personal(address: str) -> None:
    assert not is_personal(targets_of((), address)[0], frozenset())


def test_no_more_than_a_bound_are_asked(tmp_path: Path) -> None:
    found, _ = asked(tmp_path, *(f"http://orchard.example/p{n}" for n in range(70)))
    assert (len(found.links), found.beyond) == (60, 10)


@pytest.fixture
def facts(tmp_path: Path) -> Facts:
    campaign = tmp_path / "campaign.yml"
    campaign.write_text("name: x\nfrom: a@orchard.example\nmessage: letter.eml\n", encoding="utf-8")
    (tmp_path / "letter.eml").write_text(
        "From: a@orchard.example\n\nhttp://orchard.example/gone", encoding="utf-8"
    )
    plan, source = load_campaign(campaign)
    assert plan.message
    message = observe_message(plan.message)
    return Facts(plan, source, None, None, None, None, message)  # type: ignore[arg-type]


def test_the_check_tells_dead_links_and_leaves_open_what_did_not_answer(tmp_path: Path, facts: Facts) -> None:
    found, _ = asked(tmp_path, "http://orchard.example/gone", "http://orchard.example/busy")
    declared = find("link-dead")
    assert declared
    result = judge(declared, replace(facts, probes_or_none=Probes(Observed.known(found))), facts.source)

    assert result.outcome is Outcome.FAILED
    assert [(one.subject, one.severity) for one in result.findings] == [
        ("http://orchard.example/gone", Severity.ERROR)
    ]
    assert "503" in result.unverified[0].reason
    assert judge(declared, facts, facts.source).outcome is Outcome.SKIPPED
