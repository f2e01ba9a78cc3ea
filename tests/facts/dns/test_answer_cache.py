from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import dns.message
import dns.rrset
import pytest

from mailaudit.campaign.model import Campaign
from mailaudit.facts.dns import answer_cache as module
from mailaudit.facts.dns.answer import Answer, Status
from mailaudit.facts.dns.answer_cache import LONGEST_ABSENCE_S, LONGEST_S, Memory
from mailaudit.facts.dns.bulk.answers import Parsed, parse, question_of
from mailaudit.facts.dns.cached_lookups import parsed_of, plain_of_parsed
from mailaudit.facts.dns.open_resolver import open_resolver
from mailaudit.facts.dns.sources.servers import Server
from mailaudit.facts.recipients.model import RecipientFacts
from mailaudit.facts.recipients.receiving import ask_domains
from mailaudit.facts.recipients.receiving.limits import LookUpLimits
from support.dns_server import DnsServer, serving
from support.lists import observe_list

SERVERS = (Server("192.0.2.53"),)
WELL = {"status": "answer", "records": ["10 mx.a.example."]}
GONE: dict[str, Any] = {"status": "nxdomain", "records": []}
ZONE = """
$ORIGIN shops.example.
$TTL 300
@ SOA ns hostmaster 1 7200 3600 1209600 60
@ NS ns
mx A 192.0.2.1
mx6 AAAA 2001:db8::1
*.good MX 10 mx
*.six MX 10 mx6
*.plain A 192.0.2.2
*.null MX 0 .
*.lost MX 10 nowhere
*.alias CNAME x.good
*.google MX 1 aspmx.l.google.com.
*.brief 0 MX 10 mx
!servfail *.silent.shops.example. *
"""
KINDS = ("good", "six", "plain", "null", "lost", "alias", "google", "gone")


def at(moment: float) -> Callable[[], float]:
    return lambda: moment


def test_an_answer_lives_as_long_as_it_says(tmp_path: Path) -> None:
    file = tmp_path / "deep" / "memory"
    with Memory(file, SERVERS, now=at(1000)) as memory:
        memory.keep("a.example", "MX", WELL, 300)
        assert (
            memory.known(["a.example"], "MX") == {}
        )  # not written yet: whoever asks twice in one run has a cache
    with Memory(file, SERVERS, now=at(1299)) as memory:
        assert memory.known(["a.example", "b.example"], "MX") == {"a.example": WELL}
        assert memory.known(["a.example"], "A") == {}
        assert memory.reused == {"MX": 1, "A": 0}
    with Memory(file, SERVERS, now=at(1300)) as memory:
        assert memory.known(["a.example"], "MX") == {}
    assert file.stat().st_mode & 0o077 == 0
    assert file.parent.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize(("answer", "longest"), [(WELL, LONGEST_S), (GONE, LONGEST_ABSENCE_S)])
def test_nothing_lives_for_ever(tmp_path: Path, answer: dict[str, Any], longest: int) -> None:
    with Memory(tmp_path / "m", SERVERS, now=at(0)) as memory:
        memory.keep("a.example", "MX", answer, 10**9)
    for moment, is_known in ((longest - 1, True), (longest, False)):
        with Memory(tmp_path / "m", SERVERS, now=at(moment)) as memory:
            assert bool(memory.known(["a.example"], "MX")) is is_known


def test_what_was_written_under_a_wrong_clock_is_forgotten(tmp_path: Path) -> None:
    with Memory(tmp_path / "m", SERVERS, now=at(10**10)) as memory:
        memory.keep("a.example", "MX", WELL, 300)
    with Memory(tmp_path / "m", SERVERS, now=at(10**9)) as memory:
        assert memory.known(["a.example"], "MX") == {}


@pytest.mark.parametrize("ttl", [0, None])
def test_what_nobody_may_keep_is_not_kept(tmp_path: Path, ttl: int | None) -> None:
    with Memory(tmp_path / "m", SERVERS) as memory:
        memory.keep("a.example", "MX", GONE, ttl)
    with Memory(tmp_path / "m", SERVERS) as memory:
        assert memory.known(["a.example"], "MX") == {}


@pytest.mark.parametrize("status", ["servfail", "refused", "timeout"])
def test_a_failure_is_never_kept(tmp_path: Path, status: str) -> None:
    with Memory(tmp_path / "m", SERVERS) as memory:
        memory.keep("a.example", "MX", {"status": status, "records": []}, 300)
    with Memory(tmp_path / "m", SERVERS) as memory:
        assert memory.known(["a.example"], "MX") == {}


