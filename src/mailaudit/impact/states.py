"""How the campaign stands with each kind of requirement, from what the checks said."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

from mailaudit.checks.finding import Confidence, Outcome, Result, Severity
from mailaudit.impact.model import State

if TYPE_CHECKING:
    # Only a type: a report that is read back loads no checks.
    from mailaudit.checks.registry import Check


@dataclass(frozen=True, slots=True)
class Rule:
    """Which checks decide a kind of requirement.

    A failure of any of `decisive` (names or globs) means that it is not met; it is met only when every check of
    `essential` passed, or, without `essential`, when any decisive check passed.
    """

    decisive: tuple[str, ...]
    essential: tuple[str, ...] = ()


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
    "one-click": Rule(("one-click-unsubscribe-missing",), ("one-click-unsubscribe-missing",)),
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
# These prove nothing about one requirement, but where it is unmet they tell the same trouble.
_RELATED: Mapping[str, tuple[str, ...]] = {"platform-not-authorized": ("spf", "dkim")}
EITHER = "authentication"
KINDS = (EITHER, *RULES)
UNSEEN = frozenset(kind for kind, rule in RULES.items() if not rule.decisive)


def states(results: Iterable[Result], checks: Mapping[str, Check]) -> dict[str, State]:
    """Return the state of every kind of requirement; suppressed findings count, because providers do not know them."""
    by_name = {result.check: result for result in results}
    found = {kind: _state(rule, by_name, checks) for kind, rule in RULES.items()}
    found[EITHER] = _either(found["spf"], found["dkim"])
    return found


def kinds_of(check: str) -> tuple[str, ...]:
    """Return the kinds of requirement that a check can show to be unmet."""
    direct = [kind for kind, rule in RULES.items() if any(fnmatchcase(check, glob) for glob in rule.decisive)]
    direct += ["dmarc"] if direct == ["alignment"] else []
    direct += _RELATED.get(check, ())
    return (*direct, EITHER) if {"spf", "dkim"} & set(direct) else tuple(direct)


def is_decisive(result: Result, checks: Mapping[str, Check]) -> bool:
    """Say whether a failed check proves the requirement unmet: surely enough, and with its full severity."""
    declared = checks.get(result.check)
    severity = declared.severity if declared else Severity.ERROR
    return any(f.severity is severity and f.confidence is not Confidence.LOW for f in result.findings)


def both(first: State, second: State) -> State:
    """Return the state of a requirement that asks for two things at once."""
    for state in (State.UNMET, State.UNVERIFIED):
        if state in {first, second}:
            return state
    return State.MET


def _state(rule: Rule, by_name: Mapping[str, Result], checks: Mapping[str, Check]) -> State:
    deciding = [r for name, r in by_name.items() if any(fnmatchcase(name, glob) for glob in rule.decisive)]
    if any(result.outcome is Outcome.FAILED and is_decisive(result, checks) for result in deciding):
        return State.UNMET
    if any(result.outcome in {Outcome.UNVERIFIED, Outcome.CRASHED} or result.unverified for result in deciding):
        return State.UNVERIFIED
    sound = {result.check for result in deciding if result.outcome in {Outcome.PASSED, Outcome.FAILED}}
    proved = set(rule.essential) <= sound if rule.essential else bool(sound)
    return State.MET if proved else State.UNVERIFIED


def _either(first: State, second: State) -> State:
    if State.MET in {first, second}:
        return State.MET
    return State.UNMET if first is second is State.UNMET else State.UNVERIFIED
