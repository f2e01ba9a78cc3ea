"""What the sample message betrays: its headers, its links, the program that wrote it."""

import re
from collections.abc import Awaitable, Iterator

from msgspec import Struct
from msgspec.structs import replace

from mailaudit.errors import InputError
from mailaudit.facts.dns.answer import Resolver
from mailaudit.facts.message.model import HeaderField, MessageFacts
from mailaudit.facts.message.reading.addresses import mailboxes
from mailaudit.facts.sender.claims import SenderClaims
from mailaudit.facts.sender.names import is_askable, is_at_or_under
from mailaudit.facts.sender.origin.claimed import OWN_SERVER
from mailaudit.facts.sender.origin.clues.from_addresses import hosted
from mailaudit.facts.sender.origin.clues.last_hop import LastHop, observe_last_hop
from mailaudit.facts.sender.origin.evidence import Clue, Place, Rank, lowest, mailbox_clues, platform_clues
from mailaudit.facts.sender.origin.lost_answers import Unseen
from mailaudit.facts.sender.tags import read_tags
from mailaudit.knowledge import load, lookup
from mailaudit.knowledge.hosting import hoster_by_reverse_name
from mailaudit.knowledge.receivers import mailbox_service_by, mailbox_service_by_domain
from mailaudit.knowledge.types.fact import Confidence
from mailaudit.knowledge.types.software import SoftwareSignature

MAX_LINKS = 500
MAX_HEADERS = 300
MAX_BODY = 200_000
_WINDOW = 900
_LINK = re.compile(r"""(?:href|src)\s{0,3}=\s{0,3}["']([^"'<>\s]{1,1000})""", re.IGNORECASE)
# What only the program that called PHP's mail() or the web server's account writes.
_SCRIPTS = frozenset({"x-php-originating-script", "x-php-script", "x-source-args", "x-authentication-warning"})
MessageLater = Awaitable[MessageFacts | None]


class MessageTraces(Struct, frozen=True):
    """The clues of a message, the domains that its DKIM signatures name, and the hosts of its links.

    `hop` is the machine that handed it over, when a receiver wrote down which. `is_foreign` says that it was written in
    the name of somebody else than the sender.
    """

    clues: tuple[Clue, ...] = ()
    signers: tuple[str, ...] = ()
    links: tuple[str, ...] = ()
    hop: LastHop | None = None
    is_foreign: bool = False

    @property
    def is_own_delivery(self) -> bool:
        """Whether a machine of the sender's own handed the message over, or one that bears a false name."""
        is_doubted = self.hop is not None and self.hop.is_doubted
        return is_doubted or any(clue.rank is Rank.OWN_NAME for clue in self.clues)

    @property
    def is_doubted(self) -> bool:
        """Whether what it names tells nothing of this campaign, unless a signature of it holds."""
        return self.is_foreign or self.is_own_delivery

    @property
    def unseen(self) -> tuple[Unseen, ...]:
        """The look-ups about that machine that failed."""
        return self.hop.unseen if self.hop else ()


async def observe_traces(
    message: MessageLater, own_domain: str, claims: SenderClaims, dns: Resolver
) -> MessageTraces:
    """Return what the sample betrays, who handed it over held against DNS; nothing without a sample."""
    try:
        sample = await message
    except InputError:
        # Whoever gathers the message itself reports that it cannot be used.
        sample = None
    if sample is None:
        return MessageTraces()
    hop = await observe_last_hop(_fields(sample), claims.ips, dns)
    found = _traces_of(sample, own_domain, hop)
    if not _is_foreign(sample, own_domain):
        return found
    # What another's message shows of its way is no more than a guess about this one.
    return replace(found, clues=tuple(_as_written(clue) for clue in found.clues), is_foreign=True)


def _is_foreign(message: MessageFacts, own_domain: str) -> bool:
    authors = [one.address for f in message.header("From")[:1] for one in mailboxes(f.raw) if one.is_valid]
    return bool(authors) and not any(is_at_or_under(_domain(one), own_domain) for one in authors)


def _domain(address: str) -> str:
    return address.rpartition("@")[2].lower()


def _traces_of(message: MessageFacts, own_domain: str, hop: LastHop | None) -> MessageTraces:
    fields = _fields(message)
    signed = (read_tags(field.value).get("d").lower() for field in message.header("DKIM-Signature")[:MAX_HEADERS])
    signers = tuple(dict.fromkeys(filter(is_askable, signed)))
    handed = MessageTraces(tuple(_handed_over(hop, own_domain)) if hop else (), hop=hop)
    stamped = [clue for domain in signers for clue in _signature(domain)]
    stamped += (clue for f in fields for clue in _return_path(f))
    written = [clue for f in fields for clue in _header(f.name, f.value)]
    written += (clue for link in _links(message) for clue in _link(link))
    if not any(clue.rank is Rank.SAMPLE and clue.platform for clue in handed.clues):
        # Anybody may write any header, and templates move: only the machine that hands a message over tells who carries
        # it. A signature that holds is looked at apart.
        stamped = [_as_written(clue) if clue.platform else clue for clue in stamped]
        written = [_as_written(clue) for clue in written]
    seen = [*stamped, *written, *handed.clues]
    # On shared hosting the mail of a script passes the servers of the hoster's mailboxes.
    behind = [clue for clue in seen if clue.mailbox]
    clues = [*(clue for clue in seen if not clue.mailbox), *_site(message), *behind, *_software(message)]
    return MessageTraces(tuple(_distinct(clues)), signers, message.link_domains, hop)


