"""The links of a message as checks judge them: where each leads, and what is known of that host."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address
from urllib.parse import SplitResult

from mailaudit.checks.message._message import content_of
from mailaudit.facts.facts import Facts
from mailaudit.facts.message.html.page import host_of, web_address
from mailaudit.facts.sender.names import organizational_domain

MOST_LINKS = 5_000
_MERGE = re.compile(
    r"\{\{|\{%|\{\$|\{[a-z_]+[}.:=|]|\*\||%%|\[\[|<%|\$\{|\$\[|##|^\[[\w :-]+\]$|^%[\w:.-]+%|^__[A-Z]",
    re.IGNORECASE,
)
_IN_TEXT = re.compile(r"https?://[^\s<>\"'()\[\]]{1,2000}", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Target:
    """One target of a link: as written, the text that people see, and whether the plain text or the HTML has it."""

    address: str
    text: str
    place: str

    @property
    def url(self) -> SplitResult | None:
        """Return the parts of an address of the web, nothing for any other."""
        return web_address(self.address)

    @property
    def host(self) -> str:
        """Return the host, lower case; empty without one."""
        url = self.url
        return host_of(url) if url else ""


def targets(facts: Facts) -> Iterator[Target]:
    """Yield the targets of links in order, merge fields left out: HTML, what only Outlook shows, then the plain text."""
    content = content_of(facts)
    pages = [shown for page in content.pages for shown in (page, page.outlook) if shown]
    links = [Target(link.target, link.text, "html") for page in pages for link in page.links]
    written = [Target(match[0], match[0], "text") for match in _IN_TEXT.finditer(content.text or "")]
    yield from (one for one in (*links[:MOST_LINKS], *written[:MOST_LINKS]) if not is_merge_field(one.address))


def is_merge_field(address: str) -> bool:
    """Say whether an address is still to be filled in by the sending program."""
    return _MERGE.search(address[:2000]) is not None


def address_of_host(host: str) -> IPv4Address | IPv6Address | None:
    """Return the IP address that a host name is, also in the forms that only browsers read (decimal, hexadecimal)."""
    try:
        return ip_address(host.strip("[]"))
    except ValueError:
        pass
    if re.fullmatch(r"0x[0-9a-f]{1,8}|\d{8,10}", host):
        number = int(host, 0) if host.startswith("0x") else int(host)
        return IPv4Address(number) if number < 1 << 32 else None
    return None


def own_organizations(facts: Facts) -> frozenset[str]:
    """Return the registered domains that are the sender's own."""
    campaign = facts.campaign
    names = [facts.sender.organizational_domain, campaign.mail_from_domain, campaign.sending.website]
    names += [campaign.reply_to.address.domain] if campaign.reply_to else []
    return frozenset(organizational_domain(name) for name in names if name)
