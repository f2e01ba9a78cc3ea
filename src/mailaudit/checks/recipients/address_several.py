"""Some cells of the list hold several addresses.

## Why it matters
Address books put all addresses of a contact into one cell (`anna@firm.example ::: anna@home.example`). Some programs mail the
first one, some mail none, and some take the whole cell for one broken address.

The first address of such a cell is counted as a recipient; the cell is no invalid row.

## How to fix
1. Write one address in each row, or keep the one that the person gave for the newsletter.

## References
- [Google Contacts help: export](https://support.google.com/contacts/answer/7199294): several values stand in one cell
"""

from __future__ import annotations

from collections.abc import Iterator

from mailaudit.checks.finding import Problem, Severity
from mailaudit.checks.recipients._findings import clean_list, hits, list_problem, plural
from mailaudit.checks.registry import check
from mailaudit.facts.facts import Facts
from mailaudit.facts.recipients.kinds import Kind


@check(Severity.NOTE, passed="No cell holds several addresses.", needs=("recipients",))
def address_several(facts: Facts) -> Iterator[Problem]:
    """Report the rows of each file whose cell holds more than one address."""
    for file, count in hits(facts, Kind.SEVERAL):
        yield list_problem(
            facts,
            file,
            Kind.SEVERAL,
            message=(
                f"{plural(count, 'cell holds', 'cells hold')} several addresses: the first one is counted, "
                "and what your program does with such a cell is not known."
            ),
            fix=clean_list("Write one address in each row, the one that the person gave for this mail."),
        )
