"""Fetches the logo and its certificate, when that is allowed."""

import asyncio
from collections.abc import Awaitable

from msgspec import Struct
from msgspec.structs import replace

from mailaudit.facts.dns.answer import Resolver
from mailaudit.facts.https import Access, Fetched, fetch
from mailaudit.facts.observed import Observed, Unavailable
from mailaudit.facts.sender.bimi.certificate import MAX_CHAIN_OCTETS, MarkCertificate, read_chain
from mailaudit.facts.sender.bimi.record import bimi_addresses
from mailaudit.facts.sender.bimi.svg import MAX_LOGO, logo_errors, unpacked
from mailaudit.facts.sender.bimi.trust import objections
from mailaudit.facts.sender.mail_servers.receiving_security import TransportFacts


class Logo(Struct, frozen=True):
    """The picture at `l=`; `errors` are sentence fragments."""

    url: str
    data: bytes | None = None
    errors: tuple[str, ...] = ()


class BimiFiles(Struct, frozen=True):
    """What the record's addresses lead to; nothing where it names none."""

    logo: Observed[Logo | None]
    certificate_url: str | None
    certificate: Observed[MarkCertificate | None]


async def observe_bimi(transport: Awaitable[TransportFacts], dns: Resolver, access: Access) -> BimiFiles:
    """Return the files of the record that applies; never raises for what the network does."""
    try:
        record = (await transport).bimi
    except Unavailable as unavailable:
        unknown = unavailable.reason
        return BimiFiles(Observed.unknown(unknown), None, Observed.unknown(unknown))
    logo, certificate = bimi_addresses(record)
    pictured, certified = await asyncio.gather(
        _fetched(logo, dns, access, MAX_LOGO), _fetched(certificate, dns, access, MAX_CHAIN_OCTETS)
    )
    return BimiFiles(_logo(logo, pictured), certificate, await asyncio.to_thread(_certificate, certified))


async def _fetched(url: str | None, dns: Resolver, access: Access, limit: int) -> Observed[Fetched | None]:
    if url is None:
        return Observed.known(None)
    found = await fetch(url, dns, access, limit=limit)
    return Observed(found.value, found.unavailable)


def _logo(url: str | None, found: Observed[Fetched | None]) -> Observed[Logo | None]:
    if not found.is_known or found.value is None or url is None:
        return Observed(None, found.unavailable)
    if found.value.problem:
        return Observed.known(Logo(url, errors=(found.value.problem,)))
    return Observed.known(Logo(url, unpacked(found.value.body), logo_errors(found.value.body)))


def _certificate(found: Observed[Fetched | None]) -> Observed[MarkCertificate | None]:
    if not found.is_known or found.value is None:
        return Observed(None, found.unavailable)
    if found.value.problem:
        return Observed.known(MarkCertificate(errors=(found.value.problem,)))
    certificate = read_chain(found.value.body)
    if certificate.errors or certificate.logo is None:
        return Observed.known(certificate)
    return Observed.known(replace(certificate, errors=objections(found.value.body)))
