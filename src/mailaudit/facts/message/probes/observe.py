"""Ask what is wanted about the message, all at once."""

import asyncio
from collections.abc import Awaitable

from mailaudit.facts.dns.answer import Resolver
from mailaudit.facts.message.model import MessageFacts
from mailaudit.facts.message.probes.ask_links import ask_links
from mailaudit.facts.message.probes.model import FilterVerdict, Probes, Wanted
from mailaudit.facts.message.probes.rspamd import ask_rspamd
from mailaudit.facts.message.probes.spamassassin import ask_spamassassin
from mailaudit.facts.observed import Observed

MOST_OCTETS = 2 * 1024 * 1024
"""Filters do not look into larger messages; ours are not given any."""


async def observe_probes(message: MessageFacts, dns: Resolver, wanted: Wanted) -> Probes:
    """Return what was answered; what the network or a program does is told in it, and never raises."""
    links = asyncio.ensure_future(ask_links(message, dns, wanted.links)) if wanted.links else None
    asked: dict[str, Awaitable[Observed[FilterVerdict]]] = {}
    octets = _octets(message)
    if wanted.spamassassin:
        asked["SpamAssassin"] = ask_spamassassin(octets.value) if octets.value else _already(octets)
    if wanted.rspamd:
        asked["rspamd"] = ask_rspamd(wanted.rspamd, octets.value) if octets.value else _already(octets)
    verdicts = await asyncio.gather(*asked.values())
    return Probes(await links if links else None, tuple(zip(asked, verdicts, strict=True)))


def _octets(message: MessageFacts) -> Observed[bytes]:
    if message.raw is None:
        return Observed.unknown("a filter needs the message with its header (message: message.eml)")
    if message.is_transcoded:
        return Observed.unknown("an editor saved the file as UTF-16, and the octets of the message are not known")
    if len(message.raw) > MOST_OCTETS:
        return Observed.unknown(f"the message is larger than the {MOST_OCTETS >> 20} MiB that filters look into")
    return Observed.known(message.raw)


async def _already(octets: Observed[bytes]) -> Observed[FilterVerdict]:
    return Observed.unknown(octets.unavailable or "the message is empty")
