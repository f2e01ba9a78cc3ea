from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from pathlib import Path
from typing import Any, TypeVar

import pytest

from mailaudit.errors import InputError
from mailaudit.facts.dns.answer import Answer, Status
from mailaudit.facts.dns.open_resolver import open_resolver
from mailaudit.facts.dns.sources.servers import Server, parse_server, system_servers
from support.dns_server import serving

T = TypeVar("T")
DRAFT = """
acme.example. SOA ns1 hostmaster 1 7200 3600 1209600 60
acme.example. TXT "v=spf1 -all"
www.acme.example. CNAME host.brevo.example.
"""
SNIPPET = """
acme.example. TXT "new"
alias.acme.example. CNAME www.acme.example.
!servfail broken.acme.example. *
"""
LIVE = """
$ORIGIN acme.example.
@ TXT "old"
@ MX 10 mx1
www A 192.0.2.80
a.brevo.example. CNAME www.acme.example.
host.brevo.example. A 203.0.113.1
x.brevo.example. CNAME y.acme.example.
y.acme.example. CNAME x.brevo.example.
broken A 192.0.2.1
"""


def run(main: Coroutine[Any, Any, T]) -> T:
    return asyncio.run(main)


@pytest.fixture
def draft(tmp_path: Path) -> Path:
    path = tmp_path / "draft.zone"
    path.write_text(DRAFT, encoding="utf-8")
    return path


@pytest.fixture
def snippet(tmp_path: Path) -> Path:
    path = tmp_path / "snippet.zone"
    path.write_text(SNIPPET, encoding="utf-8")
    return path


async def over_live(zone: Path, *questions: tuple[str, str]) -> tuple[list[Answer], list[str], str]:
    async with serving(LIVE) as server, open_resolver(zones=[zone], servers=[server.address]) as resolver:
        answers = [await resolver.query(*question) for question in questions]
        return answers, [name for name, _, _ in server.questions], resolver.describe()


def test_offline_nothing_is_known() -> None:
    async def main() -> tuple[Answer, str]:
        resolver = open_resolver(offline=True, servers=["127.0.0.1:9"])
        return await resolver.query("acme.example", "TXT"), resolver.describe()

    answer, description = run(main())
    assert (answer.status, answer.source, description) == (Status.REFUSED, "offline", "offline")


@pytest.mark.parametrize("options", [{}, {"offline": True}, {"offline": True, "servers": ["127.0.0.1:9"]}])
def test_zone_files_alone_ask_nobody(draft: Path, options: dict[str, Any]) -> None:
    async def main() -> tuple[Answer, Answer, str]:
        resolver = open_resolver(zones=[draft], **options)
        known, unknown = await resolver.query("acme.example", "TXT"), await resolver.query("brevo.example", "A")
        return known, unknown, resolver.describe()

    known, unknown, description = run(main())
    assert (known.status, unknown.status) == (Status.ANSWER, Status.REFUSED)
    assert description == f"zone files {draft.name}"


def test_a_whole_zone_hides_all_live_records_of_its_names(draft: Path) -> None:
    (txt, mx), asked, description = run(over_live(draft, ("acme.example", "TXT"), ("acme.example", "MX")))
    assert (txt.texts(), mx.status, asked) == ((b"v=spf1 -all",), Status.NODATA, [])
    assert description.startswith(f"zone files {draft.name} over DNS servers 127.0.0.1:")


def test_a_file_without_soa_replaces_only_what_it_holds(snippet: Path) -> None:
    questions = [("acme.example", "TXT"), ("acme.example", "MX"), ("www.acme.example", "A")]
    (txt, mx, www), asked, _ = run(over_live(snippet, *questions))
    assert (txt.texts(), mx.status, www.status) == ((b"new",), Status.ANSWER, Status.ANSWER)
    assert asked == ["acme.example", "www.acme.example"]


def test_faults_hold_over_live_answers_too(snippet: Path) -> None:
    (broken,), asked, _ = run(over_live(snippet, ("broken.acme.example", "A")))
    assert (broken.status, asked) == (Status.SERVFAIL, [])


def test_cname_chains_go_from_zone_files_to_live_servers_and_back(draft: Path) -> None:
    questions = [("www.acme.example", "A"), ("a.brevo.example", "A")]
    (out, back), _, _ = run(over_live(draft, *questions))
    assert [record.to_text() for record in out.records] == ["203.0.113.1"]
    assert (out.name, out.cname_chain) == ("www.acme.example", ("host.brevo.example",))
    assert back.cname_chain == ("www.acme.example", "host.brevo.example")
    assert back.status is Status.ANSWER


def test_a_cname_loop_through_both_ends(tmp_path: Path) -> None:
    zone = tmp_path / "loop.zone"
    zone.write_text("y.acme.example. CNAME x.brevo.example.\n", encoding="utf-8")
    (answer,), _, _ = run(over_live(zone, ("y.acme.example", "A")))
    assert (answer.status, answer.detail) == (Status.SERVFAIL, "the CNAME records form a loop")


def test_sources_say_whether_asking_makes_sense(draft: Path, snippet: Path) -> None:
    async def main() -> None:
        offline, zones, live = open_resolver(offline=True), open_resolver(zones=[draft]), open_resolver()
        overlay = open_resolver(zones=[snippet], servers=["127.0.0.1"])
        assert [one.reaches_network for one in (offline, zones, live, overlay)] == [False, False, True, True]
        assert not offline.covers("acme.example", "TXT")
        assert zones.covers("Nope.acme.example.", "TXT")
        assert not zones.covers("brevo.example", "TXT")
        assert not zones.covers("a..b", "TXT")
        assert live.covers("brevo.example", "TXT")
        assert overlay.covers("brevo.example", "TXT")

    run(main())


@pytest.mark.parametrize(
    ("text", "server"),
    [
        ("192.0.2.1", Server("192.0.2.1", 53)),
        ("192.0.2.1:5353", Server("192.0.2.1", 5353)),
        ("2001:db8::1", Server("2001:db8::1", 53)),
        ("[2001:db8::1]", Server("2001:db8::1", 53)),
        ("[2001:db8::1]:5353", Server("2001:db8::1", 5353)),
        ("fe80::1%lo", Server("fe80::1%lo", 53)),
    ],
)
def test_server_addresses_are_parsed(text: str, server: Server) -> None:
    assert parse_server(text) == server
    assert parse_server(str(server)) == server


@pytest.mark.parametrize(
    "text", ["dns.example", "dns.example:53", "", "192.0.2.1:0", "192.0.2.1:65536", "[::1]:x", "[::1", "1.2.3", "::1]:53"]
)  # fmt: skip
def test_anything_but_an_address_is_refused(text: str) -> None:
    with pytest.raises(InputError, match="write an IP address"):
        parse_server(text)


def test_drafts_are_laid_over_whatever_answers(draft: Path, snippet: Path) -> None:
    async def main() -> list[Answer]:
        resolver = open_resolver(zones=[draft], drafts=[snippet])
        return [await resolver.query(name, "TXT") for name in ("acme.example", "nope.acme.example")]

    replaced, missing = run(main())
    assert (replaced.texts(), missing.status) == ((b"new",), Status.NXDOMAIN)


def test_a_recording_that_cannot_be_written_is_noticed_before_the_audit(tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "none" / "dns.jsonl"):
        with pytest.raises(InputError, match="--record"):
            open_resolver(offline=True, record=path)


def test_the_system_names_at_least_one_server() -> None:
    assert system_servers()
