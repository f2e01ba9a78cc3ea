"""Where the campaign leaves from: a platform, the sender's own server, a mailbox, or nobody knows."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from enum import StrEnum

from mailaudit.facts.dns.answer import Answer, Resolver
from mailaudit.facts.sender.claims import SenderClaims
from mailaudit.facts.sender.names import is_at_or_under
from mailaudit.facts.sender.spf.lookups import IpAddress, address_type, ask, found_addresses, mx_names, ptr_names

NO_PLATFORM = "none"


class SendsVia(StrEnum):
    """The kind of place that a campaign leaves from."""

    PLATFORM = "platform"
    OWN_SERVER = "own-server"
    MAILBOX = "mailbox"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class OwnNames:
    """Which of the sender's own names lead to the sending addresses; sentence fragments, and failed look-ups."""

    owned: tuple[str, ...]
    failures: tuple[str, ...]


async def observe_own_names(claims: SenderClaims, organization: str, dns: Resolver) -> OwnNames:
    """Compare the sending addresses with those of the sender's names, and their reverse names with its domain."""
    ips = claims.ips
    if not ips:
        return OwnNames((), ())
    by_name, by_reverse = await asyncio.gather(
        _names_of_addresses(claims, organization, dns),
        asyncio.gather(*(_own_reverse(ip, organization, dns) for ip in ips)),
    )
    found = [*by_name, *by_reverse]
    return OwnNames(
        tuple(dict.fromkeys(reason for one in found for reason in one.owned)),
        tuple(dict.fromkeys(failure for one in found for failure in one.failures)),
    )


async def _names_of_addresses(claims: SenderClaims, organization: str, dns: Resolver) -> list[OwnNames]:
    hosts = {organization: "the domain itself", f"www.{organization}": "the web site"}
    if claims.website:
        hosts[claims.website] = "the web site"
    if claims.helo and is_at_or_under(claims.helo, organization):
        hosts[claims.helo] = "the sending server's name"

    async def mail_servers() -> list[OwnNames]:
        answer = await ask(dns, organization, "MX")
        if answer is None or not answer.is_known:
            return [OwnNames((), (answer.failure,) if answer else ())]
        servers = dict.fromkeys(mx_names(answer), "the incoming mail server")
        return await _owned(servers, claims.ips, dns)

    direct, served = await asyncio.gather(_owned(hosts, claims.ips, dns), mail_servers())
    return [*direct, *served]


async def _owned(hosts: dict[str, str], ips: tuple[IpAddress, ...], dns: Resolver) -> list[OwnNames]:
    versions = sorted({ip.version for ip in ips})
    questions = [(host, role, version) for host, role in hosts.items() for version in versions]
    answers = await asyncio.gather(*(ask(dns, host, address_type(version)) for host, _, version in questions))
    return [
        _compare(answer, f"{host}, {role}", ips)
        for (host, role, _), answer in zip(questions, answers, strict=True)
        if answer is not None
    ]


def _compare(answer: Answer, name: str, ips: tuple[IpAddress, ...]) -> OwnNames:
    if not answer.is_known:
        return OwnNames((), (answer.failure,))
    found = found_addresses(answer)
    return OwnNames(tuple(f"{ip} is the address of {name}" for ip in ips if ip in found), ())


async def _own_reverse(ip: IpAddress, organization: str, dns: Resolver) -> OwnNames:
    answer = await ask(dns, ip.reverse_pointer, "PTR")
    if answer is None or not answer.is_known:
        return OwnNames((), (answer.failure,) if answer else ())
    return OwnNames(
        tuple(
            f"the reverse name of {ip} is {name}"
            for name in ptr_names(answer)
            if is_at_or_under(name, organization)
        ),
        (),
    )
