"""Fetches the logo and its certificate, when that is allowed."""

import asyncio
from collections.abc import Awaitable
from functools import partial

from msgspec import Struct
from msgspec.structs import replace

from mailaudit.facts.dns.answer import Resolver
from mailaudit.facts.https import Access, Fetched, fetched
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
        fetched(logo, dns, access, MAX_LOGO, partial(_logo, logo or "")),
        fetched(certificate, dns, access, MAX_CHAIN_OCTETS, _certificate),
    )
    return BimiFiles(pictured, certificate, certified)


def _logo(url: str, file: Fetched) -> Logo:
    if file.problem:
        return Logo(url, errors=(file.problem,))
    return Logo(url, unpacked(file.body), logo_errors(file.body))


def _certificate(file: Fetched) -> MarkCertificate:
    if file.problem:
        return MarkCertificate(errors=(file.problem,))
    certificate = read_chain(file.body)
    if certificate.errors or certificate.logo is None:
        return certificate
    return replace(certificate, errors=objections(file.body))
