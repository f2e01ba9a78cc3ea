"""check_host(): what SPF says about one sending address (RFC 7208, section 4)."""

import asyncio
from collections.abc import Iterable
from ipaddress import IPv4Address, IPv6Address

from msgspec import Struct
from msgspec.structs import replace

from mailaudit.facts.dns.answer import Resolver, Status
from mailaudit.facts.dns.records import IpAddress, target_names
from mailaudit.facts.sender.names import is_askable, is_at_or_under
from mailaudit.facts.sender.spf.lookup_tree import look_up
from mailaudit.facts.sender.spf.lookups import (
    MAX_LOOKUPS,
    MAX_MX_NAMES,
    MAX_PTR_NAMES,
    MAX_VOID_LOOKUPS,
    addresses,
    ask,
)
from mailaudit.facts.sender.spf.macros import MacroContext, MacroError, expand, expand_domain, letters
from mailaudit.facts.sender.spf.model import Limit, SpfResult, SpfVerdict, TraceStep
from mailaudit.facts.sender.spf.record import DNS_MECHANISMS, Mechanism, Qualifier, SpfRecord, parse, select


async def check_host(ip: IpAddress, domain: str, *, sender: str, helo: str, dns: Resolver) -> SpfVerdict:
    """Evaluate SPF for one address; what DNS does never raises, it becomes temperror or permerror.

    `sender` is the MAIL FROM address; without a local part it counts as `postmaster` (section 4.3).
    """
    address = ip.ipv4_mapped if isinstance(ip, IPv6Address) and ip.ipv4_mapped else ip
    local_part, _, sender_domain = sender.rpartition("@")
    context = MacroContext(
        ip=address, domain=domain, sender=f"{local_part or 'postmaster'}@{sender_domain or domain}", helo=helo
    )
    return await _Evaluation(dns, context).run()


_RESULTS = {
    Qualifier.PASS: SpfResult.PASS,
    Qualifier.FAIL: SpfResult.FAIL,
    Qualifier.SOFTFAIL: SpfResult.SOFTFAIL,
    Qualifier.NEUTRAL: SpfResult.NEUTRAL,
}


class _Stop(Exception):  # noqa: N818 - ends the evaluation with a result
    def __init__(self, result: SpfResult, reason: str, limit: Limit | None = None) -> None:
        super().__init__(reason)
        self.result = result
        self.reason = reason
        self.limit = limit


class _Answered(Struct, frozen=True):
    result: SpfResult
    reason: str
    record: SpfRecord | None = None
    domain: str = ""
    limit: Limit | None = None


