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

_OF_SENDING = "the sending server's name"


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
    parts = await asyncio.gather(
        _owned(hosts, claims.ips, dns), _behind_mail_servers(organization, claims.ips, dns)
    )
    found = [one for part in parts for one in part]
    return OwnNames(
        tuple(dict.fromkeys(name for one in found for name in one.owned)),
        tuple(dict.fromkeys(failure for one in found for failure in one.failures)),
    )


async def _behind_mail_servers(organization: str, ips: tuple[IpAddress, ...], dns: Resolver) -> list[OwnNames]:
    answer = await dns.query(organization, "MX")
    if not answer.is_known:
        return [OwnNames((), _unseen(answer, serves=True))]
    return await _owned(dict.fromkeys(mx_names(answer), "the incoming mail server"), ips, dns)


async def _owned(hosts: dict[str, str], ips: tuple[IpAddress, ...], dns: Resolver) -> list[OwnNames]:
    versions = sorted({ip.version for ip in ips})
    questions = [(host, role, version) for host, role in hosts.items() for version in versions]
    answers = await asyncio.gather(*(dns.query(host, address_type(version)) for host, _, version in questions))
    return [
        _compare(answer, f"{host}, {role}", ips, serves=role != _OF_SENDING)
        for (host, role, _), answer in zip(questions, answers, strict=True)
    ]


def _compare(answer: Answer, name: str, ips: tuple[IpAddress, ...], *, serves: bool) -> OwnNames:
    if not answer.is_known:
        return OwnNames((), _unseen(answer, serves=serves))
    found = addresses_in(answer)
    seen = (OwnName(ip, f"{ip} is the address of {name}", serves) for ip in ips if ip in found)
    return OwnNames(tuple(seen), ())


def _unseen(answer: Answer, *, serves: bool) -> tuple[Unseen, ...]:
    return tuple(replace(one, outweighs=serves) for one in unseen(Rank.OWN_NAME, answer))
