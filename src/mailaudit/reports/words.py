"""The words that every format uses: the verdict in a sentence, owners, numbers."""

from __future__ import annotations

from mailaudit.checks.finding import Outcome, Owner, Severity
from mailaudit.reports.json_v1.document import Document, ImpactEntry

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
    "gate": "Ignored findings",
}
# Below a tenth one decimal is told; nothing is ever rounded to none or to all.
_LEAST, _FINE, _MOST = 0.001, 0.1, 0.99


def plural(count: int, one: str, many: str | None = None) -> str:
    """Return a number with its noun: `1 problem`, `1,200 problems`."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"


def share(fraction: float) -> str:
    """Return a fraction as per cent; never 0 % for something and never 100 % for less than all."""
    if 0 < fraction < _LEAST:
        return "under 0.1 %"
    if _MOST < fraction < 1:
        return "over 99 %"
    if fraction < _FINE and round(fraction * 100, 1) % 1:
        return f"{fraction * 100:.1f} %"
    return f"{round(fraction * 100)} %"


def listed(names: list[str], most: int = 3) -> str:
    """Return names as a list in a sentence, the last ones as a number when there are many."""
    if len(names) > most:
        names = [*names[: most - 1], f"{len(names) - most + 1} more"]
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}" if names else ""


def family(name: str) -> str:
    """Return the heading of a family of checks."""
    return FAMILIES.get(name, name.replace("-", " ").capitalize())


def impact(entry: ImpactEntry) -> str:
    """Return whom a finding touches: `41,203 recipients (41 %): Gmail, Orange`."""
    providers = f": {listed(list(entry.providers))}" if entry.providers else ""
    return f"{plural(entry.recipients, 'recipient')} ({share(entry.share)}){providers}"


def headline(document: Document) -> str:
    """Return the verdict in one sentence, never more certain than the counts."""
    counts = document.counts
    if document.verdict == "not-ready":
        return f"Not ready: {plural(counts.error, 'problem')} will stop or junk this campaign."
    if document.verdict == "incomplete":
        open_checks = len(undecided(document))
        return f"Not certain yet: {plural(open_checks, 'important check')} could not be verified."
    if document.verdict == "ready-with-warnings":
        return f"Ready, with {plural(counts.warning, 'warning')}: nothing found that stops this campaign."
    return "Ready: nothing found that stops this campaign."


def subline(document: Document) -> str | None:
    """Return what else must be known beside the verdict: an incomplete audit, a stricter gate."""
    counts, gate = document.counts, document.gate
    if document.verdict == "not-ready" and undecided(document):
        return f"Beside that, {plural(len(undecided(document)), 'important check')} could not be verified."
    if gate.exit_code == 1 and not counts.error:
        return f"The audit is set to fail on any {gate.fail_on}, so it fails."
    if gate.exit_code == 0 and counts.error:
        return "The audit is set never to fail, so its exit code is 0 all the same."
    return None


def undecided(document: Document) -> list[str]:
    """Return the names of the error checks that reached no verdict, wholly or for some subject."""
    return [
        result.check
        for result in document.results
        if result.severity is Severity.ERROR
        and result.gate_when_unverified
        and (result.outcome in {Outcome.UNVERIFIED, Outcome.CRASHED} or result.unverified)
    ]


def tally(document: Document) -> str:
    """Return every count that is not zero: `4 errors, 2 warnings, 1 note`."""
    counts = document.counts
    parts = [
        plural(number, noun, many)
        for number, noun, many in (
            (counts.error, "error", None),
            (counts.warning, "warning", None),
            (counts.note, "note", None),
            (counts.unverified, "check unverified", "checks unverified"),
            (counts.crashed, "check crashed", "checks crashed"),
            (counts.suppressed, "finding suppressed", "findings suppressed"),
        )
        if number
    ]
    return ", ".join(parts) or "no findings"
