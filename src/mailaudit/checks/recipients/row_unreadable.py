"""The list holds lines that cannot be read.

## Why it matters
One wrong quotation mark makes many programs swallow all the lines up to the next one: hundreds of people then get
nothing, and nobody notices. mailaudit reads on behind the damaged line, but the program that sends may not.

## How to fix
1. Open the file at the lines that the report names and repair the quotation marks or the number of cells.
2. Or export the list again, as CSV with UTF-8, from the program that keeps it.

## References
- [RFC 4180, section 2](https://www.rfc-editor.org/rfc/rfc4180#section-2): quotation marks in CSV files
"""

from mailaudit.checks.recipients._findings import hits, those
from mailaudit.checks.rule import Facts, Problems, Severity, check
from mailaudit.facts.recipients.kinds import Kind
from mailaudit.wording import numbered


@check(Severity.WARNING, passed="Every line of the list can be read.")
def row_unreadable(facts: Facts) -> Problems:
    """Report the lines of each file that could not be read."""
    for count, problem in hits(facts, Kind.UNREADABLE):
        yield problem(
            f"{numbered(count, 'line')} of {problem.file.name} cannot be read: "
            "the program that sends may skip them, or lose other lines with them.",
            f"Repair {those(count, 'line', 'lines')} of {problem.file.name}, or export it again as CSV (UTF-8).",
            "Run `mailaudit check` again before you send.",
        )
