from __future__ import annotations

import asyncio
import time
from ipaddress import IPv4Address
from pathlib import Path

import pytest
from dns.rdata import from_text
from dns.rdataclass import IN
from dns.rdatatype import A
from hypothesis import given, settings
from hypothesis import strategies as st

from mailaudit.api import load_campaign
from mailaudit.facts.dns.answer import Answer, Status
from mailaudit.facts.dns.open_resolver import open_resolver
from mailaudit.facts.dns.resolver import CachingResolver
from mailaudit.facts.sender.claims import claims_of
from mailaudit.facts.sender.model import SenderFacts
from mailaudit.facts.sender.observe import observe_sender
from mailaudit.facts.sender.reputation.blocklist_answers import question, read_answer
from mailaudit.facts.sender.reputation.blocklists import StandingFacts, Subject, merged, observe_standing, variable
from mailaudit.knowledge.load import blocklists
from mailaudit.knowledge.types.blocklist import Blocklist
from support.dns_server import serving

BY_ID = {found.id: found for found in blocklists()}
ZEN = BY_ID["spamhaus-zen"]
SUBJECTS = (Subject("203.0.113.5", ("a sending address",)),)


def answer(*addresses: str, status: Status = Status.ANSWER) -> Answer:
    records = tuple(from_text(IN, A, address) for address in addresses)
    return Answer("x.example", "A", status, records=records)


async def known(subjects: tuple[Subject, ...]) -> tuple[Subject, ...]:
    return subjects


@pytest.mark.parametrize(
    ("subject", "asked"),
    [
        ("203.0.113.5", "5.113.0.203.zen.example"),
        ("2001:db8::5", f"5.{'0.' * 23}8.b.d.0.1.0.0.2.zen.example"),
        ("acme.example", "acme.example.zen.example"),
        ("::ffff:7f00:2", "2.0.0.0.0.0.f.7.f.f.f.f.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.zen.example"),
    ],
)
def test_an_address_is_asked_backwards(subject: str, asked: str) -> None:
    assert question(subject, "zen.example") == asked


@pytest.mark.parametrize(
    ("found", "addresses", "severities"),
    [
        ("spamhaus-zen", ("127.0.0.2",), ["error"]),
        ("spamhaus-zen", ("127.0.0.4", "127.0.0.10"), ["error", "warning"]),
        ("surbl", ("127.0.0.72",), ["error", "error"]),
        ("uribl", ("127.0.0.4",), ["note"]),
        ("spamhaus-dbl", ("127.0.1.106",), ["error"]),
        ("uceprotect-3", ("127.0.0.2",), ["note"]),
    ],
)
def test_a_documented_answer_is_a_listing(found: str, addresses: tuple[str, ...], severities: list[str]) -> None:
    reading = read_answer(BY_ID[found], answer(*addresses))

    assert reading.failure is None
    assert [code.severity for code in reading.codes] == severities


@pytest.mark.parametrize("found", [found for found in blocklists() if found.zones], ids=lambda found: found.id)
@pytest.mark.parametrize(
    "address", ["127.255.255.252", "127.255.255.254", "127.255.255.255", "127.255.255.1", "192.0.2.66", "1.2.3.4"]
)
def test_an_error_or_a_foreign_address_is_never_a_listing(found: Blocklist, address: str) -> None:
    for addresses in ((address,), ("127.0.0.2", address)):
        reading = read_answer(found, answer(*addresses))
        assert reading.codes == ()
        assert reading.failure


@pytest.mark.parametrize(
    ("found", "address"),
    [("uribl", "127.0.0.1"), ("surbl", "127.0.0.1"), ("uribl", "127.0.0.3"), ("spamhaus-dbl", "127.0.1.255"),
     ("dnswl", "127.0.0.255"), ("dnswl", "127.0.10.2"), ("spamhaus-zen", "127.0.0.99"), ("surbl", "127.0.1.64")],
)  # fmt: skip
def test_a_lists_own_refusals_and_unknown_codes_are_no_listings(found: str, address: str) -> None:
    reading = read_answer(BY_ID[found], answer(address))

    assert reading.codes == ()
    assert reading.failure


