"""What DNS tells about a domain before anything is planned: hints for a first campaign file, never a verdict."""

import asyncio
from collections.abc import Iterator

from msgspec import Struct

from mailaudit.facts.dns.answer import Answer, Resolver
from mailaudit.facts.dns.records import mx_names
from mailaudit.facts.sender.dkim.key import looks_like_key
from mailaudit.facts.sender.dkim.selectors import COMMON, known_selectors
from mailaudit.facts.sender.names import is_at_or_under, organizational_domain
from mailaudit.facts.sender.origin.clues.published_keys import published
from mailaudit.facts.sender.spf.lookup_tree import NodeState, SpfNode, Surveyor
from mailaudit.knowledge import load
from mailaudit.knowledge.lookup import platforms_by
from mailaudit.knowledge.receivers import mailbox_service_by


class FoundSelector(Struct, frozen=True):
    """A selector under which the domain publishes something, and the name that it leads to, if it is an alias."""

    selector: str
    target: str | None
    platform: str | None


class FirstLook(Struct, frozen=True):
    """What was seen; `unanswered` says why something could not be seen."""

    mailbox_service: str | None
    platforms: tuple[str, ...]
    selectors: tuple[FoundSelector, ...]
    website: str | None
    unanswered: tuple[str, ...]


async def take_first_look(domain: str, dns: Resolver) -> FirstLook:
    """Look up MX, SPF, the web site and the selectors that platforms usually ask for, all at once."""
    unanswered: list[str] = []
    mailbox, included, website, selectors = await asyncio.gather(
        _mailbox_service(domain, dns, unanswered),
        _included_platforms(domain, dns, unanswered),
        _website(domain, dns),
        _selectors(domain, dns),
    )
    seen = (*(item.platform for item in selectors if item.platform), *included)
    return FirstLook(mailbox, tuple(dict.fromkeys(seen)), selectors, website, tuple(unanswered))


async def _mailbox_service(domain: str, dns: Resolver, unanswered: list[str]) -> str | None:
    answer = await dns.query(domain, "MX")
    if not answer.is_known:
        unanswered.append(answer.failure)
    services = (mailbox_service_by("mx", host) for host in mx_names(answer))
    return next((service.name for service in services if service is not None), None)


async def _included_platforms(domain: str, dns: Resolver, unanswered: list[str]) -> tuple[str, ...]:
    survey = await Surveyor(dns, None, (4,)).survey(domain)
    if survey.state is NodeState.UNAVAILABLE:
        unanswered.append(survey.reason)
    return tuple(
        match.platform.id for name in _own_includes(survey) for match in platforms_by("spf-include", name)[:1]
    )


def _own_includes(node: SpfNode) -> Iterator[str]:
    """Yield what the domain itself includes, also by records of its own to which it refers; not what services include."""
    for child in node.children:
        is_own = is_at_or_under(child.domain, organizational_domain(node.domain))
        if child.term.startswith("redirect=") or is_own:
            yield from _own_includes(child)
        if not is_own:
            yield child.domain


async def _website(domain: str, dns: Resolver) -> str | None:
    apex = organizational_domain(domain)
    names = (f"www.{apex}", apex)
    answers = await asyncio.gather(*(dns.query(name, "A") for name in names))
    return next((name for name, answer in zip(names, answers, strict=True) if answer.records), None)


async def _selectors(domain: str, dns: Resolver) -> tuple[FoundSelector, ...]:
    """Ask the selectors of services, and those that are common."""
    names = tuple(dict.fromkeys((*known_selectors(load.directories()), *COMMON)))
    found, _ = await published(domain, dns, names)
    return tuple(
        _found(name, answer)
        for name, answer in found.items()
        if answer.is_known and any(looks_like_key(text) for text in answer.texts())
    )


def _found(selector: str, answer: Answer) -> FoundSelector:
    target = answer.cname_chain[0] if answer.cname_chain else None
    matches = platforms_by("dkim-target", target) if target else ()
    return FoundSelector(selector, target, matches[0].platform.id if matches else None)
