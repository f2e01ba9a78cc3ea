"""What is prepared in DNS for sending services: keys, bounce domains and includes that exist, whether used or not."""

import asyncio
from collections.abc import Iterable, Iterator

from msgspec import Struct

from mailaudit.facts.dns.answer import Answer, Resolver, is_lost
from mailaudit.facts.sender.origin.clues.bounce_names import bounce_names
from mailaudit.facts.sender.origin.clues.delegations import candidate, foreign_includes, include_clues
from mailaudit.facts.sender.origin.clues.published_keys import keys_at
from mailaudit.facts.sender.origin.evidence import Clue, Rank, shown_by
from mailaudit.facts.sender.origin.lost_answers import Unseen, unseen


class Published(Struct, frozen=True):
    """What is prepared, and a look-up that failed, if one did."""

    clues: tuple[Clue, ...] = ()
    unseen: tuple[Unseen, ...] = ()


async def observe_published(domains: tuple[str, ...], dns: Resolver, selectors: tuple[str, ...]) -> Published:
    """Return what the sender's domains hold for services, known ones and others."""
    parts = await asyncio.gather(*(_observe(domain, dns, selectors) for domain in domains))
    clues = tuple(dict.fromkeys(clue for part in parts for clue in part.clues))
    return Published(clues, _worst(one for part in parts for one in part.unseen))


async def _observe(domain: str, dns: Resolver, selectors: tuple[str, ...]) -> Published:
    record_later = asyncio.ensure_future(dns.query(domain, "TXT"))
    record, (labels, label_answers), (keys, key_answers) = await asyncio.gather(
        record_later, bounce_names(domain, dns, selectors), keys_at(domain, dns, selectors, record_later)
    )
    answers = (record, *label_answers, *key_answers)
    # A name that leads out of what can be asked is known to exist, and that is all that a clue needs.
    failed = unseen(Rank.PREPARED, *(one for one in answers if not one.cname_chain))
    clues = (*shown_by("spf", _includes(record, domain)), *labels, *keys)
    return Published(clues, _worst(failed))


def _worst(failed: Iterable[Unseen]) -> tuple[Unseen, ...]:
    return tuple(sorted(failed, key=lambda one: not is_lost(one.reason)))[:1]


def _includes(answer: Answer, domain: str) -> Iterator[Clue]:
    for name in foreign_includes(answer, domain):
        seen = f"SPF of {domain} includes {name}"
        yield from [*include_clues(Rank.PREPARED, name, seen)] or [candidate(name, seen)]
