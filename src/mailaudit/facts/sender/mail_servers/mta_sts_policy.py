"""Fetches the MTA-STS policy of a domain, and holds the domain's mail servers against it (RFC 8461, sections 3.2 to 4.1).

checkdmarc reads the file and matches the names; it takes long to import, and this is imported only with leave to fetch.
"""

from collections.abc import Awaitable
from functools import partial

from msgspec import Struct

from mailaudit.facts.dns.answer import Resolver
from mailaudit.facts.https import Access, Fetched, fetched
from mailaudit.facts.observed import Observed, Unavailable
from mailaudit.facts.sender.mail_servers.mx import MailExchange
from mailaudit.facts.sender.mail_servers.receiving_security import TransportFacts

MAX_POLICY = 64 << 10
"""The most octets that senders should read (RFC 8461, section 3.3)."""


class MtaStsPolicy(Struct, frozen=True):
    """The file at `url`: its mode and names, what is wrong with it, and the mail servers that it leaves out.

    `errors` are sentence fragments; with one, senders act as if there were no policy, and the rest is empty.
    """

    url: str
    mode: str = ""
    max_age: int = 0
    mx: tuple[str, ...] = ()
    uncovered: tuple[str, ...] = ()
    errors: tuple[str, ...] = ()


async def observe_policy(
    transport: Awaitable[TransportFacts], exchange: Awaitable[MailExchange], dns: Resolver, access: Access
) -> Observed[MtaStsPolicy | None]:
    """Return the policy of a domain whose record asks for one, nothing without record; never raises for the network."""
    try:
        record = (await transport).mta_sts
        servers = (
            tuple(host.name for host in (await exchange).hosts) if (await exchange).mx.known_records() else ()
        )
    except Unavailable as unavailable:
        return Observed.unknown(unavailable.reason)
    if len(record.texts) != 1 or record.errors:
        return Observed.known(None)
    url = f"https://mta-sts.{record.name.removeprefix('_mta-sts.')}/.well-known/mta-sts.txt"
    return await fetched(url, dns, access, MAX_POLICY, partial(_read, url, servers))


def _read(url: str, servers: tuple[str, ...], file: Fetched) -> MtaStsPolicy:
    from checkdmarc.mta_sts import (  # noqa: PLC0415 - heavy, see above
        MTASTSPolicySyntaxError,
        mx_in_mta_sts_patterns,
        parse_mta_sts_policy,
    )

    if file.problem:
        return MtaStsPolicy(url, errors=(file.problem,))
    try:
        policy = parse_mta_sts_policy(file.body.decode("utf-8"))["policy"]
    except UnicodeDecodeError:
        return MtaStsPolicy(url, errors=("it is no UTF-8 text",))
    except MTASTSPolicySyntaxError as error:
        text = str(error).rstrip(".")
        return MtaStsPolicy(url, errors=(text[:1].lower() + text[1:],))
    return MtaStsPolicy(
        url,
        mode=policy["mode"],
        max_age=policy["max_age"],
        mx=tuple(policy["mx"]),
        uncovered=tuple(name for name in servers if not mx_in_mta_sts_patterns(name, policy["mx"])),
    )
