"""What the answer of a DNS list means: listed, not listed, or not to be believed (RFC 5782; RFC 6471)."""

from ipaddress import IPv4Address, IPv4Network

from msgspec import Struct

from mailaudit.facts.dns.answer import FAILURES, Answer, Status
from mailaudit.facts.dns.records import addresses_in
from mailaudit.facts.public_address import as_address
from mailaudit.knowledge.types.blocklist import Blocklist, ListCode, ListZone

_LISTINGS = IPv4Network("127.0.0.0/8")
_REFUSALS = IPv4Network("127.255.255.0/24")
_REFUSAL_WORDS = {
    252: "the list says that its name is mistyped",
    254: "the list refuses the DNS resolver that asks, because it is a public one or belongs to nobody",
    255: "the list refuses the DNS resolver that asks, because it asks too much",
}


class Reading(Struct, frozen=True):
    """What one answer means: the codes of a listing, or praise, or a failure that means neither.

    `answers` are the addresses in the answer. Without codes, praise and failure the subject is not listed.
    """

    codes: tuple[ListCode, ...] = ()
    praise: tuple[ListCode, ...] = ()
    failure: str | None = None
    answers: tuple[str, ...] = ()


def read_answer(found: Blocklist, answer: Answer) -> Reading:
    """Read an answer of a list; whatever is not a documented listing is a failure, never a listing."""
    if answer.status in {Status.NXDOMAIN, Status.NODATA}:
        return Reading()
    if answer.status is not Status.ANSWER:
        # The name may hold the sender's key for the list, so it is not repeated.
        return Reading(failure=FAILURES[answer.status])
    addresses = tuple(ip for ip in addresses_in(answer) if isinstance(ip, IPv4Address))
    shown = tuple(str(address) for address in addresses)
    failure = _failure(found, addresses)
    if failure:
        return Reading(failure=failure, answers=shown)
    codes = [code for code in found.codes if any(code.matches(address) for address in addresses)]
    praise = tuple(code for code in codes if code.severity == "good" or found.is_allow_list)
    bad = tuple(code for code in codes if code not in praise)
    if not codes:
        return Reading(failure=f"the list answers {', '.join(shown)}, which it does not document", answers=shown)
    return Reading(codes=bad, praise=praise, answers=shown)


def own_entry_failure(zone: ListZone, reading: Reading) -> str | None:
    """Return why a zone is not believed: its test entry is not listed (RFC 5782, section 5)."""
    if reading.failure or reading.codes or reading.praise:
        return reading.failure
    return f"{zone.name} does not hold its own test entry {zone.listed}: it was closed, or it does not answer us"


def anti_test_failure(zone: ListZone, reading: Reading) -> str | None:
    """Return why a listing is not believed: the entry that must never be listed is (RFC 5782, section 5)."""
    if reading.codes or reading.praise:
        return f"{zone.name} lists everybody, even {zone.unlisted}: it was closed or hijacked"
    return reading.failure


def question(subject: str, zone: str) -> str:
    """Return the name to ask: an IPv4 address by octets, an IPv6 address by nibbles, a domain as it is."""
    address = as_address(subject)
    if address is None:
        return f"{subject.rstrip('.')}.{zone}"
    reverse = address.reverse_pointer
    return f"{reverse.removesuffix('.in-addr.arpa').removesuffix('.ip6.arpa')}.{zone}"


def _failure(found: Blocklist, addresses: tuple[IPv4Address, ...]) -> str | None:
    for address in addresses:
        if address not in _LISTINGS:
            return (
                f"the answer {address} lies outside 127.0.0.0/8: the list was hijacked, or the DNS resolver invents"
                " answers"
            )
        if address in _REFUSALS:
            words = _REFUSAL_WORDS.get(int(address) & 0xFF, "the list refuses to answer")
            return f"{words} ({address})"
        for error in found.errors:
            if error.matches(address):
                return f"the list does not answer: {error.means} ({address})"
    return None if addresses else "the list answers without an address"
