"""The types of sending platforms: the traces by which they are recognised, and the records that they ask for."""

from collections.abc import Iterator, Mapping
from enum import StrEnum
from functools import cached_property
from typing import ClassVar, Literal

from msgspec import Struct, field

from mailaudit.knowledge.names import is_domain_template, is_range
from mailaudit.knowledge.patterns import is_template
from mailaudit.knowledge.types.fact import Confidence, Entry, Mistake, Note, Provenance
from mailaudit.knowledge.types.mailbox import MailboxLimit


class EvidenceKind(StrEnum):
    """What kind of trace a platform leaves."""

    DKIM_DOMAIN = "dkim-domain"
    DKIM_TARGET = "dkim-target"
    DKIM_SELECTOR = "dkim-selector"
    RETURN_PATH = "return-path"
    RETURN_PATH_TARGET = "return-path-target"
    RETURN_PATH_MX = "return-path-mx"
    NAME_SERVER = "name-server"
    SPF_INCLUDE = "spf-include"
    REVERSE_NAME = "reverse-name"
    IP_RANGE = "ip-range"
    SMTP_HOST = "smtp-host"
    TRACKING_TARGET = "tracking-target"
    LINK_DOMAIN = "link-domain"
    LINK_TEXT = "link-text"
    HEADER = "header"


_OTHER_TEXT = frozenset({
    EvidenceKind.DKIM_SELECTOR, EvidenceKind.IP_RANGE, EvidenceKind.LINK_TEXT, EvidenceKind.HEADER,
})  # fmt: skip
DOMAIN_KINDS = frozenset(EvidenceKind) - _OTHER_TEXT


class Evidence(Struct, frozen=True):
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


class Traces(Entry, frozen=True):
    """Traces of one kind from one source, as a file lists them."""

    kind: EvidenceKind
    values: tuple[str, ...]
    provenance: Provenance
    at: str | None = None
    note: str | None = None

    def mistakes(self) -> Iterator[Mistake]:
        """Yield values that are no such thing."""
        if not self.values:
            yield "values", "`values` must hold at least one value"
        for value in self.values:
            if self.kind in DOMAIN_KINDS and not is_domain_template(value):
                yield "values", f"`{value}` is not a domain name"
            if self.kind is EvidenceKind.IP_RANGE and not is_range(value):
                yield "values", f"`{value}` is not an address range such as 192.0.2.0/24"


class RecordStatus(StrEnum):
    """Whether a platform needs a record of its customers, only offers it, or asks for it no more."""

    REQUIRED = "required"
    OPTIONAL = "optional"
    DEPRECATED = "deprecated"


class PlatformRecord(Entry, frozen=True):
    """A DNS record that a platform asks its customers to publish.

    `name` is relative to the From domain (`@` for itself). In `name` and `value`, `<N>` and `<id>` stand for what only
    the customer's settings at the platform show; `<domain>` in `value` for the From domain. Of records with different
    words under `one_of`, those of one word are enough. `probe: false` marks a name that cannot be looked up without the
    platform's settings although it holds no placeholder.
    """

    identity: ClassVar[tuple[str, ...]] = ("purpose", "name", "type")

    purpose: Literal["dkim", "spf", "return-path", "tracking", "verification", "dmarc"]
    name: str
    type: Literal["CNAME", "TXT", "MX"]
    value: str
    status: RecordStatus
    provenance: Provenance
    one_of: str | None = None
    probe: bool = True
    note: str | None = None

    @property
    def is_probeable(self) -> bool:
        """Whether anybody can look the record up, knowing the From domain alone."""
        return self.probe and not is_template(self.name)

    @property
    def is_exact(self) -> bool:
        """Whether the record can be published as it stands."""
        return not is_template(self.name) and not is_template(self.value)

    @property
    def line(self) -> str:
        """The record, its name whole, as a line of a zone file."""
        value = f'"{self.value}"' if self.type == "TXT" else self.value
        return f"{self.name}. 3600 IN {self.type} {value}"


class SpfAlignment(StrEnum):
    """Whether SPF can pass in alignment with the customer's From domain."""

    ALWAYS = "always"
    WITH_SETUP = "with-setup"
    NEVER = "never"
    UNKNOWN = "unknown"


class Alignment(Entry, frozen=True):
    """Whether SPF aligns, and where that is said."""

    value: SpfAlignment
    provenance: Provenance
    note: str | None = None


class LookupCost(Entry, frozen=True):
    """How many DNS look-ups an SPF include costs, as last counted."""

    value: int
    provenance: Provenance


