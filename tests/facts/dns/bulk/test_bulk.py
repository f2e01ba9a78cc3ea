from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import dns.message
import dns.name
import dns.rrset
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mailaudit.campaign.model import Campaign
from mailaudit.facts.dns.answer import Status
from mailaudit.facts.dns.bulk import engine, peers
from mailaudit.facts.dns.bulk.answers import Parsed, Unclear, parse, question_of
from mailaudit.facts.dns.bulk.engine import BulkLookup, live_servers
from mailaudit.facts.dns.open_resolver import open_resolver
from mailaudit.facts.dns.sources.servers import Server
from mailaudit.facts.recipients.model import RecipientFacts
from mailaudit.facts.recipients.receiving import ask_domains
from mailaudit.facts.recipients.receiving.in_bulk import BulkReceiving
from mailaudit.facts.recipients.receiving.limits import LookUpLimits
from mailaudit.facts.recipients.receiving.mail_domain import Receiving
from support.dns_server import Behaviour, DnsServer, serving
from support.lists import observe_list

ZONE = """
$ORIGIN shops.example.
$TTL 300
@ SOA ns hostmaster 1 7200 3600 1209600 60
@ NS ns
mx A 192.0.2.1
mx6 AAAA 2001:db8::1
inside A 10.0.0.1
*.good MX 10 mx
*.good MX 20 nowhere
*.six MX 10 mx6
*.plain A 192.0.2.2
*.null MX 0 .
*.lost MX 10 nowhere
*.inside MX 10 inside
*.text TXT "nothing else"
*.root MX 0 .
*.root MX 10 mx
*.ten MX 10 .
*.google MX 1 aspmx.l.google.com.
*.alias CNAME x.good
"""


async def found_by(server: DnsServer, names: list[str], rdtype: str = "MX") -> dict[str, Parsed]:
    found: dict[str, Parsed] = {}
    with BulkLookup([server.server]) as lookup:
        await lookup.ask(names, rdtype, found.__setitem__)
    return found


def test_every_name_is_answered_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine, "PATIENCE", (60.0, 60.0))  # however busy the machine is

    async def run() -> tuple[dict[str, Parsed], list[tuple[str, str, str]]]:
        async with serving(ZONE) as server:
            kinds = ("good", "null", "text", "plain", "gone")
            names = [f"d{n}.{kinds[n % 5]}.shops.example" for n in range(500)]
            return await found_by(server, names), server.questions

    found, questions = asyncio.run(run())
    assert Counter(parsed.status for parsed in found.values()) == {
        Status.ANSWER: 200,
        Status.NODATA: 200,
        Status.NXDOMAIN: 100,
    }
    assert tuple(sorted(found["d0.good.shops.example"].mx)) == (
        (10, "mx.shops.example"),
        (20, "nowhere.shops.example"),
    )
    assert found["d1.null.shops.example"].mx == ((0, "."),)
    assert len(questions) == len(set(questions)) == 500


@pytest.mark.parametrize("behaviour", [{"drop_every": 5}, {"delay": 0.02}])
def test_loss_and_delay_cost_no_answer(behaviour: dict[str, float], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine, "PATIENCE", (0.1, 0.15, 0.2, 0.3, 0.4, 5.0))

    async def run() -> dict[str, Parsed]:
        async with serving(ZONE, **behaviour) as server:
            return await found_by(server, [f"d{n}.good.shops.example" for n in range(200)])

    found = asyncio.run(run())
    assert {parsed.status for parsed in found.values()} == {Status.ANSWER}
    assert len(found) == 200


def test_a_silent_server_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine, "PATIENCE", (0.05, 0.1))
    monkeypatch.setattr(peers, "DEAD_AFTER", 0.1)

    async def run() -> tuple[dict[str, Parsed], int]:
        async with serving(ZONE, silent=True) as server:
            return await found_by(server, [f"d{n}.shops.example" for n in range(20_000)]), server.datagrams

    found, datagrams = asyncio.run(run())
    assert {parsed.status for parsed in found.values()} == {Status.TIMEOUT}
    assert len(found) == 20_000
    assert datagrams < 10_000


def test_a_closed_port_ends_at_once() -> None:
    async def run() -> dict[str, Parsed]:
        async with serving(ZONE, tcp=False) as server:
            port = server.port
        return await found_by(DnsServer(server.source, Behaviour(), port), [f"d{n}.example" for n in range(3000)])

    found = asyncio.run(run())
    assert {parsed.status for parsed in found.values()} == {Status.TIMEOUT}
    assert len(found) == 3000


