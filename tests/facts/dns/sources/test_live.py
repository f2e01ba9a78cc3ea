from __future__ import annotations

import asyncio
import time
from collections.abc import Coroutine
from itertools import groupby
from typing import Any, TypeVar

import dns.message
import dns.name
import dns.rrset
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mailaudit.facts.dns.answer import Answer, Status
from mailaudit.facts.dns.names import labels_of, normalise
from mailaudit.facts.dns.resolver import CachingResolver
from mailaudit.facts.dns.sources import live
from mailaudit.facts.dns.sources import server_health as health_module
from mailaudit.facts.dns.sources.live import LiveSource
from mailaudit.facts.dns.sources.servers import Server
from mailaudit.facts.dns.wire import exchange
from mailaudit.facts.dns.wire.query import Packet
from mailaudit.facts.dns.wire.response import read_response
from mailaudit.facts.dns.wire.sections import Malformed
from support.dns_server import DnsServer, serving

T = TypeVar("T")
ZONE = """
$ORIGIN acme.example.
@ 300 IN SOA ns1 hostmaster 1 7200 3600 1209600 60
@ 300 NS ns1
@ 300 MX 10 mx1
@ 300 TXT "v=spf1 -all"
mx1 60 A 192.0.2.1
www 30 CNAME mx1
loop1 CNAME loop2
loop2 CNAME loop1
big TXT {big}
huge TXT {huge}
nul\\000byte.x TXT "odd"
dot\\.in TXT "label"
out CNAME target.brevo.example.
target.brevo.example. 20 A 192.0.2.7
broken TXT "x"
!servfail broken TXT
{chain}
""".format(
    big=" ".join(f'"{"b" * 250}"' for _ in range(6)),
    huge=" ".join(f'"{"h" * 255}"' for _ in range(250)),
    chain="\n".join(f"c{n} CNAME c{n + 1}" for n in range(50)) + "\nc50 A 192.0.2.50",
)


def run(main: Coroutine[Any, Any, T]) -> T:
    return asyncio.run(main)


async def ask(server: DnsServer | list[DnsServer], name: str, rdtype: str, **options: Any) -> Answer:
    servers = server if isinstance(server, list) else [server]
    return await CachingResolver(LiveSource([one.server for one in servers], **options)).query(name, rdtype)


def test_records_ttl_size_and_source_are_reported() -> None:
    async def main() -> tuple[Answer, str]:
        async with serving(ZONE) as server:
            return await ask(server, "Acme.Example.", "mx"), server.address

    answer, address = run(main())
    assert [record.to_text() for record in answer.records] == ["10 mx1.acme.example."]
    assert (answer.name, answer.type, answer.status) == ("acme.example", "MX", Status.ANSWER)
    assert (answer.ttl, answer.tcp, answer.source) == (300, False, address)
    header, question, record, edns = 12, 18, 2 + 10 + 2 + 6, 11
    assert answer.size == header + question + record + edns


@pytest.mark.parametrize(
    ("name", "rdtype", "status", "ttl"),
    [
        ("nope.acme.example", "A", Status.NXDOMAIN, 60),
        ("acme.example", "AAAA", Status.NODATA, 60),
        ("x", "AAAA", Status.REFUSED, None),
        ("broken.acme.example", "TXT", Status.SERVFAIL, None),
    ],
)
def test_each_way_to_have_no_records_has_its_own_status(
    name: str, rdtype: str, status: Status, ttl: int | None
) -> None:
    async def main() -> Answer:
        async with serving(ZONE) as server:
            return await ask(server, name, rdtype)

    answer = run(main())
    assert (answer.status, answer.ttl, answer.records) == (status, ttl, ())


def test_the_cname_chain_and_the_lowest_ttl_are_kept() -> None:
    async def main() -> Answer:
        async with serving(ZONE) as server:
            return await ask(server, "www.acme.example", "A")

    answer = run(main())
    assert answer.cname_chain == ("mx1.acme.example",)
    assert (answer.ttl, answer.status) == (30, Status.ANSWER)


