"""A field of the template is empty for many people of the list.

## Why it matters
"Dear ," tells every reader that the mail is a mass mailing gone wrong. Some programs write `null` or `None` instead.

## How to fix
Give the field a fallback ("Dear reader"), put it into a condition, or fill the column.

## References
- [Brevo: default values](https://help.brevo.com/hc/en-us/articles/360021082780), as an example of fallbacks
- [Liquid: default](https://shopify.github.io/liquid/filters/default/)
"""

from mailaudit.checks.message._merge import joined_fields
from mailaudit.checks.rule import Confidence, Evidence, Facts, Impact, Owner, Problem, Problems, Severity, check
from mailaudit.facts.message.merge.model import Cells, Join, MergeField, Use

ERROR_SHARE = 0.01
_MOST_OF_THEM = 0.5


def left_open(facts: Facts) -> str | None:
    """Return which gaps fallbacks and conditions close."""
    closed = [
        f"{field.name} ({join.cells.empty + join.cells.nothing:,} empty)"
        for field, join in joined_fields(facts)
        if join.cells and field.is_safe and join.cells.empty + join.cells.nothing
    ]
    return f"Fallbacks and conditions close the gaps of {', '.join(closed[:5])}." if closed else None


@check(
    Severity.ERROR,
    passed="No field of the template is empty for anybody, or something stands in its place.",
    needs=("message", "recipients"),
    proviso=left_open,
)
def merge_field_empty(facts: Facts) -> Problems:
    """Yield a problem for each field with gaps that nothing closes.

    It is an error in a subject or a greeting from one in a hundred people on; a column that was found by a name of the
    same meaning is of medium confidence.
    """
    for field, join in joined_fields(facts):
        cells = join.cells
        if cells is None:
            continue
        open_uses = [use for use in field.uses if not use.is_safe]
        # A program's word for nothing is a value to every program: no fallback and no condition sees it.
        gaps = cells.empty + cells.nothing if open_uses else cells.nothing
        if not gaps:
            continue
        uses = open_uses or list(field.uses)
        is_grave = any(use.is_prominent for use in uses) and gaps >= ERROR_SHARE * cells.rows
        yield Problem.about(
            field.name,
            _message(join, uses[0], gaps, cells),
            *_steps(field, join),
            owner=Owner.LIST_OWNER,
            severity=None if is_grave else Severity.WARNING,
            confidence=Confidence.HIGH if join.is_by_name else Confidence.MEDIUM,
            evidence=(
                Evidence("column", join.columns[0]),
                Evidence("empty cells", f"{cells.empty:,} of {cells.rows:,}"),
                *((Evidence("words for nothing (null, n/a, -)", f"{cells.nothing:,}"),) if cells.nothing else ()),
                *(Evidence(use.place, use.tag) for use in uses[:5]),
            ),
            impact=Impact(
                gaps, gaps / max(cells.rows, 1), tuple(name for name, _ in cells.gaps if name != "other")
            ),
        )


def _message(join: Join, use: Use, gaps: int, cells: Cells) -> str:
    people = f"{gaps:,} {'person' if gaps == 1 else 'people'} will read"
    reads = f"nothing, or a word such as null, in place of {use.tag}"
    where = "the subject" if use.place == "subject" else "the greeting" if use.is_greeting else "the message"
    provider, most = max(cells.gaps, key=lambda gap: gap[1], default=("", 0))
    crowd = (
        f" {most / gaps:.0%} of them are at {provider}."
        if provider not in {"", "other"} and most > gaps * _MOST_OF_THEM and gaps > 1
        else ""
    )
    return f"{people} {reads} in {where}: their “{join.columns[0]}” is empty.{crowd}"


def _steps(field: MergeField, join: Join) -> tuple[str, ...]:
    return (
        f"Give {field.uses[0].tag} a fallback in the template, such as “reader”, or put it into a condition.",
        f"Or fill the column {join.columns[0]}, and clear the cells that hold null, n/a or a dash.",
    )
