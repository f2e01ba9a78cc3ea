"""Finds the recipients whose domain cannot receive mail, as far as DNS was asked."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from mailaudit.facts.dns.answer import Resolver
from mailaudit.facts.recipients.domains import first_rows, unknown_endings
from mailaudit.facts.recipients.model import DomainLookups, Kind
from mailaudit.facts.recipients.profile import Profile
from mailaudit.facts.recipients.providers import known_domains, provider_of_hosts
from mailaudit.facts.recipients.receiving import Receiving, look_up
from mailaudit.facts.recipients.workspace import Workspace

# Through the resolver that the whole audit shares; every answer is kept for the recording.
MAX_DOMAINS = 5_000


@runtime_checkable
class _Selective(Protocol):
    """A resolver that knows what it can be asked."""

    reaches_network: bool

    def covers(self, name: str, type: str) -> bool:  # noqa: A002 - the resolver's signature
        """Say whether asking makes sense."""
        ...


@dataclass(frozen=True, slots=True)
class Verdicts:
    """What DNS said about the list's domains: who cannot receive and why, and who receives for whom."""

    problems: tuple[tuple[str, str], ...]
    providers: tuple[tuple[str, str], ...]
    lookups: DomainLookups


async def ask_domains(work: Workspace, dns: Resolver) -> Verdicts | None:
    """Look up the domains of `domain(d, n)`, the most frequent first; nothing when none of them can be asked."""
    known = known_domains()
    counted = await asyncio.to_thread(work.rows, "SELECT d, n FROM domain ORDER BY n DESC, d")
    asked = [(domain, count) for domain, count in counted if domain not in known and _can_be_asked(domain, dns)]
    asked = asked[:MAX_DOMAINS]
    if not asked:
        return None
    counts = dict(asked)
    found = [item async for item in look_up([domain for domain, _ in asked], dns)]
    silent = [item for item in found if item.silent]
    left_out = sum(count for domain, count in counted if domain not in known) - sum(counts.values())
    return Verdicts(
        problems=tuple((item.domain, item.problem) for item in found if item.problem),
        providers=tuple(_owners(found)),
        lookups=DomainLookups(
            asked=len(asked),
            silent=len(silent),
            silent_recipients=sum(counts[item.domain] for item in silent),
            not_asked=sum(domain not in known for domain, _ in counted) - len(asked),
            not_asked_recipients=left_out,
            why=silent[0].silent if silent else None,
        ),
    )


def add_undeliverable(found: Profile, verdicts: Verdicts | None) -> int | None:
    """Create `undeliverable(r, k, why)`; return how many recipients there are, or nothing when nobody was asked.

    Without DNS only a top-level domain that does not exist proves anything.
    """
    work = found.work
    work.run("CREATE TABLE dead_domain(d VARCHAR, why VARCHAR)")
    endings = unknown_endings(found)
    if endings:
        work.run(
            "INSERT INTO dead_domain SELECT d, 'there is no top-level domain .' || split_part(d, '.', -1) "
            "FROM domain WHERE split_part(d, '.', -1) IN (SELECT unnest(?::VARCHAR[]))",
            list(endings),
        )
    if verdicts:
        work.run("CREATE TABLE told(d VARCHAR, why VARCHAR)")
        work.fill("told", ("VARCHAR", "VARCHAR"), verdicts.problems)
        work.run("INSERT INTO dead_domain SELECT d, why FROM told WHERE d NOT IN (SELECT d FROM dead_domain)")
    first_rows(found, "undeliverable", "dead_domain", "why")
    count = found.add(Kind.UNDELIVERABLE, "undeliverable", "why")
    return count if verdicts or count else None


def _can_be_asked(domain: str, dns: Resolver) -> bool:
    return not isinstance(dns, _Selective) or dns.covers(domain, "MX")


def _owners(found: list[Receiving]) -> list[tuple[str, str]]:
    pairs = [(item.domain, provider_of_hosts(item.hosts)) for item in found if item.hosts]
    return [(domain, owner) for domain, owner in pairs if owner]
