"""The words that every format uses: owners, families, providers, shares and lists."""

import re
from collections.abc import Sequence

from mailaudit.checks.finding import Owner
from mailaudit.language.spoken import word
from mailaudit.reports.content.at_risk import stopped
from mailaudit.reports.document.impact import ImpactEntry
from mailaudit.reports.document.types import Document, FindingEntry
from mailaudit.wording import numbered

OWNERS = {
    Owner.DNS_ADMIN: "the DNS administrator",
    Owner.LIST_OWNER: "the owner of the recipient list",
    Owner.PLATFORM: "the sending platform",
    Owner.SERVER_ADMIN: "the server administrator",
    Owner.SENDER: "you, the sender",
}
FAMILIES = {
    "sender": "Sender",
    "recipients": "Recipients",
    "volume": "Volume",
    "message": "Message",
    "capture": "Dry run",
    "gate": "Ignore entries",
}
# A small letter behind a point goes on: what ends in it is a whole name (`mail.example. with its final dot`).
_END_OF_SENTENCE = re.compile(r"(?<=[.!?])\s(?![a-z])")
_REST_OF_NAME = re.compile(r" \(| and |, ")
_OTHERS = {"other": "all others", "unknown": "not looked up"}
# Below a tenth one decimal is told; nothing is ever rounded to none or to all.
_LEAST, _FINE, _MOST = 0.001, 0.1, 0.99


def share(fraction: float) -> str:
    """Return a fraction as per cent; never 0 % for something and never 100 % for less than all."""
    if 0 < fraction < _LEAST:
        return word("under 0.1 %")
    if _MOST < fraction < 1:
        return word("over 99 %")
    if fraction < _FINE and round(fraction * 100, 1) % 1:
        return f"{fraction * 100:.1f} %"
    return f"{round(fraction * 100)} %"


def listed(names: Sequence[str], most: int = 3) -> str:
    """Return names as a list in a sentence, the last ones as a number when there are many."""
    if len(names) > most:
        names = [*names[: most - 1], f"{len(names) - most + 1:,} more"]
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}" if names else ""


def first_sentence(text: str) -> str:
    """Return a text up to the end of its first sentence."""
    return _END_OF_SENTENCE.split(text, maxsplit=1)[0]


def family(name: str) -> str:
    """Return the heading of a family of checks."""
    return FAMILIES.get(name, name.replace("-", " ").capitalize())


def provider(name: str, document: Document) -> str:
    """Return the name of a mailbox provider as people know it, from its key in the report."""
    if name in _OTHERS:
        return _OTHERS[name]
    rows = document.facts.providers_matrix.rows if document.facts.providers_matrix else ()
    known = next((row.name for row in rows if row.provider == name), name)
    return _REST_OF_NAME.split(known)[0]


def impact(entry: ImpactEntry, document: Document) -> str:
    """Return whom a finding touches: `41,203 recipients (41 %): Gmail, Orange`."""
    names = [provider(name, document) for name in entry.providers]
    providers = f": {listed(names)}" if names else ""
    return f"{numbered(entry.recipients, 'recipient')} ({share(entry.share)}){providers}"


def asked(finding: FindingEntry) -> list[str]:
    """Return a line for whom a finding asks something, one for each step, and those of the record."""
    steps = (f"{number}. {step}" for number, step in enumerate(finding.fix.steps, 1))
    return [f"For {OWNERS[finding.fix.owner]}:", *steps, *(finding.fix.dns_record or "").splitlines()]


def touches(finding: FindingEntry, document: Document) -> str:
    """Return whom a finding touches; empty when that is nobody, or when its message begins with the number."""
    entry = finding.impact
    if entry is None or not entry.recipients:
        return ""
    entry = stopped(entry.providers, [finding.check], document) or entry
    is_told = not entry.providers and re.match(rf"{entry.recipients:,} (recipient|row)s? ", finding.message)
    return "" if is_told else impact(entry, document)
