"""The tree walk and the public suffix list, with the examples of RFC 9989, section 4.10."""

from __future__ import annotations

import asyncio

import pytest
from dns import rdata

from mailaudit.facts.dns.answer import Answer, Status
from mailaudit.facts.observed import Unavailable
from mailaudit.facts.sender.dmarc.alignment import Identifier, Mechanism
from mailaudit.facts.sender.dmarc.discovery import Discovery, ask_records, by_suffix_list, by_tree_walk, walk_names
from mailaudit.facts.sender.dmarc.observe import observe_dmarc
from mailaudit.facts.sender.dmarc.record import Policy

NONE = "v=DMARC1; p=none"
REJECT = "v=DMARC1; p=reject; sp=quarantine"


class World:
    def __init__(self, records: dict[str, str | None]) -> None:
        """Take DMARC records by domain; `None` is a time-out."""
        self.records = {f"_dmarc.{domain}": text for domain, text in records.items()}
        self.asked: list[str] = []

    async def query(self, name: str, type: str) -> Answer:  # noqa: A002 - the protocol's word
        self.asked.append(name)
        if name not in self.records:
            return Answer(name, type, Status.NXDOMAIN)
        text = self.records[name]
        if text is None:
            return Answer(name, type, Status.TIMEOUT)
        return Answer(name, type, Status.ANSWER, (txt(text),))


def txt(text: str) -> rdata.Rdata:
    strings = " ".join(f'"{text[start : start + 255]}"' for start in range(0, len(text), 255))
    return rdata.from_text("IN", "TXT", strings)


def walk(domain: str, records: dict[str, str | None]) -> Discovery:
    return by_tree_walk(domain, asyncio.run(ask_records(domain, World(records))))


def test_a_long_name_is_asked_for_eight_times() -> None:
    assert walk_names("a.b.c.d.e.f.g.h.i.j.mail.example.com") == (
        "a.b.c.d.e.f.g.h.i.j.mail.example.com",
        "g.h.i.j.mail.example.com",
        "h.i.j.mail.example.com",
        "i.j.mail.example.com",
        "j.mail.example.com",
        "mail.example.com",
        "example.com",
        "com",
    )
    assert walk_names("a.b.c.d.e.f.g.com")[1] == "b.c.d.e.f.g.com"


@pytest.mark.parametrize(
    ("records", "organization", "published_at"),
    [
        ({"mail.example.com": NONE, "example.com": NONE}, "example.com", "example.com"),
        ({"mail.example.com": f"{NONE}; psd=n", "example.com": NONE}, "mail.example.com", "mail.example.com"),
        ({"com": f"{NONE}; psd=y"}, "example.com", "com"),
        ({"example.com": f"{NONE}; psd=y"}, "mail.example.com", "example.com"),
        ({"a.mail.example.com": REJECT}, "a.mail.example.com", "a.mail.example.com"),
        ({"a.mail.example.com": REJECT, "example.com": NONE}, "example.com", "a.mail.example.com"),
        ({"a.mail.example.com": f"{REJECT}; psd=y"}, "a.mail.example.com", "a.mail.example.com"),
        ({}, "a.mail.example.com", None),
    ],
)
def test_where_the_tree_walk_ends(
    records: dict[str, str | None], organization: str, published_at: str | None
) -> None:
    found = walk("a.mail.example.com", records)
    assert (found.organizational_domain, found.published_at) == (organization, published_at)


def test_a_record_between_is_no_policy_for_names_below() -> None:
    assert (
        walk("a.mail.example.com", {"mail.example.com": NONE, "example.com": REJECT}).published_at == "example.com"
    )


def test_a_name_between_that_does_not_answer_leaves_it_open() -> None:
    with pytest.raises(Unavailable):
        walk("a.mail.example.com", {"mail.example.com": None, "example.com": REJECT})


def test_a_public_suffix_that_does_not_answer_decides_nothing() -> None:
    assert walk("mail.example.com", {"com": None, "example.com": REJECT}).published_at == "example.com"


def test_a_from_domain_that_is_a_public_suffix_must_answer_itself() -> None:
    published = asyncio.run(ask_records("github.io", World({"github.io": None})))
    for find in (by_tree_walk, by_suffix_list):
        with pytest.raises(Unavailable):
            find("github.io", published)


def test_the_public_suffix_list_looks_at_two_names_only() -> None:
    records: dict[str, str | None] = {"mail.example.com": None, "example.com": REJECT}
    published = asyncio.run(ask_records("a.mail.example.com", World(records)))
    assert by_suffix_list("a.mail.example.com", published).published_at == "example.com"


@pytest.mark.parametrize(
    ("domain", "text", "policy"),
    [
        ("example.com", REJECT, Policy.REJECT),
        ("a.example.com", f"{REJECT}; np=none", Policy.NONE),
        ("a.example.com", REJECT, Policy.QUARANTINE),
        ("example.com", f"{REJECT}; t=y", Policy.QUARANTINE),
        ("example.com", "v=DMARC1; p=quarantine; t=y", Policy.NONE),
        ("example.com", "v=DMARC1; p=reject; pct=0", Policy.REJECT),
        ("example.com", "v=DMARC1; rua=mailto:d@example.com", Policy.NONE),
        ("example.com", "v=DMARC1; p=x", None),
    ],
)
def test_the_policy_that_applies(domain: str, text: str, policy: Policy | None) -> None:
    facts = asyncio.run(observe_dmarc(domain, (), World({"example.com": text})))
    assert facts.policy is policy


@pytest.mark.parametrize(
    ("text", "other", "aligned"),
    [
        (NONE, "mail.example.com", True),
        (f"{NONE}; aspf=s", "mail.example.com", False),
        (f"{NONE}; aspf=s", "example.com", True),
        (NONE, "example.org", False),
    ],
)
def test_alignment(text: str, other: str, *, aligned: bool) -> None:
    identifier = Identifier(Mechanism.SPF, other)
    facts = asyncio.run(observe_dmarc("example.com", (identifier,), World({"example.com": text})))
    assert facts.alignment(Mechanism.SPF) is aligned
    assert facts.aligned[0].suffix_list is aligned


def test_a_wide_tree_asks_eight_names_and_reports_ten_domains_at_most() -> None:
    rua = ",".join(f"mailto:a@r{place}.example" for place in range(60))
    world = World({"example.com": f"v=DMARC1; p=none; rua={rua}"})
    facts = asyncio.run(observe_dmarc(".".join(["x"] * 60) + ".example.com", (), world))
    assert len(facts.reports) <= 10
    assert len(world.asked) < 60