def test_a_server_that_refuses_everything_is_given_up_early() -> None:
    async def run() -> tuple[dict[str, Parsed], int]:
        async with serving(ZONE, rcode="REFUSED") as server:
            return await found_by(server, [f"d{n}.good.shops.example" for n in range(20_000)]), server.datagrams

    found, datagrams = asyncio.run(run())
    assert {parsed.status for parsed in found.values()} == {Status.REFUSED}
    assert len(found) == 20_000
    assert datagrams < 1_000


def test_what_one_server_refuses_another_one_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine, "PATIENCE", (60.0, 60.0))  # however busy the machine is

    async def run() -> tuple[dict[str, Parsed], int]:
        found: dict[str, Parsed] = {}
        async with serving(ZONE, rcode="REFUSED") as wrong, serving(ZONE) as right:
            with BulkLookup([wrong.server, right.server]) as lookup:
                await lookup.ask([f"d{n}.good.shops.example" for n in range(300)], "MX", found.__setitem__)
            return found, wrong.datagrams

    found, datagrams = asyncio.run(run())
    assert {parsed.status for parsed in found.values()} == {Status.ANSWER}
    assert len(found) == 300
    assert datagrams <= 300


def test_an_answer_that_comes_late_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine, "PATIENCE", (0.01, 0.02, 0.03, 60.0))

    async def run() -> tuple[dict[str, Parsed], int]:
        async with serving(ZONE, delay=0.1) as server:
            return await found_by(server, ["d1.good.shops.example"]), server.datagrams

    found, datagrams = asyncio.run(run())
    assert found["d1.good.shops.example"].status is Status.ANSWER
    assert datagrams > 1


def observed(
    tmp_path: Path, lines: list[str], *, limits: LookUpLimits | None = None, **behaviour: object
) -> RecipientFacts:
    path = tmp_path / "list.csv"
    path.write_text("email\n" + "\n".join(lines) + "\n", encoding="utf-8")
    campaign = Campaign.model_validate({"name": "t", "from": "news@acme.example", "recipients": {"files": [path]}})

    async def run() -> RecipientFacts:
        async with (
            serving(ZONE, **behaviour) as server,
            open_resolver(zones=(), servers=(server.address,), offline=False) as resolver,
        ):
            assert live_servers(resolver) == (server.server,)
            return await observe_list(campaign, resolver, limits=limits)

    return asyncio.run(run())


@pytest.mark.slow
@pytest.mark.parametrize("behaviour", [{}, {"truncate": True}, {"first_alias_only": True}])
def test_the_bulk_engine_and_the_resolver_say_the_same(
    tmp_path: Path, behaviour: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    kinds = ("good", "six", "plain", "null", "lost", "inside", "text", "google", "alias", "gone", "root", "ten")
    lines = [f"anna@d{n}.{kinds[n % 12]}.shops.example" for n in range(72)]
    slow = observed(tmp_path, lines, **behaviour)
    monkeypatch.setattr(ask_domains, "MAX_SHARED", 0)
    quick = observed(tmp_path, lines, **behaviour)
    assert quick.undeliverable_domain == slow.undeliverable_domain == 36
    assert quick.files == slow.files
    assert quick.providers == slow.providers
    assert quick.lookups == slow.lookups


@pytest.mark.parametrize("max_shared", [0, 2_000])
def test_the_time_budget_leaves_domains_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, max_shared: int
) -> None:
    monkeypatch.setattr(ask_domains, "MAX_SHARED", max_shared)
    lines = [f"anna@d{n}.gone.shops.example" for n in range(5)]
    facts = observed(tmp_path, lines, limits=LookUpLimits(seconds=-1.0))
    assert facts.undeliverable_domain is None
    assert facts.lookups is not None
    assert (facts.lookups.asked, facts.lookups.not_asked) == (0, 5)
    assert "were over" in (facts.lookups.why_not_asked or "")


def test_domains_behind_a_server_that_refuses_everything_were_not_asked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ask_domains, "MAX_SHARED", 0)
    facts = observed(tmp_path, [f"anna@d{n}.gone.shops.example" for n in range(2_000)], rcode="REFUSED")
    told = facts.lookups
    assert told is not None
    assert told.asked == told.silent < 1_000
    assert told.not_asked == told.late_recipients == 2_000 - told.asked
    assert told.why_not_asked == told.why == "the DNS server refused"


