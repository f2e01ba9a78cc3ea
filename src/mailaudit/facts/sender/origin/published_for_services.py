"""What is prepared in DNS for sending services: keys, bounce domains and includes that exist, whether used or not."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from mailaudit.facts.dns.answer import Answer, Resolver, Status
from mailaudit.facts.sender.claims import SenderClaims
from mailaudit.facts.sender.names import is_at_or_under
from mailaudit.facts.sender.origin.clues import Clue, Rank, mailbox_clues, platform_clues
from mailaudit.facts.sender.spf.lookups import mx_names
from mailaudit.facts.sender.spf.record import parse, select
from mailaudit.knowledge import load, lookup
from mailaudit.knowledge.load import Directories
from mailaudit.knowledge.names import is_below
from mailaudit.knowledge.patterns import is_template
from mailaudit.knowledge.receivers import mailbox_service_by_dkim_domain, mailbox_service_by_spf
from mailaudit.knowledge.types.platform import EvidenceKind, Match

# A key at a name that nobody chose means that every selector seems to have one.
_CONTROL = "no-such-selector-3f9a1c"
Found = tuple[list[Clue], Sequence[Answer]]

_TYPES = {
    EvidenceKind.SPF_INCLUDE: "TXT",
    EvidenceKind.RETURN_PATH_TARGET: "A",
    EvidenceKind.RETURN_PATH_MX: "MX",
}


@dataclass(frozen=True, slots=True)
class Prepared:
    """What is prepared, and why a part of it could not be looked up."""

    clues: tuple[Clue, ...] = ()
    failure: str | None = None


async def observe_prepared(domains: tuple[str, ...], dns: Resolver, selectors: tuple[str, ...]) -> Prepared:
    """Return what the sender's domains hold for services that the knowledge base knows.

    The selectors are tried only where `_domainkey` exists (RFC 8020: nothing exists below a name that does not).
    """
    parts = await asyncio.gather(*(_observe(domain, dns, selectors) for domain in domains))
    clues = tuple(dict.fromkeys(clue for part in parts for clue in part.clues))
    return Prepared(clues, next((part.failure for part in parts if part.failure), None))


def selectors_to_try(claims: SenderClaims) -> tuple[str, ...]:
    """Return the selectors worth asking for: the declared platform's, or all when the campaign names no key."""
    if not claims.selectors:
        return known_selectors(load.directories())
    declared = lookup.platform_named(claims.platform) if claims.platform else None
    names = declared.values(EvidenceKind.DKIM_SELECTOR) if declared else ()
    return tuple(name for name in names if not is_template(name))


async def _observe(domain: str, dns: Resolver, selectors: tuple[str, ...]) -> Prepared:
    record, (labels, label_answers), (keys, key_answers) = await asyncio.gather(
        dns.query(domain, "TXT"), _labels(domain, dns), _keys(domain, dns, selectors)
    )
    answers = (record, *label_answers, *key_answers)
    # A name that leads out of what can be asked is known to exist, and that is all that a clue needs.
    failure = next((one.failure for one in answers if not one.is_known and not one.cname_chain), None)
    return Prepared((*_includes(record, domain), *labels, *keys), failure)


def _includes(answer: Answer, domain: str) -> Iterator[Clue]:
    if answer.status is not Status.ANSWER:
        return
    for text in select(answer.texts()):
        record = parse(text)
        specs = [m.domain_spec for m in record.mechanisms if m.name == "include"]
        for name in (*specs, record.redirect):
            if name and not is_at_or_under(name.lower(), domain):
                yield from include_clues(Rank.PREPARED, name, f"SPF of {domain} includes {name}")


def include_clues(rank: Rank, name: str, seen: str) -> Iterator[Clue]:
    """Yield what an SPF include says: a platform, or else a mailbox service."""
    matches = lookup.platform_by_spf_include(name)
    yield from platform_clues(rank, matches, seen)
    if not matches:
        yield from mailbox_clues(rank, mailbox_service_by_spf(name), seen)


