"""The list holds throw-away addresses.

## Why it matters
A disposable mailbox lives for minutes or days. Mail to it bounces, or ends in a mailbox that anybody can read, and some
of these domains are watched as traps. Who gave one wanted your download, not your newsletter.

Forwarding services of real people (Firefox Relay, DuckDuckGo, addy.io, SimpleLogin, Apple) are not counted.

## How to fix
1. Remove them. `mailaudit clean --remove disposable` writes the list without them.
2. Ask for a confirmation by e-mail (double opt-in) where people sign up.

## References
- [disposable-email-domains](https://github.com/disposable-email-domains/disposable-email-domains), the list that is used
"""

from mailaudit.checks.recipients._findings import hits, percent
from mailaudit.checks.rule import Facts, Problems, Severity, check
from mailaudit.facts.recipients.kinds import Kind
from mailaudit.wording import numbered


@check(Severity.WARNING, passed="No recipient uses a throw-away mailbox.")
def address_disposable(facts: Facts) -> Problems:
    """Report the recipients of each file whose mailbox is disposable."""
    for count, problem in hits(facts, Kind.DISPOSABLE):
        yield problem(
            f"{numbered(count, 'recipient uses', 'recipients use')} a throw-away mailbox "
            f"({percent(count, facts.recipients.unique)}): it bounces soon, or nobody reads it.",
            f"Remove {numbered(count, 'recipient')} (`mailaudit clean --remove disposable`).",
            "Ask for a confirmation by e-mail where people sign up.",
        )
