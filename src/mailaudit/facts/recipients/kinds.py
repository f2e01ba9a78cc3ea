"""The kinds of rows: what can be said of a row of a list, and as what `mailaudit clean` takes it out.

This is the only place that a new kind needs beside the code that finds it.
"""

from enum import StrEnum
from typing import Self

from msgspec import Struct

_NO_DNS = "DNS was not asked, or did not answer"
_NO_CONSENT = "no column with the date of consent is named"
_NO_ACTIVITY = "no column with the last activity is named"


class Removal(Struct, frozen=True):
    """The class of `mailaudit clean` that removes the rows of a kind; `lacking` says why it could not be told."""

    name: str
    by_default: bool = False
    lacking: str = ""


class Kind(StrEnum):
    """What can be said about a row; a row of the list may be of several kinds, and a recased one is a duplicate too.

    In this order: a row of several kinds is removed under the first one. Kinds `of_rows` are found row by row; all
    others belong to a person, and so to every row with that address.
    """

    removal: Removal | None
    of_rows: bool

    UNREADABLE = "unreadable", Removal("unreadable", by_default=True), True
    MISSING = "missing", Removal("missing", by_default=True), True
    INVALID = "invalid", Removal("invalid", by_default=True), True
    SEVERAL = "several-addresses", None, True
    SUPPRESSED = (
        "suppressed",
        Removal("suppressed", by_default=True, lacking="no suppression list could be read, or none is named"),
    )
    OPTED_OUT = "opted-out", Removal("opted-out", by_default=True, lacking="no column says who may be mailed")
    REFUTED = "refuted", Removal("refuted", lacking="no result file of a verification service is named")
    UNDELIVERABLE = "undeliverable-domain", Removal("undeliverable", by_default=True, lacking=_NO_DNS)
    PARKED = "parked-domain", Removal("parked", by_default=True, lacking=_NO_DNS)
    CONSENT_MISSING = "consent-missing", Removal("no-consent", lacking=_NO_CONSENT)
    CONSENT_EXPIRED = "consent-expired", Removal("old-consent", lacking=_NO_CONSENT)
    CONSENT_LATER = "consent-after-send"
    CONSENT_UNDATED = "consent-undated"
    DISPOSABLE = "disposable", Removal("disposable")
    TYPO = "typo", Removal("typo")
    MACHINE_MADE = "machine-made", Removal("machine-made")
    INACTIVE = "inactive", Removal("inactive", lacking=_NO_ACTIVITY)
    NEVER_ENGAGED = "never-engaged"
    ENGAGED_LATER = "engaged-after-send"
    ROLE = "role", Removal("role")
    SMTPUTF8 = "smtputf8", Removal("international")
    SAME_MAILBOX = "same-mailbox", Removal("same-mailbox")
    DUPLICATE = "duplicate", Removal("duplicates", by_default=True), True
    RECASED = "duplicate-in-other-case", None, True

    def __new__(cls, value: str, removal: Removal | None = None, of_rows: bool = False) -> Self:  # noqa: FBT001, FBT002 - a row of the table above
        """Make a member of a row of the table."""
        member = str.__new__(cls, value)
        member._value_ = value
        member.removal = removal
        member.of_rows = of_rows
        return member

    @property
    def view(self) -> str:
        """The name of the view `(r, k, why)` of the rows, or of the first row of each person, of this kind."""
        return f"kind_{self.value.replace('-', '_')}"


class DatedKinds(Struct, frozen=True):
    """The kinds of people that a dated column tells."""

    missing: Kind
    expired: Kind
    later: Kind
    undated: Kind | None = None


# The dated columns that a campaign may name, and what they tell.
DATED = {
    "consent": DatedKinds(Kind.CONSENT_MISSING, Kind.CONSENT_EXPIRED, Kind.CONSENT_LATER, Kind.CONSENT_UNDATED),
    "last_engaged": DatedKinds(Kind.NEVER_ENGAGED, Kind.INACTIVE, Kind.ENGAGED_LATER),
}
# The classes that `mailaudit clean` knows, by name.
CLASSES = {kind.removal.name: kind for kind in Kind if kind.removal}
