"""DKIM keys that are published, whether used or not: the selectors that services ask for are tried."""

import asyncio
from collections.abc import Awaitable, Sequence

from mailaudit.facts.dns.answer import Answer, Resolver, Status, asked_at_once
from mailaudit.facts.dns.names import CONTROL
from mailaudit.facts.sender.claims import SenderClaims
from mailaudit.facts.sender.dkim.selectors import known_selectors
from mailaudit.facts.sender.names import organizational_domain
from mailaudit.facts.sender.origin.clues.delegations import foreign_includes, key_clues, named_after
from mailaudit.facts.sender.origin.evidence import Clue, Rank, shown_by
from mailaudit.knowledge import load, lookup
from mailaudit.knowledge.patterns import is_template
from mailaudit.knowledge.types.platform import EvidenceKind, Platform

Found = tuple[list[Clue], Sequence[Answer]]
"""What was found, and every answer that was needed for it."""


def selectors_to_try(claims: SenderClaims) -> tuple[str, ...]:
    """Return the selectors worth asking for: the declared platform's, or all when the campaign names no key."""
    if not claims.selectors:
        return known_selectors(load.directories())
    declared = lookup.platform_named(claims.platform) if claims.platform else None
    return _selectors_of(declared) if declared else ()


def _selectors_of(platform: Platform) -> tuple[str, ...]:
    return tuple(name for name in platform.values(EvidenceKind.DKIM_SELECTOR) if not is_template(name))


async def published(
    domain: str, dns: Resolver, selectors: tuple[str, ...]
) -> tuple[dict[str, Answer], tuple[Answer, ...]]:
    """Return the answer for each selector, nothing where no key can be told, and every answer that was needed.

    The selectors are tried only where `_domainkey` exists (RFC 8020: nothing exists below a name that does not). A key
    under a selector that nobody chose means that every name seems to have one.
    """
    above = await dns.query(f"_domainkey.{domain}", "TXT")
    if above.status not in {Status.ANSWER, Status.NODATA}:
        return {}, (above,)
    *answers, nobody = await asked_at_once(
        dns, (dns.query(f"{one}._domainkey.{domain}", "TXT") for one in (*selectors, CONTROL))
    )
    is_told = nobody.is_known and nobody.status is not Status.ANSWER and not nobody.cname_chain
    return dict(zip(selectors, answers, strict=True)) if is_told else {}, (*answers, nobody)


async def keys_at(domain: str, dns: Resolver, selectors: tuple[str, ...], record: Awaitable[Answer]) -> Found:
    """Return the keys of a domain that point to a service; `record` is its TXT answer.

    Beside the given selectors those of the services that the record includes are tried.
    """
    # What is asked here is not asked twice, and need not wait for the record.
    spf, _ = await asyncio.gather(record, dns.query(f"_domainkey.{domain}", "TXT"))
    included = foreign_includes(spf, domain)
    # A service that nobody knows often calls its key by its own name.
    owners = (organizational_domain(name).partition(".")[0] for name in included if selectors)
    matches = (match for name in included for match in lookup.platforms_by("spf-include", name))
    theirs = (selector for match in matches for selector in _selectors_of(match.platform))
    wanted = tuple(dict.fromkeys((*selectors, *owners, *theirs)))
    if not wanted:
        return [], ()
    found, answers = await published(domain, dns, wanted)
    clues: list[Clue] = []
    for selector, answer in found.items():
        known = [*key_clues(Rank.PREPARED, selector, domain, answer)]
        is_key = answer.status is Status.ANSWER and not known
        clues += known or (named_after(Rank.PREPARED, selector, domain, included) if is_key else ())
    return [*shown_by("dkim", clues)], answers
