"""What single terms of an SPF record lead to: everybody, nobody, or hosts of the sender's own."""

import difflib
import re
from collections.abc import Iterable
from contextlib import suppress
from ipaddress import ip_address

from msgspec import Struct
from msgspec.structs import replace

from mailaudit.facts.dns.records import mx_names
from mailaudit.facts.sender.lookalikes import Meant, lookalikes
from mailaudit.facts.sender.names import is_askable
from mailaudit.facts.sender.spf.lookup_tree import SpfNode, nobody
from mailaudit.facts.sender.spf.macros import MacroError, expand_domain, letters
from mailaudit.facts.sender.spf.record import Mechanism, Qualifier, parse, select
from mailaudit.knowledge import load
from mailaudit.knowledge.patterns import is_template
from mailaudit.knowledge.types.platform import EvidenceKind
from mailaudit.remedies.draft import World, is_only_included
from mailaudit.remedies.spf.networks import EVERYBODY, NOBODY, of_network, written
from mailaudit.remedies.spf.parts import SpfParts, parts_of, reached
from mailaudit.remedies.spf.senders import senders_of, surveyor, tree_of
from mailaudit.remedies.spf.text import SpfText, read

_MOST_ADDRESSES = 8
_ALIKE = 0.9
_MOST_REDIRECTS = 10
_STRICTEST = "-all"
_GLUED = re.compile(r"(.+\.[a-z]{2,})(mx|ptr|a)")
_WIDEST = 8  # bits: who holds a whole class A sends no campaigns from it


class Terms(Struct, frozen=True):
    """The terms of a record at a domain, asked one by one."""

    world: World
    domain: str

    async def closed(self, text: SpfText) -> str:
        """Return a record without what lets everybody send: what must not be lost.

        Nor with what leads back to those that include it: they have these senders anyway.
        """
        parts, _ = await self.without_open_doors(parts_of(text))
        if is_only_included(self.domain, self.world.facts):
            body = tuple([term for term in parts.body if not await self._leads_back(_included(term))])
            redirects = tuple([name for name in parts.redirects if not await self._leads_back(name)])
            parts = replace(parts, body=body, redirects=redirects)
        return parts.text

    async def without_open_doors(self, parts: SpfParts) -> tuple[SpfParts, tuple[str, ...]]:
        """Return a record without the terms that let everybody send, and these; includes stay.

        What stands behind `+all` is what its writer wanted to allow.
        """
        if parts.ending in {"all", "+all"}:
            parts = replace(reached(parts), ending="~all")
        wide = _wide(parts.body)
        body: list[str] = []
        last: list[str] = []  # behind what is reached today: a new look-up may be one too many
        dropped: list[str] = []
        for term in parts.body:
            if term in wide or await self._is_open(term):
                dropped.append(term)
                alone = _host_alone(term)
                (last if "exists:" in term.lower() else body).extend(alone)
            else:
                body.append(term)
        return replace(parts, body=(*body, *last)), tuple(dropped)

    async def corrected(self, parts: SpfParts) -> tuple[SpfParts, dict[str, tuple[str, ...]]]:
        """Return a record with misspelt names of known services, and terms glued to a name, set right, and which."""
        pairs: dict[str, tuple[str, ...]] = {}
        for term in parts.body:
            name = _included(term)
            if not name or not await self._has_no_record(name):
                continue
            right, glued = _known_include(name), _GLUED.fullmatch(name)
            if right and right != name:
                pairs[term] = (f"include:{right}",)
            elif glued and not await self._has_no_record(glued[1]):
                pairs[term] = (f"include:{glued[1]}", glued[2])
        return replace(parts, body=tuple(one for term in parts.body for one in pairs.get(term, (term,)))), pairs

    async def without_dead(self, parts: SpfParts, *, includes: bool) -> tuple[SpfParts, tuple[str, ...]]:
        """Return a record without the includes, or else the hosts, that are known not to be there, and these."""
        dead = [term for term in parts.body if await self._is_dead(term, includes=includes)]
        gone = [name for name in parts.redirects if includes and await self._has_no_record(name)]
        left = tuple(name for name in parts.redirects if name not in gone)
        kept = replace(
            parts,
            body=tuple(term for term in parts.body if term not in dead),
            redirects=left,
            ending=parts.ending or ("~all" if gone and not left else None),
        )
        return kept, (*dead, *(f"redirect={name}" for name in gone))

    async def flattened(self, parts: SpfParts) -> tuple[SpfParts, tuple[str, ...]]:
        """Return a record with the addresses of the sender's own hosts in place of their names, and these names."""
        body: list[str] = []
        replaced: list[str] = []
        for term in parts.body:
            found = await self._addresses(term)
            body.extend(found or (term,))
            if found:
                replaced.append(term)
        return replace(parts, body=tuple(body)), tuple(replaced)

    async def endings_behind(self, records: Iterable[SpfParts]) -> dict[str, str | None]:
        """Return with which `all` the records end that redirects lead to; the strictest where nobody can tell."""
        redirects = {name for one in records if one.ending is None for name in one.redirects}
        return {name: await self._ending_of(name) for name in sorted(redirects)}

    async def _ending_of(self, name: str) -> str | None:
        for _ in range(_MOST_REDIRECTS):
            answer = await self.world.dns.query(name, "TXT") if is_askable(name) and "%" not in name else None
            if answer is None or not answer.is_known:
                return _STRICTEST
            records = select(answer.texts())
            parts = parts_of(read(records)) if len(records) == 1 else SpfParts()
            if parts.ending or not parts.redirects:
                return parts.ending
            name = parts.redirects[0].rstrip(".").lower()
        return _STRICTEST

    async def _is_open(self, term: str) -> bool:
        mechanism = _mechanism(term)
        if mechanism is None or mechanism.qualifier is not Qualifier.PASS or mechanism.name in {"include", "ptr"}:
            return False
        tree = await self._tree(term)
        passes = senders_of(tree).passes
        # An `exists` is open, too, that finds something for a sender that no allow-list can hold.
        return bool(tree.cost_of(mechanism).anybody.ips) or EVERYBODY.v4 == passes.v4 or EVERYBODY.v6 == passes.v6

    async def _is_dead(self, term: str, *, includes: bool) -> bool:
        mechanism = _mechanism(term)
        if mechanism is None or mechanism.name in {"all", "ip4", "ip6", "ptr"} or "%" in term:
            return False
        if includes:
            return mechanism.name == "include" and await self._has_no_record(mechanism.domain_spec or "")
        if mechanism.name == "include":
            return False
        found = senders_of(await self._tree(term.lstrip("+-~?")))
        return not (found.passes or found.opaque or found.unverified)

    async def _has_no_record(self, name: str) -> bool:
        name = _asked(name, self.domain)
        if not name or await self._leads_back(name):
            return bool(name)
        # A record that no receiver reads, here or where a panel doubled the name, is one to repair and not nothing.
        doubled = (f"{name.rstrip('.')}.{self.domain}",) if self.world.is_own(name.rstrip(".").lower()) else ()
        for place in (name, *doubled):
            answer = await self.world.dns.query(place, "TXT")
            texts = answer.texts() if answer.is_known else ()
            if not answer.is_known or select(texts) or lookalikes(texts, Meant.SPF, select):
                return False
        return True

    async def _leads_back(self, name: str) -> bool:
        """Say whether what stands at a name of the sender's includes the record itself, where receivers give up."""
        name = name.rstrip(".").lower()
        if not self.world.is_own(name) or not is_askable(name):
            return False
        tree = await surveyor(self.world.dns).survey(name)
        return any(node.domain == self.domain for node in tree.walk())

    async def _addresses(self, term: str) -> tuple[str, ...]:
        mechanism = _mechanism(term)
        if mechanism is None or mechanism.name not in {"a", "mx"} or not await self._leads_to_own_hosts(mechanism):
            return ()
        found = senders_of(await self._tree(term.lstrip("+-~?")))
        networks = list(found.passes.networks()) if not found.opaque | found.unverified else []
        sign = term[0] if term[0] in "-~?" else ""
        if not 0 < len(networks) <= _MOST_ADDRESSES:
            return ()
        return tuple(f"{sign}ip{one.version}:{written(one)}" for one in networks)

    async def _leads_to_own_hosts(self, mechanism: Mechanism) -> bool:
        target = (mechanism.domain_spec or self.domain).rstrip(".").lower()
        if "%" in target or not self.world.is_own(target):
            return False
        hosts: tuple[str, ...] = (target,)
        if mechanism.name == "mx":
            hosts = mx_names(await self.world.dns.query(target, "MX"))
        chains = [(await self.world.dns.query(host, "A")).cname_chain for host in hosts]
        return all(self.world.is_own(name) for name in (*hosts, *(name for chain in chains for name in chain)))

    async def _tree(self, term: str) -> SpfNode:
        return await tree_of(f"v=spf1 {term} -all", self.domain, self.world.dns)


