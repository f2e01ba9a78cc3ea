"""The static worst case of an SPF record: every term followed, whatever the sending address (RFC 7208, 4.6.4)."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping
from enum import StrEnum
from ipaddress import IPv4Address
from types import MappingProxyType

from msgspec import Struct, field
from msgspec.structs import replace

from mailaudit.facts.dns.answer import Resolver
from mailaudit.facts.dns.records import mx_names
from mailaudit.facts.observed import Unavailable
from mailaudit.facts.sender.names import is_askable
from mailaudit.facts.sender.spf.lookups import MAX_LOOKUPS, MAX_MX_NAMES, Addresses, addresses, ask
from mailaudit.facts.sender.spf.macros import MacroContext, expand_domain, letters
from mailaudit.facts.sender.spf.record import DNS_MECHANISMS, Mechanism, SpfRecord, parse, select

# A record deeper or wider than this is over the limit of ten look-ups many times already.
_MAX_DEPTH = MAX_LOOKUPS + 2
_MAX_NODES = 200
_ANY_ADDRESS = IPv4Address("192.0.2.1")  # stands where a macro does not use the address
_NOBODY = IPv4Address("240.0.0.1")  # RFC 1112, section 4: nobody has an address of this class


class NodeState(StrEnum):
    """What stands at the end of an include or a redirect."""

    RECORD = "record"
    MISSING = "missing"
    SEVERAL = "several"
    LOOP = "loop"
    UNAVAILABLE = "unavailable"
    DEPENDS_ON_SENDER = "depends-on-sender"
    NOT_FOLLOWED = "not-followed"


class TermCost(Struct, frozen=True):
    """One term that needs DNS: its target, what it finds in each IP version, and how many mail servers `mx` names.

    `own_void` counts empty answers of TXT and MX, `mx_failure` tells why the latter is missing. `anybody` is what
    `exists` finds for a sender that nobody can know; with `ignores_address` it looks at names alone, which anybody can
    give. `versions` are those that the campaign sends from: only their
    look-ups count as its receivers do them.
    """

    text: str
    target: str | None
    own_void: int = 0
    mx_names: int = 0
    mx_failure: str | None = None
    found: Mapping[int, Addresses] = field(default_factory=dict)
    anybody: Addresses = field(default_factory=Addresses)
    depends_on_sender: bool = False
    ignores_address: bool = False
    versions: tuple[int, ...] = (4,)

    def void_for(self, version: int) -> int:
        """Return how many of its look-ups have an empty answer when a server of this IP version connects."""
        return self.own_void + self._of(version).void

    @property
    def all_failures(self) -> tuple[str, ...]:
        """Why look-ups of either IP version have no answer."""
        return tuple(filter(None, (self.mx_failure, *(one.failure for one in self.found.values()))))

    @property
    def failure(self) -> str | None:
        """Why something that the campaign's receivers look up has no answer."""
        return self.mx_failure or next(filter(None, (self._of(one).failure for one in self.versions)), None)

    @property
    def finds_nothing(self) -> bool:
        """Whether it can match nobody: the world answered, and there is no address of either version."""
        if self.depends_on_sender or self.mx_failure or not (self.found or self.own_void):
            return False
        return not any(one.ips or one.failure for one in self.found.values())

    def _of(self, version: int) -> Addresses:
        # `exists` asks for an IPv4 address whoever connects (RFC 7208, section 5.7).
        return self.found.get(version) or self.found.get(4 if len(self.found) == 1 else 0) or Addresses()


class SpfNode(Struct, frozen=True):
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
    versions: tuple[int, ...] = (4,)

    @property
    def lookups(self) -> int:
        """The terms that need DNS, here and below (a lower bound when a part is unavailable)."""
        return len(self.costs) + sum(child.lookups for child in self.children)

    @property
    def void_lookups(self) -> int:
        """The look-ups with an empty answer, here and below, for the IP version of the campaign that has most."""
        return max(self.void_for(version) for version in self.versions)

    def void_for(self, version: int) -> int:
        """Return how many look-ups have an empty answer when a server of this IP version connects."""
        return sum(cost.void_for(version) for cost in self.costs) + sum(
            child.void_for(version) for child in self.children
        )

    @property
    def redirected(self) -> SpfNode | None:
        """What stands where the record redirects to."""
        return next((child for child in self.children if child.term.startswith("redirect=")), None)

    def cost_of(self, mechanism: Mechanism) -> TermCost:
        """Return what a term of the record finds."""
        return next((cost for cost in self.costs if cost.text == mechanism.text), TermCost(mechanism.text, None))

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


def nobody(domain: str, mail_from_domain: str) -> MacroContext:
    """Return a sender that no allow-list can hold: whoever lets it in lets everybody in."""
    sender = f"mailaudit-nobody@{mail_from_domain}"
    return MacroContext(ip=_NOBODY, domain=domain, sender=sender, helo="mailaudit-nobody.invalid")


