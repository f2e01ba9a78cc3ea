"""Finds the recipients whose domain cannot receive mail, as far as DNS was asked."""
# ruff: noqa: S608 - every name and number in these statements is our own; values are parameters

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol, runtime_checkable

from mailaudit.facts.dns.answer import Resolver
from mailaudit.facts.dns.bulk import answers_nobody, live_servers
from mailaudit.facts.dns.servers import Server
from mailaudit.facts.recipients.bulk_receiving import BulkReceiving
from mailaudit.facts.recipients.domains import first_rows, unknown_endings
from mailaudit.facts.recipients.model import DomainLookups, Kind
from mailaudit.facts.recipients.profile import Profile
from mailaudit.facts.recipients.providers import known_domains, provider_of_hosts
from mailaudit.facts.recipients.receiving import Receiving, look_up
from mailaudit.facts.recipients.workspace import BATCH, Workspace

# Up to so many domains go through the resolver that the whole audit shares, whose answers are kept and recorded.
MAX_SHARED = 2_000
# Beyond, the bulk engine asks, as long as it may take; without it (recording, drafts) the most frequent ones are asked.
BUDGET_S = 120.0
MAX_WITHOUT_BULK = 5_000
# Sets of mail servers whose owner is remembered.
MAX_OWNERS = 50_000


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


@dataclass(frozen=True, slots=True)
class Verdicts:
    """What DNS said; the table `told(d, problem, silent, owner)` holds the domains of which there is anything to say."""

    lookups: DomainLookups


@dataclass(slots=True)
class _Notes:
    """Takes down what is found, in batches."""

    work: Workspace
    waiting: list[tuple[str, str | None, str | None, str | None]] = field(default_factory=list)
    owners: dict[tuple[str, ...], str | None] = field(default_factory=dict)

    def take(self, found: Receiving) -> None:
        """Note one domain, if there is anything to say of it."""
        owner = self._owner(found.hosts) if found.hosts else None
        if found.problem or found.silent or owner:
            self.waiting.append((found.domain, found.problem, found.silent, owner))
            if len(self.waiting) >= BATCH:
                self.write()

    def _owner(self, hosts: tuple[str, ...]) -> str | None:
        if hosts not in self.owners:
            if len(self.owners) >= MAX_OWNERS:
                self.owners.clear()
            self.owners[hosts] = provider_of_hosts(hosts)
        return self.owners[hosts]

    def write(self) -> None:
        """Write down what waits."""
        self.work.fill("told", ("VARCHAR",) * 4, self.waiting)
        self.waiting.clear()


async def ask_domains(work: Workspace, dns: Resolver) -> Verdicts | None:
    """Look up the domains of `domain(d, n)`, the most frequent first; nothing when none of them can be asked."""
    if answers_nobody(dns):
        return None
    await asyncio.to_thread(_prepare, work)
    total: int = work.one("SELECT count(*) FROM stranger")
    servers = live_servers(dns) if total > MAX_SHARED else ()
    notes = _Notes(work)
    if servers:
        asked = total - await _ask_bulk(work, dns, servers, notes)
    else:
        asked = await _ask_shared(work, dns, notes)
    if not asked:
        return None
    notes.write()
    return Verdicts(await asyncio.to_thread(_counted, work, total, asked))


def _prepare(work: Workspace) -> None:
    """Create `stranger(d, n)`, the domains of no known provider, and the empty `told` and `left_out`."""
    work.run("CREATE TABLE known_domain AS SELECT unnest(?::VARCHAR[]) AS d", list(known_domains()))
    work.run("CREATE TABLE stranger AS SELECT d, n FROM domain WHERE d NOT IN (SELECT d FROM known_domain)")
    work.run("CREATE TABLE told(d VARCHAR, problem VARCHAR, silent VARCHAR, owner VARCHAR)")
    work.run("CREATE TABLE asked(d VARCHAR)")


async def _ask_shared(work: Workspace, dns: Resolver, notes: _Notes) -> int:
    counted = (row[0] for row in work.stream("SELECT d FROM stranger ORDER BY n DESC, d"))
    chosen: list[str] = []
    for domain in counted:
        if len(chosen) == MAX_WITHOUT_BULK:
            break
        if not isinstance(dns, _Selective) or dns.covers(domain, "MX"):
            chosen.append(domain)
    async for found in look_up(chosen, dns):
        notes.take(found)
    work.fill("asked", ("VARCHAR",), ((domain,) for domain in chosen))
    return len(chosen)


async def _ask_bulk(work: Workspace, dns: Resolver, servers: Sequence[Server], notes: _Notes) -> int:
    """Ask about every domain; return how many the time did not suffice for."""
    run = BulkReceiving(dns, notes.take, asyncio.get_running_loop().time() + BUDGET_S)
    await run.run((row[0] for row in work.stream("SELECT d FROM stranger ORDER BY n DESC, d")), servers)
    if not run.not_asked:
        work.run("INSERT INTO asked SELECT d FROM stranger")
    else:
        done = work.one("SELECT count(*) FROM stranger") - run.not_asked
        work.run(f"INSERT INTO asked SELECT d FROM stranger ORDER BY n DESC, d LIMIT {done}")
    return run.not_asked


def _counted(work: Workspace, total: int, asked: int) -> DomainLookups:
    silent, people = work.rows(
        "SELECT count(*), coalesce(sum(n), 0)::BIGINT FROM told JOIN stranger USING (d) WHERE silent IS NOT NULL"
    )[0]
    first = work.rows(
        "SELECT silent FROM told JOIN stranger USING (d) WHERE silent IS NOT NULL ORDER BY n DESC, d LIMIT 1"
    )
    left: int = work.one("SELECT coalesce(sum(n), 0)::BIGINT FROM stranger WHERE d NOT IN (SELECT d FROM asked)")
    return DomainLookups(
        asked=asked,
        silent=silent,
        silent_recipients=people,
        not_asked=total - asked,
        not_asked_recipients=left,
        why=first[0][0] if first else None,
    )


def add_undeliverable(found: Profile, verdicts: Verdicts | None) -> int | None:
    """Create `undeliverable(r, k, why)`; return how many recipients there are, or nothing when nobody was asked.

    Without DNS only a top-level domain that does not exist proves anything.
    """
    work = found.work
    work.run("CREATE TABLE dead_domain(d VARCHAR, why VARCHAR)")
    if verdicts:
        work.run("INSERT INTO dead_domain SELECT d, problem FROM told WHERE problem IS NOT NULL")
    endings = unknown_endings(found)
    if endings:
        work.run(
            "INSERT INTO dead_domain SELECT d, 'there is no top-level domain .' || split_part(d, '.', -1) "
            "FROM domain WHERE split_part(d, '.', -1) IN (SELECT unnest(?::VARCHAR[])) "
            "AND d NOT IN (SELECT d FROM dead_domain)",
            list(endings),
        )
    first_rows(found, "undeliverable", "dead_domain", "why")
    count = found.add(Kind.UNDELIVERABLE, "undeliverable", "why")
    return count if verdicts or count else None
