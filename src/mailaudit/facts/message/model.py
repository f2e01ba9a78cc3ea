"""What is known about the message itself."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from msgspec import Struct

from mailaudit.facts.message.html.page import Page
from mailaudit.facts.message.html.targets import Target
from mailaudit.facts.message.merge.model import Join, MergeField
from mailaudit.facts.message.reading.charsets import CharsetFault
from mailaudit.facts.observed import Observed
from mailaudit.location import Location

Kind = Literal["template", "sample"]
# The place of program code that readers do not see: the value that it computes is missing.
CODE = "code"
# Gmail shows so many octets of a message's HTML (measured: github.com/hteumeuleu/email-bugs, issue 41).
SHOWN_BY_GMAIL = 102_400


class HeaderField(Struct, frozen=True):
    """One header field: `value` unfolded and decoded (RFC 2047), `raw` as written, its lines joined by line feeds.

    `line` counts from 1 in the message file.
    """

    name: str
    value: str
    line: int
    raw: bytes = b""


class Placeholder(Struct, frozen=True):
    """A piece of merge syntax that a recipient would read, and the place: `subject`, `html`, a header's name.

    `is_certain` is false where programs of the trade write the same in their own texts (`${x}`).
    """

    text: str
    place: str
    is_certain: bool = True


class TextPart(Struct, frozen=True):
    """A part that people read, decoded; `content_type` is `text/plain`, `text/html` or that of a variant for AMP."""

    content_type: str
    text: str
    charset_fault: CharsetFault | None = None


class LongLine(Struct, frozen=True):
    """A line of more than 998 octets: its number in the file, and its octets."""

    number: int
    octets: int


class BareEnds(Struct, frozen=True):
    """Carriage returns and line feeds that stand alone: how many, and the line of the first in the file."""

    count: int
    first_line: int | None


class Content(Struct, frozen=True):
    """The readable parts, the HTML parts as pages, what travels with them, and what is left unfilled.

    `content_ids` are those of the attached pictures. `html_size` is that of the first HTML part, in octets; it is
    missing without one, and for a source that is still to be compiled (MJML). `clipped` is what Gmail shows of an HTML
    part that is larger than `SHOWN_BY_GMAIL`. `targets` are those of the links. `uncompiled` says why the HTML is not that
    which is sent.
    """

    parts: tuple[TextPart, ...]
    pages: tuple[Page, ...]
    content_ids: frozenset[str]
    placeholders: tuple[Placeholder, ...]
    html_size: int | None
    clipped: Page | None = None
    targets: tuple[Target, ...] = ()
    uncompiled: str | None = None

    @property
    def html(self) -> str | None:
        """The first HTML part."""
        return next((part.text for part in self.parts if part.content_type == "text/html"), None)

    @property
    def text(self) -> str | None:
        """The first plain-text part."""
        return next((part.text for part in self.parts if part.content_type == "text/plain"), None)

    @property
    def lines(self) -> tuple[str, ...]:
        """The visible lines of the HTML, or those of the plain text where there is no HTML."""
        if self.pages:
            return tuple(line for page in self.pages for line in page.lines)
        return tuple((self.text or "").splitlines())


class MessageFacts(Struct, frozen=True):
    """The message as given.

    `kind` is `sample` for a message as people receive it, `template` for one whose merge fields are still to be
    filled. `raw` and `headers` are missing when only bodies were given. `size` is in octets on the wire, attachments
    included. `content` is unavailable, with the reason, when the parts cannot be told apart. `is_transcoded` says
    that an editor rewrote the file, which then says nothing about charsets. `long_lines` are those that no transfer
    encoding makes short. `bare_ends` is missing where the file does not tell how its lines ended when they were sent.
    `fields` are those that a template wants filled; `joins` what the list has for them, nothing where its columns have
    no names. `others` are further samples of one dry run.
    """

    # Without a text of its own, which would hold the whole message.
    __repr__ = object.__repr__

    path: str
    kind: Kind
    headers: tuple[HeaderField, ...] | None
    subject: str | None
    size: int | None
    content: Observed[Content]
    is_transcoded: bool = False
    long_lines: tuple[LongLine, ...] = ()
    bare_ends: BareEnds | None = None
    fields: tuple[MergeField, ...] = ()
    joins: tuple[Join, ...] | None = ()
    raw: bytes | None = None
    others: tuple[MessageFacts, ...] = ()
    shown: str = ""

    def where(self, line: int | None = None) -> Location:
        """Return a place in the file, as it lies from the working directory; `path` is its name alone."""
        return Location(self.shown or self.path, line)

    def header(self, name: str) -> tuple[HeaderField, ...]:
        """Return every field of that name, in order; the case of the name does not matter."""
        wanted = name.lower()
        return tuple(item for item in self.headers or () if item.name.lower() == wanted)

    def wishes(self, columns: Mapping[str, str]) -> dict[str, str | None]:
        """Return the fields that the list is to fill, each with the column that the campaign names for it."""
        named = {name.casefold(): column for name, column in columns.items()}
        return {one.name: named.get(one.name.casefold()) for one in self.fields}

    @property
    def html(self) -> str | None:
        """The first HTML part, if there is one that could be read."""
        return self.content.value.html if self.content.value else None

    @property
    def text(self) -> str | None:
        """The first plain-text part, if there is one that could be read."""
        return self.content.value.text if self.content.value else None

    @property
    def link_domains(self) -> tuple[str, ...]:
        """The hosts of links and pictures that could be read, those of the plain text too; lower case, sorted."""
        read = [one.content.value for one in (self, *self.others) if one.content.value]
        hosts = {host for content in read for page in content.pages for host in page.hosts}
        return tuple(sorted(hosts | {one.host for content in read for one in content.targets if one.host}))
