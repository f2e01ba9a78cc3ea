"""The types of mailbox providers: whose domains, what they ask of senders and what happens otherwise."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from mailaudit.knowledge.model import Confidence, Provenance


@dataclass(frozen=True, slots=True)
class Threshold:
    """The volume from which a requirement holds; `counted_per` is what is added up."""

    count: int
    window_s: int
    counted_per: str
    is_permanent: bool = False


@dataclass(frozen=True, slots=True)
class Consequence:
    """What happens to mail that does not meet a requirement; `effect` is `refused`, `deferred`, `junked` or `unknown`.

    `confidence` is that of the code and the text, which are often less sure than the requirement itself.
    """

    effect: str
    code: str | None = None
    text: str | None = None
    confidence: Confidence = Confidence.HIGH


@dataclass(frozen=True, slots=True)
class Requirement:
    """One thing that a provider asks of senders.

    `kind` is a word such as `spf`, `dkim`, `dmarc`, `alignment`, `one-click`, `reverse-dns`, `helo`, `tls`,
    `complaints`, `connections`, `feedback-id`, `website`, `allow-list`, `consent`. `value` is its number, if it has
    one, `unit` the number's unit; `since` is the day from which it holds, where that is known. Without a `threshold`
    it holds for every sender.
    """

    kind: str
    text: str
    provenance: Provenance
    threshold: Threshold | None = None
    consequence: Consequence | None = None
    value: float | None = None
    unit: str | None = None
    since: date | None = None


@dataclass(frozen=True, slots=True)
class ReplyCode:
    """An SMTP answer of a provider and what it means."""

    code: str
    meaning: str
    provenance: Provenance


@dataclass(frozen=True, slots=True)
class Contact:
    """Where a provider can be reached; `kind` is `form`, `email`, `portal`, `dashboard` or `feedback`."""

    kind: str
    value: str
    provenance: Provenance
    note: str | None = None


@dataclass(frozen=True, slots=True)
class NamePart:
    """A recipient domain or an MX suffix of a provider."""

    name: str
    provenance: Provenance


@dataclass(frozen=True, slots=True)
class Provider:
    """A mailbox provider: domains of the same group share machines, filters and limits.

    `kind` is `consumer` (its domains belong to private people), `business` (it hosts other people's domains) or
    `gateway` (a filter before somebody else's mailboxes). `country` is an ISO 3166 code, where there is one.
    """

    id: str
    name: str
    kind: str
    domains: tuple[NamePart, ...]
    mx_suffixes: tuple[NamePart, ...]
    requirements: tuple[Requirement, ...] = ()
    codes: tuple[ReplyCode, ...] = ()
    contacts: tuple[Contact, ...] = ()
    aliases: tuple[str, ...] = ()
    country: str | None = None
    notes: tuple[str, ...] = ()

    def requirement(self, kind: str) -> Requirement | None:
        """Return the first requirement of a kind, or nothing."""
        return next((item for item in self.requirements if item.kind == kind), None)

    @property
    def recipient_domains(self) -> tuple[str, ...]:
        """The domains of its users, those read in a source first."""
        ranked = sorted(self.domains, key=lambda part: part.provenance.confidence is Confidence.LOW)
        return tuple(part.name for part in ranked)
