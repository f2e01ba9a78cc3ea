"""Some rows of the list have no address.

## Why it matters
Customers who gave only a telephone number, contacts without a mailbox, and the line of totals below a table are rows without
an address. No mail goes to them, so nothing bounces; but the list reaches fewer people than its length suggests.

They are counted apart (`facts.recipients.missing`) and are no part of the share of broken addresses.

## How to fix
1. Nothing must be done. `mailaudit clean` leaves these rows out.
2. If you expected addresses there, check that the right column was read and that the export is complete.

## References
- [RFC 4180, section 2](https://www.rfc-editor.org/rfc/rfc4180#section-2): empty fields in CSV files
"""

from mailaudit.checks.recipients._findings import hits, percent
from mailaudit.checks.rule import Facts, Problems, Severity, check
from mailaudit.facts.recipients.kinds import Kind
from mailaudit.wording import numbered


@check(Severity.NOTE, passed="Every row of the list has an address.")
def address_missing(facts: Facts) -> Problems:
    """Report the rows of each file whose address cell is empty."""
    for count, problem in hits(facts, Kind.MISSING):
        file = problem.file
        yield problem(
            f"{numbered(count, 'row has', 'rows have')} no address ({percent(count, file.rows)} of {file.rows:,} rows): "
            "no mail goes there, and nothing bounces.",
            f"Nothing must be done, unless {file.column!r} is not the column of the addresses.",
            "Run `mailaudit clean` to write the list without these rows.",
        )
