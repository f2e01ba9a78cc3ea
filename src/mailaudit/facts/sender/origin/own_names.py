"""Which of the sender's own names lead to the sending addresses."""

import asyncio
from enum import StrEnum

from msgspec import Struct
from msgspec.structs import replace

from mailaudit.facts.dns.answer import Answer, Resolver
from mailaudit.facts.dns.records import IpAddress, address_type, addresses_in, mx_names
from mailaudit.facts.sender.claims import SenderClaims
from mailaudit.facts.sender.names import is_at_or_under
from mailaudit.facts.sender.origin.evidence import Rank
from mailaudit.facts.sender.origin.lost_answers import Unseen, unseen

_OF_SENDING, _INCOMING = "the sending server's name", "the incoming mail server"
_Told = tuple[str, str, Answer]
"""A host, what it is to the sender, and an answer for it."""


class SendsVia(StrEnum):
    """The kind of place that a campaign leaves from."""

    PLATFORM = "platform"
    OWN_SERVER = "own-server"
    MAILBOX = "mailbox"
    UNKNOWN = "unknown"


class OwnName(Struct, frozen=True):
    """An address that a name of the sender's leads to, as a sentence fragment.

    It `serves` more than sending: the domain, its web site or its incoming mail. No platform rents such an address out.
    """

    ip: IpAddress
    seen: str
    serves: bool


class OwnNames(Struct, frozen=True):
    """What the sender's own names lead to, and the look-ups that failed."""

    owned: tuple[OwnName, ...]
    failures: tuple[Unseen, ...]


async def observe_own_names(claims: SenderClaims, organization: str, dns: Resolver) -> OwnNames:
    """Compare the sending addresses with those of the domain, its web site, its mail servers and the HELO name."""
    if not claims.ips:
        return OwnNames((), ())
    hosts = {organization: "the domain itself", f"www.{organization}": "the web site"}
    if claims.website:
        hosts[claims.website] = "the web site"
    if claims.helo and is_at_or_under(claims.helo, organization):
        hosts.setdefault(claims.helo, _OF_SENDING)
    own, incoming = await asyncio.gather(
        _addresses(hosts, claims.ips, dns), _of_mail_servers(organization, claims.ips, dns)
    )
    told = (*own, *incoming)
    owned = (
        OwnName(ip, f"{ip} is the address of {host}, {role}", serves=role != _OF_SENDING)
        for host, role, answer in told
        for ip in claims.ips
        if ip in addresses_in(answer)
    )
    failures = (
        replace(one, outweighs=role != _OF_SENDING)
        for _, role, answer in told
        for one in unseen(Rank.OWN_NAME, answer)
    )
    return OwnNames(tuple(dict.fromkeys(owned)), tuple(dict.fromkeys(failures)))


async def _of_mail_servers(organization: str, ips: tuple[IpAddress, ...], dns: Resolver) -> list[_Told]:
    answer = await dns.query(organization, "MX")
    return [
        (organization, _INCOMING, answer),
        *await _addresses(dict.fromkeys(mx_names(answer), _INCOMING), ips, dns),
    ]


async def _addresses(hosts: dict[str, str], ips: tuple[IpAddress, ...], dns: Resolver) -> list[_Told]:
    versions = sorted({ip.version for ip in ips})
    questions = [(host, role, version) for host, role in hosts.items() for version in versions]
    answers = await asyncio.gather(*(dns.query(host, address_type(version)) for host, _, version in questions))
    return [(host, role, answer) for (host, role, _), answer in zip(questions, answers, strict=True)]
