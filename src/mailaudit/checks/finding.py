"""What a check says: problems, findings and results."""

import hashlib
from enum import StrEnum
from typing import Self, TypedDict, Unpack

from msgspec import Struct, field
from msgspec.structs import force_setattr

from mailaudit.checks.change import Change
from mailaudit.checks.remedy import Remedy
from mailaudit.knowledge.types.fact import Confidence as Confidence  # noqa: PLC0414 - a part of what a check says
from mailaudit.location import Location


class Severity(StrEnum):
    """How bad the consequence is; `rank` orders them, the worst highest."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"

    @property
    def rank(self) -> int:
        """3 for an error, 2 for a warning, 1 for a note."""
        return {"error": 3, "warning": 2, "note": 1}[self.value]


class Outcome(StrEnum):
    """The six honest outcomes of a check."""

    PASSED = "passed"
    FAILED = "failed"
    NOT_APPLICABLE = "not-applicable"
    SKIPPED = "skipped"
    UNVERIFIED = "unverified"
    CRASHED = "crashed"


class Owner(StrEnum):
    """Who can put the problem right."""

    DNS_ADMIN = "dns-admin"
    LIST_OWNER = "list-owner"
    PLATFORM = "platform"
    SERVER_ADMIN = "server-admin"
    SENDER = "sender"


HTML_SIZE = "octets of HTML"
"""The label of the evidence by which a mailbox's limit for HTML is told from those for whole messages."""


class Evidence(Struct, frozen=True):
    """One observation that supports a problem, for example label `SPF record`, value `v=spf1 -all`."""

    label: str
    value: str


class Fix(Struct, frozen=True):
    """Who does what.

    `change` is what a check wants changed in DNS. `remedies/` makes proven records out of it, the `remedy`; where it
    cannot, `otherwise` stands in place of the steps.
    """

    owner: Owner
    steps: tuple[str, ...]
    change: Change | None = None
    otherwise: tuple[str, ...] = ()
    remedy: Remedy | None = None

    @classmethod
    def by(cls, owner: Owner, *steps: str, change: Change | None = None, otherwise: tuple[str, ...] = ()) -> Self:
        """Return what somebody does, step by step."""
        return cls(owner, steps, change, otherwise)

    def __post_init__(self) -> None:
        """Tell of no record where none is wanted."""
        if self.change is None and self.otherwise:
            force_setattr(self, "steps", self.otherwise)

    @property
    def dns_record(self) -> str | None:
        """The proven records as zone-file lines, separated by line breaks; missing when records only go."""
        return (self.remedy.zone_lines or None) if self.remedy else None


class Impact(Struct, frozen=True):
    """For how many of the campaign's recipients it matters; `share` is a fraction from 0 to 1."""

    recipients: int
    share: float
    providers: tuple[str, ...] = ()


class Magnitude(Struct, frozen=True):
    """How much of a problem there is, in `unit` (`rows`, `messages`, `look-ups`): more is worse."""

    value: int
    unit: str


class ProblemDetails(TypedDict, total=False):
    """What may be told of a problem beside its subject, its message and who does what."""

    location: str | Location | None
    evidence: tuple[Evidence, ...]
    confidence: Confidence
    severity: Severity | None
    impact: Impact | None
    discriminator: str
    magnitude: Magnitude | None
    cause: str


class Problem(Struct, frozen=True):
    """All that a check's author writes.

    `subject` is the thing that is wrong (a domain, an address, a file name). `location` is a key path of the
    campaign file such as `sending.ips.0`, or a `Location` in another input file. `severity` may be lower than
    the check's, never higher. `discriminator` tells apart two problems of one check on one subject; it must
    hold neither wording nor line numbers, because it becomes part of the fingerprint. A problem that counts something
    gives its `magnitude`, so that whoever accepts it accepts no more than that. Many problems of a check with one `cause`
    (a key like a discriminator) are told as one finding.
    """

    subject: str
    message: str
    fix: Fix
    location: str | Location | None = None
    evidence: tuple[Evidence, ...] = ()
    confidence: Confidence = Confidence.HIGH
    severity: Severity | None = None
    impact: Impact | None = None
    discriminator: str = ""
    magnitude: Magnitude | None = None
    cause: str = ""

    @classmethod
    def about(
        cls,
        subject: str,
        message: str,
        *steps: str,
        owner: Owner = Owner.SENDER,
        change: Change | None = None,
        otherwise: tuple[str, ...] = (),
        **told: Unpack[ProblemDetails],
    ) -> Self:
        """Return what is wrong with a subject, and what its owner does about it, step by step."""
        return cls(subject, message, Fix(owner, steps, change, otherwise), **told)


class Suppression(Struct, frozen=True):
    """Why a finding does not count; `until` is the ISO date on which it comes back, if one was given.

    `source` is `ignore` (of the campaign file), `policy` or `baseline`.
    """

    reason: str
    until: str | None = None
    source: str = "ignore"


class Finding(Struct, frozen=True):
    """A problem, named by its check, placed in a file and fingerprinted.

    `outgrown` is the magnitude up to which it was accepted, when it has grown beyond.
    """

    check: str
    fingerprint: str
    severity: Severity
    confidence: Confidence
    subject: str
    message: str
    fix: Fix
    location: Location | None = None
    evidence: tuple[Evidence, ...] = ()
    impact: Impact | None = None
    suppressed: Suppression | None = None
    magnitude: Magnitude | None = None
    outgrown: int | None = None


class Unverified(Struct, frozen=True):
    """One subject that a check could not judge, and why."""

    subject: str | None
    reason: str


class Result(Struct, frozen=True):
    """The outcome of one check; there are findings exactly when the outcome is `failed`.

    `reason` tells why there is no verdict, or what a pass leaves open.
    """

    check: str
    outcome: Outcome
    findings: tuple[Finding, ...] = ()
    reason: str | None = None
    unverified: tuple[Unverified, ...] = field(default=())


def fingerprint(check: str, subject: str, discriminator: str = "") -> str:
    """Return 16 hexadecimal digits that stay the same when wording or line numbers change."""
    joined = f"{check}\x1f{subject.lower()}\x1f{discriminator}"
    return hashlib.sha256(joined.encode()).hexdigest()[:16]
