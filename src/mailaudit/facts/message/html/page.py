"""One HTML part as a recipient's program shows it."""

from __future__ import annotations

from urllib.parse import SplitResult, urlsplit

from msgspec import Struct

WEB = frozenset({"http", "https"})
_MERGE_MARKS = frozenset("{}|*%<>[]$ ")


class Link(Struct, frozen=True):
    """A link: its target as written, without blanks around it, the text that people see, and the line it stands in.

    The text holds the alternative texts of pictures. `line` is an index of the page's `lines`. `is_seen` is false for a
    link around nothing, `is_hidden` says that nobody sees it for its own style or that of what it stands in.
    """

    target: str
    text: str
    line: int
    is_seen: bool = True
    is_hidden: bool = False


class Picture(Struct, frozen=True):
    """A picture; `alt` is missing when the attribute is, and empty for a decoration."""

    source: str
    alt: str | None
    is_linked: bool


class Page(Struct, frozen=True):
    """What a page holds.

    `lines` are the visible texts, a block each, white space folded. `titles` are the texts of attributes (`alt`,
    `title`). `active` names the elements that mailboxes strip. `base` is the address that relative ones start from.
    `outlook` is what only Outlook shows (conditional comments). `code` is program code (`<?php … ?>`) that browsers take
    for comments. `addresses` are those of backgrounds, of pictures for other screens and of forms.
    """

    lines: tuple[str, ...]
    titles: tuple[str, ...]
    links: tuple[Link, ...]
    pictures: tuple[Picture, ...]
    active: tuple[str, ...]
    base: str | None = None
    outlook: Page | None = None
    code: tuple[str, ...] = ()
    addresses: tuple[str, ...] = ()

    @property
    def hosts(self) -> frozenset[str]:
        """The hosts of links and pictures, lower case; merge syntax is no host."""
        addresses = (*(link.target for link in self.links), *(picture.source for picture in self.pictures))
        parts = (web_address(address) for address in addresses)
        return frozenset(host for part in parts if part and (host := host_of(part)))


def web_address(address: str) -> SplitResult | None:
    """Return the parts of an address of the web, also of one that leaves the scheme out (`//host/path`).

    Programs drop line breaks and tabs, and read a backslash as a slash (WHATWG URL, section 4.4).
    """
    text = "".join(address.split()) if "\n" in address or "\t" in address else address.strip()
    try:
        parts = urlsplit(text.replace("\\", "/"))
        host = parts.hostname
    except ValueError:
        return None
    return parts if host and parts.scheme.lower() in {*WEB, ""} else None


def host_of(parts: SplitResult) -> str:
    """Return the host in lower case without a final dot; empty when the host is merge syntax."""
    host = (parts.hostname or "").rstrip(".").lower()
    return "" if _MERGE_MARKS & set(host) else host
