"""What the checks of merge fields have in common: each field of the template, with its columns."""

from collections.abc import Iterator

from mailaudit.checks.rule import Facts, NotApplicable, NotGiven, Unavailable
from mailaudit.facts.message.merge.model import Join, MergeField


def joined_fields(facts: Facts) -> Iterator[tuple[MergeField, Join]]:
    """Yield the fields of a template with what the list has for each.

    Raises `NotApplicable` for a sample and a template without fields, `NotGiven` without a list, `Unavailable` when a
    column or a field cannot be told.
    """
    message = facts.message
    content = message.content.get()
    if message.kind != "template":
        raise NotApplicable("the message is a sample: its fields were filled in")
    if not message.fields:
        from mailaudit.facts.message.merge.fields import computed_tag  # noqa: PLC0415 - only with a template

        unread = computed_tag(part.text for part in content.parts)
        if unread:
            raise Unavailable(f"the template asks for its values by a program of its own, such as {unread[:60]}")
        raise NotApplicable("the template holds no field that a list could fill")
    if facts.recipients_or_none is None:
        raise NotGiven("the campaign names no recipient list (recipients.files)")
    joined = message.joins
    if joined is None:
        raise Unavailable("the list has no header, so that nobody can tell which column fills which field")
    by_name = {join.field: join for join in joined}
    yield from ((field, by_name[field.name]) for field in message.fields if field.name in by_name)
