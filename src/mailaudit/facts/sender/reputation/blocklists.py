"""Asks the blocklists about the sender's addresses and domains, all at once and within a budget."""

from __future__ import annotations

import asyncio
import os
import re
from collections.abc import Awaitable, Iterable, Mapping
from typing import Protocol, runtime_checkable

from msgspec import Struct, field
from msgspec.structs import asdict

from mailaudit.facts.dns.answer import Answer, Resolver
from mailaudit.facts.public_address import as_address
from mailaudit.facts.sender.reputation.blocklist_answers import (
    Reading,
    anti_test_failure,
    own_entry_failure,
    question,
    read_answer,
)
from mailaudit.knowledge.load import blocklists
from mailaudit.knowledge.types.blocklist import Blocklist, ListZone

OF_A_LINK = "a link of the message"
"""The role of a domain that only the message leads to."""

BUDGET = 5.0
"""Seconds after which the lists that have not answered are unverified."""

MAX_CONCURRENT = 64
MAX_SUBJECTS = 60
STANDARD_ENTRY = "test"
FILES_ONLY = "this run does not ask the lists: DNS answers come from files only"
_KEY = re.compile(r"[A-Za-z0-9]{8,64}")


@runtime_checkable
class DiscreetResolver(Protocol):
    """A resolver that knows what it can answer, and that can ask without keeping the question."""

    def covers(self, name: str, type: str) -> bool:  # noqa: A002 - the word of the field
        """Say whether it makes sense to ask."""
        ...

    async def query_apart(self, name: str, type: str) -> Answer:  # noqa: A002 - the word of the field
        """Return the answer to a question that is not recorded."""
        ...


class Subject(Struct, frozen=True):
    """An address or a domain whose standing matters, and why it matters (`the From domain`)."""

    text: str
    roles: tuple[str, ...]

    @property
    def kind(self) -> str:
        """`ipv4`, `ipv6` or `domain`."""
        address = as_address(self.text)
        return f"ipv{address.version}" if address else "domain"

    def __str__(self) -> str:
        """Return the address or the domain."""
        return self.text


class Listing(Reading, frozen=True, kw_only=True):
    """One list's word on one subject; `failure` tells why there is none."""

    blocklist: Blocklist
    subject: Subject


class StandingFacts(Struct, frozen=True):
    """What the lists say.

    `subjects` are all that was to be asked about; `listings` hold an entry for each list and subject that fit
    together. `failures` name the lists that could not be believed or did not answer, with the reason.
    """

    subjects: tuple[Subject, ...] = ()
    listings: tuple[Listing, ...] = ()
    failures: Mapping[str, str] = field(default_factory=dict)

    def of(self, subject: Subject) -> tuple[Listing, ...]:
        """Return the word of every list on one subject."""
        return tuple(listing for listing in self.listings if listing.subject == subject)


async def observe_standing(
    subjects: Awaitable[tuple[Subject, ...]],
    dns: Resolver,
    *,
    budget: float = BUDGET,
    environment: Mapping[str, str] | None = None,
    lists: tuple[Blocklist, ...] | None = None,
) -> StandingFacts:
    """Return what the lists say; never raises for what DNS does, and never takes longer than the budget (seconds).

    A zone proves that it lives before it is believed (RFC 5782, section 5): its test entry must be listed, and before
    a listing counts, the entry that never is must not be. The budget begins when the subjects are known.
    """
    asker = _Asker(dns, os.environ if environment is None else environment)
    known = blocklists() if lists is None else lists
    asked = tuple(
        (found, zone, asker.covers(found, zone))
        for found in known
        if found.is_asked
        for zone in found.zones
        if asker.may_ask(found, zone)
    )
    for found, zone, is_covered in asked:
        if is_covered and zone.of != "ipv6":  # few senders have such an address
            asker.test(found, zone)
    wanted = (await subjects)[:MAX_SUBJECTS]
    kinds = [(subject, subject.kind) for subject in wanted]
    jobs = [
        (found, subject, asyncio.ensure_future(_ask(asker, found, zone, subject)) if is_covered else None)
        for found, zone, is_covered in asked
        for subject, kind in kinds
        if kind == zone.of
    ]
    everything = (*(job for _, _, job in jobs if job), *asker.tests.values())
    if everything:
        await asyncio.wait(everything, timeout=budget)
    listings = tuple(_landed(job, found, subject, budget) for found, subject, job in jobs)
    for late in everything:
        late.cancel()
    await asyncio.gather(*everything, return_exceptions=True)
    failures = {listing.blocklist.name: listing.failure for listing in listings if listing.failure}
    return StandingFacts(wanted, listings, failures)


