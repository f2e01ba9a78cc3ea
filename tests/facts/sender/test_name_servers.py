"""Each authoritative server is asked directly, and what they tell apart is found."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest

from mailaudit.api import load_campaign
from mailaudit.checks.finding import Problem
from mailaudit.checks.sender.name_servers_differ import name_servers_differ
from mailaudit.facts.dns.open_resolver import open_resolver
from mailaudit.facts.dns.sources.servers import Server
from mailaudit.facts.observed import NotGiven, Unavailable
from mailaudit.facts.sender.claims import SenderClaims, claims_of
from mailaudit.facts.sender.dkim.selectors import Signers
from mailaudit.facts.sender.name_servers import NameServers, observe_name_servers
from support.dns_server import serving

ZONE = """\
$TTL 60
$ORIGIN acme.example.
@ IN SOA ns1 host 7 1 1 1 1
@ IN NS ns1
@ IN NS ns2
ns1 IN A 192.0.2.1
ns2 IN A 192.0.2.2
@ IN MX 10 mx
@ IN TXT "v=spf1 ip4:203.0.113.25 -all"
@ IN TXT "verification=A"
k7._domainkey IN CNAME k7.partner.example.
_dmarc IN TXT "v=DMARC1; p=reject"
"""
OLD = ZONE.replace("host 7", "host 6").replace("p=reject", "p=none")


@pytest.fixture
def claims(tmp_path: Path) -> SenderClaims:
    (tmp_path / "campaign.yml").write_text(
        "from: news@acme.example\nsending: {dkim: [{selector: k7, domain: acme.example}]}\n", encoding="utf-8"
    )
    return claims_of(load_campaign(tmp_path / "campaign.yml")[0])


def observed(claims: SenderClaims, first: str, second: str, *, silent: bool = False) -> NameServers | None:
    async def signers() -> Signers:
        return Signers(claims.selectors, None)

    async def run() -> NameServers | None:
        async with (
            serving(first) as one,
            serving(second, silent=silent, tcp=not silent) as two,
            open_resolver(servers=[one.address]) as dns,
        ):
            doors = {"192.0.2.1": one.server, "192.0.2.2": two.server, "2001:db8::2": two.server}
            return await observe_name_servers(claims, "acme.example", signers(), dns, doors.get)

    return asyncio.run(run())


class _Sender:
    def __init__(self, name_servers: NameServers | None) -> None:
        self.sender = self
        self.name_servers = name_servers


def problems(found: NameServers | None) -> list[Problem]:
    judged: Iterator[Problem] = name_servers_differ(_Sender(found))  # type: ignore[arg-type]
    return list(judged)


def test_servers_that_agree_are_no_problem(claims: SenderClaims) -> None:
    other_order = ZONE.replace('@ IN TXT "verification=A"\n', '@ IN TXT "verification=B"\n')
    assert problems(observed(claims, ZONE, other_order)) == []


def test_the_record_on_which_they_differ_is_told_with_their_serials(claims: SenderClaims) -> None:
    (problem,) = problems(observed(claims, ZONE, OLD))
    assert problem.subject == "_dmarc.acme.example"
    assert [one.label for one in problem.evidence] == [
        "ns1.acme.example (serial 7)",
        "ns2.acme.example (serial 6)",
    ]
    assert [one.value for one in problem.evidence] == ["v=DMARC1; p=reject", "v=DMARC1; p=none"]


def test_a_server_that_has_only_an_ipv6_address_is_asked(claims: SenderClaims) -> None:
    six = "ns2 IN AAAA 2001:db8::2"
    zone, old = (text.replace("ns2 IN A 192.0.2.2", six) for text in (ZONE, OLD))
    (problem,) = problems(observed(claims, zone, old))
    assert [one.label for one in problem.evidence] == [
        "ns1.acme.example (serial 7)",
        "ns2.acme.example over IPv6 (serial 6)",
    ]


def test_an_alias_that_only_one_of_them_holds_is_found(claims: SenderClaims) -> None:
    lacking = ZONE.replace("k7._domainkey IN CNAME k7.partner.example.\n", "")
    assert [one.subject for one in problems(observed(claims, ZONE, lacking))] == ["k7._domainkey.acme.example"]


@pytest.mark.slow
def test_a_silent_server_leaves_nothing_to_compare(claims: SenderClaims) -> None:
    with pytest.raises(Unavailable, match="fewer than two servers"):
        problems(observed(claims, ZONE, OLD, silent=True))


def test_without_live_dns_nobody_is_asked() -> None:
    with pytest.raises(NotGiven):
        problems(None)


def test_an_address_that_is_not_public_is_not_asked(claims: SenderClaims) -> None:
    async def signers() -> Signers:
        return Signers((), None)

    async def run() -> tuple[NameServers | None, list[tuple[str, str, str]]]:
        inside = ZONE.replace("192.0.2.1", "127.0.0.1").replace("192.0.2.2", "10.0.0.1")
        async with serving(inside) as server, open_resolver(servers=[server.address]) as dns:
            return await observe_name_servers(claims, "acme.example", signers(), dns), server.questions

    found, questions = asyncio.run(run())
    assert found is not None
    assert found.servers == ()
    assert {kind for _, kind, _ in questions} == {"NS", "A", "AAAA"}


def test_the_door_of_the_real_port_is_the_default() -> None:
    from mailaudit.facts.sender.name_servers import _door  # noqa: PLC0415 - the guard itself

    assert _door("8.8.8.8") == Server("8.8.8.8", 53)
    assert _door("169.254.169.254") is None
