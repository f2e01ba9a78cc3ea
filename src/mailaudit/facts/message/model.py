"""What is known about the message itself."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

Kind = Literal["template", "sample"]


@dataclass(frozen=True, slots=True)
class HeaderField:
    """One header field, unfolded and decoded (RFC 2047); `line` counts from 1 in the message file."""

    name: str
    value: str
    line: int


@dataclass(frozen=True, slots=True)
class Placeholder:
    """A piece of merge syntax that a recipient would read, and where: `subject`, `html`, `text` or a header name."""

    text: str
    place: str


@dataclass(frozen=True, slots=True)
class MessageFacts:
    """The message as given.

    `kind` is `sample` for a message as people receive it, `template` for one whose merge fields are still to be
    filled. `raw` and `headers` are missing when only bodies were given. `size` is in octets on the wire, attachments
    included; `html_size` in octets of the decoded HTML. `link_domains` are the hosts of its links and images, lower
    case, sorted.
    """

    path: str
    kind: Kind
    headers: tuple[HeaderField, ...] | None
    subject: str | None
    html: str | None
    text: str | None
    size: int | None
    html_size: int | None
    link_domains: tuple[str, ...]
    placeholders: tuple[Placeholder, ...]
    raw: bytes | None = field(default=None, repr=False)

    def header(self, name: str) -> tuple[HeaderField, ...]:
        """Return every field of that name, in order; the case of the name does not matter."""
        return tuple(item for item in self.headers or () if item.name.lower() == name.lower())