def test_what_is_an_error_on_one_list_is_praise_on_another() -> None:
    reading = read_answer(BY_ID["iadb"], answer("127.0.1.255"))

    assert reading.failure is None
    assert reading.praise
    assert reading.codes == ()


@pytest.mark.parametrize("status", [Status.SERVFAIL, Status.REFUSED, Status.TIMEOUT])
def test_no_answer_is_neither_clean_nor_listed(status: Status) -> None:
    assert read_answer(ZEN, answer(status=status)).failure


@pytest.mark.parametrize("status", [Status.NXDOMAIN, Status.NODATA])
def test_an_empty_answer_is_clean(status: Status) -> None:
    reading = read_answer(ZEN, answer(status=status))

    assert (reading.codes, reading.failure) == ((), None)


@settings(max_examples=200, deadline=None)
@given(st.sampled_from(list(BY_ID.values())), st.integers(0, 2**32 - 1).map(lambda n: str(IPv4Address(n))))
def test_only_what_a_list_documents_is_a_listing(found: Blocklist, address: str) -> None:
    reading = read_answer(found, answer(address))

    for code in reading.codes:
        assert code.matches(IPv4Address(address))
        assert address.startswith("127.")
        assert not address.startswith("127.255.255.")


def test_a_subject_with_two_roles_is_asked_once() -> None:
    assert merged([("Acme.example.", "the From domain"), ("acme.example", "a DKIM domain")]) == (
        Subject("acme.example", ("the From domain", "a DKIM domain")),
    )


async def _standing(zone: str, budget: float = 5.0, environment: dict[str, str] | None = None, **behaviour: object) -> (
    tuple[StandingFacts, list[str], tuple[Answer, ...]]
):  # fmt: skip
    async with serving(zone, **behaviour) as server, open_resolver(servers=[server.address]) as dns:
        facts = await observe_standing(
            known(SUBJECTS), dns, budget=budget, environment=environment or {}, lists=(ZEN,)
        )
        return facts, [name for name, _, _ in server.questions], dns.answers()


ALIVE = "$ORIGIN zen.spamhaus.org.\n@ 3600 IN SOA a b 1 1 1 1 1\n2.0.0.127 IN A 127.0.0.2\n"


def test_a_listing_is_believed_after_both_test_entries() -> None:
    facts, asked, _ = asyncio.run(_standing(ALIVE + "5.113.0.203 IN A 127.0.0.3\n"))

    assert [code.means for code in facts.listings[0].codes] == [
        "CSS: a sender of low reputation, found automatically"
    ]
    assert {"2.0.0.127.zen.spamhaus.org", "1.0.0.127.zen.spamhaus.org"} <= set(asked)


def test_a_list_without_its_test_entry_is_not_believed_to_be_clean() -> None:
    facts, _, _ = asyncio.run(_standing("$ORIGIN zen.spamhaus.org.\n@ 3600 IN SOA a b 1 1 1 1 1\n"))

    assert "does not hold its own test entry" in (facts.listings[0].failure or "")
    assert "Spamhaus ZEN" in facts.failures


@pytest.mark.parametrize("entry", ["dbltest.com", "test"])
def test_a_domain_list_may_hold_its_own_or_the_standard_test_entry(entry: str) -> None:
    zone = f"$ORIGIN dbl.spamhaus.org.\n@ 3600 IN SOA a b 1 1 1 1 1\n{entry} IN A 127.0.1.2\nacme.example IN A 127.0.1.2\n"

    async def go() -> StandingFacts:
        subjects = (Subject("acme.example", ("the From domain",)),)
        async with serving(zone) as server, open_resolver(servers=[server.address]) as dns:
            return await observe_standing(known(subjects), dns, environment={}, lists=(BY_ID["spamhaus-dbl"],))

    assert asyncio.run(go()).listings[0].codes


def test_a_hung_list_costs_no_more_than_the_budget() -> None:
    began = time.perf_counter()
    facts, _, _ = asyncio.run(_standing(ALIVE, budget=0.3, silent=True))

    assert time.perf_counter() - began < 3.5  # a question alone has four
    assert facts.listings[0].failure == "no answer within 0.3 seconds"