def test_what_the_time_does_not_suffice_for_is_silent_or_trusted() -> None:
    class Clock:
        """The time of the loop, and half a minute more from the first MX answer on."""

        late = 0.0

    async def run() -> dict[str, Receiving]:
        found: dict[str, Receiving] = {}
        loop = asyncio.get_running_loop()
        time_of = loop.time
        loop.time = lambda: time_of() + Clock.late  # type: ignore[method-assign]
        async with serving(ZONE) as server, open_resolver(servers=(server.address,)) as resolver:
            asking = BulkReceiving(resolver, lambda one: found.__setitem__(one.domain, one), loop.time() + 20)
            names = [f"d.{kind}.shops.example" for kind in ("good", "lost", "plain", "gone")]

            def late_from_now_on() -> Iterator[str]:
                yield from names
                Clock.late = 30.0

            await asking.run(late_from_now_on(), (server.server,))
        return found

    found = asyncio.run(run())
    assert found["d.gone.shops.example"].problem
    assert "was over" in (found["d.plain.shops.example"].silent or "")
    for kind in ("good", "lost"):  # which of the two has an address was not asked in time
        assert found[f"d.{kind}.shops.example"].hosts
        assert found[f"d.{kind}.shops.example"].problem is None


@pytest.mark.parametrize("max_shared", [0, 2_000])
def test_only_the_most_frequent_domains_are_asked_when_it_is_so_wanted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, max_shared: int
) -> None:
    monkeypatch.setattr(ask_domains, "MAX_SHARED", max_shared)
    lines = [f"p{n}@d{n % 7}.gone.shops.example" for n in range(4 + 7 * 3)]
    told: list[tuple[str, int, int | None]] = []
    limits = LookUpLimits(max_domains=4, progress=lambda *step: told.append(step))
    facts = observed(tmp_path, lines, limits=limits)
    assert facts.undeliverable_domain == 4 * 4
    assert facts.lookups is not None
    assert (facts.lookups.asked, facts.lookups.not_asked, facts.lookups.not_asked_recipients) == (4, 3, 9)
    assert "at most 4 domains" in (facts.lookups.why_not_asked or "")
    assert ("Looking up recipient domains", 4, 4) in told


def test_nothing_is_left_open_when_no_domain_has_to_be_asked(tmp_path: Path) -> None:
    facts = observed(tmp_path, ["a@gmail.com", "b@orange.fr"])
    assert facts.undeliverable_domain == 0
    assert facts.lookups is not None
    assert facts.lookups.asked == facts.lookups.not_asked == 0


def response(records: list[str], rdtype: str = "MX") -> tuple[bytes, int]:
    query = dns.message.make_query("a.example.", rdtype)
    made = dns.message.make_response(query)
    for text in records:
        made.answer.append(dns.rrset.from_text("a.example.", 60, "IN", rdtype, text))
    return made.to_wire(), 12 + len(question_of("a.example", rdtype))


def test_messages_as_dnspython_writes_them() -> None:
    wire, at = response(["10 MX.b.example.", "20 a.example."])
    assert parse(wire, at, "MX").mx == ((10, "mx.b.example"), (20, "a.example"))
    wire, at = response(["192.0.2.1"], "A")
    assert parse(wire, at, "A").addresses == ("192.0.2.1",)
    wire, at = response(["2001:db8::1"], "AAAA")
    assert parse(wire, at, "AAAA").addresses == ("2001:db8::1",)


@settings(max_examples=200, deadline=None)
@given(cut=st.integers(0, 80), noise=st.binary(max_size=40))
def test_hostile_messages_are_unclear_and_nothing_worse(cut: int, noise: bytes) -> None:
    wire, at = response(["10 mx.b.example.", "20 a.example."])
    hostile = wire[:12] + (wire[12:] + b"\xc0" * 8)[: cut + 1] + noise
    try:
        found = parse(hostile, at, "MX")
    except Unclear:
        return
    assert isinstance(found, Parsed)


def test_a_pointer_loop_is_unclear() -> None:
    wire, at = response(["10 mx.b.example."])
    looped = wire[:at] + b"\xc0" + bytes([at]) + wire[at + 2 :]
    with pytest.raises(Unclear):
        parse(looped[: at + 12] + b"\x00\x0a" + b"\xc0" + bytes([at + 14]), at, "MX")


def test_no_server_is_known_for_files() -> None:
    async def run() -> tuple[Server, ...]:
        async with open_resolver(zones=(), servers=(), offline=True) as resolver:
            return live_servers(resolver)

    assert asyncio.run(run()) == ()
