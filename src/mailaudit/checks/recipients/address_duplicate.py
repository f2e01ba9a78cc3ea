"""The list holds the same address more than once.

## Why it matters
Software that mails the list as it stands sends the same message twice to the same person. People take that for
carelessness or spam and press the spam button, and providers see a sender who does not keep its list.

Two rows are the same when their addresses are equal once both are in lower case and the domain is in its ASCII
form: in practice no provider gives `Anna@` and `anna@` to different people.

## How to fix
1. Keep the first row of each address, and merge what the others know (consent date, interests).
2. `mailaudit clean` writes the list without the later rows.
3. Make the address unique in your customer database.

## References
- [RFC 5321, section 2.4](https://www.rfc-editor.org/rfc/rfc5321#section-2.4): case in local parts and domains
- [RFC 5890, section 2.3.2.1](https://www.rfc-editor.org/rfc/rfc5890#section-2.3.2.1): A-labels
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from mailaudit.checks.recipients._findings import hits, percent, those
from mailaudit.checks.rule import Facts, Problems, Severity, check
from mailaudit.facts.recipients.kinds import Kind
from mailaudit.wording import numbered

if TYPE_CHECKING:
    from mailaudit.facts.recipients.model import ListFile


@check(Severity.WARNING, passed="No address stands twice in the list.")
def address_duplicate(facts: Facts) -> Problems:
    """Report the rows of each file whose address stands already before."""
    for count, problem in hits(facts, Kind.DUPLICATE):
        file = problem.file
        yield problem(
            f"{numbered(count, 'row repeats', 'rows repeat')} an address that stands already in the list "
            f"({percent(count, file.rows)} of {file.rows:,} rows{_recased(file)}): "
            "these people get the mail more than once.",
            f"Remove {those(count, 'later row', 'later rows')} from {file.name}.",
            "Run `mailaudit clean` to write the list without them.",
            "Make the address unique where the list is kept.",
        )


def _recased(file: ListFile) -> str:
    count = file.counts.get(Kind.RECASED, 0)
    return f"; {count:,} of them in other upper and lower case" if count else ""
