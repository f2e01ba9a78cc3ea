"""`facts.recipients` of the JSON report."""

from __future__ import annotations

from mailaudit.facts.recipients.kinds import Kind
from mailaudit.facts.recipients.model import DomainLookups, ListFile, RecipientFacts, Use
from mailaudit.facts.recipients.reading.columns import shown_name
from mailaudit.reports.document.base import Part, Text


class ProviderEntry(Part):
    """How many recipients a mailbox provider serves; `share` is a fraction from 0 to 1."""

    provider: Text
    recipients: int
    share: float


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
    return RecipientsSection(
        rows=facts.rows,
        valid=facts.valid,
        invalid=facts.invalid,
        unreadable=facts.unreadable,
        duplicates=facts.duplicates,
        unique=facts.unique,
        domains=facts.domains,
        missing=facts.missing,
        suppressed=facts.suppressed or 0,
        opted_out=facts.opted_out,
        role=facts.role,
        disposable=facts.disposable,
        typo=facts.typo,
        undeliverable_domain=facts.undeliverable_domain,
        providers=tuple(
            ProviderEntry(provider=item.provider, recipients=item.recipients, share=round(item.share, 6))
            for item in facts.providers
        ),
        columns=tuple(
            ColumnEntry(file=file.path, column=shown_name(one.column), read_as=one.use, note=one.note)
            for file in facts.files
            for one in file.columns
        ),
        files=tuple(_file(file) for file in facts.files),
        suppression_files=tuple(
            SuppressionEntry(file=file.path, rows=file.rows, unusable=file.unusable)
            for file in facts.suppression_files
        ),
        lookups=_lookups(facts.lookups),
    )


def _lookups(found: DomainLookups | None) -> LookupsEntry | None:
    if found is None:
        return None
    return LookupsEntry(
        asked=found.asked,
        silent=found.silent,
        silent_recipients=found.silent_recipients,
        not_asked=found.not_asked,
        not_asked_recipients=found.not_asked_recipients,
    )


def _file(file: ListFile) -> FileEntry:
    return FileEntry(
        file=file.path,
        column=file.column,
        rows=file.rows,
        valid=file.valid,
        invalid=file.invalid,
        unreadable=file.unreadable,
        missing=file.missing,
        encoding=file.encoding,
        counts=dict(file.counts),
        reasons={kind: dict(reasons) for kind, reasons in file.reasons.items()} or None,
        samples={
            kind: tuple(RowEntry(line=s.line, address=s.address, reason=s.reason) for s in samples)
            for kind, samples in file.samples.items()
        },
    )
