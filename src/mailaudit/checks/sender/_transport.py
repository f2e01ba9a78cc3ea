"""What the checks of MTA-STS, TLS-RPT and BIMI have in common: broken records, and the files of the logo."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mailaudit.checks.change import RepairTags
from mailaudit.checks.rule import Evidence, Facts, NotApplicable, NotGiven, Owner, Problem, Problems
from mailaudit.facts.sender.versioned import VersionedRecord

if TYPE_CHECKING:
    from mailaudit.facts.sender.bimi.observe import BimiFiles


def broken(record: VersionedRecord, kind: str, version: str) -> Problems:
    """Yield a problem when a record holds an error, when there are several, or when only a look-alike is there."""
    meant = record.lookalikes if not record.texts else ()
    if not record.errors and len(record.texts) <= 1 and not meant:
        return
    if record.errors:
        reason = record.errors[0]
    elif meant:
        reason = f"it must start with v={record.version}; in exactly these letters"
    else:
        reason = f"it stands there {len(record.texts)} times"
    yield Problem.about(
        record.name,
        f"The {kind} record at {record.name} is ignored: {reason}.",
        f"Leave one {kind} record at {record.name}, without the error.",
        owner=Owner.DNS_ADMIN,
        evidence=tuple(Evidence(record.name, text) for text in (*record.texts, *meant)[:3]),
        change=RepairTags(record.name, version),
    )


def files(facts: Facts) -> BimiFiles:
    """Return the files that were fetched; raises `NotApplicable` without a record, and `NotGiven` without leave."""
    if not facts.sender.transport.bimi.texts:
        raise NotApplicable("the From domain has no logo record (BIMI)")
    if facts.sender.bimi is None:
        raise NotGiven("the logo's files are fetched only with --allow-http, and only with live DNS")
    return facts.sender.bimi
