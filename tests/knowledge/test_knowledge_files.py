from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import date
from ipaddress import IPv4Address
from typing import Any

import msgspec
import pytest

from mailaudit.knowledge import load
from mailaudit.knowledge.types.fact import Confidence, Provenance
from mailaudit.knowledge.types.platform import EvidenceKind

# Traces that say who sends: what two platforms share is no trace of either.
PROVING = frozenset(EvidenceKind) - {EvidenceKind.DKIM_SELECTOR, EvidenceKind.SMTP_HOST}


def provenances(value: Any) -> Iterator[Provenance]:
    if isinstance(value, Provenance):
        yield value
    elif isinstance(value, msgspec.Struct):
        for name in value.__struct_fields__:
            yield from provenances(getattr(value, name))
    elif isinstance(value, tuple):
        for item in value:
            yield from provenances(item)


@pytest.mark.parametrize(
    ("read", "least"),
    [
        (load.platforms, 100),
        (lambda: [m for m in load.mailbox_services() if m.kind in {"consumer", "isp", "business", "hosting"}], 20),
        (lambda: load.software().signatures, 60),
        (lambda: load.software().reverse_patterns, 40),
        (load.blocklists, 25),
        (load.providers, 15),
    ],
    ids=["platforms", "mailboxes", "signatures", "reverse-names", "blocklists", "providers"],
)
def test_there_is_enough_of_everything(read: Any, least: int) -> None:
    found = read()

    assert len(found) >= least
    assert len({item.id for item in found}) == len(found)


def test_every_fact_has_a_source_a_date_and_a_confidence() -> None:
    everything = (*load.platforms(), *load.mailbox_services(), load.software(), load.standing(), *load.providers())
    found = [fact for item in everything for fact in provenances(item)]

    assert len(found) > 900
    for fact in found:
        assert len(fact.source) > 3
        assert date(2026, 11, 23) <= fact.date <= date(2026, 11, 29)
        assert not fact.source.endswith(".yml")
        assert fact.confidence in set(Confidence)


def test_what_is_only_remembered_is_never_certain() -> None:
    everything = (*load.platforms(), *load.mailbox_services(), load.software(), load.standing(), *load.providers())
    certain = [f for item in everything for f in provenances(item) if f.confidence is not Confidence.LOW]

    assert not [fact for fact in certain if "General knowledge" in fact.source]


def test_no_two_platforms_claim_the_same_certain_trace() -> None:
    claims: dict[tuple[EvidenceKind, str, str | None], set[str]] = defaultdict(set)
    for platform in load.platforms():
        for item in platform.evidence:
            if item.kind in PROVING and item.provenance.confidence is Confidence.HIGH:
                claims[(item.kind, item.value.lower(), item.at)].add(platform.id)

    assert {key: owners for key, owners in claims.items() if len(owners) > 1} == {}


def test_a_selector_that_two_platforms_use_is_known_to_be_shared() -> None:
    owners: dict[str, set[str]] = defaultdict(set)
    for platform in load.platforms():
        for selector in platform.values(EvidenceKind.DKIM_SELECTOR):
            owners[selector].add(platform.id)

    assert {s for s, who in owners.items() if len(who) > 1} <= load.shared_selectors()


def test_the_transports_of_a_composer_are_catalogued() -> None:
    known = {platform.id: platform for platform in load.platforms()}

    for platform in load.platforms():
        assert all(known[transport].transports for transport in platform.via), platform.id
        assert platform.composes or platform.transports


def test_names_and_aliases_are_not_ambiguous() -> None:
    names = Counter(
        name for p in load.platforms() for name in {p.id, p.name.lower(), *(alias.lower() for alias in p.aliases)}
    )

    assert [name for name, count in names.items() if count > 1] == []


def test_a_limit_is_positive_and_its_highest_value_is_not_below_its_lowest() -> None:
    for service in load.mailbox_services():
        for limit in service.limits:
            assert limit.max > 0
            assert limit.window_s in {60, 120, 300, 600, 900, 1800, 3600, 43200, 86400}, service.id
            assert limit.up_to is None or limit.up_to > limit.max, service.id


@pytest.mark.parametrize("found", load.blocklists(), ids=lambda found: found.id)
def test_a_list_explains_its_answers_and_tells_how_to_leave_it(found: Any) -> None:
    assert found.delisting.steps
    assert found.is_asked <= bool(found.zones)
    for zone in found.zones:
        assert zone.listed != zone.unlisted
        if found.access == "free" and zone.of == "ipv4" and not found.is_allow_list and found.is_asked:
            assert any(code.matches(IPv4Address("127.0.0.2")) for code in found.codes) or found.id == "spamrats"


def test_a_refusal_is_never_explained_as_a_listing() -> None:
    refusals = [IPv4Address(f"127.255.255.{last}") for last in (1, 252, 254, 255)]

    for found in load.blocklists():
        by_range = [code for code in found.codes if code.bit is None]
        assert not [code for code in by_range for refusal in refusals if code.matches(refusal)], found.id
        for error in found.errors:
            assert not any(error.first and code.matches(error.first) for code in found.codes), found.id


def test_a_dead_list_is_never_asked() -> None:
    dead = {zone for item in load.standing().dead for zone in item.zones}

    assert len(dead) >= 10
    assert not [zone.name for found in load.blocklists() for zone in found.zones if zone.name in dead]


def test_a_recipient_domain_belongs_to_one_provider() -> None:
    owners = Counter(part.name for provider in load.providers() for part in provider.domains)

    assert [name for name, count in owners.items() if count > 1] == []


def test_the_believed_domains_are_marked_as_such() -> None:
    microsoft = next(provider for provider in load.providers() if provider.id == "microsoft")
    by_name = {part.name: part.provenance.confidence for part in microsoft.domains}

    assert by_name["hotmail.fr"] is Confidence.HIGH
    assert by_name["hotmail.co.uk"] is Confidence.LOW


def test_what_memory_alone_says_of_a_platform_is_a_guess_and_asks_for_nothing() -> None:
    unchecked = [
        platform
        for platform in load.platforms()
        if all("not checked" in one.source for one in provenances((platform.evidence, platform.records)))
    ]

    assert unchecked
    assert {trace.provenance.confidence for one in unchecked for trace in one.evidence} == {Confidence.LOW}
    assert not [record for one in unchecked for record in one.records if record.status == "required"]