async def look_up(dns: Resolver, mechanism: Mechanism, target: str, versions: tuple[int, ...]) -> TermCost:
    """Return what a term that names hosts finds at its target: their addresses, for `exists` those of IPv4 alone."""
    cost = TermCost(mechanism.text, target)
    names: tuple[str, ...] = (target,)
    if mechanism.name == "mx":
        answer = await ask(dns, target, "MX")
        if answer is None or not answer.is_known:
            return replace(cost, mx_failure=answer.failure if answer else None)
        cost = replace(cost, own_void=int(not answer.records), mx_names=len(answer.records))
        names = mx_names(answer)[:MAX_MX_NAMES]
    asked = (4,) if mechanism.name == "exists" else versions
    found = await asyncio.gather(*(addresses(dns, names, version) for version in asked))
    return replace(cost, found=MappingProxyType(dict(zip(asked, found, strict=True))))


class _Place(Struct, frozen=True):
    domain: str
    term: str
    ancestors: tuple[str, ...]
    budget: int


class Surveyor:
    """Follows records; every answer starts the questions that come out of it at once.

    `context` fills macros; when it is missing, a target that depends on the sending address is not followed.
    `versions` are the IP versions that the campaign sends from; addresses of both are looked up, for the first so many
    terms of each record.
    """

    def __init__(
        self,
        dns: Resolver,
        context: MacroContext | None,
        versions: tuple[int, ...],
        most_terms: int = MAX_LOOKUPS + 2,
    ) -> None:
        self._dns = dns
        self._context = context
        self._versions = versions
        self._most_terms = most_terms
        self._mail_from_domain = ""

    async def survey(self, domain: str) -> SpfNode:
        """Return the tree below a domain; never raises for what DNS does."""
        self._mail_from_domain = domain
        return await self._node(_Place(domain, "", (), _MAX_NODES))

    async def survey_record(self, domain: str, record: SpfRecord) -> SpfNode:
        """Return the tree below a domain as if it published a record."""
        self._mail_from_domain = domain
        return await self._expanded(_Place(domain, "", (), _MAX_NODES), record)

    async def _node(self, place: _Place) -> SpfNode:
        if place.domain in place.ancestors:
            return self._leaf(place, NodeState.LOOP)
        if place.budget < 1 or len(place.ancestors) > _MAX_DEPTH:
            return self._leaf(place, NodeState.NOT_FOLLOWED)
        answer = await ask(self._dns, place.domain, "TXT")
        if answer is not None and not answer.is_known:
            return replace(self._leaf(place, NodeState.UNAVAILABLE), reason=answer.failure)
        records = select(answer.texts()) if answer else ()
        if len(records) != 1:
            state = NodeState.SEVERAL if records else NodeState.MISSING
            is_void = answer is not None and not answer.records
            return replace(self._leaf(place, state), is_void=is_void)
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
            asyncio.gather(*(self._cost(m, place.domain) for m in direct[: self._most_terms])),
            asyncio.gather(*(self._follow(text, spec, below) for text, spec in follows)),
        )
        following = tuple(
            self._cost_of(text, child.domain, own_void=int(child.is_void))
            for (text, _), child in zip(follows, children, strict=True)
        )
        return SpfNode(
            place.domain,
            place.term,
            NodeState.RECORD,
            record=record,
            costs=(*following, *costs, *(self._cost_of(m.text, None) for m in direct[self._most_terms :])),
            children=tuple(children),
            versions=self._versions,
        )

    def _leaf(self, place: _Place, state: NodeState) -> SpfNode:
        return SpfNode(place.domain, place.term, state, versions=self._versions)

    def _cost_of(self, text: str, target: str | None, *, own_void: int = 0) -> TermCost:
        return TermCost(text, target, own_void=own_void, versions=self._versions)

    async def _follow(self, text: str, spec: str, below: _Place) -> SpfNode:
        target = self._target(spec, below.domain)
        if target is None:
            return SpfNode(spec, text, NodeState.DEPENDS_ON_SENDER, versions=self._versions)
        return await self._node(replace(below, domain=target, term=text))

    async def _cost(self, mechanism: Mechanism, domain: str) -> TermCost:
        target = self._target(mechanism.domain_spec, domain)
        cost = self._cost_of(mechanism.text, target)
        if mechanism.name == "exists":
            return await self._exists_cost(cost, mechanism.domain_spec or "", domain)
        if target is None or mechanism.name == "ptr" or not is_askable(target):
            return cost
        return replace(await look_up(self._dns, mechanism, target, (4, 6)), versions=self._versions)

    async def _exists_cost(self, cost: TermCost, spec: str, domain: str) -> TermCost:
        used = letters(spec)
        known = (cost.target,) if cost.target else ()
        found, anybody = await asyncio.gather(
            addresses(self._dns, known, 4),
            addresses(self._dns, (expand_domain(spec, nobody(domain, self._mail_from_domain)),), 4),
        )
        return replace(
            cost,
            found={4: found},
            anybody=anybody,
            depends_on_sender=bool(used - {"d", "o"}),
            ignores_address=not used & {"i", "p"},
        )

    def _target(self, spec: str | None, domain: str) -> str | None:
        if spec is None:
            return domain
        used = letters(spec)
        if "p" in used or (used - {"d"} and self._context is None):
            return None
        context = self._context or MacroContext(ip=_ANY_ADDRESS, domain=domain, sender="", helo="")
        return expand_domain(spec, replace(context, domain=domain))
