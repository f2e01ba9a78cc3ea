"""Gathers what signs the campaign: the selectors of the campaign file and of the sample message, and their keys.

Common selector names are tried when no selector is known: a hint that the domain uses DKIM at all, and no verdict.
"""

import asyncio
from collections.abc import Awaitable
from functools import cache
from pathlib import Path

from msgspec import Struct

from mailaudit.errors import InputError
from mailaudit.facts.dns.answer import Answer, Resolver, Status, asked_at_once
from mailaudit.facts.dns.names import CONTROL
from mailaudit.facts.message.model import MessageFacts
from mailaudit.facts.sender.claims import SenderClaims
from mailaudit.facts.sender.dkim.canonical import RawMessage, split_message
from mailaudit.facts.sender.dkim.key import looks_like_key
from mailaudit.facts.sender.dkim.observe import DkimFacts, Selector, SelectorSource, observe_dkim
from mailaudit.facts.sender.dkim.verify import SignedSample, sample_of, signatures_of

COMMON = (
    "default", "dkim", "mail", "email", "s1", "s2", "k1", "k2", "k3", "selector1", "selector2", "google", "smtp",
    "mta", "key1", "sig1", "brevo1", "brevo2", "mailjet", "mte1", "zoho", "protonmail", "fm1", "ovhmo-selector-1",
)  # fmt: skip


class Guesses(Struct, frozen=True):
    """The well-known selectors that have a key; `is_wildcard` when a name that nobody chose has one too.

    `tried` is how many were tried; `is_ruled_out` says that no key can be there, for nothing lies where all keys lie.
    """

    domain: str
    found: tuple[str, ...]
    is_wildcard: bool
    failure: str | None
    tried: int
    is_ruled_out: bool


class Signers(Struct, frozen=True):
    """The selectors that are known to sign, and the sample message if there is one."""

    selectors: tuple[Selector, ...]
    message: RawMessage | None


class Signing(Struct, frozen=True):
    """The keys of the selectors, the verified sample, and the common selectors when none is known."""

    keys: tuple[DkimFacts, ...]
    sample: SignedSample | None
    guesses: Guesses | None


async def observe_signers(claims: SenderClaims, message: Awaitable[MessageFacts | None]) -> Signers:
    """Return the selectors of the campaign file, then those that only the sample message shows."""
    raw = await _raw_sample(message)
    shown = [
        Selector(signature.selector, signature.domain, SelectorSource.MESSAGE)
        for _, signature in (signatures_of(raw) if raw else ())
        if not signature.errors
    ]
    by_name: dict[str, Selector] = {}
    for selector in (*claims.selectors, *shown):
        by_name.setdefault(selector.name, selector)
    return Signers(tuple(by_name.values()), raw)


async def observe_signing(from_domain: str, signers: Awaitable[Signers], dns: Resolver) -> Signing:
    """Return the keys and what they say about the sample; never raises for what DNS does."""
    known = await signers
    if not known.selectors:
        guesses = await guess_selectors(from_domain, dns)
        return Signing((), sample_of(known.message, ()) if known.message else None, guesses)
    keys = await observe_dkim(known.selectors, dns)
    sample = await asyncio.to_thread(sample_of, known.message, keys) if known.message else None
    return Signing(keys, sample, None)


async def _raw_sample(message: Awaitable[MessageFacts | None]) -> RawMessage | None:
    try:
        found = await message
    except InputError:
        # Whoever gathers the message itself reports that it cannot be used.
        return None
    if found is None or found.raw is None or found.kind != "sample":
        return None
    return await asyncio.to_thread(split_message, found.raw)


async def guess_selectors(domain: str, dns: Resolver) -> Guesses:
    """Ask for the common selectors of a domain, for those of known services, and for one that cannot exist.

    Those of services are tried where `_domainkey` exists alone (RFC 8020: nothing exists below a name that does not).
    """
    names = (f"_domainkey.{domain}", *(_name(one, domain) for one in (CONTROL, *COMMON)))
    above, *answers = await asked_at_once(dns, (dns.query(name, "TXT") for name in names))
    more: tuple[str, ...] = ()
    if above.status in {Status.ANSWER, Status.NODATA}:
        more = tuple(one for one in await asyncio.to_thread(_of_services) if one not in COMMON)
        answers += await asked_at_once(dns, (dns.query(_name(one, domain), "TXT") for one in more))
    failure = next((answer.failure for answer in (*answers, above) if not answer.is_known), None)
    tried = (*COMMON, *more)
    is_wildcard = _has_key(answers[0])
    is_told = answers[0].is_known and not is_wildcard
    found = tuple(s for s, a in zip(tried, answers[1:], strict=True) if _has_key(a)) if is_told else ()
    is_nothing = above.status is Status.NXDOMAIN and not above.cname_chain
    return Guesses(domain, found, is_wildcard, failure, len(tried), is_nothing and not (found or is_wildcard))


def _name(selector: str, domain: str) -> str:
    return f"{selector}._domainkey.{domain}"


def _of_services() -> tuple[str, ...]:
    from mailaudit.knowledge.load import directories  # noqa: PLC0415 - not while the first questions wait to be sent

    return known_selectors(directories())


@cache
def known_selectors(_: tuple[Path, ...]) -> tuple[str, ...]:
    """Return the selectors that services ask their customers to publish, those with variable parts left out."""
    from mailaudit.knowledge import load  # noqa: PLC0415 - as above
    from mailaudit.knowledge.patterns import is_template  # noqa: PLC0415 - as above
    from mailaudit.knowledge.types.platform import EvidenceKind  # noqa: PLC0415 - as above

    names = {value for platform in load.platforms() for value in platform.values(EvidenceKind.DKIM_SELECTOR)}
    names |= {name for service in load.mailbox_services() for name in service.dkim_selectors}
    return tuple(sorted(name for name in names if not is_template(name)))


def _has_key(answer: Answer) -> bool:
    return answer.is_known and any(looks_like_key(text) for text in answer.texts())
