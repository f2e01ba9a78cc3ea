"""The static worst case of an SPF record: every term followed, whatever the sending address (RFC 7208, 4.6.4)."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from ipaddress import IPv4Address

from mailaudit.facts.dns.answer import Answer, Resolver
from mailaudit.facts.observed import Unavailable
from mailaudit.facts.sender.names import is_askable
from mailaudit.facts.sender.spf.lookups import MAX_LOOKUPS, MAX_MX_NAMES, addresses, ask, mx_names
from mailaudit.facts.sender.spf.macros import MacroContext, expand_domain, letters
from mailaudit.facts.sender.spf.record import DNS_MECHANISMS, Mechanism, SpfRecord, parse, select

# A record deeper or wider than this is over the limit of ten look-ups many times already.
_MAX_DEPTH = MAX_LOOKUPS + 2
_MAX_NODES = 200
_MAX_ASKED = MAX_LOOKUPS + 2  # terms of one record whose addresses are looked up
_ANY_ADDRESS = IPv4Address("192.0.2.1")  # stands where a macro does not use the address


class NodeState(StrEnum):
    """What stands at the end of an include or a redirect."""

    RECORD = "record"
    MISSING = "missing"
    SEVERAL = "several"
    LOOP = "loop"
    UNAVAILABLE = "unavailable"
    DEPENDS_ON_SENDER = "depends-on-sender"
    NOT_FOLLOWED = "not-followed"


@dataclass(frozen=True, slots=True)
class TermCost:
    """One term that needs DNS: its target, its void look-ups, and how many mail servers `mx` names.

    `void` is the larger number over the IP versions that the campaign sends from; `failure` tells why an address
    could not be looked up.
    """

    text: str
    target: str | None
    void: int = 0
    mx_names: int = 0
    failure: str | None = None


@dataclass(frozen=True, slots=True)
class SpfNode:
    """The record of one domain with everything that it leads to.

    `term` is the term that led here; `is_void` says that the domain has no TXT record at all.
    """

    domain: str
    term: str
    state: NodeState
    record: SpfRecord | None = None
    reason: str = ""
    costs: tuple[TermCost, ...] = ()
    children: tuple[SpfNode, ...] = ()
    is_void: bool = False

    @property
    def lookups(self) -> int:
        """The terms that need DNS, here and below (a lower bound when a part is unavailable)."""
        return len(self.costs) + sum(child.lookups for child in self.children)

    @property
    def void_lookups(self) -> int:
        """The look-ups with an empty answer, here and below."""
        return sum(cost.void for cost in self.costs) + sum(child.void_lookups for child in self.children)

    def walk(self) -> Iterator[SpfNode]:
        """Yield this node and all below it."""
        yield self
        for child in self.children:
            yield from child.walk()

    @property
    def failures(self) -> tuple[str, ...]:
        """Why parts of the tree could not be looked up."""
        return tuple(
            reason
            for node in self.walk()
            for reason in (
                *((node.reason,) if node.state is NodeState.UNAVAILABLE else ()),
                *(cost.failure for cost in node.costs if cost.failure),
            )
        )

    def require_complete(self) -> None:
        """Raise `Unavailable` when a part of the tree could not be looked up."""
        if self.failures:
            raise Unavailable(self.failures[0])


@dataclass(frozen=True, slots=True)
class _Place:
    domain: str
    term: str
    ancestors: tuple[str, ...]
    budget: int


class Surveyor:
    """Follows records; every answer starts the questions that come out of it at once.

    `context` fills macros; when it is missing, a target that depends on the sending address is not followed.
    `versions` are the IP versions whose addresses are looked up.
    """

    def __init__(self, dns: Resolver, context: MacroContext | None, versions: tuple[int, ...]) -> None:
        self._dns = dns
        self._context = context
        self._versions = versions

    async def survey(self, domain: str) -> SpfNode:
        """Return the tree below a domain; never raises for what DNS does."""
        return await self._node(_Place(domain, "", (), _MAX_NODES))

    async def _node(self, place: _Place) -> SpfNode:
        if place.domain in place.ancestors:
            return SpfNode(place.domain, place.term, NodeState.LOOP)
        if place.budget < 1 or len(place.ancestors) > _MAX_DEPTH:
            return SpfNode(place.domain, place.term, NodeState.NOT_FOLLOWED)
        answer = await ask(self._dns, place.domain, "TXT")
        if answer is not None and not answer.is_known:
            return SpfNode(place.domain, place.term, NodeState.UNAVAILABLE, reason=answer.failure)
        records = select(answer.texts()) if answer else ()
        if len(records) != 1:
            state = NodeState.SEVERAL if records else NodeState.MISSING
            is_void = answer is not None and not answer.records
            return SpfNode(place.domain, place.term, state, is_void=is_void)
        return await self._expanded(place, parse(records[0]))

    async def _expanded(self, place: _Place, record: SpfRecord) -> SpfNode:
        mechanisms = [m for m in record.effective_mechanisms if m.name in DNS_MECHANISMS]
        direct = [m for m in mechanisms if m.name != "include"]
        follows = [(m.text, m.domain_spec or "") for m in mechanisms if m.name == "include"]
        if record.redirect and record.all_qualifier is None:
            follows.append((f"redirect={record.redirect}", record.redirect))
        share = (place.budget - 1) // len(follows) if follows else 0
        below = _Place(place.domain, "", (*place.ancestors, place.domain), share)
        costs, children = await asyncio.gather(
            asyncio.gather(*(self._cost(m, place.domain) for m in direct[:_MAX_ASKED])),
            asyncio.gather(*(self._follow(text, spec, below) for text, spec in follows)),
        )
        following = tuple(
            TermCost(text, child.domain, void=int(child.is_void))
            for (text, _), child in zip(follows, children, strict=True)
        )
        return SpfNode(
            place.domain,
            place.term,
            NodeState.RECORD,
            record=record,
            costs=(*following, *costs, *(TermCost(m.text, None) for m in direct[_MAX_ASKED:])),
            children=tuple(children),
        )

    async def _follow(self, text: str, spec: str, below: _Place) -> SpfNode:
        target = self._target(spec, below.domain)
        if target is None:
            return SpfNode(spec, text, NodeState.DEPENDS_ON_SENDER)
        return await self._node(replace(below, domain=target, term=text))

    async def _cost(self, mechanism: Mechanism, domain: str) -> TermCost:
        target = self._target(mechanism.domain_spec, domain)
        if target is None or mechanism.name == "ptr" or not is_askable(target):
            return TermCost(mechanism.text, target)
        if mechanism.name == "mx":
            return await self._mx_cost(mechanism, target)
        versions = (4,) if mechanism.name == "exists" else self._versions
        return await self._address_cost(TermCost(mechanism.text, target), (target,), versions)

    async def _mx_cost(self, mechanism: Mechanism, target: str) -> TermCost:
        answer: Answer | None = await ask(self._dns, target, "MX")
        if answer is None or not answer.is_known:
            return TermCost(mechanism.text, target, failure=answer.failure if answer else None)
        cost = TermCost(mechanism.text, target, void=int(not answer.records), mx_names=len(answer.records))
        return await self._address_cost(cost, mx_names(answer)[:MAX_MX_NAMES], self._versions)

    async def _address_cost(self, cost: TermCost, names: tuple[str, ...], versions: tuple[int, ...]) -> TermCost:
        found = await asyncio.gather(*(addresses(self._dns, names, version) for version in versions))
        failure = next((one.failure for one in found if one.failure), None)
        return replace(cost, void=cost.void + max((one.void for one in found), default=0), failure=failure)

    def _target(self, spec: str | None, domain: str) -> str | None:
        if spec is None:
            return domain
        used = letters(spec)
        if "p" in used or (used - {"d"} and self._context is None):
            return None
        context = self._context or MacroContext(ip=_ANY_ADDRESS, domain=domain, sender="", helo="")
        return expand_domain(spec, replace(context, domain=domain))
