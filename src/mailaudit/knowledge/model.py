"""The types of the knowledge base: every fact carries its source, its date and how sure we are."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from mailaudit.knowledge.patterns import Pattern


class Confidence(StrEnum):
    """How sure we are of a fact: read at its source, read with a caveat, or only believed."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"

    @property
    def rank(self) -> int:
        """3 for high, 2 for medium, 1 for low."""
        return {"high": 3, "medium": 2, "low": 1}[self.value]


@dataclass(frozen=True, slots=True)
class Provenance:
    """Where a fact was found, the day on which it was gathered, and how sure we are of it."""

    source: str
    date: date
    confidence: Confidence


class EvidenceKind(StrEnum):
    """What kind of trace a platform leaves."""

    DKIM_DOMAIN = "dkim-domain"
    DKIM_TARGET = "dkim-target"
    DKIM_SELECTOR = "dkim-selector"
    RETURN_PATH = "return-path"
    RETURN_PATH_TARGET = "return-path-target"
    RETURN_PATH_MX = "return-path-mx"
    SPF_INCLUDE = "spf-include"
    REVERSE_NAME = "reverse-name"
    IP_RANGE = "ip-range"
    SMTP_HOST = "smtp-host"
    TRACKING_TARGET = "tracking-target"
    LINK_DOMAIN = "link-domain"
    LINK_TEXT = "link-text"
    HEADER = "header"


DOMAIN_KINDS = frozenset({
    EvidenceKind.DKIM_DOMAIN, EvidenceKind.DKIM_TARGET, EvidenceKind.RETURN_PATH, EvidenceKind.RETURN_PATH_TARGET,
    EvidenceKind.RETURN_PATH_MX, EvidenceKind.SPF_INCLUDE, EvidenceKind.REVERSE_NAME, EvidenceKind.SMTP_HOST,
    EvidenceKind.TRACKING_TARGET, EvidenceKind.LINK_DOMAIN,
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class Evidence:
    """One trace of a platform.

    `value` is a domain name (matched with everything below it; `<N>` stands for digits, `<id>` for one variable
    part of a label), a selector, an address range, a header (`Name: pattern`, `*` for anything) or a piece of a
    link. `at` is the label under the sender's domain where the trace is found, when it means nothing elsewhere.
    """

    kind: EvidenceKind
    value: str
    provenance: Provenance
    at: str | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Note:
    """A remark in plain words."""

    text: str
    provenance: Provenance


class SpfAlignment(StrEnum):
    """Whether SPF can pass in alignment with the customer's From domain."""

    ALWAYS = "always"
    WITH_SETUP = "with-setup"
    NEVER = "never"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, eq=False)
class Platform:
    """A service that sends mail for others.

    `composes` when people write and schedule campaigns in it, `transports` when it hands mail to the receivers
    itself; `via` names the transports of a composer that rents them. `spf_lookups` is the number of DNS look-ups
    that its SPF include costs, as last counted.
    """

    id: str
    name: str
    kind: str
    composes: bool
    transports: bool
    spf_aligns: SpfAlignment
    spf_aligns_provenance: Provenance
    spf_aligns_note: str | None = None
    aliases: tuple[str, ...] = ()
    via: tuple[str, ...] = ()
    spf_lookups: int | None = None
    evidence: tuple[Evidence, ...] = ()
    notes: tuple[Note, ...] = ()

    def values(self, kind: EvidenceKind) -> tuple[str, ...]:
        """Return the values of one kind of evidence, in the order of the knowledge base."""
        return tuple(item.value for item in self.evidence if item.kind is kind)


@dataclass(frozen=True, slots=True)
class Match:
    """A platform that was recognised by one piece of evidence; `seen` is the text that matched."""

    platform: Platform
    evidence: Evidence
    seen: str

    @property
    def confidence(self) -> Confidence:
        """How sure we are that this evidence means this platform."""
        return self.evidence.provenance.confidence


@dataclass(frozen=True, slots=True)
class MailboxLimit:
    """So many messages or recipients in a window of seconds.

    `counts` is `messages` or `recipients`, `which` narrows them (`external`, `unique`, `internal`, `new`);
    `window` is `sliding` or `calendar-day`; `scope` is what is counted together (`mailbox`, `domain`, `tenant`,
    `client-ip`, `account`). `max` is the lowest published value, `up_to` the highest when it varies. `condition`
    says when the limit applies; none means always.
    """

    max: int
    window_s: int
    counts: str
    window: str
    scope: str
    provenance: Provenance
    which: str | None = None
    up_to: int | None = None
    condition: str | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True, eq=False)
class MailboxService:
    """A service for the mail of people, not for mass mail, or a hosting account used like one.

    `kind` is `consumer`, `isp`, `business`, `hosting`, `relay`, `forwarding`, `shared-hosting`, `plugin-preset` or
    `panel`. `domains` are addresses of its users, `spf`, `mx`, `reverse_names`, `dkim_domains` and `smtp_hosts`
    are names of its machines, each matched with everything below it.
    """

    id: str
    name: str
    kind: str
    provenance: Provenance
    aliases: tuple[str, ...] = ()
    domains: tuple[str, ...] = ()
    spf: tuple[str, ...] = ()
    mx: tuple[str, ...] = ()
    reverse_names: tuple[str, ...] = ()
    dkim_domains: tuple[str, ...] = ()
    dkim_selectors: tuple[str, ...] = ()
    smtp_hosts: tuple[str, ...] = ()
    recipients_per_message: int | None = None
    limits: tuple[MailboxLimit, ...] = ()
    codes: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SoftwareSignature:
    """A trace that a program leaves in the messages it writes.

    `header` is the header's name in lower case, or `body`. `origin` is `own-software`, `hosting`, `mailbox`,
    `mail-client`, `platform` or `warning`. `is_weak` means never proof alone.
    """

    id: str
    name: str
    kind: str
    header: str
    pattern: Pattern
    origin: str
    provenance: Provenance
    is_weak: bool = False
    note: str | None = None


@dataclass(frozen=True, slots=True)
class ReversePattern:
    """A shape of reverse names; `kind` is `hosting`, `mailbox`, `access-line` or `generic`, `weight` runs from 1 to 5."""

    id: str
    name: str
    kind: str
    pattern: Pattern
    weight: int
    provenance: Provenance
    note: str | None = None


@dataclass(frozen=True, slots=True)
class HeloPattern:
    """A shape of HELO names that receivers distrust, and what it means."""

    id: str
    pattern: Pattern
    meaning: str
    weight: int
    provenance: Provenance


@dataclass(frozen=True, slots=True)
class Software:
    """Everything that recognises programs and machines; `lowering` matches names that look dynamic but are not."""

    signatures: tuple[SoftwareSignature, ...]
    reverse_patterns: tuple[ReversePattern, ...]
    helo_patterns: tuple[HeloPattern, ...]
    lowering: Pattern
