"""The list reaches some mailboxes under several spellings.

## Why it matters
Gmail ignores dots and everything behind a plus sign, several other providers ignore the latter, and `me.com` is `icloud.com`:
different addresses may be one mailbox, whose owner then gets the mail more than once. They subscribed with each spelling,
so it is only a note.

## How to fix
1. Keep the spelling that the person used last.
2. `mailaudit clean --remove same-mailbox` writes the list with the first one of each.

## References
- [Gmail: dots in addresses](https://support.google.com/mail/answer/7436150)
"""

from mailaudit.checks.recipients._findings import hits, percent
from mailaudit.checks.rule import Facts, Problems, Severity, check
from mailaudit.facts.recipients.kinds import Kind
from mailaudit.wording import numbered


@check(Severity.NOTE, passed="No mailbox is reached under two spellings.")
def address_same_mailbox(facts: Facts) -> Problems:
    """Report the recipients of each file whose mailbox is reached by an earlier row already."""
    for count, problem in hits(facts, Kind.SAME_MAILBOX):
        yield problem(
            f"{numbered(count, 'address leads', 'addresses lead')} to a mailbox that another spelling reaches already "
            f"({percent(count, facts.recipients.unique)}).",
            "Keep one spelling of each (`mailaudit clean --remove same-mailbox`).",
        )
