"""What the checks of MTA-STS, TLS-RPT and BIMI records have in common."""

from __future__ import annotations

from collections.abc import Iterator

from mailaudit.checks.finding import Evidence, Fix, Owner, Problem
from mailaudit.checks.sender._records import txt_line
from mailaudit.facts.sender.mail_servers.receiving_security import VersionedRecord


def broken(record: VersionedRecord, kind: str, proposal: str | None) -> Iterator[Problem]:
    """Yield a problem when a record holds an error, or when there are several."""
    if not record.errors and len(record.texts) <= 1:
        return
    reason = record.errors[0] if record.errors else f"it stands there {len(record.texts)} times"
    yield Problem(
        subject=record.name,
        message=f"The {kind} record at {record.name} is ignored: {reason}.",
        evidence=tuple(Evidence(record.name, text) for text in record.texts[:3]),
        fix=Fix(
            Owner.DNS_ADMIN,
            (f"Leave one {kind} record at {record.name}, without the error.",),
            txt_line(record.name, proposal) if proposal else None,
        ),
    )
