"""The machine that handed the sample to its receiver, and whether DNS bears out the platform's name that it is given."""

import re

from msgspec import Struct
from msgspec.structs import replace

from mailaudit.facts.dns.answer import Resolver, is_lost
from mailaudit.facts.dns.records import IpAddress
from mailaudit.facts.message.model import HeaderField
from mailaudit.facts.observed import Unavailable
from mailaudit.facts.public_address import as_address, is_reachable
from mailaudit.facts.sender.names import organizational_domain
from mailaudit.facts.sender.origin.addresses import SendingAddress, observe_addresses
from mailaudit.facts.sender.origin.evidence import Rank
from mailaudit.facts.sender.origin.lost_answers import Unseen
from mailaudit.knowledge import lookup

MAX_RECEIVED = 2000
# `from HELO (NAME [ADDRESS]) by HOST`: the name in brackets is the reverse name that the receiver found.
_HOP = re.compile(
    r"from\s+\S{1,255}\s+\((?:HELO\s+\S{1,255}\s+)?(?P<name>(?:[A-Za-z0-9_-]{1,63}\.){1,10}[A-Za-z]{2,24})\.?\s+"
    r"\[(?:IPv6:)?(?P<ip>[0-9A-Fa-f.:]{3,60})\][^)]{0,200}\)\s+(?:\([^)]{0,200}\)\s+)?by\s+(?P<by>[A-Za-z0-9._-]{1,255})"
)


class LastHop(Struct, frozen=True):
    """Name and address of a machine as the receiver wrote them, lower case.

    `is_doubted` says that DNS does not bear out the name of a platform that stood there: then `name` is the one that DNS
    gives to the address, if there is one. `is_borne_out` says that DNS was seen to give it that very name. `unseen`
    tells which look-up failed.
    """

    name: str
    address: str
    is_doubted: bool = False
    is_borne_out: bool = False
    unseen: tuple[Unseen, ...] = ()


async def observe_last_hop(
    fields: tuple[HeaderField, ...], ips: tuple[IpAddress, ...], dns: Resolver
) -> LastHop | None:
    """Return who handed the message over; DNS is asked only about the name of a platform, and never raises.

    A field in a file is what anybody could have written: an address of the campaign (`ips`) must be seen to bear the
    name, any other must not be seen to bear another.
    """
    hop = _last_hop(fields)
    if hop is None or not lookup.platforms_by("reverse-name", hop.name):
        return hop
    ip = as_address(hop.address)
    if ip is None or not is_reachable(ip):
        return replace(hop, is_doubted=True)
    (machine,) = await observe_addresses((ip,), dns)
    try:
        found = next((one for one in machine.names if one.name == hop.name), None)
        is_borne_out = found is not None and found.leads_to(ip)
    except Unavailable as unavailable:
        failed = _lost(Rank.SAMPLE, unavailable)
        return replace(hop, is_doubted=bool(failed) or ip in ips, unseen=failed)
    return replace(hop, is_borne_out=True) if is_borne_out else _as_dns_names(machine, hop)


def _as_dns_names(machine: SendingAddress, hop: LastHop) -> LastHop:
    try:
        name = next((one.name for one in machine.confirmed), hop.name)
    except Unavailable as unavailable:
        return replace(hop, is_doubted=True, unseen=_lost(Rank.OWN_NAME, unavailable))
    return replace(hop, name=name, is_doubted=True)


def _lost(rank: Rank, unavailable: Unavailable) -> tuple[Unseen, ...]:
    return (Unseen(rank, str(unavailable)),) if is_lost(str(unavailable)) else ()


def _last_hop(fields: tuple[HeaderField, ...]) -> LastHop | None:
    """Return the hop of the first Received field that crosses a border.

    The name is the one that the receiver looked up, not the one that the machine gave (RFC 5321, section 4.4).
    """
    hops = (_HOP.match(f.value[:MAX_RECEIVED]) for f in fields if f.name.lower() == "received")
    machines = (
        LastHop(hop["name"].lower(), hop["ip"].lower())
        for hop in hops
        if hop and organizational_domain(hop["name"].lower()) != organizational_domain(hop["by"].lower())
    )
    return next(machines, None)
