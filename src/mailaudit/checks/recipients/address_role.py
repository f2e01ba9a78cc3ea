"""The list holds addresses of functions rather than of people.

## Why it matters
`info@`, `sales@` or `webmaster@` are read by several people, of whom none asked for the newsletter, and some are
watched by spam hunters. Such addresses complain more, and several sending platforms refuse to import them.

A few of them are normal on a list of small firms: below 5 % of the recipients it is a note.

## How to fix
1. Keep those whose owner demonstrably subscribed.
2. Replace the others by the address of a person who agreed, or remove them.
3. `mailaudit clean --remove role` writes the list without them.

## References
- [RFC 2142](https://www.rfc-editor.org/rfc/rfc2142): mailbox names for common services and functions
"""

from mailaudit.checks.recipients._findings import hits, percent, share
from mailaudit.checks.rule import Facts, Problems, Severity, check
from mailaudit.facts.recipients.kinds import Kind
from mailaudit.wording import numbered

WARNING_SHARE = 0.05


@check(Severity.WARNING, passed="No recipient is a function such as info@ or sales@.")
def address_role(facts: Facts) -> Problems:
    """Report the recipients of each file whose address stands for a function."""
    for count, problem in hits(facts, Kind.ROLE):
        many = share(count, facts.recipients.unique) >= WARNING_SHARE
        yield problem(
            f"{numbered(count, 'recipient is', 'recipients are')} a function such as info@ or sales@ "
            f"({percent(count, facts.recipients.unique)}): nobody behind it subscribed, and some will complain.",
            "Keep those whose owner demonstrably subscribed.",
            "Replace the others by the address of a person who agreed, or remove them "
            "(`mailaudit clean --remove role`).",
            severity=Severity.WARNING if many else Severity.NOTE,
        )
