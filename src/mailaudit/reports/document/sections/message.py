"""What the JSON report says of the message."""

from collections.abc import Iterator

from mailaudit.facts.message.model import MessageFacts
from mailaudit.reports.document.base import Part, Text


class FieldEntry(Part):
    """One field of a template: the column that fills it, and how many messages it leaves a gap in.

    `empty` counts cells with nothing in them, `nothing` those with a word for it (null, n/a); both are missing without a
    column. `columns` are the candidates when there are several.
    """

    field: Text
    places: tuple[str, ...]
    column: Text | None = None
    columns: tuple[Text, ...] = ()
    empty: int | None = None
    nothing: int | None = None
    longest: int | None = None
    fallback: Text | None = None
    guarded: bool = False


class MessageSection(Part):
    """The message in numbers; no content of it, for that may hold a recipient's data.

    It is empty when the campaign names no message.
    """

    path: Text | None = None
    kind: str | None = None
    size: int | None = None
    html_size: int | None = None
    link_domains: tuple[Text, ...] = ()
    placeholders: int | None = None
    fields: tuple[FieldEntry, ...] = ()


def message_section(facts: MessageFacts) -> MessageSection:
    """Return the section for one message."""
    content = facts.content.value
    return MessageSection(
        path=facts.path,
        kind=facts.kind,
        size=facts.size,
        html_size=content.html_size if content else None,
        link_domains=facts.link_domains[:200],
        placeholders=len(content.placeholders) if content else None,
        fields=tuple(_fields(facts)),
    )


def _fields(facts: MessageFacts) -> Iterator[FieldEntry]:
    joins = {join.field: join for join in facts.joins or ()}
    for field in facts.fields:
        join = joins.get(field.name)
        columns = join.columns if join else ()
        cells = join.cells if join else None
        yield FieldEntry(
            field=field.name,
            places=tuple(dict.fromkeys(use.place for use in field.uses)),
            column=columns[0] if len(columns) == 1 else None,
            columns=columns if len(columns) > 1 else (),
            empty=cells.empty if cells else None,
            nothing=cells.nothing if cells else None,
            longest=cells.longest if cells else None,
            fallback=next((use.fallback for use in field.uses if use.fallback), None),
            guarded=any(use.is_guarded for use in field.uses),
        )
