"""What is known about the campaign's recipients."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from enum import StrEnum
from typing import TYPE_CHECKING

from msgspec import Struct, field

from mailaudit.facts.message.merge.model import Join
from mailaudit.facts.recipients.kinds import Kind

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt


class Sample(Struct, frozen=True):
    """One row as evidence; `address` is masked, `line` counts from 1 in the file."""

    line: int | None
    address: str
    reason: str


class Use(StrEnum):
    """What a column of a list was read as."""

    ADDRESS = "address"
    OTHER_ADDRESS = "another address"
    CONSENT = "consent"
    LAST_ENGAGED = "last activity"
    REFUSAL = "refusal"
    AGREEMENT = "agreement"
    STATUS = "status"


class ColumnUse(Struct, frozen=True):
    """A column that was read, or only noticed (`another address`); `note` is what must be known of its cells."""

    column: str
    use: Use
    note: str = ""


class ListFile(Struct, frozen=True):
    """What one file of the list holds.

    `path` is how a report names the file, `name` its last part. `column` is the header of the address column, or
    its number, counted from 1. `counts` and `samples` (bounded, in list order) are by kind; a kind that was not
    looked for is absent from `counts`, and a kind that was looked for and not found counts 0. `reasons` splits the
    count of some kinds; `columns` says what was read, and as what.
    """

    path: str
    name: str
    column: str
    rows: int
    valid: int
    invalid: int
    unreadable: int
    missing: int = 0
    encoding: str = ""
    columns: tuple[ColumnUse, ...] = ()
    reasons: Mapping[Kind, Mapping[str, int]] = field(default_factory=dict)
    counts: Mapping[Kind, int] = field(default_factory=dict)
    samples: Mapping[Kind, tuple[Sample, ...]] = field(default_factory=dict)


class ProviderShare(Struct, frozen=True):
    """How many recipients (unique addresses) one mailbox provider serves; `share` is a fraction from 0 to 1."""

    provider: str
    recipients: int
    share: float


class DomainShare(Struct, frozen=True):
    """How many recipients (unique addresses) have an address under one domain."""

    domain: str
    recipients: int
    share: float


class SuppressionFile(Struct, frozen=True):
    """A list of people who must not be mailed.

    `unusable` rows hold nothing that could be compared; `unusable_lines` are the first of them, with the reason.
    `passing` rows tell of a failure that may pass, or of no failure at all, and stop nobody; nor do those that are `letting`
    somebody be mailed, in a complete export.
    """

    path: str
    name: str
    rows: int
    unusable: int
    unusable_lines: tuple[tuple[int, str], ...] = ()
    passing: int = 0
    letting: int = 0


class DomainLookups(Struct, frozen=True):
    """How the look-up of the list's domains went.

    `asked` domains were looked up, `silent` of them gave no answer (`silent_recipients` people are behind these, the
    first reason is `why`), `not_asked` were left out for the reason `why_not_asked` (no zone file covers them, a limit);
    `late_recipients` people are behind those that were to be asked and were not, because the time was over.
    """

    asked: int
    silent: int = 0
    silent_recipients: int = 0
    not_asked: int = 0
    not_asked_recipients: int = 0
    late_recipients: int = 0
    why_not_asked: str | None = None
    why: str | None = None


@dataclasses.dataclass(frozen=True, slots=True)
class RecipientFacts:
    """The recipient list, counted exactly.

    `rows = valid + invalid + unreadable + missing` and `valid = unique + duplicates`. A number that was not established
    is `None`, never 0. `suppressed`, `opted_out`, `role`, `disposable`, `typo` and `undeliverable_domain` count people.
    `domains` is the number of distinct domains of valid addresses. `messages` is what a program that mails the
    list as it stands would send: the valid rows, duplicates included; `provider_sequence` holds for each of them,
    in list order, the index of its provider in `provider_names`, where the largest receivers that nobody
    knows follow, each by the domain of its mail servers. `joins` are the fields of a template with the columns
    that fill them, nothing for lists whose columns have no names. `zones` are the messages to each time zone, for a start in
    everybody's own; no zone where no cell tells one.
    """

    files: tuple[ListFile, ...]
    rows: int
    valid: int
    invalid: int
    unreadable: int
    duplicates: int
    unique: int
    domains: int
    missing: int = 0
    suppressed: int | None = None
    opted_out: int | None = None
    role: int | None = None
    disposable: int | None = None
    typo: int | None = None
    undeliverable_domain: int | None = None
    providers: tuple[ProviderShare, ...] = ()
    provider_names: tuple[str, ...] = ()
    provider_sequence: npt.NDArray[np.uint16] | None = dataclasses.field(default=None, compare=False, repr=False)
    suppression_files: tuple[SuppressionFile, ...] = ()
    lookups: DomainLookups | None = None
    largest_company_domain: DomainShare | None = None
    joins: tuple[Join, ...] | None = ()
    zones: tuple[tuple[str | None, int], ...] = ()

    @property
    def messages(self) -> int:
        """How many messages leave when the list is mailed as it stands."""
        return self.valid