class _Evaluation:
    """The state of one check_host() run: counters, trace and the validated name of the address."""

    def __init__(self, dns: Resolver, context: MacroContext) -> None:
        self._dns = dns
        self._context = context
        self._ip = context.ip
        self._lookups = 0
        self._void = 0
        self._trace: list[TraceStep] = []
        self._reverse: tuple[str, ...] | None = None
        self._doubt: str | None = None

    async def run(self) -> SpfVerdict:
        explanation = None
        domain = self._context.domain
        try:
            answered = await self._check(domain, 0)
            if answered.result is SpfResult.FAIL and answered.record:
                explanation = await self._explain(answered.record, answered.domain)
        except _Stop as stop:
            answered = _Answered(stop.result, stop.reason, limit=stop.limit)
        return SpfVerdict(
            ip=self._ip,
            domain=domain,
            result=answered.result,
            reason=answered.reason,
            lookups=self._lookups,
            void_lookups=self._void,
            explanation=explanation,
            trace=tuple(self._trace),
            doubt=self._doubt,
            limit=answered.limit,
        )

    async def _check(self, domain: str, depth: int) -> _Answered:
        record = await self._record(domain)
        if record is None:
            return _Answered(SpfResult.NONE, f"{domain} publishes no SPF record")
        if record.errors:
            raise _Stop(SpfResult.PERMERROR, f"the SPF record of {domain} is not valid ({record.errors[0]})")
        for mechanism in record.effective_mechanisms:
            matched = await self._matches(mechanism, domain, depth)
            self._note(depth, domain, mechanism.text, "match" if matched else "no match")
            if matched:
                reason = f"{mechanism.text} in the record of {domain} matches"
                return _Answered(_RESULTS[mechanism.qualifier], reason, record, domain)
        if record.redirect and record.all_qualifier is None:
            return await self._redirected(record.redirect, domain, depth)
        return _Answered(SpfResult.NEUTRAL, f"nothing in the record of {domain} matches", record, domain)

    async def _redirected(self, target_spec: str, domain: str, depth: int) -> _Answered:
        self._count_lookup()
        target = await self._target(target_spec, domain)
        self._note(depth, domain, f"redirect={target_spec}", f"continue at {target}")
        answered = await self._check(target, depth)
        if answered.result is SpfResult.NONE:
            raise _Stop(
                SpfResult.PERMERROR, f"the record of {domain} redirects to {target}, which has no SPF record"
            )
        return answered

    async def _record(self, domain: str) -> SpfRecord | None:
        if "." not in domain or not is_askable(domain):
            return None
        answer = await ask(self._dns, domain, "TXT")
        if answer is not None and not answer.is_known:
            raise _Stop(SpfResult.TEMPERROR, answer.failure)
        records = select(answer.texts()) if answer else ()
        if len(records) > 1:
            raise _Stop(SpfResult.PERMERROR, f"{domain} publishes {len(records)} SPF records")
        return parse(records[0]) if records else None

    async def _matches(self, mechanism: Mechanism, domain: str, depth: int) -> bool:
        if mechanism.name in DNS_MECHANISMS:
            self._count_lookup()
        match mechanism.name:
            case "all":
                return True
            case "ip4" | "ip6":
                return mechanism.network is not None and self._ip in mechanism.network
            case "include":
                return await self._include(mechanism, domain, depth)
            case _:
                return await self._found(mechanism, domain)

    async def _found(self, mechanism: Mechanism, domain: str) -> bool:
        target = await self._target(mechanism.domain_spec, domain)
        if mechanism.name == "ptr":
            return any(is_at_or_under(name, target) for name in await self._validated_names())
        cost = await look_up(self._dns, mechanism, target, (self._ip.version,))
        if cost.mx_names > MAX_MX_NAMES:
            raise _Stop(SpfResult.PERMERROR, f"{target} has {cost.mx_names} mail servers, more than ten")
        if cost.all_failures:
            raise _Stop(SpfResult.TEMPERROR, cost.all_failures[0])
        self._count_void(cost.void_for(self._ip.version))
        found = [ip for one in cost.found.values() for ip in one.ips]
        return bool(found) if mechanism.name == "exists" else self._covers(mechanism, found)

    async def _include(self, mechanism: Mechanism, domain: str, depth: int) -> bool:
        target = await self._target(mechanism.domain_spec, domain)
        answered = await self._check(target, depth + 1)
        if answered.result is SpfResult.NONE:
            raise _Stop(SpfResult.PERMERROR, f"{domain} includes {target}, which has no SPF record")
        return answered.result is SpfResult.PASS

    def _covers(self, mechanism: Mechanism, found: Iterable[IpAddress]) -> bool:
        prefix = mechanism.prefix4 if isinstance(self._ip, IPv4Address) else mechanism.prefix6
        shift = self._ip.max_prefixlen - prefix
        return any(int(self._ip) >> shift == int(address) >> shift for address in found)

    async def _target(self, spec: str | None, domain: str) -> str:
        if spec is None:
            return domain
        return expand_domain(spec, await self._context_for(spec, domain))

    async def _context_for(self, text: str, domain: str) -> MacroContext:
        context = replace(self._context, domain=domain)
        if "p" not in letters(text):
            return context
        names = await self._validated_names()
        best = next((n for n in names if n == domain), None) or next(
            (n for n in names if is_at_or_under(n, domain)), names[0] if names else "unknown"
        )
        return replace(context, validated=best)

    async def _validated_names(self) -> tuple[str, ...]:
        if self._reverse is None:
            self._reverse = await self._validate_names()
        return self._reverse

    async def _validate_names(self) -> tuple[str, ...]:
        answer = await ask(self._dns, self._ip.reverse_pointer, "PTR")
        # A DNS error only means that the mechanism does not match (section 5.5).
        if answer is None or not answer.is_known:
            self._doubt = answer.failure if answer else None
            return ()
        self._count_void(int(not answer.records))
        names = target_names(answer)[:MAX_PTR_NAMES]
        found = await asyncio.gather(*(addresses(self._dns, (name,), self._ip.version) for name in names))
        self._doubt = next((one.failure for one in found if one.failure), None)
        return tuple(name for name, one in zip(names, found, strict=True) if self._ip in one.ips)

    async def _explain(self, record: SpfRecord, domain: str) -> str | None:
        if not record.explanation:
            return None
        try:
            answer = await ask(self._dns, await self._target(record.explanation, domain), "TXT")
            texts = answer.texts() if answer and answer.status is Status.ANSWER else ()
            if len(texts) != 1:
                return None
            text = texts[0].decode("ascii")
            return expand(text, await self._context_for(text, domain), explanation=True)
        except (MacroError, UnicodeDecodeError, _Stop):
            # A broken explanation is treated as if there were none (section 6.2).
            return None

    def _count_lookup(self) -> None:
        self._lookups += 1
        if self._lookups > MAX_LOOKUPS:
            raise _Stop(SpfResult.PERMERROR, f"more than {MAX_LOOKUPS} DNS look-ups are needed", Limit.LOOKUPS)

    def _count_void(self, void: int) -> None:
        self._void += void
        if self._void > MAX_VOID_LOOKUPS:
            reason = f"more than {MAX_VOID_LOOKUPS} DNS look-ups have an empty answer"
            raise _Stop(SpfResult.PERMERROR, reason, Limit.VOID)

    def _note(self, depth: int, domain: str, term: str, outcome: str) -> None:
        self._trace.append(TraceStep(depth, domain, term, outcome))