def test_each_server_has_its_own_answers(tmp_path: Path) -> None:
    with Memory(tmp_path / "m", SERVERS) as memory:
        memory.keep("a.example", "MX", WELL, 300)
    with Memory(tmp_path / "m", (Server("192.0.2.54"),)) as memory:
        assert memory.known(["a.example"], "MX") == {}


def test_the_file_stays_small(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MAX_BYTES", 400_000)
    monkeypatch.setattr(module, "_WRITE_AT_ONCE", 100)
    for run in range(4):
        with Memory(tmp_path / "m", SERVERS) as memory:
            for number in range(3_000):
                memory.keep(f"d{number}.run{run}.example", "MX", WELL, 300 + run)
        assert (tmp_path / "m").stat().st_size <= 400_000
    with Memory(tmp_path / "m", SERVERS) as memory:
        found = [len(memory.known([f"d{n}.run{run}.example" for n in range(3_000)], "MX")) for run in range(4)]
    assert found[0] == 0  # the first to expire make room
    assert found[3] > 0


@pytest.mark.parametrize("content", [b"no database", b"SQLite format 3\x00" + b"\xff" * 5_000])
def test_a_damaged_file_is_thrown_away(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "m"
    file.write_bytes(content)
    with Memory(file, SERVERS) as memory:
        memory.keep("a.example", "MX", WELL, 300)
        assert memory.known(["a.example"], "MX") == {}
    assert not file.exists()
    with Memory(file, SERVERS) as memory:
        memory.keep("a.example", "MX", WELL, 300)
    with Memory(file, SERVERS) as memory:
        assert memory.known(["a.example"], "MX") == {"a.example": WELL}


def test_a_run_goes_on_without_a_place(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="ascii")
    with Memory(tmp_path / "file" / "below", SERVERS) as memory:
        memory.keep("a.example", "MX", WELL, 300)
        assert memory.known(["a.example"], "MX") == {}


def test_another_run_that_writes_is_not_waited_for_long(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_PATIENCE_S", 0.01)
    with Memory(tmp_path / "m", SERVERS) as memory:
        memory.keep("a.example", "MX", WELL, 300)
        other = sqlite3.connect(tmp_path / "m")
        other.execute("BEGIN IMMEDIATE")
    other.rollback()
    other.close()
    with Memory(tmp_path / "m", SERVERS) as memory:
        assert memory.known(["a.example"], "MX") == {}
    assert (tmp_path / "m").exists()


def response(rcode: str, answers: list[tuple[str, str, int]], soa: tuple[int, int] | None) -> Parsed:
    made = dns.message.make_response(dns.message.make_query("a.example.", "MX"))
    made.set_rcode(dns.rcode.from_text(rcode))
    for rdtype, text, ttl in answers:
        owner = "a.example." if rdtype == "CNAME" or len(answers) == 1 else "b.example."
        made.answer.append(dns.rrset.from_text(owner, ttl, "IN", rdtype, text))
    if soa:
        record = dns.rrset.from_text("example.", soa[0], "IN", "SOA", f"ns. h. 1 2 3 4 {soa[1]}")
        made.authority += [dns.rrset.from_text("example.", 5, "IN", "NS", "ns.example."), record]
    return parse(made.to_wire(), 12 + len(question_of("a.example", "MX")), "MX")


@pytest.mark.parametrize(
    ("parsed", "status", "ttl"),
    [
        (response("NOERROR", [("MX", "1 mx.example.", 77)], None), Status.ANSWER, 77),
        (response("NOERROR", [("CNAME", "b.example.", 9), ("MX", "1 m.", 77)], None), Status.ANSWER, 9),
        (response("NOERROR", [("MX", "1 mx.example.", 2**31)], None), Status.ANSWER, 0),
        (response("NOERROR", [], (900, 60)), Status.NODATA, 60),
        (response("NXDOMAIN", [], (30, 60)), Status.NXDOMAIN, 30),
        (response("NXDOMAIN", [], None), Status.NXDOMAIN, None),
        (response("SERVFAIL", [], (30, 60)), Status.SERVFAIL, None),
    ],
)
def test_the_bulk_engine_reads_how_long_an_answer_lives(parsed: Parsed, status: Status, ttl: int | None) -> None:
    assert (parsed.status, parsed.ttl) == (status, ttl)


def test_a_cut_off_authority_costs_only_the_memory() -> None:
    made = dns.message.make_response(dns.message.make_query("a.example.", "MX"))
    made.authority.append(dns.rrset.from_text("example.", 30, "IN", "SOA", "ns. h. 1 2 3 4 60"))
    wire = made.to_wire()[:-3]
    assert parse(wire, 12 + len(question_of("a.example", "MX")), "MX") == Parsed(Status.NODATA)


@pytest.mark.parametrize(
    "parsed",
    [
        Parsed(Status.ANSWER, mx=((0, "."),)),
        Parsed(Status.ANSWER, mx=((10, "mx.a.example"), (20, "b"))),
        Parsed(Status.ANSWER, addresses=("192.0.2.1", "2001:db8::1")),
        Parsed(Status.NODATA),
    ],
)
def test_what_the_bulk_engine_keeps_reads_back(parsed: Parsed) -> None:
    assert parsed_of(plain_of_parsed(parsed)) == parsed


@pytest.mark.parametrize("plain", [{}, {"status": "no"}, {"status": "answer", "records": ["x y z"]}])
def test_a_broken_answer_is_asked_again(plain: dict[str, Any]) -> None:
    assert parsed_of(plain) is None


async def observed(
    campaign: Campaign, server: DnsServer, memory: Path | None
) -> tuple[RecipientFacts | None, tuple[Answer, ...], int]:
    reused: list[int] = []
    async with open_resolver(servers=(server.address,)) as resolver:
        limits = LookUpLimits(memory=memory, reused=reused.append)
        facts = await observe_list(campaign, resolver, limits=limits)
    return facts, resolver.answers(), sum(reused)


@pytest.mark.slow
@pytest.mark.parametrize("max_shared", [0, 2_000])
def test_a_second_run_asks_nothing_again_and_says_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, max_shared: int
) -> None:
    monkeypatch.setattr(ask_domains, "MAX_SHARED", max_shared)
    lines = [f"anna@d{n}.{KINDS[n % 8]}.shops.example" for n in range(80)]
    lines += ["a@x.silent.shops.example", "a@x.brief.shops.example"]
    (tmp_path / "list.csv").write_text("email\n" + "\n".join(lines) + "\n", encoding="utf-8")
    campaign = Campaign.model_validate(
        {"name": "t", "from": "news@acme.example", "recipients": {"files": [tmp_path / "list.csv"]}}
    )

    async def run() -> None:
        async with serving(ZONE) as server:
            first, answers, reused = await observed(campaign, server, tmp_path / "m")
            assert reused == 0
            asked = set(server.questions)
            server.questions.clear()
            second, again, reused = await observed(campaign, server, tmp_path / "m")
        assert {name for name, _, _ in server.questions} == {"x.silent.shops.example", "x.brief.shops.example"}
        assert len(asked) > 80
        assert second == first
        assert reused == 80
        assert again == answers

    asyncio.run(run())


@pytest.mark.slow
def test_either_way_of_asking_uses_what_the_other_learnt(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lines = [f"anna@d{n}.{KINDS[n % 8]}.shops.example" for n in range(16)]
    (tmp_path / "list.csv").write_text("email\n" + "\n".join(lines) + "\n", encoding="utf-8")
    campaign = Campaign.model_validate(
        {"name": "t", "from": "news@acme.example", "recipients": {"files": [tmp_path / "list.csv"]}}
    )

    async def run() -> None:
        async with serving(ZONE) as server:
            slow, _, _ = await observed(campaign, server, tmp_path / "m")
            server.questions.clear()
            monkeypatch.setattr(ask_domains, "MAX_SHARED", 0)
            quick, _, _ = await observed(campaign, server, tmp_path / "m")
            assert not server.questions
            # The bulk engine keeps less than a report shows of an answer, which therefore is asked again.
            await observed(campaign, server, tmp_path / "n")
            monkeypatch.setattr(ask_domains, "MAX_SHARED", 2_000)
            server.questions.clear()
            shown, answers, _ = await observed(campaign, server, tmp_path / "n")
            assert server.questions
            assert all(answer.size for answer in answers)
        assert quick == slow == shown

    asyncio.run(run())


def test_the_senders_own_questions_are_always_asked(tmp_path: Path) -> None:
    async def run() -> None:
        async with serving(ZONE) as server:
            for _ in range(2):
                campaign = Campaign.model_validate(
                    {"name": "t", "from": "news@acme.example", "recipients": {"files": [tmp_path / "list.csv"]}}
                )
                async with open_resolver(servers=(server.address,)) as resolver:
                    await observe_list(campaign, resolver, limits=LookUpLimits(memory=tmp_path / "m"))
                    server.questions.clear()
                    await resolver.query("own.good.shops.example", "MX")
                    assert len(resolver.answers()) == 2
        # Once it was learnt in the same run; in the second run it was only remembered.
        assert server.questions == [("own.good.shops.example", "MX", "udp")]

    (tmp_path / "list.csv").write_text("email\nme@own.good.shops.example\n", encoding="utf-8")
    asyncio.run(run())
