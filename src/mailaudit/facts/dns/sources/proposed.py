"""Single records laid over the answers of a run: the world as it would be with them."""

from collections.abc import Iterable
from typing import cast

import dns.rdata
from dns.rdata import Rdata
from dns.rdtypes.ANY.CNAME import CNAME
from msgspec import Struct

from mailaudit.facts.dns.answer import Answer, Resolver, Status, readable
from mailaudit.facts.dns.names import CONTROL, labels_of, name_of, text_of_name
from mailaudit.facts.dns.resolver import CachingResolver
from mailaudit.facts.dns.sources.overlay import OverlaySource
from mailaudit.facts.dns.sources.source import AnswerSource
from mailaudit.facts.dns.wire.query import UDP_PAYLOAD
from mailaudit.facts.dns.wire.size import message_size
from mailaudit.knowledge.names import suffixes

_MAIL = ("MX", "A", "AAAA")


class Proposal(Struct, frozen=True):
    """One record: zone-file text of its data, and the texts at its name (strings joined) that go away.

    Without data nothing comes in their place. `zone` is the domain in whose zone the name lies.
    """

    name: str
    type: str
    data: str | None
    ttl: int
    replaces: tuple[str, ...] = ()
    zone: str = ""


class DraftResolver(CachingResolver):
    """Answers as the run's resolver does but for the proposed records; asks nothing that holds a secret again."""

    async def query_apart(self, name: str, type: str) -> Answer:  # noqa: A002 - the word of the protocol
        """Return no answer: what is asked apart does not depend on records of the sender's."""
        return Answer(name, type, Status.REFUSED, source="offline")


async def with_proposals(proposals: Iterable[Proposal], beneath: Resolver) -> DraftResolver:
    """Return a resolver of the world with the proposed records."""
    sets: dict[tuple[str, str], tuple[int, tuple[Rdata, ...]]] = {}
    alone: set[str] = set()
    for one in proposals:
        key = (one.name, one.type)
        if key not in sets:
            answer = await beneath.query(*key)
            is_own = answer.is_known and not answer.cname_chain and one.type != "CNAME"
            is_own = is_own and not await _is_of_wildcard(one, (one.type,), beneath)
            sets[key] = (one.ttl, answer.records if is_own else ())
            # A wildcard no longer speaks for a name that is there (RFC 4592, section 2.2.1).
            has_mail = not one.name.startswith("_") and await _is_of_wildcard(one, _MAIL, beneath)
            if answer.cname_chain or has_mail:
                alone.add(one.name)
        kept = tuple(record for record in sets[key][1] if _text(record) not in one.replaces)
        new = () if one.data is None else (dns.rdata.from_text("IN", one.type, one.data),)
        sets[key] = (one.ttl, (*kept, *new))
    for name, rdtype in list(sets):
        if not sets[name, rdtype][1] and (name, "CNAME") in sets:
            del sets[name, rdtype]  # an alias in its place speaks for every type
    return DraftResolver(OverlaySource(_Records(sets, frozenset(alone)), _Known(beneath)))


async def _is_of_wildcard(one: Proposal, rdtypes: tuple[str, ...], beneath: Resolver) -> bool:
    """Say whether a name has records of a type only because every name beside it has them."""
    if one.data is None or one.replaces or one.name == one.zone:
        return False
    nobody = f"{CONTROL}.{one.name.partition('.')[2]}"
    for rdtype in rdtypes:
        found = (await beneath.query(one.name, rdtype)).records
        if found and found == (await beneath.query(nobody, rdtype)).records:
            return True
    return False


def as_known(resolver: Resolver) -> DraftResolver:
    """Return a resolver of the world that a run has seen, which asks nothing at or below a name that was not there."""
    return DraftResolver(_Known(resolver))


def _is_gone(answer: Answer) -> bool:
    return answer.status is Status.NXDOMAIN and not answer.cname_chain


def _text(record: Rdata) -> str:
    parts = getattr(record, "strings", None)
    return readable(b"".join(parts)) if parts is not None else record.to_text()


class _Records:
    """The proposed records, as a zone file would give them; at the names `alone` nothing else is."""

    def __init__(self, sets: dict[tuple[str, str], tuple[int, tuple[Rdata, ...]]], alone: frozenset[str]) -> None:
        self._sets = sets
        self._alone = alone

    def knows(self, name: str, rdtype: str) -> bool:
        return (name, rdtype) in self._sets or (name, "CNAME") in self._sets or name in self._alone

    def answer(self, name: str, rdtype: str) -> Answer:
        if (name, rdtype) not in self._sets and (name, "CNAME") not in self._sets:
            return Answer(name, rdtype, Status.NODATA, source="proposal")
        if (name, rdtype) not in self._sets:
            target = text_of_name(cast("CNAME", self._sets[name, "CNAME"][1][0]).target)
            return Answer(name, rdtype, Status.REFUSED, cname_chain=(target,), source="proposal")
        ttl, records = self._sets[name, rdtype]
        owner = name_of(labels_of(name))
        size = message_size(owner, [(owner, ttl, records)]) or 0
        status = Status.ANSWER if records else Status.NODATA
        return Answer(name, rdtype, status, records, ttl=ttl, size=size, tcp=size > UDP_PAYLOAD, source="proposal")

    def describe(self) -> str:
        return "proposed records"


class _Known(AnswerSource):
    """The run's own resolver as a source: what it was asked once, it does not ask again."""

    def __init__(self, resolver: Resolver) -> None:
        self._resolver = resolver
        self._gone = {answer.name for answer in getattr(resolver, "answers", tuple)() if _is_gone(answer)}

    async def ask(self, name: str, rdtype: str) -> Answer:
        # Where nothing is, nothing of another type is either, nor anything below (RFC 8020).
        if not self._gone.isdisjoint(suffixes(name)):
            return Answer(name, rdtype, Status.NXDOMAIN, source=self.describe())
        answer = await self._resolver.query(name, rdtype)
        if _is_gone(answer):
            self._gone.add(name)
        return answer

    def knows(self, name: str, rdtype: str) -> bool:
        covers = getattr(self._resolver, "covers", None)
        return covers is None or bool(covers(name, rdtype))

    def describe(self) -> str:
        return "the answers of this run"
