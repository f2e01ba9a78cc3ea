"""Asks DNS who receives mail for a domain (RFC 5321, section 5.1; RFC 7505): once for each, the most frequent first."""

import asyncio
import itertools
import math
from collections import deque
from collections.abc import AsyncIterator, Iterable, Sequence
from typing import Any

from msgspec import Struct

from mailaudit.facts.dns.answer import Answer, Resolver, Status
from mailaudit.facts.public_address import as_address, is_reachable
from mailaudit.knowledge.receivers import provider_by_mx

# Questions under way at once through the resolver that everybody shares.
MAX_AT_ONCE = 64
# Domains that may be done or under way while an earlier one is still waited for.
MAX_AHEAD = 1_024
# When so many domains in a row gave no answer, the others are not worth the wait.
MAX_SILENT = 50
# A domain is lost only when all its hosts are; so many of them are looked at.
MAX_HOSTS = 5

NO_DOMAIN = "the domain does not exist"
NO_RECORDS = "the domain has neither mail servers (MX) nor an address"
NULL_MX = "the domain says that it receives no mail (null MX)"
ROOT = "the root (.)"
_LOCAL_ENDINGS = (".localhost", ".local", ".invalid", ".test", ".localdomain")
LOST_MX = "its mail server {host} has no address"
LOCAL_MX = "its mail server is {host}, which nobody can reach from outside"


class Receiving(Struct, frozen=True):
    """What DNS says about one domain.

    `problem` says why no mail can arrive. `hosts` are the MX hosts, best first; empty when the domain itself takes
    the mail (RFC 5321, section 5.1). `silent` says why DNS gave no answer; then nothing else is known.
    """

    domain: str
    hosts: tuple[str, ...] = ()
    problem: str | None = None
    silent: str | None = None


async def look_up(
    domains: Iterable[str], dns: Resolver, ends: float = math.inf, *, beside_each_other: bool = True
) -> AsyncIterator[Receiving]:
    """Yield what DNS says about each domain, in the order given; asks no more when nothing answers at all.

    No question is begun after `ends`, a time of the event loop: the domains that are left are not yielded. A domain
    whose servers are slow holds up nobody: up to `MAX_AHEAD` others go on meanwhile, unless files answer at once.
    """
    turns = _Turns(dns, ends)
    left = iter(domains)
    if not beside_each_other:
        for domain in left:
            if (answered := await turns.ask(domain)) is None:
                return
            yield answered
    under_way: deque[asyncio.Task[Receiving | None]] = deque()
    try:
        while True:
            for domain in itertools.islice(left, MAX_AHEAD - len(under_way)):
                under_way.append(asyncio.create_task(turns.ask(domain)))
            if not under_way:
                return
            found = await under_way.popleft()
            if found is None:
                return
            yield found
    finally:
        for task in under_way:
            task.cancel()
        await asyncio.gather(*under_way, return_exceptions=True)


class _Turns:
    """Lets so many domains ask at once, until the time is over or nobody answers any more."""

    def __init__(self, dns: Resolver, ends: float) -> None:
        self._dns = dns
        self._ends = ends
        self._slots = asyncio.Semaphore(MAX_AT_ONCE)
        self._silent_in_a_row = 0

    async def ask(self, domain: str) -> Receiving | None:
        """Return what DNS says about one domain, nothing when the time is over."""
        async with self._slots:
            if self._silent_in_a_row >= MAX_SILENT:
                return Receiving(domain, silent="DNS stopped answering")
            if asyncio.get_running_loop().time() >= self._ends:
                return None
            found = await receiving(domain, self._dns)
            self._silent_in_a_row = self._silent_in_a_row + 1 if found.silent else 0
            return found


