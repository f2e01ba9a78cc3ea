"""Which finding comes first."""

import re
from collections.abc import Iterator
from fnmatch import fnmatchcase

from msgspec import Struct

from mailaudit.checks.finding import Confidence, Outcome, Severity
from mailaudit.reports.document.types import Document, FindingEntry, ResultEntry

_WHOLE_MAIL = 0.1
# What nobody asked for is not missing.
NOT_SELECTED = "not selected for this run"
_DIGITS = re.compile(r"([0-9]{1,18})")
Numbered = tuple[tuple[str, int], ...]
# The sentence of a question that was not put to anybody, as the resolver writes it, or who asks blocklists.
_SILENCE = re.compile(
    r"nothing is known of \S+ \S+: (?P<why>.+)|[^:]+: (?P<lists>this run does not ask the lists: .+)"
)
_CONFIDENCE = {Confidence.HIGH: 0, Confidence.MEDIUM: 1, Confidence.LOW: 2}


class Item(Struct, frozen=True):
    """A finding together with the result of the check that found it."""

    result: ResultEntry
    finding: FindingEntry


class Open(Struct, frozen=True):
    """A check, or one subject of it, that has no verdict, and why."""

    result: ResultEntry
    subject: str | None
    reason: str


def items(document: Document) -> list[Item]:
    """Return every finding that counts: the worst first, then the one that touches most recipients.

    A consequence stands behind its causes of the same severity: who mends these mends it too.
    """
    found = [Item(r, f) for r in document.results for f in r.findings if f.suppressed is None]
    ordered = sorted(found, key=_urgency)
    for item in [item for item in ordered if item.result.follows]:
        at = ordered.index(item)
        last = max((place for place, other in enumerate(ordered) if _causes(other, item)), default=at)
        if last > at:
            ordered.insert(last, ordered.pop(at))
    return ordered


def _causes(one: Item, other: Item) -> bool:
    """Say whether a finding brings another one of the same severity about."""
    return one.finding.severity is other.finding.severity and follows(other, one)


def follows(consequence: Item, cause: Item) -> bool:
    """Say whether a finding is one that another brings about."""
    return any(fnmatchcase(cause.result.check, pattern) for pattern in consequence.result.follows)


def fix_first(document: Document) -> list[Item]:
    """Return the findings that stop the send or fail the gate, in the order in which to fix them."""
    bar = Severity.ERROR if document.gate.fail_on == "never" else Severity(document.gate.fail_on)
    return [item for item in items(document) if item.finding.severity.rank >= bar.rank]


def the_rest(document: Document) -> dict[str, list[Item]]:
    """Return the findings that are not to be fixed first, by family in the order of the report."""
    first = {id(item.finding) for item in fix_first(document)}
    families: dict[str, list[Item]] = {}
    for result in document.results:
        families.setdefault(result.family, [])
    for item in items(document):
        if id(item.finding) not in first:
            families[item.result.family].append(item)
    return {name: found for name, found in families.items() if found}


def suppressed(document: Document) -> list[Item]:
    """Return the findings that do not count because of an ignore entry or a baseline."""
    return [Item(r, f) for r in document.results for f in r.findings if f.suppressed is not None]


class Cause(Struct, frozen=True):
    """Why something could not be verified, and the checks (with their subjects) that this left without a verdict.

    The `grave` ones are those that leave the audit incomplete. It is a mere notice when nothing hangs on it: many networks
    cannot ask blocklists.
    """

    reason: str
    checks: dict[str, tuple[str, ...]]
    grave: tuple[str, ...] = ()
    is_notice: bool = False

    @property
    def is_grave(self) -> bool:
        """Whether it leaves the audit incomplete."""
        return bool(self.grave)


def is_notice(result: ResultEntry) -> bool:
    """Say whether nothing hangs on it that a check could not be verified."""
    return result.outcome is not Outcome.CRASHED and not result.gate_when_unverified


