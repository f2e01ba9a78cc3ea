"""Asks who receives mail for very many domains, through the bulk engine: each name and each mail server once."""

import asyncio
import itertools
from collections.abc import Callable, Iterable, Iterator, Sequence

from mailaudit.facts.dns.answer import FAILURES, Resolver, Status
from mailaudit.facts.dns.answer_cache import READ_AT_ONCE, Memory
from mailaudit.facts.dns.bulk.answers import Parsed
from mailaudit.facts.dns.bulk.engine import BulkLookup, OnFound
from mailaudit.facts.dns.cached_lookups import parsed_of, plain_of_parsed, remembering
from mailaudit.facts.dns.names import is_plain
from mailaudit.facts.dns.sources.servers import Server
from mailaudit.facts.public_address import is_reachable
from mailaudit.facts.recipients.receiving.mail_domain import (
    LOCAL_MX,
    LOST_MX,
    MAX_HOSTS,
    NO_DOMAIN,
    Receiving,
    implicit,
    is_local,
    judged,
    look_up,
    mx_hosts,
)

# Mail servers of no known provider whose addresses are looked at; beyond, they are trusted.
MAX_PENDING = 200_000
# Answers that the bulk engine cannot read (cut off, half a CNAME chain) go to the ordinary resolver.
MAX_UNCLEAR = 2_000
# Sets of mail servers of which is remembered what their names tell.
MAX_REMEMBERED = 50_000
# Of the time for all, the part in which new domains are asked; in the rest the addresses of their servers are.
SHARE_OF_MX = 0.8
# The answer to a question for which the time did not suffice.
LATE = Parsed(Status.TIMEOUT)
TOO_LATE = "the time for the look-ups was over"

OnReceiving = Callable[[Receiving], None]


