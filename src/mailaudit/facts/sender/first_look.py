"""What DNS tells about a domain before anything is planned: hints for a first campaign file, never a verdict."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from mailaudit.facts.dns.answer import Resolver
from mailaudit.facts.dns.records import mx
from mailaudit.facts.observed import Unavailable
from mailaudit.facts.sender.names import organizational_domain
from mailaudit.knowledge.load import platforms
from mailaudit.knowledge.lookup import platform_by_dkim_target, platform_by_spf_include, platform_named
from mailaudit.knowledge.receivers import mailbox_service_by_mx
from mailaudit.knowledge.types.platform import EvidenceKind

COMMON_SELECTORS = ("default", "dkim", "google", "k1", "k2", "mail", "s1", "s2", "selector1", "selector2")
_CONTROL_SELECTOR = "mailaudit-no-such-selector"
_MOST_SELECTORS = 60


@dataclass(frozen=True, slots=True)
class FoundSelector:
    """A selector under which the domain publishes something, and the name that it leads to, if it is an alias."""

    selector: str
    target: str | None
    platform: str | None


@dataclass(frozen=True, slots=True)
class FirstLook:
    """What was seen; `unanswered` says why something could not be seen."""

    mailbox_service: str | None
    platforms: tuple[str, ...]
    selectors: tuple[FoundSelector, ...]
    website: str | None
    unanswered: tuple[str, ...]


async def take_first_look(domain: str, platform: str | None, dns: Resolver) -> FirstLook:
    """Look up MX, SPF, the web site and the selectors that platforms usually ask for, all at once."""
    unanswered: list[str] = []
    mailbox, included, website, selectors = await asyncio.gather(
        _mailbox_service(domain, dns, unanswered),
        _included_platforms(domain, dns, unanswered),
        _website(domain, dns),
        _selectors(domain, platform, dns),
    )
    seen = (*(item.platform for item in selectors if item.platform), *included)
    return FirstLook(mailbox, tuple(dict.fromkeys(seen)), selectors, website, tuple(unanswered))


async def _mailbox_service(domain: str, dns: Resolver, unanswered: list[str]) -> str | None:
    try:
        hosts = mx(await dns.query(domain, "MX"))
    except Unavailable as unavailable:
        unanswered.append(unavailable.reason)
        return None
    services = (mailbox_service_by_mx(host) for _, host in hosts)
    return next((service.name for service in services if service is not None), None)


async def _included_platforms(domain: str, dns: Resolver, unanswered: list[str]) -> tuple[str, ...]:
    try:
        texts = (await dns.query(domain, "TXT")).texts()
    except Unavailable as unavailable:
        unanswered.append(unavailable.reason)
        return ()
    records = [text.decode("ascii", "replace").lower() for text in texts if text.lower().startswith(b"v=spf1")]
    includes = [term[8:] for record in records for term in record.split() if term.startswith("include:")]
    return tuple(match.platform.id for name in includes for match in platform_by_spf_include(name)[:1])


async def _website(domain: str, dns: Resolver) -> str | None:
    apex = organizational_domain(domain)
    names = (f"www.{apex}", apex)
    answers = await asyncio.gather(*(dns.query(name, "A") for name in names))
    return next((name for name, answer in zip(names, answers, strict=True) if answer.records), None)


async def _selectors(domain: str, platform: str | None, dns: Resolver) -> tuple[FoundSelector, ...]:
    """Ask usual selectors; where one that nobody uses exists too, a wildcard answers and nothing is proved."""
    names = _candidates(platform)
    questions = (dns.query(f"{name}._domainkey.{domain}", "TXT") for name in (_CONTROL_SELECTOR, *names))
    control, *answers = await asyncio.gather(*questions)
    if control.records or control.cname_chain:
        return ()
    found = []
    for name, answer in zip(names, answers, strict=True):
        if any(b"p=" in text for text in (answer.texts() if answer.is_known else ())):
            target = answer.cname_chain[0] if answer.cname_chain else None
            matches = platform_by_dkim_target(target) if target else ()
            found.append(FoundSelector(name, target, matches[0].platform.id if matches else None))
    return tuple(found)


def _candidates(platform: str | None) -> tuple[str, ...]:
    declared = platform_named(platform) if platform else None
    known = (declared, *platforms()) if declared else platforms()
    usual = [
        selector
        for item in known
        for selector in item.values(EvidenceKind.DKIM_SELECTOR)
        if selector.replace("-", "").replace("_", "").isalnum()
    ]
    return tuple(dict.fromkeys((*usual[:_MOST_SELECTORS], *COMMON_SELECTORS)))