def causes(document: Document) -> list[Cause]:
    """Return the open checks by reason: first the reasons that leave the most serious checks open."""
    grouped: dict[str, dict[str, tuple[str, ...]]] = {}
    worst: dict[str, int] = {}
    grave: dict[str, dict[str, None]] = {}
    silent = _silences(document)
    for item in undecided(document):
        crashed = item.result.outcome is Outcome.CRASHED
        reason = f"crashed, which is a bug: {item.reason}" if crashed else silent.get(item.reason, item.reason)
        checks = grouped.setdefault(reason, {})
        checks[item.result.check] = (*checks.get(item.result.check, ()), *([item.subject] if item.subject else []))
        gating = 0 if is_notice(item.result) else item.result.severity.rank
        worst[reason] = max(worst.get(reason, 0), gating)
        if gating == Severity.ERROR.rank:
            grave.setdefault(reason, {})[item.result.check] = None
    return [
        Cause(reason, checks, tuple(grave.get(reason, ())), is_notice=worst[reason] == 0)
        for reason, checks in sorted(grouped.items(), key=lambda pair: -worst[pair[0]])
    ]


def _silences(document: Document) -> dict[str, str]:
    """Return, for questions that nobody answered for one and the same reason, that reason without the question."""
    tails: dict[str, set[str]] = {}
    for item in undecided(document):
        match = _SILENCE.fullmatch(item.reason)
        if match:
            why = match["why"]
            told = f"DNS could not be asked: {why}" if why else match["lists"]
            tails.setdefault(told, set()).add(item.reason)
    return {reason: told for told, reasons in tails.items() if len(reasons) > 1 for reason in reasons}


def undecided(document: Document) -> Iterator[Open]:
    """Yield every check without a verdict, and every subject that a check could not judge."""
    for result in document.results:
        if result.unverified:
            yield from (Open(result, item.subject, item.reason) for item in result.unverified)
        elif result.outcome in {Outcome.UNVERIFIED, Outcome.CRASHED}:
            yield Open(result, None, result.reason or "no reason given")


def with_outcome(document: Document, *outcomes: Outcome) -> list[ResultEntry]:
    """Return the results with one of the outcomes, in the order of the report."""
    return [result for result in document.results if result.outcome in outcomes]


def not_asked(document: Document) -> dict[str, list[str]]:
    """Return the names of the checks that were not asked, by the reason."""
    reasons: dict[str, list[str]] = {}
    for result in with_outcome(document, Outcome.SKIPPED, Outcome.NOT_APPLICABLE):
        reasons.setdefault(result.reason or "no reason given", []).append(result.check)
    return reasons


def passed(document: Document) -> dict[str, list[ResultEntry]]:
    """Return the results of the checks that passed, by family in the order of the report."""
    families: dict[str, list[ResultEntry]] = {}
    for result in with_outcome(document, Outcome.PASSED):
        families.setdefault(result.family, []).append(result)
    return families


def reach(item: Item) -> float:
    """Return the share of the list that a finding touches; what concerns the whole mail stands before small shares."""
    if item.finding.impact:
        return item.finding.impact.share
    return 0.0 if item.result.family == "recipients" else _WHOLE_MAIL


def _numbered(text: str) -> Numbered:
    """Return a key by which `s2` stands before `s10`."""
    parts = _DIGITS.split(text)
    return tuple((part, 0) if place % 2 == 0 else ("", int(part)) for place, part in enumerate(parts))


def _urgency(item: Item) -> tuple[int, float, int, str, Numbered, int, int, str]:
    finding, where = item.finding, item.finding.location
    return (
        -finding.severity.rank,
        -reach(item),
        _CONFIDENCE[finding.confidence],
        item.result.check,
        _numbered(finding.subject),
        (where.line or 0) if where else 0,
        (where.column or 0) if where else 0,
        finding.fingerprint,
    )
