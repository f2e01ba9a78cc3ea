"""Ask the server of each link once, by HEAD, whether the page is there: politely, bounded, and never a personal link."""

import asyncio
from urllib.parse import quote

from mailaudit.facts import https
from mailaudit.facts.dns.answer import Resolver
from mailaudit.facts.https import Access, Fetched
from mailaudit.facts.message.html.targets import Target
from mailaudit.facts.message.model import MessageFacts
from mailaudit.facts.message.probes.model import AskedLink, AskedLinks
from mailaudit.facts.message.probes.personal_links import is_personal, unsubscribe_addresses
from mailaudit.facts.observed import Observed

MOST_LINKS = 60
AT_ONCE = 6
BUDGET = 25.0
_KEPT = "%/:=&?~+!$,;'@()*[]-._"


async def ask_links(message: MessageFacts, dns: Resolver, access: Access) -> Observed[AskedLinks]:
    """Return what the servers said; those of one host are asked one after another."""
    content = message.content.value
    if content is None:
        return Observed.unknown(message.content.unavailable or "the message cannot be read")
    if not (getattr(dns, "reaches_network", False) or access.to_loopback):
        return Observed.unknown("no link is asked: DNS answers come from files only")
    leaving = unsubscribe_addresses(message)
    distinct = {_address(one): one for one in content.targets if one.url and one.host}
    public = {url: one for url, one in distinct.items() if not is_personal(one, leaving)}
    chosen = dict(list(public.items())[:MOST_LINKS])
    by_host: dict[str, list[str]] = {}
    for url, one in chosen.items():
        by_host.setdefault(one.host, []).append(url)
    answers: dict[str, Observed[Fetched]] = {}
    slots = asyncio.Semaphore(AT_ONCE)

    async def ask(urls: list[str]) -> None:
        async with slots:
            for url in urls:
                answers[url] = await https.head(url, dns, access)

    try:
        async with asyncio.timeout(BUDGET):
            await asyncio.gather(*map(ask, by_host.values()))
    except TimeoutError:
        pass
    late = Observed[Fetched].unknown(f"it was not asked within {BUDGET:g} seconds")
    links = tuple(AskedLink(url, one.text, answers.get(url, late)) for url, one in chosen.items())
    return Observed.known(AskedLinks(links, len(distinct) - len(public), len(public) - len(chosen)))


def _address(one: Target) -> str:
    """Return the address as a browser asks for it: escaped, the host in ASCII, without the fragment."""
    if one.url is None:
        return one.address
    try:
        host = one.host if one.host.isascii() else one.host.encode("idna").decode("ascii")
        port = f":{one.url.port}" if one.url.port else ""
    except ValueError:
        host, port = one.host, ""
    query = f"?{quote(one.url.query, safe=_KEPT)}" if one.url.query else ""
    host = f"[{host}]" if ":" in host else host
    return f"{one.url.scheme.lower() or 'https'}://{host}{port}{quote(one.url.path, safe=_KEPT) or '/'}{query}"