def test_a_target_that_the_server_left_open_is_asked_too() -> None:
    async def main() -> tuple[Answer, list[tuple[str, str, str]]]:
        async with serving(ZONE, first_alias_only=True) as server:
            return await ask(server, "out.acme.example", "A"), server.questions

    answer, questions = run(main())
    assert [record.to_text() for record in answer.records] == ["192.0.2.7"]
    assert answer.cname_chain == ("target.brevo.example",)
    assert questions == [("out.acme.example", "A", "udp"), ("target.brevo.example", "A", "udp")]


@pytest.mark.parametrize("first_alias_only", [False, True])
@pytest.mark.parametrize(("name", "word"), [("c0", "more than 16 CNAME"), ("loop1", "loop")])
def test_endless_cname_chains_end_as_servfail(name: str, word: str, *, first_alias_only: bool) -> None:
    async def main() -> tuple[Answer, int]:
        async with serving(ZONE, first_alias_only=first_alias_only) as server:
            return await ask(server, f"{name}.acme.example", "A"), len(server.questions)

    answer, questions = run(main())
    assert answer.status is Status.SERVFAIL
    assert word in (answer.detail or "")
    assert questions <= 17


def test_a_truncated_answer_is_fetched_over_tcp() -> None:
    async def main() -> tuple[Answer, Answer, list[str]]:
        async with serving(ZONE) as server:
            big = await ask(server, "big.acme.example", "TXT")
            huge = await ask(server, "huge.acme.example", "TXT")
            return big, huge, [transport for _, _, transport in server.questions]

    big, huge, transports = run(main())
    assert big.texts() == (b"b" * 1500,)
    assert big.tcp
    assert big.size is not None
    assert 1506 < big.size < 1600
    assert len(huge.texts()[0]) == 63_750
    # A busy machine may ask again before it reads the answer.
    assert [transport for transport, _ in groupby(transports)] == ["udp", "tcp", "udp", "tcp"]


def test_a_truncated_answer_without_tcp_is_unknown() -> None:
    async def main() -> Answer:
        async with serving(ZONE, truncate=True, tcp=False) as server:
            return await ask(server, "acme.example", "TXT")

    answer = run(main())
    assert answer.status is Status.SERVFAIL
    assert "TCP" in (answer.detail or "")


def test_an_answer_that_is_cut_off_also_over_tcp_is_unknown() -> None:
    async def main() -> Answer:
        async with serving(ZONE, truncate=True, truncate_tcp=True) as server:
            return await ask(server, "acme.example", "TXT")

    answer = run(main())
    assert answer.status is Status.SERVFAIL
    assert "cut off also over TCP" in (answer.detail or "")


def test_a_lost_datagram_is_sent_again_after_a_third_of_a_second() -> None:
    async def main() -> tuple[Answer, float, int]:
        lost = iter([list[bytes]()])
        async with serving(ZONE, garble=lambda wire: next(lost, [wire])) as server:
            started = time.monotonic()
            return await ask(server, "acme.example", "TXT"), time.monotonic() - started, server.datagrams

    answer, waited, datagrams = run(main())
    assert answer.status is Status.ANSWER
    assert waited > 0.3
    assert datagrams > 1


def test_two_per_cent_of_loss_costs_no_answer() -> None:
    async def main() -> list[Answer]:
        async with serving("*.acme.example. A 192.0.2.1", drop_every=50, delay=0.005) as server:
            resolver = CachingResolver(LiveSource([server.server]))
            return await asyncio.gather(*(resolver.query(f"h{n}.acme.example", "A") for n in range(200)))

    assert {answer.status for answer in run(main())} == {Status.ANSWER}