async def receiving(domain: str, dns: Resolver) -> Receiving:
    """Return what DNS says about one domain."""
    answer = await dns.query(domain, "MX")
    if not answer.is_known:
        return Receiving(domain, silent=answer.failure)
    if answer.status is Status.NXDOMAIN:
        return Receiving(domain, problem=NO_DOMAIN)
    hosts = mx_hosts((int(record.preference), str(record.exchange)) for record in _mx(answer))
    if not hosts:
        return await _implicit(domain, dns)
    return judged(domain, hosts) or await _with_hosts(domain, tuple(host for host in hosts if host != "."), dns)


def judged(domain: str, hosts: tuple[str, ...]) -> Receiving | None:
    """Return what the names of the MX hosts alone tell, or nothing when their addresses must be looked at."""
    if hosts == (".",):
        return Receiving(domain, problem=NULL_MX)
    if any(provider_by_mx(host) for host in hosts):
        return Receiving(domain, hosts)
    if all(is_local(host) for host in hosts):
        return Receiving(domain, hosts, LOCAL_MX.format(host=hosts[0]))
    return None


def mx_hosts(records: Iterable[tuple[int, str]]) -> tuple[str, ...]:
    """Return the hosts of MX records in lower case without the final dot (`.` for the root), best first.

    Only the root alone with preference 0 is a null MX (RFC 7505, section 3); else it is a host that nobody can reach.
    """
    found = sorted((preference, host.lower().rstrip(".") or ".") for preference, host in records)
    if found and all(record == (found[0][0], ".") for record in found) and found[0][0] != 0:
        return (ROOT,)
    return tuple(dict.fromkeys(host for _, host in found))


def implicit(domain: str, addresses: Sequence[str]) -> Receiving:
    """Judge a domain without MX records by its own addresses."""
    if not addresses:
        return Receiving(domain, problem=NO_RECORDS)
    return Receiving(domain, problem=None if any(map(is_reachable, addresses)) else LOCAL_MX.format(host=domain))


async def _implicit(domain: str, dns: Resolver) -> Receiving:
    """Judge a domain without MX records: its own address receives."""
    answers = await asyncio.gather(dns.query(domain, "A"), dns.query(domain, "AAAA"))
    addresses = _addresses(answers)
    if addresses:
        return implicit(domain, addresses)
    silent = next((answer.failure for answer in answers if not answer.is_known), None)
    return Receiving(domain, silent=silent) if silent else Receiving(domain, problem=NO_RECORDS)


async def _with_hosts(domain: str, hosts: tuple[str, ...], dns: Resolver) -> Receiving:
    """Judge the MX hosts; those that belong to a known provider, or of which DNS says nothing, are trusted."""
    problems = []
    for host in hosts[:MAX_HOSTS]:
        problem = await _host_problem(host, dns)
        if problem is None:
            return Receiving(domain, hosts)
        problems.append(problem)
    return Receiving(domain, hosts, problems[0])


async def _host_problem(host: str, dns: Resolver) -> str | None:
    if is_local(host):
        return LOCAL_MX.format(host=host)
    if provider_by_mx(host):
        return None
    answers = [await dns.query(host, "A")]
    if answers[0].is_known and not answers[0].records:
        answers.append(await dns.query(host, "AAAA"))
    if not all(answer.is_known for answer in answers):
        return None
    addresses = _addresses(answers)
    if any(is_reachable(text) for text in addresses):
        return None
    return LOCAL_MX.format(host=host) if addresses else LOST_MX.format(host=host)


def is_local(host: str) -> bool:
    """Say whether the name of a host alone shows that nobody outside can reach it."""
    if host in {"localhost", ".", ROOT} or host.endswith(_LOCAL_ENDINGS):
        return True
    address = as_address(host) if host[-1].isdigit() or ":" in host else None
    return address is not None and not is_reachable(address)


def _mx(answer: Answer) -> Iterable[Any]:
    return answer.records


def _addresses(answers: Iterable[Answer]) -> list[str]:
    return [
        str(getattr(record, "address", "")) for answer in answers if answer.is_known for record in answer.records
    ]
