"""Common selector names: a hint that the domain uses DKIM at all, never a verdict about this campaign."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from mailaudit.facts.dns.answer import Answer, Resolver
from mailaudit.facts.sender.dkim.key import looks_like_key

COMMON = (
    "default", "dkim", "mail", "email", "s1", "s2", "k1", "k2", "k3", "selector1", "selector2", "google", "smtp",
    "mta", "key1", "sig1", "brevo1", "brevo2", "mailjet", "mte1", "zoho", "protonmail", "fm1", "ovhmo-selector-1",
)  # fmt: skip
_CONTROL = "no-such-selector-3f9a1c"


@dataclass(frozen=True, slots=True)
class Guesses:
    """The common selectors that have a key; `is_wildcard` when a name that nobody chose has one too."""

    domain: str
    found: tuple[str, ...]
    is_wildcard: bool
    failure: str | None


async def guess_selectors(domain: str, dns: Resolver) -> Guesses:
    """Ask for the common selectors of a domain at once, and for one that cannot exist."""
    answers = await asyncio.gather(*(dns.query(f"{s}._domainkey.{domain}", "TXT") for s in (_CONTROL, *COMMON)))
    failure = next((answer.failure for answer in answers if not answer.is_known), None)
    found = tuple(s for s, answer in zip(COMMON, answers[1:], strict=True) if _has_key(answer))
    is_wildcard = _has_key(answers[0])
    return Guesses(domain, () if is_wildcard else found, is_wildcard, failure)


def _has_key(answer: Answer) -> bool:
    return answer.is_known and any(looks_like_key(text) for text in answer.texts())
