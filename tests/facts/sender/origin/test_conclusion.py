from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from mailaudit.campaign.model import Campaign
from mailaudit.facts.sender.claims import SenderClaims, claims_of
from mailaudit.facts.sender.origin import conclusion
from mailaudit.facts.sender.origin.conclusion import Verdict, conclude
from mailaudit.facts.sender.origin.evidence import Clue, Place, Rank, at_most
from mailaudit.facts.sender.origin.lost_answers import SHOWN_BY, Unseen
from mailaudit.facts.sender.origin.own_names import SendsVia
from mailaudit.knowledge.load import platforms
from mailaudit.knowledge.receivers import mailbox_service_named
from mailaudit.knowledge.types.fact import Confidence

PLATFORMS = {platform.id: platform for platform in platforms()}
DECISIVE = [rank for rank in Rank if rank < Rank.PREPARED]
VIA = {Place.PLATFORM: SendsVia.PLATFORM, Place.MAILBOX: SendsVia.MAILBOX, Place.OWN_SERVER: SendsVia.OWN_SERVER}


def claims(**sending: object) -> SenderClaims:
    return claims_of(Campaign.model_validate({"from": "news@acme.example", "sending": sending}))


def to_platform(name: str, rank: Rank = Rank.DELEGATED, confidence: Confidence = Confidence.HIGH) -> Clue:
    return Clue(
        rank, Place.PLATFORM, f"seen {name} {rank.name}", PLATFORMS[name].name, confidence, PLATFORMS[name]
    )


def verdict(*clues: Clue, failures: tuple[Unseen, ...] = (), **sending: object) -> Verdict:
    return conclude(claims(**sending), tuple(sorted(clues, key=lambda clue: clue.rank)), failures)


def a_clue(rank: Rank, place: Place, number: int) -> Clue:
    if place is Place.PLATFORM:
        clue = to_platform(list(PLATFORMS)[number], rank)
        return replace(clue, confidence=at_most(rank, clue.confidence))
    mailbox = mailbox_service_named("gmail") if place is Place.MAILBOX else None
    return Clue(rank, place, f"seen {number}", place.value, at_most(rank, Confidence.MEDIUM), mailbox=mailbox)


# Two clues often name the same platform.
numbers = st.integers(0, 3) | st.integers(0, 99)
random_clues = st.lists(
    st.builds(a_clue, st.sampled_from(DECISIVE), st.sampled_from([*VIA, Place.SOFTWARE]), numbers),
    max_size=8,
)


@settings(max_examples=200, deadline=None)
@given(random_clues)
def test_the_strongest_clue_decides_and_lends_its_confidence(clues: list[Clue]) -> None:
    found = verdict(*clues)

    if not clues or all(clue.place is Place.SOFTWARE for clue in clues):
        assert found.via.get() is SendsVia.UNKNOWN
        return
    best = min((clue for clue in clues if clue.place is not Place.SOFTWARE), key=lambda clue: clue.strength)
    assert found.via.get() is VIA[best.place]
    assert found.reasons[0] in {clue.seen for clue in clues if clue.strength == best.strength}
    assert found.confidence.rank <= best.confidence.rank


@settings(max_examples=100, deadline=None)
@given(
    random_clues.filter(lambda clues: any(clue.place is not Place.SOFTWARE for clue in clues)), st.integers(0, 99)
)
def test_what_is_merely_prepared_changes_no_verdict(clues: list[Clue], number: int) -> None:
    prepared = a_clue(Rank.PREPARED, Place.PLATFORM, number)

    assert verdict(*clues, prepared).via.get() is verdict(*clues).via.get()


_OF_THE_ADDRESS = {Rank.AUTHORIZED, Rank.REVERSE_CONFIRMED}
WORDS = ["brevo", "klaviyo", "none", "gmail", "mautic", "no-such-platform", "my own server", "Google Workspace"]


@settings(max_examples=200, deadline=None)
@given(random_clues, st.sampled_from([None, *WORDS]))
def test_only_a_platform_that_is_seen_or_claimed_without_contradiction_lifts_the_limits(
    clues: list[Clue], said: str | None
) -> None:
    found = verdict(*clues, platform=said)
    # Platforms give an address that they rent to one customer a name of the customer's.
    rented = any(c.shows and c.place is Place.PLATFORM and c.rank in _OF_THE_ADDRESS for c in clues)
    theirs = {Rank.OWN_NAME} if rented else set()
    counted = [c for c in clues if c.shows and not (c.rank in theirs and c.place is Place.OWN_SERVER)]
    shown = min(counted, key=lambda clue: clue.strength, default=None)

    assert set(clues) <= set(found.clues)
    if found.ordinary.get():
        return
    assert found.via.get() is SendsVia.PLATFORM
    assert found.platform is not None
    assert found.contradiction is None
    assert (shown is not None and shown.place is Place.PLATFORM) or (
        shown is None and said in {"brevo", "klaviyo"}
    )


@pytest.mark.slow
@settings(max_examples=100, deadline=None)
@given(random_clues, st.sampled_from(WORDS))
def test_no_word_makes_evidence_of_an_ordinary_address_go_away(clues: list[Clue], said: str) -> None:
    without, with_word = verdict(*clues), verdict(*clues, platform=said)
    shown = any(clue.shows for clue in clues)

    if shown and without.ordinary.get():
        assert with_word.ordinary.get()


