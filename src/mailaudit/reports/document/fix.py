"""What a finding asks of whom, and the records that put it right."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mailaudit.checks.finding import Owner
from mailaudit.checks.remedy import Action, Stage
from mailaudit.reports.document.base import Part, Text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mailaudit.checks.finding import Fix
    from mailaudit.checks.remedy import RecordChange, Remedy


class RecordEntry(Part):
    """One record as the panel of a DNS host wants it: `name` below `zone` (`@` for the zone itself), a plain `value`.

    `old_value` is what a record replaces. `old_ttl` is for how many seconds receivers may remember what it replaces or
    removes, where that is known.
    """

    action: Action
    zone: Text
    name: Text
    type: str
    ttl: int
    value: Text
    old_value: Text | None = None
    old_ttl: int | None = None

    @property
    def fqdn(self) -> str:
        """The whole name, without a final dot."""
        return self.zone if self.name == "@" else f"{self.name}.{self.zone}"


class ProofEntry(Part):
    """Who may send by an SPF record who could not, who may no longer, the look-ups, and what nobody could look up."""

    gains: tuple[Text, ...] = ()
    loses: tuple[Text, ...] = ()
    lookups: int = 0
    unverified: tuple[Text, ...] = ()


class FixEntry(Part):
    """Who does what; `dns_record` is one or more zone-file lines, separated by line breaks.

    `dns_records` are the same for a panel, `proof` stands beside an SPF record, `stage` tells when to publish,
    `condition` what must be true before, `wait_days` after how many days that can be told at the earliest, and `panel` how
    the zone's DNS host wants them typed. `forward` is the text to send to the person who can mend it.
    """

    owner: Owner
    steps: tuple[Text, ...]
    dns_record: Text | None = None
    dns_records: tuple[RecordEntry, ...] = ()
    proof: ProofEntry | None = None
    stage: Stage | None = None
    condition: Text | None = None
    wait_days: int | None = None
    panel: tuple[Text, ...] = ()
    forward: Text | None = None


def fix_entry(fix: Fix) -> FixEntry:
    """Return the entry of a fix."""
    remedy = fix.remedy
    if remedy is None:
        return FixEntry(owner=fix.owner, steps=fix.steps)
    dns_records = tuple(_records(remedy))
    return FixEntry.of(
        remedy, owner=fix.owner, steps=fix.steps, dns_record=fix.dns_record, dns_records=dns_records
    )


def _records(remedy: Remedy) -> Iterator[RecordEntry]:
    for record in remedy.records:
        goes = record.action is Action.REMOVE
        gone = () if goes else record.gone
        stands = bool(gone) and record.value in record.replaces
        if not stands:
            yield _entry(record, record.action, record.value, gone[0] if gone else None)
        for value in gone if stands else gone[1:]:
            yield _entry(record, Action.REMOVE, value)


def _entry(record: RecordChange, action: Action, value: str, old: str | None = None) -> RecordEntry:
    return RecordEntry.of(
        record, action=action, name=record.relative_name, value=value, old_value=old, old_ttl=record.remembered_s
    )
