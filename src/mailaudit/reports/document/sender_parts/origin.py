"""Where the campaign leaves from, with the whole trail of evidence: a part of `facts.sender`."""

from mailaudit.facts.observed import Unavailable
from mailaudit.facts.sender.origin.addresses import SendingAddress
from mailaudit.facts.sender.origin.observe import OriginFacts
from mailaudit.facts.sender.reputation.blocklists import StandingFacts
from mailaudit.reports.document.base import Part, Text


class ServiceEntry(Part):
    """A service that may send for the domain; `shown_by` are `spf`, `dkim`, `bounces`, `ns` and `mx`.

    `kind` is `platform`, `mailbox`, `service` (known by name alone), `hoster` (also an access provider or a mail filter)
    or `unknown`; `id` is the name in the knowledge base. `sends` says that this campaign leaves there.
    """

    name: Text
    id: str | None
    kind: str
    shown_by: tuple[str, ...]
    seen: tuple[Text, ...]
    sends: bool
    looks_unused: bool


class ClueEntry(Part):
    """One observation: what was seen, the kind of place it points to, whose, and how sure that is."""

    kind: str
    seen: Text
    points_to: str
    name: Text
    confidence: str


class AddressEntry(Part):
    """One sending address with its reverse names; `confirmed` is null when DNS did not answer."""

    ip: str
    reverse_names: tuple[Text, ...] | None
    confirmed: bool | None
    kind: str | None


class ListingEntry(Part):
    """A list on which something of the sender stands."""

    list: str
    subject: Text
    answers: tuple[str, ...]
    means: tuple[str, ...]


class StandingEntry(Part):
    """What the blocklists say: how many were asked and answered, who is listed, and which lists gave no answer."""

    asked: int
    answered: int
    listed: tuple[ListingEntry, ...]
    not_answered: tuple[Text, ...]


class SessionEntry(Part):
    """What the server said to which mail is handed."""

    host: Text
    port: int
    greeting: Text
    tls: str | None
    certificate_problem: Text | None
    max_size: int | None


class OriginSection(Part):
    """The verdict's confidence, the services involved and everything that was seen."""

    confidence: str
    transport: Text | None
    software: Text | None
    mailbox: Text | None
    missing: tuple[str, ...]
    evidence: tuple[ClueEntry, ...]
    addresses: tuple[AddressEntry, ...]
    blocklists: StandingEntry
    smtp: SessionEntry | None


def origin_section(facts: OriginFacts) -> OriginSection:
    """Return what the report says about the place of departure."""
    verdict = facts.verdict
    return OriginSection.of(
        verdict,
        transport=verdict.transport.id if verdict.transport else None,
        mailbox=verdict.mailbox.id if verdict.mailbox else None,
        evidence=tuple(
            ClueEntry.of(clue, kind=clue.rank.name.lower().replace("_", "-"), points_to=clue.place)
            for clue in verdict.clues
        ),
        addresses=tuple(_address(address) for address in facts.addresses),
        blocklists=_standing(facts.standing),
        smtp=facts.session.value,
    )


def service_entries(facts: OriginFacts) -> tuple[ServiceEntry, ...]:
    """Return the map of the services that may send for the domain."""
    return tuple(map(ServiceEntry.of, facts.services))


def _address(address: SendingAddress) -> AddressEntry:
    try:
        confirmed: bool | None = bool(address.confirmed)
    except Unavailable:
        confirmed = None
    shapes = [one.shape for one in address.reverse]
    return AddressEntry(
        ip=str(address.ip),
        reverse_names=tuple(one.name for one in address.reverse) if address.ptr.is_known else None,
        confirmed=confirmed,
        kind=next((shape.kind for shape in shapes if shape), None),
    )


def _standing(facts: StandingFacts) -> StandingEntry:
    lists = {listing.blocklist.name for listing in facts.listings}
    listed = [listing for listing in facts.listings if listing.codes]
    return StandingEntry(
        asked=len(lists),
        answered=len(lists - set(facts.failures)),
        listed=tuple(
            ListingEntry.of(
                listing,
                list=listing.blocklist.id,
                subject=listing.subject.text,
                means=tuple(code.means for code in listing.codes),
            )
            for listing in listed
        ),
        not_answered=tuple(f"{name}: {reason}" for name, reason in sorted(facts.failures.items())),
    )