@pytest.mark.slow
@settings(max_examples=300, deadline=None)
@given(random_clues, st.sampled_from([None, *WORDS]), st.data())
def test_a_lost_answer_changes_no_verdict_but_to_unknown(
    clues: list[Clue], said: str | None, data: st.DataObject
) -> None:
    clues = list({clue.rank: clue for clue in clues}.values())
    losable = [clue for clue in clues if clue.rank in SHOWN_BY and clue.place in SHOWN_BY[clue.rank]]
    lost = data.draw(st.sampled_from(losable)) if losable else None
    unseen = (Unseen(lost.rank, "DNS timed out"),) if lost else ()
    whole = verdict(*clues, platform=said)
    found = verdict(*(clue for clue in clues if clue is not lost), failures=unseen, platform=said)

    assert found.via.unavailable or found.via.get() is whole.via.get()
    assert found.ordinary.unavailable or found.ordinary.get() is whole.ordinary.get()
    assert found.open_because or found.is_doubted is whole.is_doubted


@pytest.mark.parametrize("lost", [Rank.AUTHORIZED, Rank.REVERSE_CONFIRMED, Rank.RANGE])
def test_a_lost_answer_could_have_been_of_the_platform_that_other_evidence_shows(lost: Rank) -> None:
    own = Clue(Rank.OWN_NAME, Place.OWN_SERVER, "seen", "your own server", Confidence.HIGH)
    sample = to_platform("klaviyo", Rank.SAMPLE)

    assert not verdict(sample, own, to_platform("klaviyo", lost)).is_doubted
    assert verdict(sample, own, failures=(Unseen(lost, "DNS timed out"),)).open_because


def test_many_lost_answers_about_many_addresses_are_tried_once(monkeypatch: pytest.MonkeyPatch) -> None:
    tried: list[tuple[Clue, ...]] = []
    conclude_once = conclusion._conclude

    def counted(claims: SenderClaims, clues: tuple[Clue, ...], failures: tuple[str, ...]) -> Verdict:
        tried.append(clues)
        return conclude_once(claims, clues, failures)

    monkeypatch.setattr(conclusion, "_conclude", counted)
    ips = [f"203.0.113.{number}" for number in range(1, 61)]
    seen = replace(to_platform("sendgrid", Rank.AUTHORIZED), address=ips[7])
    failures = tuple(Unseen(rank, f"DNS timed out for {ip}") for ip in ips for rank in (Rank.OWN_NAME, Rank.RANGE))

    found = verdict(seen, failures=failures, ips=ips)

    assert found.via.unavailable
    assert len(tried) < 20


@pytest.mark.parametrize("word", ["brevo", "klaviyo"])
def test_a_claim_that_evidence_contradicts_is_told_and_lifts_nothing(word: str) -> None:
    own = Clue(Rank.OWN_NAME, Place.OWN_SERVER, "seen", "your own server", Confidence.HIGH)

    found = verdict(own, to_platform(word, Rank.PREPARED), platform=word)

    assert found.via.get() is SendsVia.OWN_SERVER
    assert found.contradiction == own
    assert found.ordinary.get()


@pytest.mark.parametrize(
    ("word", "via"),
    [
        ("aucune", SendsVia.OWN_SERVER),
        ("my own server", SendsVia.OWN_SERVER),
        ("notre serveur", SendsVia.OWN_SERVER),
        ("Office 365", SendsVia.MAILBOX),
        ("G Suite", SendsVia.MAILBOX),
        ("OVHcloud", SendsVia.MAILBOX),
        ("Mautic", SendsVia.UNKNOWN),
        ("some mailer", SendsVia.UNKNOWN),
    ],
)
def test_a_word_is_taken_for_what_it_names(word: str, via: SendsVia) -> None:
    found = verdict(platform=word)

    assert found.via.get() is via
    assert found.ordinary.get()
    assert found.platform_name is None


def test_a_program_that_is_named_as_platform_is_the_software() -> None:
    assert verdict(platform="phplist").software == "phpList"


def test_a_service_that_nobody_knows_is_not_named_and_lifts_nothing() -> None:
    elsewhere = Clue(Rank.DELEGATED_ELSEWHERE, Place.PLATFORM, "seen", "mailer.example", Confidence.MEDIUM)

    found = verdict(elsewhere)

    assert (found.via.get(), found.platform_name) == (SendsVia.PLATFORM, None)
    assert found.ordinary.get()


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
    timed_out = Unseen(Rank.PREPARED, "DNS timed out")

    assert verdict(failures=(timed_out,)).via.unavailable == "DNS timed out"
    assert verdict().via.get() is SendsVia.UNKNOWN


def test_a_mailbox_service_may_be_named_as_platform() -> None:
    found = verdict(platform="gmail")

    assert found.via.get() is SendsVia.MAILBOX
    assert found.mailbox is mailbox_service_named("gmail")


def test_a_former_name_of_a_platform_is_understood() -> None:
    assert verdict(platform="Sendinblue").platform_name == "brevo"
