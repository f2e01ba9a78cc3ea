"""What is known of the hosts that links lead to."""

from __future__ import annotations

import re
from ipaddress import IPv4Address, IPv6Address, ip_address

from mailaudit.checks.message._message import content_of
from mailaudit.facts.facts import Facts
from mailaudit.facts.message.html.targets import Target
from mailaudit.facts.sender.names import organizational_domain


def targets(facts: Facts) -> tuple[Target, ...]:
    """Return the targets of links; raises `Unavailable` when the message could not be read."""
    return content_of(facts).targets


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