@pytest.mark.parametrize("rcode", ["SERVFAIL", "REFUSED", "NOTAUTH"])
def test_the_next_server_is_asked_at_once_when_one_fails(rcode: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exchange, "FIRST_RETRY", 60)  # which is not waited for

    async def main() -> tuple[Answer, str]:
        async with serving(ZONE, rcode=rcode) as bad, serving(ZONE) as good:
            return await ask([bad, good], "acme.example", "TXT"), good.address

    answer, good = run(main())
    assert (answer.status, answer.source) == (Status.ANSWER, good)


def test_when_all_servers_fail_the_last_failure_is_reported() -> None:
    async def main() -> Answer:
        async with serving(ZONE, rcode="REFUSED") as one, serving(ZONE, rcode="SERVFAIL") as two:
            return await ask([one, two], "acme.example", "TXT")

    assert run(main()).status is Status.SERVFAIL


def test_a_silent_server_is_passed_over_for_a_second_one() -> None:
    async def main() -> tuple[Answer, float]:
        async with serving(silent=True) as dead, serving(ZONE) as alive:
            started = time.monotonic()
            answer = await ask([dead, alive], "acme.example", "TXT")
            return answer, time.monotonic() - started

    answer, elapsed = run(main())
    assert answer.status is Status.ANSWER
    assert elapsed > 0.3


def test_a_closed_port_is_noticed_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exchange, "FIRST_RETRY", 60)  # which is not waited for

    async def main() -> Answer:
        async with serving(ZONE) as server:
            closed = server.server
        return await CachingResolver(LiveSource([closed])).query("acme.example", "TXT")

    answer = run(main())
    assert answer.status is Status.TIMEOUT
    assert "cannot be reached" in (answer.detail or "")


@pytest.mark.slow
def test_an_unreachable_server_ends_a_run_of_many_questions_soon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health_module, "MAX_SILENCE", 0.9)

    async def main() -> tuple[list[Answer], float]:
        async with serving(silent=True) as server:
            resolver = CachingResolver(LiveSource([server.server], timeout=0.6))
            started = time.monotonic()
            answers = [await resolver.query(f"h{n}.acme.example", "A") for n in range(30)]
            return answers, time.monotonic() - started

    answers, elapsed = run(main())
    assert {answer.status for answer in answers} == {Status.TIMEOUT}
    assert 0.8 < elapsed < 9  # half of what thirty questions wait for
    assert "no sign of life" in (answers[-1].detail or "")


@pytest.mark.integration  # for the time that it waits
def test_names_whose_own_servers_are_dead_do_not_condemn_the_server(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health_module, "MAX_SILENCE", 2.1)

    async def main() -> tuple[Answer, Answer, int]:
        async with serving(ZONE) as server:
            server.behaviour.garble = lambda wire: [] if b"dead" in wire else [wire]
            resolver = CachingResolver(LiveSource([server.server], timeout=1.2))
            for number in range(3):
                dead = await resolver.query(f"dead{number}.acme.example", "A")
            return dead, await resolver.query("acme.example", "TXT"), server.probes

    dead, alive, probes = run(main())
    assert (dead.status, alive.status) == (Status.TIMEOUT, Status.ANSWER)
    assert probes >= 1


def test_forged_and_foreign_datagrams_are_ignored() -> None:
    def garble(wire: bytes) -> list[bytes]:
        other_id = bytes((wire[0] ^ 1,)) + wire[1:]
        other_question = wire.replace(b"\x04acme", b"\x04evil")
        query = wire[:2] + bytes((wire[2] & 0x7F,)) + wire[3:]
        return [b"", b"\x00", other_id, other_question, query, wire[:12], wire]

    async def main() -> Answer:
        async with serving(ZONE, garble=garble) as server:
            return await ask(server, "acme.example", "TXT")

    assert run(main()).texts() == (b"v=spf1 -all",)


