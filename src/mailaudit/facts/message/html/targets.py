"""Where the links of a message lead: those of the HTML, of what only Outlook shows, and of the plain text."""

import re
from collections.abc import Iterable
from itertools import islice
from urllib.parse import SplitResult

from msgspec import Struct

from mailaudit.facts.message.html.page import Page, host_of, web_address

MOST_LINKS = 5_000
IN_TEXT = re.compile(r"https?://[^\s<>\"'()\[\]]{1,2000}", re.IGNORECASE)
_MERGE = re.compile(
    r"\{\{|\{%|\{\$|\{[a-z_]+[}.:=|]|\*\||%%|\[\[|<%|\$\{|\$\[|##|^\[[\w :-]+\]$|^%[\w:.-]+%|^__[A-Z]",
    re.IGNORECASE,
)


class Target(Struct, frozen=True):
    """One target of a link: as written, the text that people see, its place (`html`, `text`), and its parts.

    `url` is missing for what is no address of the web, `host` is then empty. `is_seen` is false for a link around nothing.
    """

    address: str
    text: str
    place: str
    url: SplitResult | None
    host: str
    is_seen: bool = True


def targets_of(pages: Iterable[Page], text: str) -> tuple[Target, ...]:
    """Return the targets in order, those left out that the sending program is still to fill in."""
    shown = [part for page in pages for part in (page, page.outlook) if part]
    links = (
        _target(link.target, link.text, "html", is_seen=link.is_seen) for part in shown for link in part.links
    )
    written = (_target(match[0], match[0], "text") for match in IN_TEXT.finditer(text))
    found = (*islice(links, MOST_LINKS), *islice(written, MOST_LINKS))
    return tuple(one for one in found if not is_merge_field(one.address))


def is_merge_field(address: str) -> bool:
    """Say whether an address is still to be filled in by the sending program."""
    return _MERGE.search(address[:2000]) is not None


def _target(address: str, text: str, place: str, *, is_seen: bool = True) -> Target:
    url = web_address(address)
    return Target(address, text, place, url, host_of(url) if url else "", is_seen)
