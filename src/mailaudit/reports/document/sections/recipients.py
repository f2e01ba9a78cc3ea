"""`facts.recipients` of the JSON report."""

from mailaudit.facts.recipients.kinds import Kind
from mailaudit.facts.recipients.model import RecipientFacts, Use
from mailaudit.facts.recipients.reading.columns import shown_name
from mailaudit.reports.document.base import Part, Share, Text


class ProviderEntry(Part):
    """How many recipients a mailbox provider serves; `share` is a fraction from 0 to 1."""

    provider: Text
    recipients: int
    share: Share


class RowEntry(Part):
    """One row as evidence; the address is masked."""

    line: int | None
    address: Text
    reason: Text


class FileEntry(Part):
    """What one file of the list holds; `counts` has the kinds that were looked for."""

    file: Text
    column: Text
    rows: int
    valid: int
    invalid: int
    unreadable: int
    missing: int = 0
    encoding: Text
    counts: dict[Kind, int]
    reasons: dict[Kind, dict[Text, int]] | None = None
    samples: dict[Kind, tuple[RowEntry, ...]]


class ColumnEntry(Part):
    """A column that was read and what it was read as, or one that was only noticed (`another address`)."""

    file: Text
    column: Text
    read_as: Use
    note: Text = ""


class LookupsEntry(Part):
    """How the look-up of the list's domains went; the domains of known mailbox providers are not asked."""

    asked: int
    silent: int
    silent_recipients: int
    not_asked: int
    not_asked_recipients: int


class SuppressionEntry(Part):
    """A suppression list; `unusable` rows hold nothing that could be compared."""

    file: Text
    rows: int
    unusable: int


class RecipientsSection(Part):
    """The list, counted exactly; a number that was not established is null, never 0."""

    rows: int
    valid: int
    invalid: int
    unreadable: int
    duplicates: int
    unique: int
    domains: int
    missing: int = 0
    suppressed: int
    opted_out: int | None = None
    role: int | None
    disposable: int | None
    typo: int | None
    undeliverable_domain: int | None
    providers: tuple[ProviderEntry, ...]
    columns: tuple[ColumnEntry, ...] = ()
    files: tuple[FileEntry, ...] = ()
    suppression_files: tuple[SuppressionEntry, ...] = ()
    lookups: LookupsEntry | None = None


def recipients_section(facts: RecipientFacts) -> RecipientsSection:
    """Return what the report says about the list."""
    return RecipientsSection.of(
        facts,
        suppressed=facts.suppressed or 0,
        columns=tuple(
            ColumnEntry(file=file.path, column=shown_name(one.column), read_as=one.use, note=one.note)
            for file in facts.files
            for one in file.columns
        ),
        files=tuple(FileEntry.of(file, file=file.path, reasons=file.reasons or None) for file in facts.files),
        suppression_files=tuple(SuppressionEntry.of(file, file=file.path) for file in facts.suppression_files),
    )