class BulkReceiving:
    """One run: the domains first, then the addresses of those without MX, then those of unknown mail servers."""

    def __init__(
        self, dns: Resolver, on_found: OnReceiving, deadline: float, memory: Memory | None = None
    ) -> None:
        self._dns = remembering(dns, memory)
        self._memory = memory
        self._on_found = on_found
        self._deadline = deadline
        self._bare: list[str] = []
        self._pending: dict[tuple[str, ...], list[str]] = {}
        self._pending_count = 0
        self._unclear: list[str] = []
        self._clear: dict[tuple[str, ...], tuple[str | None, bool]] = {}
        self.not_asked = 0
        self.given_up: str | None = None

    async def run(self, domains: Iterable[str], servers: Sequence[Server]) -> None:
        """Ask about every domain; `on_found` gets what is known of each, but those that the time did not suffice for."""
        begins = asyncio.get_running_loop().time()
        ask_until = begins + (self._deadline - begins) * SHARE_OF_MX
        with BulkLookup(servers) as lookup:
            strangers = self._strangers(self._in_time(lookup, domains, ask_until), "MX", self._take_mx)
            await lookup.ask(strangers, "MX", self._keeping("MX", self._take_mx))
            addresses = await self._addresses(lookup, self._bare)
            for domain in self._bare:
                self._on_found(self._of_bare(domain, addresses[domain]))
            hosts = dict.fromkeys(host for hosts in self._pending for host in hosts[:MAX_HOSTS])
            known = await self._addresses(
                lookup, [host for host in hosts if is_plain(host) and not is_local(host)]
            )
        for hosts_of, names in self._pending.items():
            problem = _problem(hosts_of, known)
            for domain in names:
                self._on_found(Receiving(domain, hosts_of, problem))
        await self._ask_again()

    def _in_time(self, lookup: BulkLookup, domains: Iterable[str], ends: float) -> Iterator[str]:
        loop = asyncio.get_running_loop()
        for domain in domains:
            if loop.time() < ends and not lookup.given_up:
                yield domain
            else:
                self.given_up = FAILURES[lookup.given_up] if lookup.given_up else None
                self.not_asked += 1

    async def _addresses(self, lookup: BulkLookup, names: Sequence[str]) -> dict[str, Parsed]:
        """Return the addresses of names: IPv4, and IPv6 where there are none; `LATE` where the time did not suffice."""
        loop = asyncio.get_running_loop()
        found = dict.fromkeys(names, LATE)
        take = found.__setitem__
        for rdtype in ("A", "AAAA"):
            in_time = itertools.takewhile(lambda _: loop.time() < self._deadline, names)
            await lookup.ask(self._strangers(in_time, rdtype, take), rdtype, self._keeping(rdtype, take))
            names = [name for name in names if found[name].status is Status.NODATA]
            if rdtype == "A":
                found.update(dict.fromkeys(names, LATE))
        return found

    def _strangers(self, names: Iterable[str], rdtype: str, take: OnFound) -> Iterator[str | None]:
        """Yield the names whose answer is not remembered, a pause after each batch; `take` gets the answers of the others."""
        if self._memory is None:
            yield from names
            return
        names = iter(names)
        while batch := list(itertools.islice(names, READ_AT_ONCE)):
            known = self._memory.known(batch, rdtype)
            for name in batch:
                answer = parsed_of(known[name]) if name in known else None
                if answer is None:
                    yield name
                else:
                    take(name, answer)
            yield None

    def _keeping(self, rdtype: str, take: OnFound) -> OnFound:
        """Return what remembers an answer before it is taken."""
        memory = self._memory
        if memory is None:
            return take

        def keep(name: str, found: Parsed) -> None:
            if found.ttl:
                memory.keep(name, rdtype, plain_of_parsed(found), found.ttl)
            take(name, found)

        return keep

    async def _ask_again(self) -> None:
        """Ask the ordinary resolver about those whose answers could not be read."""
        done = 0
        async for found in look_up(self._unclear, self._dns, self._deadline):
            self._on_found(found)
            done += 1
        for domain in self._unclear[done:]:
            self._on_found(Receiving(domain, silent=TOO_LATE))

    def _take_mx(self, domain: str, found: Parsed) -> None:
        if found.unclear and len(self._unclear) < MAX_UNCLEAR:
            self._unclear.append(domain)
        elif found.status in FAILURES:
            self._on_found(Receiving(domain, silent=FAILURES[found.status]))
        elif found.status is Status.NXDOMAIN:
            self._on_found(Receiving(domain, problem=NO_DOMAIN))
        elif not found.mx:
            self._bare.append(domain)
        else:
            self._take_hosts(domain, mx_hosts(found.mx))

    def _take_hosts(self, domain: str, hosts: tuple[str, ...]) -> None:
        if hosts not in self._clear:
            if len(self._clear) >= MAX_REMEMBERED:
                self._clear.clear()
            self._clear[hosts] = _by_names(hosts)
        verdict, is_clear = self._clear[hosts]
        if is_clear or self._pending_count >= MAX_PENDING:
            self._on_found(Receiving(domain, hosts, verdict))
            return
        self._pending.setdefault(hosts, []).append(domain)
        self._pending_count += 1

    @staticmethod
    def _of_bare(domain: str, found: Parsed) -> Receiving:
        if found.status in FAILURES:
            return Receiving(domain, silent=TOO_LATE if found is LATE else FAILURES[found.status])
        return implicit(domain, found.addresses)


def _by_names(hosts: tuple[str, ...]) -> tuple[str | None, bool]:
    """Return the problem that the names of the hosts show, and whether they tell anything at all."""
    found = judged("", hosts)
    return (found.problem, True) if found else (None, False)


def _problem(hosts: tuple[str, ...], known: dict[str, Parsed]) -> str | None:
    """Return what is wrong with all of the hosts; one that is well, or of which DNS said nothing, is enough."""
    problems = []
    for host in hosts[:MAX_HOSTS]:
        if is_local(host):
            problems.append(LOCAL_MX.format(host=host))
            continue
        found = known.get(host, LATE)
        if found.status in FAILURES or any(map(is_reachable, found.addresses)):
            return None
        problems.append((LOCAL_MX if found.addresses else LOST_MX).format(host=host))
    return problems[0]
