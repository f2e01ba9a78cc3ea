"""A window comes so near to a limit that the smallest disturbance breaks it.

## Why it matters
A schedule that uses a limit to the last message has no room for anything: one password reset, one order confirmation,
one message that is sent again, and the limit is broken. Some services act already at a lower level of warning, for
example by holding the mail back until somebody releases it.

## How to fix
Leave at least one part in forty of each limit free, or stay below the level of warning.

## References
- [A published policy with levels of warning](https://portail.ac-reunion.fr/ladoclela/books/la-messagerie-nationale/page/limite-denvoi-de-messages)
- [RFC 5321, section 4.5.4.1: sending strategy](https://www.rfc-editor.org/rfc/rfc5321#section-4.5.4.1)
"""

from mailaudit.checks.rule import Evidence, Facts, Magnitude, NotApplicable, Problems, Severity, check
from mailaudit.checks.volume._words import BROKEN, limit_problem, limits_of_a_sender, name_of
from mailaudit.facts.volume.model import Peak, with_reserve
from mailaudit.wording import length, moment, numbered


@check(Severity.WARNING, passed="Every limit has some room left.", each=limits_of_a_sender)
def window_near_limit(facts: Facts, peak: Peak) -> Problems:
    """Judge one limit that is kept."""
    if peak.breached:
        raise NotApplicable(BROKEN)
    warned = peak.rule.warn is not None and peak.peak >= peak.rule.warn
    near = peak.peak > with_reserve(peak.limit)
    if not (warned or near):
        return
    since = f" from {moment(peak.at)} on" if peak.at else ""
    level = f"the level of warning, {peak.rule.warn:,}, and " if warned else ""
    yield limit_problem(
        facts,
        peak,
        peak.key,
        f"{numbered(peak.peak, 'mail leaves', 'mails leave')} {peak.key} in {length(peak.rule.window_s)}{since}. "
        f"That reaches {level}{peak.share:.0%} of {name_of(peak)}: any further mail may break it.",
        f"Send a little more slowly, at most {_below(peak):,} in {length(peak.rule.window_s)}.",
        "Name the other mail of this address under `other_mail`, so that it is counted too.",
        evidence=(Evidence("limit", f"{peak.limit:,} in {length(peak.rule.window_s)} ({peak.rule.source})"),),
        severity=None if warned and peak.rule.confidence != "low" else Severity.NOTE,
        magnitude=Magnitude(peak.peak, "messages"),
    )


def _below(peak: Peak) -> int:
    reserved = with_reserve(peak.limit)
    return max(min(reserved, (peak.rule.warn or reserved + 1) - 1), 1)
