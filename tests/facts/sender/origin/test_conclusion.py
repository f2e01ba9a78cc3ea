from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mailaudit.campaign.model import Campaign
from mailaudit.facts.sender.claims import SenderClaims, claims_of
from mailaudit.facts.sender.origin.clues import Clue, Place, Rank
from mailaudit.facts.sender.origin.conclusion import Verdict, conclude
from mailaudit.facts.sender.origin.own_names import SendsVia
from mailaudit.knowledge.load import platforms
from mailaudit.knowledge.receivers import mailbox_service_named
from mailaudit.knowledge.types.fact import Confidence

PLATFORMS = {platform.id: platform for platform in platforms()}
DECISIVE = [rank for rank in Rank if rank not in {Rank.SAID, Rank.PREPARED}]
VIA = {Place.PLATFORM: SendsVia.PLATFORM, Place.MAILBOX: SendsVia.MAILBOX, Place.OWN_SERVER: SendsVia.OWN_SERVER}


def claims(**sending: object) -> SenderClaims:
    return claims_of(Campaign.model_validate({"from": "news@acme.example", "sending": sending}))


def to_platform(name: str, rank: Rank = Rank.SIGNATURE, confidence: Confidence = Confidence.HIGH) -> Clue:
    return Clue(
        rank, Place.PLATFORM, f"seen {name} {rank.name}", PLATFORMS[name].name, confidence, PLATFORMS[name]
    )


def verdict(*clues: Clue, failures: tuple[str, ...] = (), **sending: object) -> Verdict:
    return conclude(claims(**sending), tuple(sorted(clues, key=lambda clue: clue.rank)), failures)


def a_clue(rank: Rank, place: Place, number: int) -> Clue:
    if place is Place.PLATFORM:
        return to_platform(list(PLATFORMS)[number], rank)
    mailbox = mailbox_service_named("gmail") if place is Place.MAILBOX else None
    return Clue(rank, place, f"seen {number}", place.value, Confidence.MEDIUM, mailbox=mailbox)


random_clues = st.lists(
    st.builds(a_clue, st.sampled_from(DECISIVE), st.sampled_from(list(Place)), st.integers(0, 99)), max_size=8
)


@settings(max_examples=200, deadline=None)
@given(random_clues)
def test_the_strongest_clue_decides(clues: list[Clue]) -> None:
    found = verdict(*clues)
    placed = sorted((clue for clue in clues if clue.place is not Place.SOFTWARE), key=lambda clue: clue.rank)

    if not placed:
        assert found.via.get() is SendsVia.UNKNOWN
        return
    best = placed[0]
    own = next((clue for clue in placed if clue.rank is Rank.OWN_NAME), None)
    if own and best.place is Place.MAILBOX and best.rank is Rank.AUTHORIZED:
        assert found.via.get() is VIA[own.place]
    else:
        assert found.via.get() is VIA[best.place]
        assert found.reasons[0] == best.seen or found.reasons[0] in {c.seen for c in placed if c.rank is best.rank}


@settings(max_examples=100, deadline=None)
@given(
    random_clues.filter(lambda clues: any(clue.place is not Place.SOFTWARE for clue in clues)), st.integers(0, 99)
)
def test_what_is_merely_prepared_changes_no_verdict(clues: list[Clue], number: int) -> None:
    prepared = a_clue(Rank.PREPARED, Place.PLATFORM, number)

    assert verdict(*clues, prepared).via.get() is verdict(*clues).via.get()


@settings(max_examples=100, deadline=None)
@given(random_clues, st.sampled_from(["brevo", "klaviyo", "none", "no-such-platform"]))
def test_the_campaign_is_taken_at_its_word_and_the_trail_is_kept(clues: list[Clue], said: str) -> None:
    found = verdict(*clues, platform=said)

    assert set(found.clues) == set(clues)
    assert found.reasons[0] == f"the campaign says `platform: {said}`"
    if said != "none":
        assert found.via.get() is SendsVia.PLATFORM
        assert found.platform_name == said


def test_two_prepared_services_decide_nothing() -> None:
    found = verdict(to_platform("brevo", Rank.PREPARED), to_platform("mailchimp", Rank.PREPARED))

    assert found.via.get() is SendsVia.UNKNOWN
    assert found.missing


def test_a_composer_and_its_transport_are_one_prepared_service() -> None:
    found = verdict(to_platform("klaviyo", Rank.PREPARED), to_platform("sendgrid", Rank.PREPARED))

    assert found.platform_name == "klaviyo"
    assert found.transport is PLATFORMS["sendgrid"]


@pytest.mark.parametrize(
    ("clues", "platform", "transport"),
    [
        ((to_platform("sendgrid"), to_platform("klaviyo", Rank.MESSAGE)), "klaviyo", "sendgrid"),
        ((to_platform("amazon-ses"), to_platform("resend", Rank.PREPARED)), "resend", "amazon-ses"),
        ((to_platform("sendgrid"), to_platform("mailchimp", Rank.PREPARED)), "sendgrid", None),
        ((to_platform("mailchimp"), to_platform("klaviyo", Rank.MESSAGE)), "mailchimp", None),
        ((to_platform("sendgrid"), to_platform("mailchimp", Rank.MESSAGE, Confidence.LOW)), "sendgrid", None),
    ],
)
def test_the_composer_outranks_its_transport(
    clues: tuple[Clue, ...], platform: str, transport: str | None
) -> None:
    found = verdict(*clues)

    assert found.platform_name == platform
    assert (found.transport.id if found.transport else None) == transport


def test_nothing_seen_because_nobody_answered_is_unavailable_not_unknown() -> None:
    assert verdict(failures=("DNS timed out",)).via.unavailable == "DNS timed out"
    assert verdict().via.get() is SendsVia.UNKNOWN


def test_a_mailbox_service_may_be_named_as_platform() -> None:
    found = verdict(platform="gmail")

    assert found.via.get() is SendsVia.MAILBOX
    assert found.mailbox is mailbox_service_named("gmail")


def test_a_former_name_of_a_platform_is_understood() -> None:
    assert verdict(platform="Sendinblue").platform_name == "brevo"
