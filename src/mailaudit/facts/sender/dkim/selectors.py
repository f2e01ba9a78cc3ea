"""Gathers what signs the campaign: the selectors of the campaign file and of the sample message, and their keys.

Common selector names are tried when no selector is known: a hint that the domain uses DKIM at all, and no verdict.
"""

import asyncio
from collections.abc import Awaitable
from dataclasses import dataclass

from mailaudit.errors import InputError
from mailaudit.facts.dns.answer import Answer, Resolver
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
CONTROL = "no-such-selector-3f9a1c"
"""A selector that nobody chose: where it has a key, a wildcard answers."""


@dataclass(frozen=True, slots=True)
class Guesses:
    """The common selectors that have a key; `is_wildcard` when a name that nobody chose has one too."""

    domain: str
    found: tuple[str, ...]
    is_wildcard: bool
    failure: str | None


@dataclass(frozen=True, slots=True)
class Signers:
    """The selectors that are known to sign, and the sample message if there is one."""

    selectors: tuple[Selector, ...]
    message: RawMessage | None


@dataclass(frozen=True, slots=True)
class Signing:
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
    """Ask for the common selectors of a domain at once, and for one that cannot exist."""
    answers = await asyncio.gather(*(dns.query(f"{s}._domainkey.{domain}", "TXT") for s in (CONTROL, *COMMON)))
    failure = next((answer.failure for answer in answers if not answer.is_known), None)
    found = tuple(s for s, answer in zip(COMMON, answers[1:], strict=True) if _has_key(answer))
    is_wildcard = _has_key(answers[0])
    return Guesses(domain, () if is_wildcard else found, is_wildcard, failure)


def _has_key(answer: Answer) -> bool:
    return answer.is_known and any(looks_like_key(text) for text in answer.texts())
