"""The types of mailbox providers: whose domains, what they ask of senders and what happens otherwise."""

from datetime import date
from functools import cached_property
from typing import ClassVar, Literal

from msgspec import Struct, field

from mailaudit.knowledge.types.fact import Confidence, Entry, Provenance

_BELIEVED = "General knowledge, not checked against a source"


class Threshold(Entry, frozen=True):
    """The volume from which a requirement holds; `counted_per` is what is added up."""

    count: int
    window_s: int
    counted_per: Literal["organizational-domain", "from-domain", "sender", "ip"]
    is_permanent: bool = field(default=False, name="permanent")


class Consequence(Entry, frozen=True):
    """What happens to mail that does not meet a requirement.

    `confidence` is that of the code and the text, which are often less sure than the requirement itself; without one it
    is the requirement's.
    """

    effect: Literal["refused", "deferred", "junked", "unknown"]
    confidence: Confidence
    code: str | None = None
    text: str | None = None


class Requirement(Entry, frozen=True):
    """One thing that a provider asks of senders.

    `kind` is a word such as `spf`, `dkim`, `dmarc`, `alignment`, `one-click`, `unsubscribe-link`, `html-size`, `reverse-dns`,
    `helo`, `tls`, `complaints`, `connections`, `feedback-id`, `website`, `allow-list`, `consent`. `value` is its number, if
    it has one, `unit` the number's unit; `since` is the day from which it holds, where that is known. Without a `threshold`
    it holds for every sender.
    """

    identity: ClassVar[tuple[str, ...]] = ("kind",)

    kind: str
    text: str
    provenance: Provenance
    threshold: Threshold | None = None
    consequence: Consequence | None = None
    value: float | None = None
    unit: str | None = None
    since: date | None = None


class ReplyCode(Entry, frozen=True):
    """An SMTP answer of a provider and what it means."""

    identity: ClassVar[tuple[str, ...]] = ("code",)

    code: str
    meaning: str
    provenance: Provenance


class Contact(Entry, frozen=True):
    """Where a provider can be reached."""

    identity: ClassVar[tuple[str, ...]] = ("kind", "value")

    kind: Literal["form", "email", "portal", "dashboard", "feedback"]
    value: str
    provenance: Provenance
    note: str | None = None


class NamePart(Struct, frozen=True):
    """A recipient domain or an MX suffix of a provider."""

    name: str
    provenance: Provenance


class Servers(Entry, frozen=True):
    """MX suffixes from one source."""

    domain_names: ClassVar[tuple[str, ...]] = ("names",)

    names: tuple[str, ...]
    provenance: Provenance


class Provider(Entry, frozen=True, dict=True, eq=False):
    """A mailbox provider: domains of the same group share machines, filters and limits.

    `kind` is `consumer` (its domains belong to private people), `business` (it hosts other people's domains) or
    `gateway` (a filter before somebody else's mailboxes). `country` is an ISO 3166 code, where there is one. `read_domains`
    were read in a source, `more_domains` are believed.
    """

    domain_names: ClassVar[tuple[str, ...]] = ("read_domains", "more_domains")

    id: str
    name: str
    kind: Literal["consumer", "business", "gateway"]
    provenance: Provenance
    read_domains: tuple[str, ...] = field(default=(), name="domains")
    more_domains: tuple[str, ...] = ()
    servers: tuple[Servers, ...] = field(default=(), name="mx_suffixes")
    requirements: tuple[Requirement, ...] = ()
    codes: tuple[ReplyCode, ...] = ()
    contacts: tuple[Contact, ...] = ()
    aliases: tuple[str, ...] = ()
    country: str | None = None
    notes: tuple[str, ...] = ()

    @cached_property
    def domains(self) -> tuple[NamePart, ...]:
        """The domains of its users, each with where it was found."""
        believed = Provenance(_BELIEVED, self.provenance.date, Confidence.LOW)
        return (
            *(NamePart(name, self.provenance) for name in self.read_domains),
            *(NamePart(name, believed) for name in self.more_domains),
        )

    @cached_property
    def mx_suffixes(self) -> tuple[NamePart, ...]:
        """The names under which its servers take mail."""
        return tuple(NamePart(name, row.provenance) for row in self.servers for name in row.names)

    def requirement(self, kind: str) -> Requirement | None:
        """Return the first requirement of a kind, or nothing."""
        return next((item for item in self.requirements if item.kind == kind), None)

    @property
    def recipient_domains(self) -> tuple[str, ...]:
        """The domains of its users, those read in a source first."""
        ranked = sorted(self.domains, key=lambda part: part.provenance.confidence is Confidence.LOW)
        return tuple(part.name for part in ranked)


class ProvidersFile(Entry, frozen=True):
    """providers.yml."""

    providers: tuple[Provider, ...] = ()
