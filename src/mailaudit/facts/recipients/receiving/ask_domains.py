"""Finds the recipients whose domain cannot receive mail, as far as DNS was asked."""
# ruff: noqa: S608 - every name and number in these statements is our own; values are parameters

import asyncio
from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from itertools import islice
from typing import Protocol, runtime_checkable

from msgspec import Struct
from msgspec.structs import replace

from mailaudit.facts.dns.answer import Resolver
from mailaudit.facts.dns.answer_cache import Memory
from mailaudit.facts.dns.bulk.engine import answers_nobody, live_servers
from mailaudit.facts.dns.cached_lookups import remembering
from mailaudit.facts.dns.sources.servers import Server
from mailaudit.facts.recipients.judging.counts import ListCounts
from mailaudit.facts.recipients.judging.domains import bare_suffixes, first_rows, unknown_endings
from mailaudit.facts.recipients.judging.providers import provider_of_hosts
from mailaudit.facts.recipients.kinds import Kind
from mailaudit.facts.recipients.model import DomainLookups
from mailaudit.facts.recipients.progress import LOOKING_UP
from mailaudit.facts.recipients.receiving.in_bulk import BulkReceiving
from mailaudit.facts.recipients.receiving.limits import LookUpLimits
from mailaudit.facts.recipients.receiving.mail_domain import Receiving, look_up
from mailaudit.facts.recipients.tables.engine import BATCH, Workspace
from mailaudit.facts.sender.names import organizational_domain
from mailaudit.knowledge.hosting import parking_of
from mailaudit.knowledge.receivers import provider_domains

# Up to so many domains go through the resolver that the whole audit shares, whose answers are kept and recorded.
MAX_SHARED = 2_000
# Beyond, the bulk engine asks; without it (recording, drafts) only the most frequent ones are asked.
MAX_WITHOUT_BULK = 5_000
_BETWEEN_REPORTS = 50
# Sets of mail servers whose owner is remembered.
MAX_OWNERS = 50_000
# Of so many domains, the most frequent ones, it is kept whose mail servers they share.
MAX_SHARERS = 100_000


@runtime_checkable
class _Selective(Protocol):
    """A resolver that knows what it can be asked."""

    @property
    def reaches_network(self) -> bool:
        """Whether questions go to servers."""
        ...

    def covers(self, name: str, type: str) -> bool:  # noqa: A002 - the resolver's signature
        """Say whether asking makes sense."""
        ...


class Verdicts(Struct, frozen=True):
    """What DNS said; the table `told(d, problem, silent, owner, parked, site)` holds what is known of any domain."""

    lookups: DomainLookups

    @property
    def tells(self) -> bool:
        """Whether anything was learnt: a domain was asked, or none had to be."""
        return self.lookups.asked > 0 or self.lookups.not_asked == 0


@dataclass(slots=True)
class _Notes:
    """Takes down what is found, in batches."""

    work: Workspace
    limits: LookUpLimits
    total: int
    done: int = 0
    given_up: str | None = None
    silent: int = 0
    waiting: list[tuple[str | None, ...]] = field(default_factory=list)
    owners: dict[tuple[str, ...], tuple[str | None, str | None, str | None]] = field(default_factory=dict)

    def take(self, found: Receiving) -> None:
        """Note one domain, if there is anything to say of it."""
        self.done += 1
        self.silent += bool(found.silent)
        if self.limits.progress and (self.done % _BETWEEN_REPORTS == 0 or self.done == self.total):
            self.limits.progress(LOOKING_UP, self.done, self.total)
        owner, parked, site = self._owner(found.hosts) if found.hosts else (None, None, None)
        if self.done > MAX_SHARERS:
            site = None
        if found.problem or found.silent or owner or parked or site:
            self.waiting.append((found.domain, found.problem, found.silent, owner, parked, site))
            if len(self.waiting) >= BATCH:
                self.write()

    def _owner(self, hosts: tuple[str, ...]) -> tuple[str | None, str | None, str | None]:
        """Return the provider that runs the hosts, what they say of a domain that nobody uses, and whose the first one is."""
        if hosts not in self.owners:
            if len(self.owners) >= MAX_OWNERS:
                self.owners.clear()
            parking = parking_of(hosts)
            parked = f"its mail goes to {parking.id}, {parking.means}" if parking else None
            provider = provider_of_hosts(hosts)
            self.owners[hosts] = provider, parked, None if provider else organizational_domain(hosts[0])
        return self.owners[hosts]

    def write(self) -> None:
        """Write down what waits."""
        self.work.fill("told", ("VARCHAR",) * 6, self.waiting)
        self.waiting.clear()


