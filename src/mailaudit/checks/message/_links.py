"""What is known of the hosts that links lead to."""

import re
from ipaddress import IPv4Address, IPv6Address

from mailaudit.checks.message._message import content_of
from mailaudit.checks.rule import Facts
from mailaudit.facts.message.html.targets import Target
from mailaudit.facts.public_address import as_address
from mailaudit.facts.sender.names import organizational_domain

_NUMBER = re.compile(r"0x[0-9a-f]{1,8}|0[0-7]{0,11}|[1-9]\d{0,9}")
_MOST_DOTS, _OCTET = 3, 255


def targets(facts: Facts) -> tuple[Target, ...]:
    """Return the targets of links; raises `Unavailable` when the message could not be read."""
    return content_of(facts).targets


def address_of_host(host: str) -> IPv4Address | IPv6Address | None:
    """Return the IP address that a host name is, also in the forms that only browsers read (decimal, hexadecimal)."""
    return as_address(host.strip("[]")) or _as_browsers_read(host)


def _as_browsers_read(host: str) -> IPv4Address | None:
    """Read one to four decimal, octal or hexadecimal numbers as an address (WHATWG URL, section 3.5)."""
    parts = host.split(".")
    if not all(_NUMBER.fullmatch(part) for part in parts):
        return None
    numbers = [
        int(part, 16 if part[:2] == "0x" else 8 if part[:1] == "0" and part != "0" else 10) for part in parts
    ]
    *first, last = numbers
    if len(first) > _MOST_DOTS or any(number > _OCTET for number in first) or last >= 256 ** (4 - len(first)):
        return None
    return IPv4Address(sum(number << (24 - 8 * place) for place, number in enumerate(first)) + last)


def own_organizations(facts: Facts) -> frozenset[str]:
    """Return the registered domains that are the sender's own."""
    campaign = facts.campaign
    names = [facts.sender.organizational_domain, campaign.mail_from_domain, campaign.sending.website]
    names += [campaign.reply_to.address.domain] if campaign.reply_to else []
    return frozenset(organizational_domain(name) for name in names if name)
