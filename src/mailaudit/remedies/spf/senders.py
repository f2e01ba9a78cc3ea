"""Who may send by an SPF record: sets of addresses, and terms whose machines only a receiver can tell.

Source: RFC 7208, sections 4.6 and 5. The numbers of look-ups are counted on request alone.
"""

from __future__ import annotations

from msgspec import Struct
from msgspec.structs import replace

from mailaudit.facts.dns.answer import Resolver
from mailaudit.facts.sender.names import is_askable
from mailaudit.facts.sender.spf.lookup_tree import NodeState, SpfNode, Surveyor
from mailaudit.facts.sender.spf.lookups import MAX_LOOKUPS, MAX_VOID_LOOKUPS
from mailaudit.facts.sender.spf.open_doors import networks
from mailaudit.facts.sender.spf.record import DNS_MECHANISMS, Mechanism, Qualifier, parse
from mailaudit.remedies.spf.networks import EVERYBODY, NOBODY, AddressSet, of_network

_MOST_TERMS = 100  # whose hosts are looked up; what stands behind them must stay as it is


class Senders(Struct, frozen=True):
    """The addresses that pass, the terms that only a receiver can evaluate, and what could not be looked up."""

    passes: AddressSet = NOBODY
    opaque: frozenset[str] = frozenset()
    unverified: frozenset[str] = frozenset()

    def __or__(self, other: Senders) -> Senders:
        """Return what either lets send."""
        return Senders(self.passes | other.passes, self.opaque | other.opaque, self.unverified | other.unverified)


def surveyor(dns: Resolver) -> Surveyor:
    """Return who looks up all that a record leads to, whoever sends."""
    return Surveyor(dns, None, (4, 6), most_terms=_MOST_TERMS)


async def tree_of(text: str, domain: str, dns: Resolver) -> SpfNode:
    """Return the text of a record with all that it leads to at a domain."""
    return await surveyor(dns).survey_record(domain, parse(text.encode("ascii", "replace")))


def senders_of(tree: SpfNode, *, as_meant: bool = False, limited: bool = False) -> Senders:
    """Return who may send by a record; one that receivers refuse lets nobody.

    `as_meant` passes over an include that leads nowhere, where receivers give up. `limited` stops where receivers do: behind
    ten look-ups, and behind two void ones, which each IP version counts for itself.
    """
    return _Reading(as_meant=as_meant, limited=limited).of_record(tree) or Senders()


class _Reading:
    """One walk over a record and all that it includes."""

    def __init__(self, *, as_meant: bool, limited: bool) -> None:
        self._as_meant = as_meant
        self._limited = limited
        self._lookups = 0
        self._void = {4: 0, 6: 0}

    def of_record(self, node: SpfNode) -> Senders | None:
        """Return who may send; nothing where receivers find no record that they can read."""
        if node.record is None or node.record.errors:
            return None
        followed = {child.term: child for child in node.children}
        undecided, found = EVERYBODY, Senders()
        for mechanism in node.record.effective_mechanisms:
            undecided = self._reached(undecided, int(mechanism.name in DNS_MECHANISMS))
            if not undecided:
                return found
            is_include = mechanism.name == "include"
            matched = self._followed(followed[mechanism.text]) if is_include else self._matched(node, mechanism)
            if matched is None and self._as_meant:
                continue
            if matched is None:  # receivers give up here
                return found
            if mechanism.qualifier is Qualifier.PASS:
                found |= replace(matched, passes=matched.passes & undecided)
            else:
                found |= Senders(unverified=matched.unverified)
            undecided -= matched.passes
        if node.redirected is not None:
            undecided = self._reached(undecided, 1)
            last = self._followed(node.redirected)
            found |= replace(last, passes=last.passes & undecided) if last else Senders()
        return found

    def _reached(self, undecided: AddressSet, lookups: int) -> AddressSet:
        """Return for which of these addresses receivers come as far as a term that needs so many look-ups."""
        self._lookups += lookups
        if not self._limited:
            return undecided
        if self._lookups > MAX_LOOKUPS:
            return NOBODY
        v4, v6 = (void <= MAX_VOID_LOOKUPS for void in self._void.values())
        return AddressSet(undecided.v4 if v4 else (), undecided.v6 if v6 else ())

    def _followed(self, node: SpfNode) -> Senders | None:
        if node.state is NodeState.DEPENDS_ON_SENDER or not is_askable(node.domain):
            return Senders(opaque=frozenset({node.term.lower()}))
        if node.state is NodeState.UNAVAILABLE:
            return _unknown(f"include:{node.domain}")
        self._count_void(int(node.is_void), int(node.is_void))
        return self.of_record(node)

    def _matched(self, node: SpfNode, mechanism: Mechanism) -> Senders:
        match mechanism.name:
            case "all":
                return Senders(EVERYBODY)
            case "ip4" | "ip6":
                return Senders(_covered(node, mechanism))
            case "ptr":
                return Senders(opaque=frozenset({f"{mechanism.text} of {node.domain}"}))
            case _:
                return self._hosts(node, mechanism)

    def _hosts(self, node: SpfNode, mechanism: Mechanism) -> Senders:
        cost = node.cost_of(mechanism)
        term = f"{mechanism.name}:{mechanism.domain_spec or node.domain}".lower()
        if cost.target is None or not is_askable(cost.target):
            if mechanism.name == "exists":  # whoever is not on such a list costs a void look-up
                self._count_void(1, 1)
            return Senders(opaque=frozenset({term}))
        self._count_void(cost.void_for(4), cost.void_for(6))
        is_unknown = bool(cost.all_failures)
        if cost.mx_failure or (is_unknown and mechanism.name == "exists"):
            return _unknown(term)
        if mechanism.name == "exists":
            return Senders(EVERYBODY if cost.found[4].ips else NOBODY)
        doubt = frozenset({term} if is_unknown else ())
        return Senders(_covered(node, mechanism), doubt, doubt)

    def _count_void(self, v4: int, v6: int) -> None:
        self._void = {4: self._void[4] + v4, 6: self._void[6] + v6}


def _covered(node: SpfNode, mechanism: Mechanism) -> AddressSet:
    covered = NOBODY
    for network in networks(node, mechanism):
        covered |= of_network(network)
    return covered


def _unknown(term: str) -> Senders:
    return Senders(opaque=frozenset({term}), unverified=frozenset({term}))