async def ask_domains(found: ListCounts, dns: Resolver, limits: LookUpLimits | None = None) -> Verdicts | None:
    """Look up the domains of `domain(d, n)`, the most frequent first; nothing when nobody can be asked about any."""
    if answers_nobody(dns):
        return None
    work = found.work
    total = await asyncio.to_thread(_prepare, found)
    chosen = limits or LookUpLimits()
    wanted = total if chosen.max_domains is None else min(total, chosen.max_domains)
    servers = live_servers(dns)
    notes = _Notes(work, chosen, wanted)
    ends = asyncio.get_running_loop().time() + chosen.seconds
    with _memory(chosen, servers) as memory:
        if servers and wanted > MAX_SHARED:
            asked, late = await _ask_bulk(work, dns, servers, notes, ends, memory)
        else:
            asked, late = await _ask_shared(work, dns, notes, ends, memory)
    if memory is not None and chosen.reused and memory.reused["MX"]:
        chosen.reused(memory.reused["MX"])
    if total and not asked and not late and isinstance(dns, _Selective) and not dns.reaches_network:
        return None
    notes.write()
    counted = await asyncio.to_thread(_counted, notes, total, asked, late)
    why = notes.given_up or _why_left_out(chosen, wanted, asked, late)
    return Verdicts(replace(counted, why_not_asked=why) if asked < total else counted)


def _memory(limits: LookUpLimits, servers: Sequence[Server]) -> AbstractContextManager[Memory | None]:
    """Open the memory, where one is wanted and servers are asked: what files answer needs none."""
    return Memory(limits.memory, servers) if limits.memory is not None and servers else nullcontext()


def _why_left_out(limits: LookUpLimits, wanted: int, asked: int, late: int) -> str:
    if late and asked == MAX_WITHOUT_BULK:
        return f"at most {MAX_WITHOUT_BULK:,} domains are asked while answers are recorded or overlaid"
    if late:
        return f"the {limits.seconds:,.7g} s for the look-ups were over"
    if asked == wanted and limits.max_domains is not None:
        return f"at most {limits.max_domains:,} domains were to be asked"
    return "no zone file covers them"


def _prepare(found: ListCounts) -> int:
    """Create `stranger(d, n)`, the domains of no known provider, and the empty `told` and `late`; return how many."""
    found.work.create("told")
    found.work.create("late")
    others = "SELECT d, n FROM domain WHERE d NOT IN (SELECT unnest(?::VARCHAR[]))"
    return found.work.made("stranger", others, list(found.that_matter(provider_domains())))


async def _ask_shared(
    work: Workspace, dns: Resolver, notes: _Notes, ends: float, memory: Memory | None
) -> tuple[int, int]:
    """Ask through the resolver that everybody shares; return about how many domains, and how many were not in time."""
    known = dns if isinstance(dns, _Selective) else None
    counted = (row[0] for row in work.stream("SELECT d FROM stranger ORDER BY n DESC, d"))
    covered = (domain for domain in counted if known is None or known.covers(domain, "MX"))
    chosen = list(islice(covered, min(MAX_WITHOUT_BULK, notes.total)))
    asked: list[str] = []
    is_slow = known is None or known.reaches_network
    async for found in look_up(chosen, remembering(dns, memory), ends, beside_each_other=is_slow):
        notes.take(found)
        asked.append(found.domain)
    work.put("asked", ((domain,) for domain in asked))
    if not is_slow:
        late = chosen[len(asked) :]
        work.fill("late", ("VARCHAR",), ((domain,) for domain in late))
        return len(asked), len(late)
    return len(asked), _add_late(work, notes.total, len(asked))