async def _keys(domain: str, dns: Resolver, selectors: tuple[str, ...]) -> Found:
    if not selectors:
        return [], ()
    above = await dns.query(f"_domainkey.{domain}", "TXT")
    if above.status not in {Status.ANSWER, Status.NODATA}:
        return [], (above,)
    asked = (*selectors, _CONTROL)
    answers = await asyncio.gather(*(dns.query(f"{one}._domainkey.{domain}", "TXT") for one in asked))
    is_wildcard = answers[-1].status is Status.ANSWER
    clues = [
        clue
        for selector, answer in zip(selectors, answers, strict=False)
        for clue in key_clues(Rank.PREPARED, selector, domain, answer)
    ]
    return [] if is_wildcard else clues, answers


def key_clues(rank: Rank, selector: str, domain: str, answer: Answer) -> Iterator[Clue]:
    """Yield what a DKIM key says: the service to which it is delegated, or whose selector name it bears."""
    name = f"{selector}._domainkey.{domain}"
    for target in answer.cname_chain:
        seen = f"the DKIM key {name} is delegated to {target}"
        matches = lookup.platform_by_dkim_target(target)
        is_dangling = answer.status in {Status.NXDOMAIN, Status.NODATA}
        yield from platform_clues(rank, matches, seen, is_key=True, is_dangling=is_dangling)
        service = mailbox_service_by_dkim_domain(target)
        if not matches and service:
            yield from mailbox_clues(rank, service, seen)
        if matches or service:
            return
    if answer.status is Status.ANSWER and not answer.cname_chain:
        matches = lookup.platform_by_dkim_selector(selector)
        seen = f"the DKIM key {name} bears the name that this service gives to its keys"
        yield from platform_clues(max(rank, Rank.MESSAGE), matches, seen, is_key=True)


async def _labels(domain: str, dns: Resolver) -> Found:
    places = known_labels(load.directories())
    answers = await asyncio.gather(*(dns.query(f"{label}.{domain}", rdtype) for label, rdtype in places))
    clues = [
        clue
        for (label, _), answer in zip(places, answers, strict=True)
        for clue in _label_clues(label, f"{label}.{domain}", answer)
    ]
    return clues, answers


def _label_clues(label: str, name: str, answer: Answer) -> Iterator[Clue]:
    for platform in load.platforms():
        for item in platform.evidence:
            if item.at != label or item.kind not in _TYPES or _TYPES[item.kind] != answer.type:
                continue
            found = next((value for value in _values(answer, item.kind) if is_below(value, item.value)), None)
            if found:
                match = Match(platform, item, found)
                yield from platform_clues(Rank.PREPARED, (match,), f"{name} leads to {found}")


def _values(answer: Answer, kind: EvidenceKind) -> tuple[str, ...]:
    if kind is EvidenceKind.RETURN_PATH_TARGET:
        return answer.cname_chain
    if answer.status is not Status.ANSWER:
        return ()
    if kind is EvidenceKind.RETURN_PATH_MX:
        return mx_names(answer)
    records = (parse(text) for text in select(answer.texts()))
    return tuple(
        m.domain_spec for record in records for m in record.mechanisms if m.name == "include" and m.domain_spec
    )


@cache
def known_selectors(_: Directories) -> tuple[str, ...]:
    """Return the selectors that platforms ask their customers to publish, those with variable parts left out."""
    names = {value for platform in load.platforms() for value in platform.values(EvidenceKind.DKIM_SELECTOR)}
    names |= {name for service in load.mailbox_services() for name in service.dkim_selectors}
    return tuple(sorted(name for name in names if not is_template(name)))


@cache
def known_labels(_: Directories) -> tuple[tuple[str, str], ...]:
    """Return the labels, with the type to ask, under which platforms place their part of a customer's domain."""
    found = {
        (item.at, _TYPES[item.kind])
        for platform in load.platforms()
        for item in platform.evidence
        if item.at and item.kind in _TYPES and not is_template(item.at)
    }
    return tuple(sorted(found))
