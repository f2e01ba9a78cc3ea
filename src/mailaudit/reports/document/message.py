"""What the JSON report says of the message."""

from __future__ import annotations

from mailaudit.facts.message.model import MessageFacts
from mailaudit.reports.document.base import Part, Text


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
    )
