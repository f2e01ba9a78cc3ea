"""A filter for spam takes the message for doubtful.

## Why it matters
SpamAssassin and rspamd stand before millions of mailboxes of companies, schools and hosters. What their packaged rules score,
these score too, whatever the name of the sender is; the large mailbox providers judge by other means.

## How to fix
Look at the rules with the most points and mend what they name; several small ones add up. Rules about headers are the sending
program's to mend, those about text and HTML the author's.

## References
- [SpamAssassin: tests performed](https://spamassassin.apache.org/old/tests_3_3_x.html)
- [rspamd: symbols and scores](https://docs.rspamd.com/configuration/metrics)
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from mailaudit.checks.message._message import as_sent
from mailaudit.checks.rule import Confidence, Evidence, Facts, Magnitude, Problem, Problems, Severity, check
from mailaudit.facts.observed import NotGiven, Observed

if TYPE_CHECKING:
    from mailaudit.facts.message.probes.model import FilterVerdict

_OF_WEIGHT = 0.3
_MOST = 8


class _Word(Struct, frozen=True):
    program: str
    verdict: Observed[FilterVerdict]

    def __str__(self) -> str:
        return self.program


def _words(facts: Facts) -> tuple[_Word, ...]:
    as_sent(facts)
    filters = facts.probes.filters
    if not filters:
        raise NotGiven("filters are asked only with --spamassassin or --rspamd URL")
    return tuple(_Word(program, verdict) for program, verdict in filters)


@check(
    Severity.ERROR,
    passed="No filter that was asked takes the message for spam.",
    needs=("message", "network"),
    each=_words,
    gate_when_unverified=False,
    aliases=("spamassassin", "rspamd"),
)
def spam_score_high(facts: Facts, word: _Word) -> Problems:  # noqa: ARG001 - the shape of a check
    """Yield a problem for a filter that takes the message for spam, a warning for one that doubts."""
    said = word.verdict.get()
    if said.points < said.doubtful_from:
        return
    ranked = sorted((rule for rule in said.rules if rule.points >= _OF_WEIGHT), key=lambda rule: -rule.points)
    is_spam = said.points >= said.spam_from
    named = ", ".join(rule.name for rule in ranked[:3])
    yield Problem.about(
        said.program,
        f"{said.program} gives the message {said.points:.1f} points, where spam begins at {said.spam_from:g}"
        f"{f': {named}' if named else ''}.",
        f"Mend what the heaviest rules name ({named or 'see the rules'}), then ask {said.program} again.",
        "Rules about the header are the sending program's; those about text and HTML the author's.",
        severity=None if is_spam else Severity.WARNING,
        confidence=Confidence.MEDIUM,
        evidence=tuple(Evidence(rule.name, f"{rule.points:.1f}") for rule in ranked[:_MOST]),
        magnitude=Magnitude(round(said.points * 10), "tenths of a point"),
    )
