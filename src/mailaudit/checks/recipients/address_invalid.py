"""The list holds addresses to which no mail can be sent.

## Why it matters
A message to an address that breaks the rules of e-mail is refused before it leaves, or bounces at once. Mailbox
providers and sending platforms read many bounces as the mark of a bought or neglected list: above about 2 % they
slow down or suspend the sender, and everybody else on the list no longer gets the mail either.

An address is judged by its form only (RFC 5321 and 5322, with the limits that mail servers really have). From 2 %
of the rows on, the finding is an error; below, a warning.

## How to fix
1. Look at the rows that the report names: a wrong column, a missing @ or a comma instead of a dot is quickly seen.
2. Correct what you can prove, remove the others. `mailaudit clean` writes the list without them.
3. Validate the address in the sign-up form, so that they do not come back.

## References
- [RFC 5321, section 4.1.2](https://www.rfc-editor.org/rfc/rfc5321#section-4.1.2): the form of an address
- [RFC 5321, section 4.5.3.1](https://www.rfc-editor.org/rfc/rfc5321#section-4.5.3.1): size limits
- [email-validator](https://github.com/JoshData/python-email-validator), whose strict verdict is used
"""

from mailaudit.checks.recipients._findings import bounce_severity, hits, percent, those
from mailaudit.checks.rule import Facts, Problems, Severity, check
from mailaudit.facts.recipients.kinds import Kind
from mailaudit.wording import numbered


@check(Severity.ERROR, passed="Every address of the list is well formed.", follows=("list-empty",))
def address_invalid(facts: Facts) -> Problems:
    """Report the rows of each file whose address is malformed."""
    for count, problem in hits(facts, Kind.INVALID):
        yield problem(
            f"{numbered(count, 'row holds', 'rows hold')} no valid address "
            f"({percent(count, problem.file.rows)} of {problem.file.rows:,} rows): mail to them bounces at once.",
            f"Correct or remove {those(count, 'row', 'rows')} in {problem.file.name}.",
            "Run `mailaudit clean` to write the list without them.",
            "Check the form of the address where people sign up.",
            severity=bounce_severity(count, problem.file.rows),
        )