def _asked(spec: str, domain: str) -> str:
    """Return the name that a domain-spec asks for; nothing where that depends on the delivery, or cannot be read."""
    with suppress(MacroError):
        if not letters(spec) - {"d"}:
            return expand_domain(spec, nobody(domain, domain))
    return ""


def _wide(terms: Iterable[str]) -> frozenset[str]:
    """Return the widest ranges of a record, if its ranges together let everybody of an IP version send."""
    found = [(term, mechanism) for term in terms if (mechanism := _mechanism(term)) and mechanism.network]
    passing = [(term, one.network) for term, one in found if one.network and one.qualifier is Qualifier.PASS]
    covered = NOBODY
    for _, network in passing:
        covered |= of_network(network)
    whole = {4} if covered.v4 == EVERYBODY.v4 else set()
    whole |= {6} if covered.v6 == EVERYBODY.v6 else set()
    return frozenset(term for term, network in passing if network.version in whole and network.prefixlen < _WIDEST)


def _host_alone(term: str) -> tuple[str, ...]:
    """Return the one host that a term names which makes the whole world of it; nothing where it names none."""
    mechanism = _mechanism(term)
    alone = term.partition("/")[0]
    if mechanism is None:
        return ()
    if mechanism.name == "exists":  # somebody meant the host itself
        return () if "%" in term else (f"a:{mechanism.domain_spec}",)
    if mechanism.network is None:
        return (alone,)
    address = ip_address(alone.partition(":")[2])
    return () if address == mechanism.network.network_address else (alone,)


def _included(term: str) -> str:
    """Return the name that a term includes; nothing for every other term."""
    mechanism = _mechanism(term)
    return (mechanism.domain_spec or "").lower() if mechanism and mechanism.name == "include" else ""


def _mechanism(term: str) -> Mechanism | None:
    return next(iter(parse(f"v=spf1 {term}".encode("ascii", "replace")).mechanisms), None)


def _known_include(name: str) -> str | None:
    """Return the service's name of which another one, which does not exist, is a misspelling."""
    close = difflib.get_close_matches(name.lower().rstrip("."), _included_names(), n=1, cutoff=_ALIKE)
    return close[0] if close else None


@load.kept
def _included_names() -> tuple[str, ...]:
    platforms = (name for one in load.platforms() for name in one.values(EvidenceKind.SPF_INCLUDE))
    mailboxes = (name for one in load.mailbox_services() for name in one.spf)
    return tuple(dict.fromkeys(name for name in (*platforms, *mailboxes) if not is_template(name)))
