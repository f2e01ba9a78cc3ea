"""Some cells of the list hold several addresses.

## Why it matters
Address books put all addresses of a contact into one cell (`anna@firm.example ::: anna@home.example`). Some programs mail the
first one, some mail none, and some take the whole cell for one broken address.

The first address of such a cell is counted as a recipient, and the cell is no invalid row. The others are compared with no
suppression list. With `recipients.split: true` each
of its addresses is a recipient, and `mailaudit clean` gives each one a row of its own.

## How to fix
1. Write one address in each row: the one that the person gave for the newsletter.
2. When all of them are meant, say `recipients.split: true`; `mailaudit clean` then writes the list with one in each row.

## References
- [Google Contacts help: export](https://support.google.com/contacts/answer/7199294): several values stand in one cell
"""

from mailaudit.checks.recipients._findings import hits
from mailaudit.checks.rule import Facts, Problems, Severity, check
from mailaudit.facts.recipients.kinds import Kind
from mailaudit.wording import numbered

_FIRST = "the first one is counted, and what your program does with such a cell is not known"
_UNSEEN = "the first one is counted, and nobody looked whether the others must not be mailed"
_SPLIT = "each one is counted (recipients.split), and what your program does with such a cell is not known"
_WHEN_NOT = (
    "Write one address in each row, the one that the person gave for this mail.",
    "When all of them are meant, add `split: true` under recipients and run `mailaudit clean`.",
)
_WHEN_SPLIT = ("Run `mailaudit clean` and send to the list that it writes, which has one address in each row.",)


@check(Severity.WARNING, passed="No cell holds several addresses.")
def address_several(facts: Facts) -> Problems:
    """Report the rows of each file whose cell holds more than one address; a note, unless others of them may have said no."""
    plan = facts.campaign.recipients
    is_split = plan is not None and plan.split
    people = facts.recipients
    is_unseen = not is_split and (people.suppressed is not None or people.opted_out is not None)
    told = _SPLIT if is_split else _UNSEEN if is_unseen else _FIRST
    for count, problem in hits(facts, Kind.SEVERAL):
        yield problem(
            f"{numbered(count, 'cell holds', 'cells hold')} several addresses: {told}.",
            *(_WHEN_SPLIT if is_split else _WHEN_NOT),
            severity=Severity.WARNING if is_unseen else Severity.NOTE,
        )
