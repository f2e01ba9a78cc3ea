"""What the checks of MTA-STS, TLS-RPT and BIMI records have in common."""

from mailaudit.checks.change import RepairTags
from mailaudit.checks.rule import Evidence, Fix, Owner, Problem, Problems
from mailaudit.facts.sender.versioned import VersionedRecord


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
    yield Problem(
        subject=record.name,
        message=f"The {kind} record at {record.name} is ignored: {reason}.",
        evidence=tuple(Evidence(record.name, text) for text in (*record.texts, *meant)[:3]),
        fix=Fix.by(
            Owner.DNS_ADMIN,
            f"Leave one {kind} record at {record.name}, without the error.",
            change=RepairTags(record.name, version),
        ),
    )
