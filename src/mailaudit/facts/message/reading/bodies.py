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
    html = [part for part in parts if part.content_type == "text/html"]
    octets = html[0].text.encode("utf-8", "replace") if html and not is_mjml(html[0].text) else None
    try:
        pages = tuple(read_page(part.text) for part in html)
        clipped = _clipped(octets or b"")
        variants = [read_page(part.text) for part in parts if part.content_type not in {"text/html", "text/plain"}]
    except TooDeepError as reason:
        return unreadable(str(reason))
    if any(map(_is_swallowed, html, pages)):
        return unreadable("a style, script or title of its HTML has no end and hides the rest")
    text = next((part.text for part in parts if part.content_type == "text/plain"), "")
    targets = targets_of(pages, text)
    found = tuple(unfilled(fields, subject, parts, (*pages, *variants)))
    size = None if octets is None else len(octets)
    return Observed.known(Content(parts, pages, content_ids, found, size, clipped, targets))


def _text_part(part: Entity) -> TextPart:
    text, fault = read_text(part.decoded(), part.charset)
    return TextPart(part.content_type, text, fault)


def _is_swallowed(part: TextPart, page: Page) -> bool:
    """Say whether nothing is visible because an element that hides its content is never closed."""
    if any(page.lines) or page.pictures:
        return False
    lowered = part.text.lower()
    return any(f"<{name}" in lowered and f"</{name}" not in lowered for name in _HIDING)


def _clipped(octets: bytes) -> Page | None:
    if len(octets) <= SHOWN_BY_GMAIL:
        return None
    return read_page(octets[:SHOWN_BY_GMAIL].decode("utf-8", "ignore"))