def _fields(message: MessageFacts) -> tuple[HeaderField, ...]:
    return (message.headers or ())[:MAX_HEADERS]


def _signature(domain: str) -> Iterator[Clue]:
    seen = f"the sample message is signed by {domain}"
    matches = lookup.platforms_by("dkim-domain", domain)
    yield from platform_clues(Rank.SAMPLE, matches, seen)
    if not matches:
        yield from mailbox_clues(Rank.SAMPLE, mailbox_service_by("dkim_domains", domain), seen)


def _as_written(clue: Clue) -> Clue:
    """Return a clue as what anybody could have written into the message."""
    return replace(clue, rank=Rank.MESSAGE, confidence=Confidence.LOW)


def _return_path(field: HeaderField) -> Iterator[Clue]:
    if field.name.lower() == "return-path":
        domain = field.value.strip(" <>").rpartition("@")[2]
        matches = lookup.platforms_by("return-path", domain)
        yield from platform_clues(Rank.SAMPLE, matches, f"the bounces of the sample message go to {domain}")


def _header(name: str, value: str) -> Iterator[Clue]:
    matches = lookup.platform_by_header(name, value)
    yield from platform_clues(Rank.MESSAGE, matches, f"the sample message has the header {name}")


def _handed_over(hop: LastHop, own_domain: str) -> Iterator[Clue]:
    name = hop.name
    seen = f"the sample message was handed over by {name}"
    known = [*platform_clues(Rank.SAMPLE, lookup.platforms_by("reverse-name", name), seen)]
    if not hop.is_borne_out:
        # DNS could not be asked: the field says it, and no look-up speaks against it.
        most = Confidence.LOW if hop.is_doubted else Confidence.MEDIUM
        known = [replace(clue, confidence=lowest(clue.confidence, most)) for clue in known]
    known = [_as_written(clue) for clue in known] if hop.is_doubted else known
    known += mailbox_clues(Rank.SAMPLE, mailbox_service_by("reverse_names", name), seen) if not known else ()
    yield from known or (
        replace(clue, confidence=Confidence.LOW)
        for clue in hosted(Rank.SAMPLE, hoster_by_reverse_name(name), seen)
    )
    if not known and is_at_or_under(name, own_domain) and mailbox_service_by_domain(own_domain) is None:
        # As good as a reverse name: an address that a platform rents out bears one of the customer's.
        yield Clue(Rank.OWN_NAME, Place.OWN_SERVER, seen, OWN_SERVER, Confidence.HIGH, address=hop.address)


def _site(message: MessageFacts) -> Iterator[Clue]:
    """Yield a clue when a script of a web site sends: PHP and web servers write its name into the header."""
    for signature in load.software().signatures:
        is_script = signature.header in _SCRIPTS and signature.origin == "hosting" and not signature.is_weak
        if is_script and _is_signed_by(signature, message):
            seen = f"the sample message's header {signature.header} names a script of the web site"
            confidence = signature.provenance.confidence
            yield Clue(Rank.SAMPLE, Place.OWN_SERVER, seen, OWN_SERVER, confidence, is_site=True)
            return


def _links(message: MessageFacts) -> list[str]:
    links = _LINK.findall(message.html or "")[:MAX_LINKS]
    return [*links, *message.link_domains[:MAX_LINKS]]


def _link(link: str) -> Iterator[Clue]:
    host = re.sub(r"^[a-z]+://", "", link, flags=re.IGNORECASE).partition("/")[0][:253]
    yield from platform_clues(Rank.MESSAGE, lookup.platform_by_link(link), f"the sample message links to {host}")


def _software(message: MessageFacts) -> Iterator[Clue]:
    # What a host adds names no program of the sender's: it comes last.
    for signature in sorted(load.software().signatures, key=lambda one: one.origin == "hosting"):
        if signature.is_weak or not _is_signed_by(signature, message):
            continue
        where = "text" if signature.header == "body" else f"header {signature.header}"
        confidence = lowest(signature.provenance.confidence, Confidence.MEDIUM)
        place = Place.MAILBOX if signature.origin == "mailbox" else Place.SOFTWARE
        if signature.origin != "warning":
            yield Clue(Rank.MESSAGE, place, f"the sample message's {where} is that of {signature.name}",
                       signature.name, confidence)  # fmt: skip


def software_of(message: MessageFacts) -> tuple[str, ...]:
    """Return the programs of the sender's own that left a certain trace in a message."""
    found = (one for one in load.software().signatures if one.origin == "own-software" and not one.is_weak)
    return tuple(dict.fromkeys(one.name for one in found if _is_signed_by(one, message)))


def _is_signed_by(signature: SoftwareSignature, message: MessageFacts) -> bool:
    if signature.header == "body":
        body = (message.html or message.text or "")[:MAX_BODY]
        windows = (body[start : start + _WINDOW + 100] for start in range(0, len(body), _WINDOW))
        return any(signature.pattern.search(window) for window in windows)
    return any(signature.pattern.search(field.value) for field in message.header(signature.header)[:MAX_HEADERS])


def _distinct(clues: list[Clue]) -> Iterator[Clue]:
    found: set[tuple[str, Rank]] = set()
    for clue in clues:
        key = (clue.name, clue.rank)
        if key not in found:
            found.add(key)
            yield clue
