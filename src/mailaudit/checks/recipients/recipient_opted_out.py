"""The list itself says of some people that they must not be mailed.

## Why it matters
The export of a newsletter program holds everybody: those who unsubscribed, whose address bounced, who reported a mail as spam
and who never agreed stand beside the subscribers, told apart only by a column. Mailed as it is, the campaign breaks the
law (GDPR, article 21; CAN-SPAM) and the promise that the sender gave, and who reported the last mail as spam does it again.

Columns are recognised by their name and by what their cells hold, in eight languages and in the exports of the usual
programs; `facts.recipients.columns` and the report say which column was read as what. An empty cell says nothing. A
refusal in one row counts for every row of that person. `recipients.status` explains a column whose words are not
understood, or are understood wrongly.

## How to fix
1. Export only those who may be mailed, or filter by the column that the report names.
2. `mailaudit clean` writes the list without them, and keeps a record of whom it left out.
3. Import the refusals into the program that sends, so that they are respected the next time too.

## References
- [GDPR, article 21](https://eur-lex.europa.eu/eli/reg/2016/679/oj): the right to object
- [Directive 2002/58/EC, article 13](https://eur-lex.europa.eu/eli/dir/2002/58/oj): unsolicited communications
- [CAN-SPAM Act compliance guide](https://www.ftc.gov/business-guidance/resources/can-spam-act-compliance-guide-business)
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from mailaudit.checks.recipients._findings import hits, percent, those
from mailaudit.checks.rule import Facts, NotGiven, Problems, Severity, check
from mailaudit.facts.recipients.kinds import Kind
from mailaudit.wording import numbered

if TYPE_CHECKING:
    from mailaudit.facts.recipients.model import ListFile


@check(Severity.ERROR, passed="No column of the list says of anybody not to mail him.")
def recipient_opted_out(facts: Facts) -> Problems:
    """Report the recipients of each file whom a column of the list itself excludes."""
    if facts.recipients.opted_out is None:
        raise NotGiven("no column of the list says who may be mailed (recipients.status names one)")
    for count, problem in hits(facts, Kind.OPTED_OUT):
        file = problem.file
        yield problem(
            f"The list itself says not to mail {numbered(count, 'recipient')} "
            f"({percent(count, facts.recipients.unique)}): {_reasons(file)}.",
            f"Leave {those(count, 'recipient', 'recipients')} out of {file.name}, or export only who may be mailed.",
            "Run `mailaudit clean` to write the list without them.",
            "Import the refusals where you send, so that they are respected the next time too.",
        )


def _reasons(file: ListFile) -> str:
    told = sorted(file.reasons[Kind.OPTED_OUT].items(), key=lambda item: (-item[1], item[0]))
    return ", ".join(f"{count:,} {reason}" for reason, count in told)