def test_only_garbage_is_reported_as_malformed() -> None:
    async def main() -> Answer:
        async with serving(ZONE, garble=lambda wire: [wire[::-1]]) as server:
            return await ask(server, "acme.example", "TXT", timeout=0.5)

    answer = run(main())
    assert answer.status is Status.SERVFAIL
    assert "malformed" in (answer.detail or "")


def test_a_server_that_cannot_stand_edns_is_asked_without() -> None:
    async def main() -> tuple[Answer, int]:
        async with serving(ZONE, no_edns=True) as server:
            return await ask(server, "acme.example", "TXT"), len(server.questions)

    answer, questions = run(main())
    assert (answer.status, questions) == (Status.ANSWER, 2)


def test_a_server_that_cannot_stand_edns_answers_questions_that_were_under_way() -> None:
    async def main() -> list[Status]:
        async with serving(ZONE, no_edns=True, delay=0.05) as server:
            source = LiveSource([server.server])
            answers = await asyncio.gather(*(source.ask(f"n{n}.acme.example", "TXT") for n in range(20)))
            return [answer.status for answer in answers]

    assert set(run(main())) == {Status.NXDOMAIN}


@pytest.mark.parametrize("name", [r"nul\000byte.x.acme.example", r"DOT\.in.acme.example"])
def test_odd_octets_in_names_survive(name: str) -> None:
    async def main() -> Answer:
        async with serving(ZONE) as server:
            return await ask(server, name, "TXT")

    answer = run(main())
    assert answer.status is Status.ANSWER
    assert answer.name == name.lower()


def test_no_more_questions_than_allowed_are_under_way_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    under_way, most = 0, 0

    async def follow(self: LiveSource, name: str, rdtype: str, deadline: float) -> Answer:
        nonlocal under_way, most
        del self, deadline
        under_way += 1
        most = max(most, under_way)
        await asyncio.sleep(0)
        under_way -= 1
        return Answer(name, rdtype, Status.NODATA)

    async def main() -> None:
        resolver = CachingResolver(LiveSource([Server("127.0.0.1")]))
        await asyncio.gather(*(resolver.query(f"h{n}.acme.example", "A") for n in range(20)))

    monkeypatch.setattr(live, "MAX_CONCURRENT", 5)
    monkeypatch.setattr(LiveSource, "_follow", follow)
    run(main())
    assert most == 5


def test_a_referral_is_no_knowledge() -> None:
    query = dns.message.make_query("acme.example", "TXT")
    response = dns.message.make_response(query, recursion_available=False)
    response.authority.append(dns.rrset.from_text("acme.example.", 60, "IN", "NS", "ns1.acme.example."))
    assert read_response(response.to_wire(), (b"acme", b"example"), "TXT").is_referral


LABELS = (b"acme", b"example")
GOOD = dns.message.make_response(dns.message.make_query("acme.example", "TXT", use_edns=True))
GOOD.answer.append(dns.rrset.from_text("acme.example.", 60, "IN", "TXT", '"v=spf1 -all"', '"other"'))
GOOD_WIRE = GOOD.to_wire()


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=200) | st.lists(st.tuples(st.integers(0, len(GOOD_WIRE) - 1), st.integers(0, 255))))
def test_no_octets_break_the_reader(damage: bytes | list[tuple[int, int]]) -> None:
    wire = bytearray(GOOD_WIRE)
    if isinstance(damage, bytes):
        wire[12:] = damage
    else:
        for place, octet in damage:
            wire[place] = octet
    Packet.ask(LABELS, "TXT").is_answered_by(bytes(wire))
    try:
        response = read_response(bytes(wire), LABELS, "TXT")
    except Malformed:
        return
    assert len(response.chain) <= 17


def test_a_compression_loop_is_malformed_and_quick() -> None:
    wire = GOOD_WIRE[:12] + b"\xc0\x0c" + GOOD_WIRE[14:]
    started = time.thread_time()
    with pytest.raises(Malformed):
        read_response(wire, LABELS, "TXT")
    assert time.thread_time() - started < 0.1