def _add_late(work: Workspace, wanted: int, asked: int) -> int:
    """Take down the domains that were to be asked, and were not because the time was over or answers are recorded."""
    if asked == wanted:
        return 0
    most = f"SELECT d FROM stranger ORDER BY n DESC, d LIMIT {wanted}"
    count: int = work.one(f"INSERT INTO late SELECT d FROM ({most}) WHERE d NOT IN (SELECT d FROM asked)")
    return count


async def _ask_bulk(  # noqa: PLR0917 - one caller
    work: Workspace, dns: Resolver, servers: Sequence[Server], notes: _Notes, ends: float, memory: Memory | None
) -> tuple[int, int]:
    """Ask through the bulk engine; return about how many domains, and how many were not in time."""
    run = BulkReceiving(dns, notes.take, ends, memory)
    wanted = work.stream(f"SELECT d FROM stranger ORDER BY n DESC, d LIMIT {notes.total}")
    await run.run((row[0] for row in wanted), servers)
    asked, notes.given_up = notes.total - run.not_asked, run.given_up
    work.made("asked", f"SELECT d FROM stranger ORDER BY n DESC, d LIMIT {asked}")
    return asked, _add_late(work, notes.total, asked)


def _counted(notes: _Notes, total: int, asked: int, late: int) -> DomainLookups:
    work = notes.work
    silent, people, why = 0, 0, None
    if notes.silent:
        query = "FROM told JOIN stranger USING (d) WHERE silent IS NOT NULL"
        silent, people = work.rows(f"SELECT count(*), sum(n)::BIGINT {query}")[0]
        why = work.one(f"SELECT silent {query} ORDER BY n DESC, d LIMIT 1")
    left = "SELECT coalesce(sum(n), 0)::BIGINT FROM stranger WHERE d"
    return DomainLookups(
        asked=asked,
        silent=silent,
        silent_recipients=people,
        not_asked=total - asked,
        not_asked_recipients=work.one(f"{left} NOT IN (SELECT d FROM asked)") if asked < total else 0,
        late_recipients=work.one(f"{left} IN (SELECT d FROM late)") if late else 0,
        why=why,
    )


def add_undeliverable(found: ListCounts, verdicts: Verdicts | None) -> None:
    """Count the recipients behind domains without mail; unknown when nobody was asked and nothing is known without.

    Without DNS only a top-level domain that does not exist, or a public suffix without a name, proves anything.
    """
    work = found.work
    count = 0
    if verdicts:
        count = work.made("dead_domain", "SELECT d, problem AS why FROM told WHERE problem IS NOT NULL")
    else:
        work.create("dead_domain")
    endings = unknown_endings(found)
    if endings:
        count += work.one(
            "INSERT INTO dead_domain SELECT d, 'there is no top-level domain .' || split_part(d, '.', -1) "
            "FROM domain WHERE split_part(d, '.', -1) IN (SELECT unnest(?::VARCHAR[])) "
            "AND d NOT IN (SELECT d FROM dead_domain)",
            list(endings),
        )
    bare = bare_suffixes(found)
    if bare:
        # Whoever asked knows better: a few registries do receive mail.
        asked = " AND d NOT IN (SELECT d FROM asked)" if verdicts else ""
        count += work.one(
            "INSERT INTO dead_domain SELECT d, d || ' is a public suffix, under which domains are registered' FROM domain "
            f"WHERE d IN (SELECT unnest(?::VARCHAR[])) AND d NOT IN (SELECT d FROM dead_domain){asked}",
            list(bare),
        )
    people = first_rows(found, Kind.UNDELIVERABLE, "dead", "why", domains=count)
    if not people and not (verdicts and verdicts.tells):
        found.drop(Kind.UNDELIVERABLE)


def find_parked(work: Workspace, verdicts: Verdicts | None) -> int | None:
    """Create `parked_domain(d, why)`, the domains that nobody uses; return how many, nothing when none was asked."""
    if verdicts is None or not verdicts.tells:
        return None
    return work.made("parked_domain", "SELECT d, parked AS why FROM told WHERE parked IS NOT NULL")


def add_parked(found: ListCounts, verdicts: Verdicts | None) -> None:
    """Count the recipients whose domain nobody uses, where domains were asked."""
    count = find_parked(found.work, verdicts)
    if count is not None:
        first_rows(found, Kind.PARKED, "parked", "why", domains=count)
