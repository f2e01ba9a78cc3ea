"""Take a body apart into its parts (RFC 2045, RFC 2046), in time that grows with its size only."""

import binascii
import re
from collections.abc import Iterator
from email.message import Message

from msgspec import Struct

from mailaudit.facts.message.model import HeaderField
from mailaudit.facts.message.reading.header_fields import split_header

MOST_PARTS = 500
DEEPEST = 30
_LONGEST_PARAMETERS = 8_000
# The line break before a boundary belongs to the boundary.
_ENDING = re.compile(rb"(?:\r\n|\n|\r)\Z")


class UnreadableError(Exception):
    """The parts of a message cannot be told apart; the reason is a clause about the message."""


# RFC 2045, section 5.1: comments may stand in these fields, as in text/plain (ours); charset=utf-8.
_COMMENT = re.compile(r"\([^()]*\)")


class Entity(Struct, frozen=True):
    """One part that is no multipart: its type, what its header says, and its octets as transferred."""

    content_type: str
    charset: str | None
    encoding: str
    is_attachment: bool
    content_id: str | None
    body: bytes

    def decoded(self) -> bytes:
        """Return the octets with the transfer encoding undone; damage is passed over as mailboxes do."""
        if self.encoding == "quoted-printable":
            return binascii.a2b_qp(self.body)
        if self.encoding == "base64":
            return _base64(self.body)
        return self.body


def entities(fields: list[HeaderField], body: bytes) -> Iterator[Entity]:
    """Yield the parts in order; raises `UnreadableError` for too many or too deep parts, or without a boundary.

    A message within the message is a part of its own, and not looked into: readers see an attachment.
    """
    waiting = [(fields, body, 0)]
    count = 0
    while waiting:
        header, octets, depth = waiting.pop()
        described = _described(header)
        if described.get_content_maintype() != "multipart":
            yield _entity(described, octets)
            continue
        if depth >= DEEPEST:
            raise UnreadableError(f"its parts are nested more than {DEEPEST} deep")
        pieces = list(_pieces(octets, described.get_boundary()))
        count += len(pieces)
        if count > MOST_PARTS:
            raise UnreadableError(f"it has more than {MOST_PARTS} parts")
        for piece in reversed(pieces):
            inner, start = split_header(piece)
            waiting.append((inner, piece[start:], depth + 1))


def _described(fields: list[HeaderField]) -> Message:
    wanted = {"content-type", "content-disposition", "content-transfer-encoding", "content-id"}
    described = Message()
    for item in fields[:_LONGEST_PARAMETERS]:
        name = item.name.lower()
        if name in wanted and name not in described:
            value = item.value[:_LONGEST_PARAMETERS]
            described[name] = value if '"' in value else _COMMENT.sub("", value)
    return described


def _entity(described: Message, body: bytes) -> Entity:
    return Entity(
        content_type=described.get_content_type(),
        charset=_charset(described),
        encoding=str(described.get("content-transfer-encoding", "")).strip().lower(),
        is_attachment=described.get_content_disposition() == "attachment",
        content_id=str(described["content-id"]).strip(" <>") if "content-id" in described else None,
        body=body,
    )


def _charset(described: Message) -> str | None:
    try:
        value = described.get_param("charset")
    except (LookupError, ValueError):
        return None
    text = value[2] if isinstance(value, tuple) else value
    return str(text).strip() or None if text is not None else None


def _pieces(body: bytes, boundary: str | None) -> Iterator[bytes]:
    if not boundary:
        raise UnreadableError("it has several parts and names no boundary between them")
    mark = re.escape(boundary.encode("utf-8", "surrogateescape"))
    delimiter = re.compile(rb"(?:\A|(?<=[\r\n]))--" + mark + rb"(--)?[ \t]*(?:\r\n|\n|\r|\Z)")
    start = None
    for match in delimiter.finditer(body):
        if start is not None:
            yield _ENDING.sub(b"", body[start : match.start()])
        start = match.end()
        if match[1]:
            return
    if start is None:
        raise UnreadableError("the boundary that it names occurs nowhere")
    yield body[start:]


def _base64(body: bytes) -> bytes:
    letters = re.sub(rb"[^A-Za-z0-9+/]+", b"", body)
    whole = letters[: len(letters) - (1 if len(letters) % 4 == 1 else 0)]
    return binascii.a2b_base64(whole + b"=" * (-len(whole) % 4))