class Platform(Entry, frozen=True, dict=True, eq=False):
    """A service that sends mail for others.

    `composes` when people write and schedule campaigns in it, `transports` when it hands mail to the receivers
    itself; `via` names the transports of a composer that rents them. `limits` are those of its plans. `records` is
    empty when it is not known what it asks for.
    """

    id: str
    name: str
    provenance: Provenance
    kind: Literal["marketing", "transactional", "both", "saas", "hosting"] = "marketing"
    role: Literal["composer", "transport", "composer+transport"] = "composer+transport"
    aliases: tuple[str, ...] = ()
    via: tuple[str, ...] = ()
    alignment: Alignment | None = field(default=None, name="spf_aligns")
    lookup_cost: LookupCost | None = field(default=None, name="spf_lookups")
    traces: tuple[Traces, ...] = field(default=(), name="evidence")
    records: tuple[PlatformRecord, ...] = ()
    limits: tuple[MailboxLimit, ...] = ()
    notes: tuple[Note, ...] = ()

    @property
    def composes(self) -> bool:
        """Whether people write campaigns in it."""
        return "composer" in self.role

    @property
    def transports(self) -> bool:
        """Whether it hands mail to the receivers itself."""
        return "transport" in self.role

    @property
    def spf_aligns(self) -> SpfAlignment:
        """Whether SPF can align."""
        return self.alignment.value if self.alignment else SpfAlignment.UNKNOWN

    @property
    def spf_aligns_provenance(self) -> Provenance:
        """Where `spf_aligns` is said."""
        return self.alignment.provenance if self.alignment else self.provenance

    @property
    def spf_lookups(self) -> int | None:
        """The number of DNS look-ups that its SPF include costs, as last counted."""
        return self.lookup_cost.value if self.lookup_cost else None

    @cached_property
    def evidence(self) -> tuple[Evidence, ...]:
        """Every trace alone; of two with the same value the later, which may be a user's correction, counts."""
        found = {
            (row.kind, value, row.at): Evidence(row.kind, value, row.provenance, row.at, row.note)
            for row in self.traces
            for value in row.values
        }
        return tuple(found.values())

    def values(self, kind: EvidenceKind) -> tuple[str, ...]:
        """Return the values of one kind of evidence, in the order of the knowledge base."""
        return tuple(item.value for item in self.evidence if item.kind is kind)


class OtherService(Entry, frozen=True, eq=False):
    """A service that sends for its customers, of which no more is known than its name and the domains of its machines.

    A trace of it shows that the mail leaves through somebody else; whether that is a pool with a reputation nobody has
    looked at, so it is no platform.
    """

    identity: ClassVar[tuple[str, ...]] = ("name",)
    domain_names: ClassVar[tuple[str, ...]] = ("domains",)

    name: str
    domains: tuple[str, ...]
    provenance: Provenance


class PlatformsFile(Entry, frozen=True):
    """platforms.yml.

    `shared_selectors` are DKIM selectors that several services use, which prove nothing alone; `bounce_labels` the
    sub-domains under which bounce domains are usually set up; `other_services` those that are known by name alone.
    """

    platforms: tuple[Platform, ...] = ()
    shared_selectors: tuple[str, ...] = ()
    bounce_labels: tuple[str, ...] = ()
    other_services: tuple[OtherService, ...] = ()

    def mistakes(self) -> Iterator[Mistake]:
        """Yield transports that are nobody, and platforms that carry each other."""
        known = {platform.id: platform for platform in self.platforms}
        for platform in self.platforms:
            for name in platform.via:
                if name not in known:
                    what = f"`via` of {platform.id} names {name}, which is no platform here"
                    yield ("platforms", platform.id, "via"), what
            round_trip = _round_trip(platform, known)
            if round_trip and platform.id == min(round_trip):
                what = f"`via` of {platform.id} leads back to {platform.id}: {', '.join(sorted(round_trip))}"
                yield ("platforms", platform.id, "via"), what


def _round_trip(platform: Platform, known: Mapping[str, Platform]) -> set[str]:
    """Return the platforms on a way that leads back to this one."""
    ways = [(name, {platform.id}) for name in platform.via]
    while ways:
        name, way = ways.pop()
        if name == platform.id:
            return way
        if name in known and name not in way:
            ways += [(further, way | {name}) for further in known[name].via]
    return set()


class Match(Struct, frozen=True):
    """A platform that was recognised by one piece of evidence; `seen` is the text that matched."""

    platform: Platform
    evidence: Evidence
    seen: str

    @property
    def confidence(self) -> Confidence:
        """How sure we are that this evidence means this platform."""
        return self.evidence.provenance.confidence
