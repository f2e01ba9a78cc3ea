"""The template asks for a field that the list does not have.

## Why it matters
Depending on the program, people read the bare `{{ town }}` or a gap. Nobody sees it in the editor's preview, which fills in
examples.

## How to fix
Correct the name, add the column to the list, or say which column is meant: `message: {html: …, fields: {FNAME:
first_name}}`.

## References
- [Mailchimp: merge tags](https://mailchimp.com/help/all-the-merge-tags-cheat-sheet/), as an example of how tags map to
  columns
- [Mautic issue 2506](https://github.com/mautic/mautic/issues/2506): what people read when a field is not known
"""

from mailaudit.checks.message._merge import joined_fields
from mailaudit.checks.rule import Confidence, Evidence, Facts, Problem, Problems, Severity, check
from mailaudit.facts.message.merge.model import Join, MergeField


@check(
    Severity.ERROR,
    passed="The list has a column for every field of the template.",
    needs=("message", "recipients"),
)
def merge_field_unknown(facts: Facts) -> Problems:
    """Yield a problem for each field without a column, or with several that may be meant.

    It is an error where other fields have the list's own names and no platform brings fields of its own, and where the
    campaign itself names the column.
    """
    fields = list(joined_fields(facts))
    names_are_the_lists = any(join.columns and join.is_by_name for _, join in fields)
    is_certain = names_are_the_lists and not facts.campaign.sending.platform
    for field, join in fields:
        is_sure = is_certain or bool(_named_column(facts, field))
        if len(join.columns) == 1 or (not field.is_certain and not join.columns):
            continue
        yield Problem.about(
            field.name,
            _message(facts, field, join),
            f"Say which column fills {field.name}: message.fields: {{{field.name}: name_of_the_column}}.",
            "Or correct the name in the template, or add the column to the list.",
            severity=None if is_sure and not join.columns and not field.is_safe else Severity.WARNING,
            confidence=Confidence.HIGH if is_sure else Confidence.MEDIUM,
            evidence=tuple(Evidence(use.place, use.tag) for use in field.uses[:5]),
        )


def _message(facts: Facts, field: MergeField, join: Join) -> str:
    if join.columns:
        listed = ", ".join(join.columns[:4])
        return f"Several columns of the list may fill {field.uses[0].tag}: {listed}. Say which one is meant."
    named = _named_column(facts, field)
    if named:
        return f"The list has no column “{named}”, which the campaign names for {field.uses[0].tag}."
    return f"The list has no column for {field.uses[0].tag}."


def _named_column(facts: Facts, field: MergeField) -> str | None:
    plan = facts.campaign.message
    mapping = (plan.fields or {}) if plan else {}
    return next((column for name, column in mapping.items() if name.casefold() == field.name.casefold()), None)
