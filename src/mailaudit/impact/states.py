"""How the campaign stands with each kind of requirement, from what the checks said."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fnmatch import fnmatchcase
from functools import cache
from typing import TYPE_CHECKING

from msgspec import Struct

from mailaudit.checks.finding import HTML_SIZE, Confidence, Finding, Outcome, Result, Severity
from mailaudit.impact.model import State

if TYPE_CHECKING:
    # Only a type: a report that is read back loads no checks.
    from mailaudit.checks.registry import Check


class Rule(Struct, frozen=True):
    """Which checks decide a kind of requirement.

    A failure of any of `decisive` (names or globs) means that it is not met; it is met only when every check of
    `essential` passed, or, without `essential`, when any decisive check passed. Only findings of a check's own severity
    decide, or of `severity`, and, with `evidence`, only those that show evidence of this label.
    """

    decisive: tuple[str, ...]
    essential: tuple[str, ...] = ()
    severity: Severity | None = None
    evidence: str | None = None


RULES: Mapping[str, Rule] = {
    "spf": Rule(
        (
            "spf-missing",
            "spf-multiple-records",
            "spf-invalid",
            "spf-too-many-lookups",
            "spf-too-many-void-lookups",
            "spf-does-not-authorize-sender",
        ),
        ("spf-missing", "spf-does-not-authorize-sender"),
    ),
    "dkim": Rule(
        ("dkim-key-missing", "dkim-key-revoked", "dkim-key-invalid", "dkim-key-weak", "dkim-signature-*"),
        ("dkim-key-missing",),
    ),
    "dmarc": Rule(("dmarc-missing", "dmarc-invalid"), ("dmarc-missing",)),
    "alignment": Rule(("dmarc-not-aligned", "dmarc-fails"), ("dmarc-not-aligned", "dmarc-fails")),
    "reverse-dns": Rule(
        ("reverse-dns-missing", "reverse-dns-unconfirmed"), ("reverse-dns-missing", "reverse-dns-unconfirmed")
    ),
    "helo": Rule(("helo-invalid", "helo-unresolved"), ("helo-invalid", "helo-unresolved")),
    "one-click": Rule(
        ("one-click-unsubscribe-missing",), ("one-click-unsubscribe-missing",), severity=Severity.WARNING
    ),
    "unsubscribe-link": Rule(
        ("unsubscribe-link-missing", "unsubscribe-clipped"), ("unsubscribe-link-missing",), Severity.WARNING
    ),
    "html-size": Rule(("message-too-large",), ("message-too-large",), Severity.WARNING, HTML_SIZE),
    "feedback-id": Rule(("feedback-id-*",)),
    "return-path": Rule(("from-domain-receives-no-mail",), ("from-domain-receives-no-mail",)),
    # What no check can see before the send is told, and never taken as met.
    "tls": Rule(()),
    "connections": Rule(()),
    "messages-per-connection": Rule(()),
    "rate": Rule(()),
    "new-address-rate": Rule(()),
    "allow-list": Rule(()),
}
# These prove nothing about one requirement, but where it is not met, or nobody knows, they tell the same trouble.
RELATED: Mapping[str, tuple[str, ...]] = {"platform-not-authorized": ("spf", "dkim", "dmarc", "alignment")}
EITHER = "authentication"
KINDS = (EITHER, *RULES)
UNSEEN = frozenset(kind for kind, rule in RULES.items() if not rule.decisive)


def states(results: Iterable[Result], checks: Mapping[str, Check]) -> dict[str, State]:
    """Return the state of every kind of requirement; suppressed findings count, because providers do not know them."""
    by_name = {result.check: result for result in results}
    found = {kind: _state(kind, by_name, checks) for kind in RULES}
    found[EITHER] = _either(found["spf"], found["dkim"])
    return found


def kinds_of(check: str) -> tuple[str, ...]:
    """Return the kinds of requirement that a check can show to be unmet."""
    direct = list(_decided_by(check))
    direct += ["dmarc"] if direct == ["alignment"] else []
    direct += RELATED.get(check, ())
    return (*direct, EITHER) if {"spf", "dkim"} & set(direct) else tuple(direct)


@cache
def _decided_by(check: str) -> tuple[str, ...]:
    return tuple(kind for kind, rule in RULES.items() if any(fnmatchcase(check, glob) for glob in rule.decisive))


def is_decisive(result: Result, checks: Mapping[str, Check], rule: Rule | None = None) -> bool:
    """Say whether a failed check proves the requirement unmet: surely enough, and with its full severity."""
    return any(one.confidence is not Confidence.LOW for one in _weighty(result, checks, rule))


def _weighty(result: Result, checks: Mapping[str, Check], rule: Rule | None) -> list[Finding]:
    declared = checks.get(result.check)
    least = (rule.severity if rule else None) or (declared.severity if declared else Severity.ERROR)
    wanted = rule.evidence if rule else None
    found = [one for one in result.findings if one.severity.rank >= least.rank]
    return [one for one in found if wanted is None or wanted in {shown.label for shown in one.evidence}]


def both(first: State, second: State) -> State:
    """Return the state of a requirement that asks for two things at once."""
    for state in (State.UNMET, State.UNVERIFIED):
        if state in {first, second}:
            return state
    return State.MET


def _state(kind: str, by_name: Mapping[str, Result], checks: Mapping[str, Check]) -> State:
    rule = RULES[kind]
    deciding = [result for name, result in by_name.items() if kind in _decided_by(name)]
    failed = [result for result in deciding if result.outcome is Outcome.FAILED]
    if any(is_decisive(result, checks, rule) for result in failed):
        return State.UNMET
    if rule.severity and any(_weighty(result, checks, rule) for result in failed):
        return State.UNVERIFIED
    if any(result.outcome in {Outcome.UNVERIFIED, Outcome.CRASHED} or result.unverified for result in deciding):
        return State.UNVERIFIED
    sound = {result.check for result in deciding if result.outcome in {Outcome.PASSED, Outcome.FAILED}}
    proved = set(rule.essential) <= sound if rule.essential else bool(sound)
    return State.MET if proved else State.UNVERIFIED


def _either(first: State, second: State) -> State:
    if State.MET in {first, second}:
        return State.MET
    return State.UNMET if first is second is State.UNMET else State.UNVERIFIED