def test_a_key_goes_into_the_question_and_nowhere_else() -> None:
    key = "abcdef0123456789abcdef"
    zone = ALIVE.replace("zen.spamhaus.org", f"{key}.zen.dq.spamhaus.net") + "5.113.0.203 IN A 127.0.0.2\n"

    facts, asked, kept = asyncio.run(_standing(zone, environment={"MAILAUDIT_LISTS_SPAMHAUS_KEY": key}))

    assert facts.listings[0].codes
    assert asked
    assert all(key in name for name in asked)
    assert kept == ()
    assert key not in repr(facts)


def test_a_key_of_a_strange_shape_is_not_used() -> None:
    _, asked, _ = asyncio.run(_standing(ALIVE, environment={"MAILAUDIT_LISTS_SPAMHAUS_KEY": "x.evil.example"}))

    assert asked
    assert not [name for name in asked if "evil" in name]


def test_a_key_has_an_environment_variable() -> None:
    assert variable("lists.spamhaus.key") == "MAILAUDIT_LISTS_SPAMHAUS_KEY"


def test_lists_are_not_asked_when_answers_come_from_files(tmp_path: Path) -> None:
    (tmp_path / "acme.zone").write_text("$ORIGIN acme.example.\n@ 3600 IN SOA ns1 h 1 1 1 1 1\n")

    async def go() -> tuple[StandingFacts, int]:
        async with open_resolver(zones=[tmp_path / "acme.zone"]) as dns:
            return await observe_standing(known(SUBJECTS), dns, environment={}), dns.count

    facts, count = asyncio.run(go())
    assert count == 0
    assert facts.listings
    assert all(listing.failure for listing in facts.listings)


def test_a_list_that_needs_a_key_is_not_asked_without_one(tmp_path: Path) -> None:
    (tmp_path / "acme.zone").write_text("$ORIGIN acme.example.\n@ 3600 IN SOA ns1 h 1 1 1 1 1\n")

    async def go() -> StandingFacts:
        async with open_resolver(zones=[tmp_path / "acme.zone"]) as dns:
            return await observe_standing(known(SUBJECTS), dns, environment={})

    asked = {listing.blocklist.id for listing in asyncio.run(go()).listings}
    assert "spamhaus-zen" in asked
    assert not {"abusix", "spamhaus-authbl", "senderscore-bl", "hostkarma", "dnswl"} & asked


class HungLists:
    """Answers from a zone, but never for the name of a list."""

    def __init__(self, inner: CachingResolver) -> None:
        self._inner = inner
        self.hung = 0

    async def query(self, name: str, type: str) -> Answer:  # noqa: A002 - the protocol's word
        if name.rstrip(".").endswith(tuple(zone.name for found in blocklists() for zone in found.zones)):
            self.hung += 1
            await asyncio.sleep(60)
        return await self._inner.query(name, type)


def test_hung_lists_delay_no_other_fact_and_the_audit_by_the_budget_only(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("mailaudit.facts.sender.origin.observe.LIST_BUDGET", 0.3)
    (tmp_path / "acme.zone").write_text(
        '$ORIGIN acme.example.\n@ 3600 IN SOA ns1 h 1 1 1 1 1\n@ 3600 IN TXT "v=spf1 ip4:203.0.113.5 -all"\n'
    )
    (tmp_path / "campaign.yml").write_text("from: news@acme.example\nsending: {ips: [203.0.113.5]}\n")
    campaign, _ = load_campaign(tmp_path / "campaign.yml")

    async def go() -> tuple[SenderFacts, int]:
        async with open_resolver(zones=[tmp_path / "acme.zone"]) as inner:
            dns = HungLists(inner)
            return await observe_sender(claims_of(campaign), dns), dns.hung

    began = time.perf_counter()
    facts, hung = asyncio.run(go())

    assert time.perf_counter() - began < 30
    assert hung > 20
    assert facts.spf("acme.example").result == "pass"
    assert {listing.failure for listing in facts.origin.standing.listings} == {"no answer within 0.3 seconds"}
