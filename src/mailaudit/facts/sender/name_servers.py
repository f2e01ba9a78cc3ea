"""What each authoritative server of the sender's zone says of the sender's records, asked of it directly.

Only with live DNS: one round of questions to every server at once, in which each may stay silent.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Mapping

from msgspec import Struct

from mailaudit.facts.dns.answer import Answer, Resolver, readable
from mailaudit.facts.dns.records import addresses_in, target_names
from mailaudit.facts.dns.sources.servers import Server
from mailaudit.facts.public_address import is_public
from mailaudit.facts.sender.claims import SenderClaims
from mailaudit.facts.sender.dkim.selectors import Signers
from mailaudit.facts.sender.lookalikes import Meant
from mailaudit.facts.sender.names import is_at_or_under

PATIENCE = 2.0
"""Seconds for the whole round: many networks let nobody ask servers directly."""

_MOST_SERVERS = 8
_MOST_ADDRESSES = 12
_MOST_KEYS = 5
Question = tuple[str, str]
Door = Callable[[str], Server | None]


class NameServer(Struct, frozen=True):
    """One authoritative server, and its own answers."""

    name: str
    address: str
    answers: Mapping[Question, Answer]


class NameServers(Struct, frozen=True):
    """The authoritative servers of a zone that were asked; `questions` are what about, the zone's SOA last."""

    zone: str
    questions: tuple[Question, ...]
    servers: tuple[NameServer, ...]

    def heard(self, question: Question) -> tuple[tuple[NameServer, tuple[str, ...]], ...]:
        """Return the servers that answered a question, each with its records as sorted text."""
        return tuple(
            (server, shown) for server in self.servers if (shown := _shown(server.answers[question])) is not None
        )


def _door(address: str) -> Server | None:
    # The zone's owner chooses these addresses: they must not lead into a network of ours.
    return Server(address) if is_public(address) else None


async def observe_name_servers(
    claims: SenderClaims, zone: str, signers: Awaitable[Signers], dns: Resolver, door: Door = _door
) -> NameServers | None:
    """Return what the servers of a zone say; nothing without live DNS, or where nobody but the resolver is to be asked.

    Never raises for what DNS does. `door` gives the server behind an address, or nothing where it must not be asked.
    """
    if not (claims.asks_name_servers and getattr(dns, "reaches_network", False)):
        return None
    known, servers = await asyncio.gather(signers, _servers(zone, dns))
    keys = [one.name for one in known.selectors if is_at_or_under(one.domain, zone)]
    questions = tuple(dict.fromkeys(_questions(claims, zone, keys[:_MOST_KEYS])))
    opened = [(name, address, server) for name, address in servers if (server := door(address)) is not None]
    asked = await asyncio.gather(*(_ask(server, questions) for _, _, server in opened[:_MOST_ADDRESSES]))
    return NameServers(
        zone,
        questions,
        tuple(
            NameServer(name, address, answers) for (name, address, _), answers in zip(opened, asked, strict=False)
        ),
    )


async def _servers(zone: str, dns: Resolver) -> list[tuple[str, str]]:
    """Return name and one address of each IP version of each server of a zone, IPv4 first: not all reach IPv6."""
    hosts = sorted(target_names(await dns.query(zone, "NS")))[:_MOST_SERVERS]
    asked = [(host, rdtype) for rdtype in ("A", "AAAA") for host in hosts]
    found = await asyncio.gather(*(dns.query(*question) for question in asked))
    return [
        (host, min(map(str, addresses_in(answer))))
        for (host, _), answer in zip(asked, found, strict=True)
        if answer.records
    ]


def _questions(claims: SenderClaims, zone: str, keys: Iterable[str]) -> Iterable[Question]:
    for domain in (claims.mail_from_domain, claims.from_domain):
        if is_at_or_under(domain, zone):
            yield domain, "TXT"
            yield domain, "MX"
            yield f"_dmarc.{domain}", "TXT"
    yield f"_dmarc.{zone}", "TXT"
    for name in keys:
        # The target of an alias is another server's to tell.
        yield name, "CNAME"
        yield name, "TXT"
    yield zone, "SOA"


async def _ask(server: Server, questions: tuple[Question, ...]) -> Mapping[Question, Answer]:
    from mailaudit.facts.dns.sources.live import LiveSource  # noqa: PLC0415 - only with live DNS

    source = LiveSource([server], timeout=PATIENCE)
    answers = await asyncio.gather(*(source.ask(*question) for question in questions))
    return dict(zip(questions, answers, strict=True))


def _shown(answer: Answer) -> tuple[str, ...] | None:
    """Return the records of an answer as text, of the domain's own TXT records those of SPF; nothing if there is none."""
    if not answer.is_known or answer.cname_chain:
        return None
    if answer.type != "TXT":
        return tuple(sorted(str(record).lower() for record in answer.records))
    texts = answer.texts()
    if not answer.name.startswith("_") and "._domainkey." not in answer.name:
        texts = tuple(text for text in texts if Meant.SPF.is_meant_by(text))
    return tuple(sorted(readable(text) for text in texts))
