"""Take a message apart: header fields with their lines, and the bodies that people read (RFC 5322, RFC 2045)."""

from __future__ import annotations

import email
import email.policy
from dataclasses import dataclass
from email.header import decode_header
from email.message import Message

from mailaudit.facts.message.model import HeaderField

MOST_PARTS = 500
MOST_HEADERS = 50_000


@dataclass(frozen=True, slots=True)
class Parsed:
    """The header fields, and the first HTML and plain-text bodies, decoded."""

    headers: tuple[HeaderField, ...]
    html: str | None
    text: str | None


def parse(raw: bytes) -> Parsed:
    """Return the parts of a message; malformed pieces are left out, nothing raises.

    A flood of more than `MOST_HEADERS` header fields is no message: it has no header fields here.
    """
    message = email.message_from_bytes(raw, policy=email.policy.compat32)
    return Parsed(_headers(raw), _body(message, "text/html"), _body(message, "text/plain"))


def _headers(raw: bytes) -> tuple[HeaderField, ...]:
    fields: list[tuple[str, list[str], int]] = []
    for number, line in enumerate(raw.splitlines(), start=1):
        text = line.decode("utf-8", "replace")
        if not text.strip():
            break
        if len(fields) > MOST_HEADERS:
            return ()
        if text[0] in " \t" and fields:
            fields[-1][1].append(text.strip())
            continue
        name, colon, value = text.partition(":")
        if colon and name.strip() and " " not in name.strip():
            fields.append((name.strip(), [value.strip()], number))
    return tuple(HeaderField(name, _decoded(" ".join(parts)), line) for name, parts, line in fields)


def _decoded(value: str) -> str:
    """Decode encoded words (RFC 2047); what cannot be decoded stays as it is."""
    if "=?" not in value:
        return value
    try:
        pieces = decode_header(value)
        return "".join(
            piece if isinstance(piece, str) else piece.decode(charset or "ascii", "replace")
            for piece, charset in pieces
        )
    except (LookupError, ValueError):
        return value


def _body(message: Message, content_type: str) -> str | None:
    for count, part in enumerate(message.walk()):
        if count > MOST_PARTS:
            return None
        if part.get_content_type() == content_type and part.get_content_disposition() != "attachment":
            return _text(part)
    return None


def _text(part: Message) -> str | None:
    try:
        content = part.get_payload(decode=True)
    except (LookupError, ValueError):
        return None
    if not isinstance(content, bytes):
        return None
    try:
        return content.decode(part.get_content_charset() or "utf-8", "replace")
    except (LookupError, ValueError):
        return content.decode("utf-8", "replace")
