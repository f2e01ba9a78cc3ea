"""A field of the template has values that break the message.

## Why it matters
A value with `<` in it breaks the HTML, one with `{{` or `*|` is read by the sending program as a field of its own, and an
e-mail address in place of a name is shown to whoever the message is forwarded to.

## How to fix
Clean the column, and let the template escape what it fills in.

## References
- [OWASP: server-side template
  injection](https://owasp.org/www-project-web-security-testing-guide/latest/4-Web_Application_Security_Testing/07-Input_Validation_Testing/18-Testing_for_Server-side_Template_Injection)
"""

from mailaudit.checks.message._merge import joined_fields
from mailaudit.checks.rule import Evidence, Facts, Owner, Problem, Problems, Severity, check
from mailaudit.facts.message.merge.model import Cells, Join


@check(Severity.WARNING, passed="No value of a field breaks the message.", needs=("message", "recipients"))
def merge_field_unfit(facts: Facts) -> Problems:
    """Yield a problem for each field with values that hold markup, merge syntax or an address."""
    address_columns = {file.column for file in facts.recipients.files} if facts.recipients_or_none else set()
    for field, join in joined_fields(facts):
        if join.cells is None:
            continue
        faults = _faults(join, join.cells, holds_addresses=join.columns[0] in address_columns)
        if faults:
            yield Problem.about(
                field.name,
                f"Of the values for {field.uses[0].tag}, {'; '.join(faults)}.",
                f"Look at the column {join.columns[0]}, and clean these values.",
                "Let the template escape values.",
                owner=Owner.LIST_OWNER,
                evidence=(Evidence("column", join.columns[0]),),
            )


def _faults(join: Join, cells: Cells, *, holds_addresses: bool) -> tuple[str, ...]:
    from mailaudit.facts.recipients.reading.columns import is_address_header  # noqa: PLC0415 - only with a list

    is_address = holds_addresses or is_address_header(join.columns[0])
    told = (
        (cells.with_markup, f"{cells.with_markup:,} hold <, which breaks the HTML"),
        (cells.with_tags, f"{cells.with_tags:,} hold merge syntax"),
        (0 if is_address else cells.with_address, f"{cells.with_address:,} hold an e-mail address"),
    )
    return tuple(text for count, text in told if count)
