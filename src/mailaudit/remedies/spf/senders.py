"""Who may send by an SPF record: sets of addresses, and terms whose machines only a receiver can tell.

Source: RFC 7208, sections 4.6 and 5. The numbers of look-ups are counted on request alone.
"""

from __future__ import annotations

from ipaddress import IPv4Address, ip_network

from msgspec import Struct
from msgspec.structs import replace

from mailaudit.facts.dns.answer import Answer, Resolver
from mailaudit.facts.dns.records import mx_names
from mailaudit.facts.sender.names import is_askable
from mailaudit.facts.sender.spf.lookups import MAX_LOOKUPS, MAX_MX_NAMES, MAX_VOID_LOOKUPS, addresses, ask
from mailaudit.facts.sender.spf.macros import MacroContext, expand_domain, letters
from mailaudit.facts.sender.spf.record import DNS_MECHANISMS, Mechanism, Qualifier, SpfRecord, parse, select
from mailaudit.remedies.spf.networks import EVERYBODY, NOBODY, AddressSet, of_network

_MAX_DEPTH = 12
_MAX_RECORDS = 100
_PLACEHOLDER = MacroContext(ip=IPv4Address("192.0.2.1"), domain="", sender="", helo="")


class Senders(Struct, frozen=True):
    """The addresses that pass, the terms that only a receiver can evaluate, and what could not be looked up."""

    passes: AddressSet = NOBODY
    opaque: frozenset[str] = frozenset()
    unverified: frozenset[str] = frozenset()

    def __or__(self, other: Senders) -> Senders:
        """Return what either lets send."""
        return Senders(self.passes | other.passes, self.opaque | other.opaque, self.unverified | other.unverified)


async def senders_of(
    text: str, domain: str, dns: Resolver, *, as_meant: bool = False, limited: bool = False
) -> Senders:
    """Return who may send by the text of a record at a domain; a record that receivers refuse lets nobody.

    `as_meant` passes over an include that leads nowhere, where receivers give up. `limited` stops where receivers do: behind
    ten look-ups, and behind two void ones, which each IP version counts for itself.
    """
    reading = _Reading(dns, as_meant=as_meant, limited=limited)
    return await reading.of_record(parse(text.encode("ascii", "replace")), domain, ())


class _Reading:
    """One walk over a record and all that it includes."""

    def __init__(self, dns: Resolver, *, as_meant: bool, limited: bool) -> None:
        self._dns = dns
        self._as_meant = as_meant
        self._left = _MAX_RECORDS
        self._limited = limited
        self._lookups = 0
        self._void = {4: 0, 6: 0}

    async def of_record(self, record: SpfRecord, domain: str, above: tuple[str, ...]) -> Senders:
        if record.errors:
            return Senders()
        undecided, found = EVERYBODY, Senders()
        for mechanism in record.effective_mechanisms:
            undecided = self._reached(undecided, int(mechanism.name in DNS_MECHANISMS))
            if not undecided:
                return found
            matched = await self._matched(mechanism, domain, (*above, domain))
            if matched is None and self._as_meant:
                continue
            if matched is None:  # receivers give up here
                return found
            if mechanism.qualifier is Qualifier.PASS:
                found |= replace(matched, passes=matched.passes & undecided)
            else:
                found |= Senders(unverified=matched.unverified)
            undecided -= matched.passes
        if record.redirect and record.all_qualifier is None:
            undecided = self._reached(undecided, 1)
            last = await self._record_at(record.redirect, domain, f"redirect={record.redirect}", (*above, domain))
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

    async def _matched(self, mechanism: Mechanism, domain: str, above: tuple[str, ...]) -> Senders | None:
        match mechanism.name:
            case "all":
                return Senders(EVERYBODY)
            case "ip4" | "ip6":
                return Senders(of_network(mechanism.network) if mechanism.network else NOBODY)
            case "include":
                return await self._record_at(mechanism.domain_spec or "", domain, mechanism.text, above)
            case "ptr":
                return Senders(opaque=frozenset({f"{mechanism.text} of {domain}"}))
            case _:
                return await self._hosts(mechanism, domain)

    async def _record_at(self, spec: str, domain: str, term: str, above: tuple[str, ...]) -> Senders | None:
        target = _target(spec, domain)
        if target is None:
            return Senders(opaque=frozenset({term.lower()}))
        self._left -= 1
        if target in above or len(above) > _MAX_DEPTH or self._left < 0:
            return None
        answer = await ask(self._dns, target, "TXT")
        if answer is not None and not answer.is_known:
            return _unknown(f"include:{target}")
        self._count_void(answer)
        records = select(answer.texts()) if answer else ()
        parsed = parse(records[0]) if len(records) == 1 else None
        return await self.of_record(parsed, target, above) if parsed and not parsed.errors else None

    async def _hosts(self, mechanism: Mechanism, domain: str) -> Senders:
        target = _target(mechanism.domain_spec, domain)
        term = f"{mechanism.name}:{mechanism.domain_spec or domain}".lower()
        if target is None:
            if mechanism.name == "exists":  # whoever is not on such a list costs a void look-up
                self._void = {version: void + 1 for version, void in self._void.items()}
            return Senders(opaque=frozenset({term}))
        names: tuple[str, ...] = (target,)
        if mechanism.name == "mx":
            answer = await ask(self._dns, target, "MX")
            if answer is not None and not answer.is_known:
                return _unknown(term)
            self._count_void(answer)
            names = mx_names(answer)[:MAX_MX_NAMES] if answer else ()
        passes, unverified = NOBODY, False
        for version, prefix in ((4, mechanism.prefix4), (6, mechanism.prefix6)):
            found = await addresses(self._dns, names, version)
            self._void[version] += found.void
            unverified = unverified or found.failure is not None
            if mechanism.name == "exists":
                self._void[6] += found.void  # it asks for an IPv4 address whoever connects
                return _unknown(term) if unverified else Senders(EVERYBODY if found.ips else NOBODY)
            for ip in found.ips:
                passes |= of_network(ip_network((ip, prefix), strict=False))
        doubt = frozenset({term}) if unverified else frozenset()
        return Senders(passes, doubt, doubt)

    def _count_void(self, answer: Answer | None) -> None:
        if answer is not None and not answer.records:
            self._void = {version: void + 1 for version, void in self._void.items()}


def _unknown(term: str) -> Senders:
    return Senders(opaque=frozenset({term}), unverified=frozenset({term}))


def _target(spec: str | None, domain: str) -> str | None:
    """Return the name that a term asks for; nothing when it depends on the delivery, or cannot be asked."""
    if spec is None:
        return domain
    if letters(spec) - {"d"}:
        return None
    name = expand_domain(spec, replace(_PLACEHOLDER, domain=domain)).lower().rstrip(".")
    return name if is_askable(name) else None