def _landed(job: asyncio.Future[Listing] | None, found: Blocklist, subject: Subject, budget: float) -> Listing:
    if job is None:
        return Listing(blocklist=found, subject=subject, failure=FILES_ONLY)
    if job.done() and not job.cancelled() and job.exception() is None:
        return job.result()
    return Listing(blocklist=found, subject=subject, failure=f"no answer within {budget:g} seconds")


async def _ask(asker: _Asker, found: Blocklist, zone: ListZone, subject: Subject) -> Listing:
    # Mostly the test has ended before the subjects were known.
    doubt = await asyncio.shield(asker.test(found, zone))
    reading = Reading() if doubt else await asker.read(found, zone, subject.text)
    if reading.codes or reading.praise:
        doubt = await asker.lists_everybody(found, zone)
    if doubt:
        return Listing(blocklist=found, subject=subject, failure=doubt)
    return Listing(**asdict(reading), blocklist=found, subject=subject)


class _Asker:
    """Asks zones, with the sender's key where there is one, a few questions at a time."""

    def __init__(self, dns: Resolver, environment: Mapping[str, str]) -> None:
        self._dns = dns
        self._discreet = dns if isinstance(dns, DiscreetResolver) else None
        self._environment = environment
        self._slots = asyncio.Semaphore(MAX_CONCURRENT)
        self.tests: dict[tuple[str, ListZone], asyncio.Task[str | None]] = {}

    def may_ask(self, found: Blocklist, zone: ListZone) -> bool:
        """Whether the list is open to everybody, or the sender has its key."""
        return found.access == "free" or self._name(found, zone)[1] is not None

    def covers(self, found: Blocklist, zone: ListZone) -> bool:
        """Whether somebody can answer for the zone; files know few of them, and offline nobody knows any."""
        name, key = self._name(found, zone)
        if key or self._discreet is None:
            return True
        return self._discreet.covers(question(zone.listed, name), "A")

    def test(self, found: Blocklist, zone: ListZone) -> asyncio.Task[str | None]:
        """Return the proof that a zone lives, which is begun once."""
        test = self.tests.get((found.id, zone))
        if test is None:
            test = self.tests[found.id, zone] = asyncio.create_task(self.listed(found, zone))
        return test

    async def listed(self, found: Blocklist, zone: ListZone) -> str | None:
        """Return why a zone must not be believed: its test entry is not listed, or its answer is an error."""
        failure = own_entry_failure(zone, await self.read(found, zone, zone.listed))
        if failure and zone.of == "domain" and zone.listed != STANDARD_ENTRY:
            # A list with a test entry of its own choice may hold the one of the standard as well.
            failure = own_entry_failure(zone, await self.read(found, zone, STANDARD_ENTRY))
        return failure

    async def lists_everybody(self, found: Blocklist, zone: ListZone) -> str | None:
        """Return why a listing must not be believed: even the entry that never is listed is."""
        return anti_test_failure(zone, await self.read(found, zone, zone.unlisted))

    async def read(self, found: Blocklist, zone: ListZone, subject: str) -> Reading:
        """Return what a zone says about a subject."""
        name, key = self._name(found, zone)
        answer = await self._query(question(subject, name), apart=bool(key))
        return read_answer(found, answer)

    def _name(self, found: Blocklist, zone: ListZone) -> tuple[str, str | None]:
        key = self._environment.get(variable(found.key_name), "").strip() if found.key_name else ""
        usable = bool(zone.key_zone and _KEY.fullmatch(key) and self._discreet)
        if usable and zone.key_zone:
            return zone.key_zone.replace("<key>", key), key
        return zone.name, None

    async def _query(self, name: str, *, apart: bool) -> Answer:
        async with self._slots:
            if apart and self._discreet is not None:
                return await self._discreet.query_apart(name, "A")
            return await self._dns.query(name, "A")


def variable(key_name: str) -> str:
    """Return the environment variable that holds a key: `MAILAUDIT_LISTS_SPAMHAUS_KEY` for `lists.spamhaus.key`."""
    return "MAILAUDIT_" + re.sub(r"[^A-Z0-9]", "_", key_name.upper())


def merged(pairs: Iterable[tuple[str, str]]) -> tuple[Subject, ...]:
    """Return subjects out of texts and roles, each text once, with all its roles in order."""
    roles: dict[str, list[str]] = {}
    for text, role in pairs:
        roles.setdefault(text.lower().rstrip("."), []).append(role)
    return tuple(Subject(text, tuple(dict.fromkeys(found))) for text, found in roles.items() if text)
