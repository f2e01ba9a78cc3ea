"""The list holds nobody.

## Why it matters
A file without rows, or without a single valid address, is nearly always the wrong file, the wrong column or a
broken export. The campaign would reach nobody.

## How to fix
1. Check that `recipients.files` names the right file and `recipients.column` the right column.
2. Export the list again.

## References
- [RFC 4180](https://www.rfc-editor.org/rfc/rfc4180): the format of CSV files
"""

from mailaudit.checks.recipients._findings import evidence
from mailaudit.checks.rule import Evidence, Facts, Location, Owner, Problem, Problems, Severity, check
from mailaudit.facts.recipients.kinds import Kind
from mailaudit.wording import numbered


@check(Severity.ERROR, passed="The list holds recipients.")
def list_empty(facts: Facts) -> Problems:
    """Report each file that holds no valid address."""
    for file in facts.recipients.files:
        if not file.valid:
            rows, samples = numbered(file.rows, "row"), file.samples.get(Kind.INVALID, ())
            yield Problem.about(
                file.name,
                f"{file.name} holds {rows} and no valid address; the first has {samples[0].reason}."
                if samples
                else f"{file.name} holds {rows} and no valid address.",
                "Check that recipients.files and recipients.column name the right file and column.",
                "Export the list again.",
                owner=Owner.LIST_OWNER,
                location=Location(file.path),
                evidence=(Evidence("column of the addresses", file.column), *evidence(file, Kind.INVALID)),
            )
