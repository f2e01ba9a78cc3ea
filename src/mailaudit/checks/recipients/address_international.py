"""The list holds addresses that need international mail.

## Why it matters
An address with letters outside ASCII before the @ sign can be reached only when every server on the way speaks SMTPUTF8.
Large providers do, many companies and some sending platforms do not, and then the message comes back.

## How to fix
1. Ask your platform whether it sends to such addresses (SMTPUTF8).
2. If not, ask these people for another address.

## References
- [RFC 6531](https://www.rfc-editor.org/rfc/rfc6531): SMTP extension for internationalized email
"""

from mailaudit.checks.recipients._findings import hits, percent
from mailaudit.checks.rule import Facts, Problems, Severity, check
from mailaudit.facts.recipients.kinds import Kind
from mailaudit.wording import numbered


@check(Severity.NOTE, passed="No address needs international mail (SMTPUTF8).")
def address_international(facts: Facts) -> Problems:
    """Report the recipients of each file whose local part is not ASCII."""
    for count, problem in hits(facts, Kind.SMTPUTF8):
        yield problem(
            f"{numbered(count, 'address has', 'addresses have')} letters outside ASCII before the @ sign "
            f"({percent(count, facts.recipients.unique)}): not every server can deliver to it.",
            "Ask your platform whether it supports SMTPUTF8; if not, ask for another address.",
        )
