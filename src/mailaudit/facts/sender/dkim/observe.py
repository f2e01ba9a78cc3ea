"""Gathers the DKIM keys of the selectors that sign the campaign."""

import asyncio
from collections.abc import Iterable
from enum import StrEnum

from msgspec import Struct

from mailaudit.facts.dns.answer import Answer, Resolver
from mailaudit.facts.sender.dkim.key import DkimKey, parse


class SelectorSource(StrEnum):
    """How we know that a selector signs this campaign."""

    CAMPAIGN = "campaign"
    MESSAGE = "message"


class Selector(Struct, frozen=True):
    """A selector (`s=`) under a domain (`d=`), how we know it, and its place in the campaign's list."""

    selector: str
    domain: str
    source: SelectorSource = SelectorSource.CAMPAIGN
    place: int = 0

    @property
    def name(self) -> str:
        """The name under which the key is published (RFC 6376, section 3.6.2.1)."""
        return f"{self.selector}._domainkey.{self.domain}".lower()

    @property
    def location(self) -> str:
        """The key of the campaign file that shows it."""
        return f"sending.dkim.{self.place}" if self.source is SelectorSource.CAMPAIGN else "message"


class DkimFacts(Struct, frozen=True):
    """What is published for one selector."""

    selector: Selector
    answer: Answer

    def __str__(self) -> str:
        """Return the name of the key."""
        return self.selector.name

    @property
    def keys(self) -> tuple[DkimKey, ...]:
        """Every TXT record at the name, parsed, in sorted order; raises `Unavailable` when DNS did not answer."""
        return tuple(parse(text) for text in sorted(self.answer.texts()))

    @property
    def is_usable(self) -> bool:
        """Whether receivers can check a signature with it; raises `Unavailable` when DNS did not answer."""
        return len(self.keys) == 1 and self.keys[0].is_usable

    @property
    def cname_target(self) -> str | None:
        """The last name that a CNAME at the selector leads to."""
        return self.answer.cname_chain[-1] if self.answer.cname_chain else None


async def observe_dkim(selectors: Iterable[Selector], dns: Resolver) -> tuple[DkimFacts, ...]:
    """Return the keys of the selectors in their order; never raises for what DNS does."""
    wanted = tuple(selectors)
    answers = await asyncio.gather(*(dns.query(selector.name, "TXT") for selector in wanted))
    return tuple(DkimFacts(selector, answer) for selector, answer in zip(wanted, answers, strict=True))


def shared_by(key: DkimFacts) -> str | None:
    """Return the platform whose customers all point to the same key record, so that all sign with one key.

    That is known when a CNAME of the selector ends at a name that the knowledge base gives without a variable part.
    RFC 6376, section 5.3, lets several domains use one key; whoever holds it could sign for all of them.
    """
    from mailaudit.knowledge import lookup  # noqa: PLC0415 - not while the first questions wait to be sent

    for target in key.answer.cname_chain:
        name = target.lower().rstrip(".")
        found = next(
            (one for one in lookup.platforms_by("dkim-target", name) if one.evidence.value.lower() == name), None
        )
        if found:
            return found.platform.name
    return None
