"""From the parts of a message to what people read: decoded texts, pages, and the names of attached pictures."""

from collections.abc import Iterable

from mailaudit.facts.message.html.page import Page
from mailaudit.facts.message.html.read_page import TooDeepError, read_page
from mailaudit.facts.message.html.targets import targets_of
from mailaudit.facts.message.merge.unfilled import unfilled
from mailaudit.facts.message.model import SHOWN_BY_GMAIL, Content, HeaderField, TextPart
from mailaudit.facts.message.reading.charsets import read_text
from mailaudit.facts.message.reading.entities import Entity, UnreadableError, entities
from mailaudit.facts.message.reading.mjml import is_mjml
from mailaudit.facts.observed import Observed

READ = frozenset({"text/plain", "text/html", "text/x-amp-html", "text/watch-html"})
_HIDING = ("style", "script", "title", "template", "textarea", "noframes")
MOST_CHARACTERS = 20 * 1024 * 1024


def unreadable(reason: str) -> Observed[Content]:
    """Return that the content is unknown; the reason is a clause about the message."""
    return Observed.unknown(f"the message cannot be read: {reason}")


def read_bodies(fields: list[HeaderField], body: bytes, subject: str | None) -> Observed[Content]:
    """Return the content of a message, or why it cannot be read."""
    try:
        parts = list(entities(fields, body))
    except UnreadableError as reason:
        return unreadable(str(reason))
    texts = tuple(_text_part(part) for part in parts if part.content_type in READ and not part.is_attachment)
    if not texts:
        return unreadable("no part of it is text or HTML")
    names = frozenset(part.content_id for part in parts if part.content_id)
    return content_of(texts, fields, subject, names)


def content_of(
    parts: tuple[TextPart, ...],
    fields: Iterable[HeaderField],
    subject: str | None,
    content_ids: frozenset[str] = frozenset(),
) -> Observed[Content]:
    """Return what is known of readable parts, or why their HTML is not read."""
    if sum(len(part.text) for part in parts) > MOST_CHARACTERS:
        return Observed.unknown(
            f"the message cannot be read: its text has more than {MOST_CHARACTERS:,} characters"
        )
    try:
        pages = tuple(read_page(part.text) for part in _html(parts))
        clipped = _clipped(parts)
        variants = [read_page(part.text) for part in parts if part.content_type not in {"text/html", "text/plain"}]
    except TooDeepError as reason:
        return unreadable(str(reason))
    hidden = next(
        (part for part, page in zip(_html(parts), pages, strict=True) if _is_swallowed(part, page)), None
    )
    if hidden:
        return unreadable("a style, script or title of its HTML has no end and hides the rest")
    text = next((part.text for part in parts if part.content_type == "text/plain"), "")
    targets = targets_of(pages, text)
    found = tuple(unfilled(fields, subject, parts, (*pages, *variants)))
    return Observed.known(Content(parts, pages, content_ids, found, _html_size(parts), clipped, targets))


def _text_part(part: Entity) -> TextPart:
    text, fault = read_text(part.decoded(), part.charset)
    return TextPart(part.content_type, text, fault)


def _html_size(parts: tuple[TextPart, ...]) -> int | None:
    html = next((part.text for part in parts if part.content_type == "text/html"), None)
    return len(html.encode("utf-8", "replace")) if html is not None and not is_mjml(html) else None


def _html(parts: tuple[TextPart, ...]) -> list[TextPart]:
    return [part for part in parts if part.content_type == "text/html"]


def _is_swallowed(part: TextPart, page: Page) -> bool:
    """Say whether nothing is visible because an element that hides its content is never closed."""
    if any(page.lines) or page.pictures:
        return False
    lowered = part.text.lower()
    return any(f"<{name}" in lowered and f"</{name}" not in lowered for name in _HIDING)


def _clipped(parts: tuple[TextPart, ...]) -> Page | None:
    html = next((part.text for part in parts if part.content_type == "text/html"), "")
    octets = html.encode("utf-8", "replace")
    if len(octets) <= SHOWN_BY_GMAIL or is_mjml(html):
        return None
    return read_page(octets[:SHOWN_BY_GMAIL].decode("utf-8", "ignore"))