def test_a_message_stuffed_with_compressed_names_takes_bounded_time() -> None:
    long_name = b"\x01a" * 126 + b"\x00"
    record = b"\xc0\x0c" + b"\x00\x02\x00\x01\x00\x00\x00\x00\x00\x02\xc0\x0c"
    header = b"\x00\x00\x81\x80\x00\x01\x12\x00\x00\x00\x00\x00"
    wire = header + long_name + b"\x00\x02\x00\x01" + record * 0x1200
    started = time.thread_time()
    assert len(read_response(wire, (b"a",) * 126, "NS").records) == 1
    different = b"".join(record[:-2] + (0xC00C + 2 * (n % 120)).to_bytes(2, "big") for n in range(0x1200))
    read_response(header + long_name + b"\x00\x02\x00\x01" + different, (b"a",) * 126, "NS")
    assert time.thread_time() - started < 2


def test_too_many_records_of_one_type_are_refused() -> None:
    record = b"\xc0\x0c" + b"\x00\x01\x00\x01\x00\x00\x00\x00\x00\x04"
    wire = b"\x00\x00\x81\x80\x00\x01\x02\x01\x00\x00\x00\x00" + b"\x04acme\x07example\x00\x00\x01\x00\x01"
    wire += b"".join(record + n.to_bytes(4, "big") for n in range(0x201))
    with pytest.raises(Malformed, match="512"):
        read_response(wire, LABELS, "A")


def test_pointers_that_hop_backwards_for_ever_are_malformed() -> None:
    header = b"\x00\x00\x81\x80\x00\x01\x00\x00\x00\x00\x00\x00"
    hops = b"".join((0xC000 + 12 + 2 * max(n - 1, 0)).to_bytes(2, "big") for n in range(2000))
    with pytest.raises(Malformed):
        read_response(header + hops, LABELS, "A")


_NAMES = st.sampled_from(
    ["acme.example.", "www.acme.example.", "mx.brevo.example.", "example.", "a.b.c.acme.example."]
)
_RRSETS = st.tuples(
    _NAMES,
    st.integers(0, 2**31 - 1),
    st.one_of(
        st.tuples(st.just("CNAME"), _NAMES),
        st.tuples(st.just("A"), st.ip_addresses(v=4).map(str)),
        st.tuples(st.just("MX"), _NAMES.map("10 {}".format)),
        st.tuples(st.just("TXT"), st.text("ab", min_size=1)),
    ),
)


@pytest.mark.slow
@settings(max_examples=100, deadline=None)
@given(st.lists(_RRSETS, max_size=8), _NAMES, st.sampled_from(["A", "MX", "TXT", "CNAME"]))
def test_the_reader_agrees_with_dnspython(rrsets: list[Any], name: str, rdtype: str) -> None:
    message = dns.message.make_response(dns.message.make_query(name, rdtype, use_edns=True))
    for owner, ttl, (kind, text) in rrsets:
        if not any(rrset.name == dns.name.from_text(owner) for rrset in message.answer):
            message.answer.append(dns.rrset.from_text(owner, ttl, "IN", kind, text))
    ours = read_response(message.to_wire(), labels_of(normalise(name)), rdtype)
    if ours.problem:
        return
    theirs = dns.message.from_wire(message.to_wire())
    assert isinstance(theirs, dns.message.QueryMessage)
    result = theirs.resolve_chaining()
    assert list(ours.records) == list(result.answer or [])
    assert (ours.chain[-1] if ours.chain else normalise(name)) == normalise(result.canonical_name.to_text())
    assert not result.answer or ours.ttl == result.minimum_ttl


def test_the_description_names_the_servers() -> None:
    source = LiveSource([Server("127.0.0.1"), Server("::1", 5353)])
    assert source.describe() == "DNS servers 127.0.0.1:53, [::1]:5353"
