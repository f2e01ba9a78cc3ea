"""The Python interface: what the command line uses, and nothing else."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from importlib.metadata import entry_points
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

from mailaudit.campaign.load import load_campaign
from mailaudit.campaign.model import Campaign
from mailaudit.campaign.values.names import parse_mailbox
from mailaudit.campaign.values.types import Mailbox
from mailaudit.campaign.yaml.source import Source
from mailaudit.campaign.yaml.unusable import Unusable
from mailaudit.checks.registry import all_checks, matches, suggest
from mailaudit.errors import Complaint, InputError
from mailaudit.facts.dns.open_resolver import open_resolver
from mailaudit.facts.facts import Facts
from mailaudit.facts.gather import Circumstances, gather
from mailaudit.knowledge.load import with_user_knowledge
from mailaudit.policy import InputFile, Report, report
from mailaudit.runner import run

if TYPE_CHECKING:
    from mailaudit.facts.https import Access
    from mailaudit.facts.recipients.receiving.limits import LookUpLimits
    from mailaudit.facts.sender.first_look import FirstLook

__all__ = ["DnsOptions", "Options", "Report", "audit", "load_campaign"]


@dataclass(frozen=True, slots=True)
class DnsOptions:
    """Where DNS answers come from.

    `replay` alone answers when it is given. `offline` forbids the network. `zones` alone answer from the zone
    files only; with `servers` beside them, names outside the zones go to the servers. Neither means the system's
    resolvers. `drafts` are zone files laid over all of these, as if they were published. `record` is a file that
    takes every answer.
    """

    zones: tuple[Path, ...] = ()
    servers: tuple[str, ...] = ()
    drafts: tuple[Path, ...] = ()
    offline: bool = False
    record: Path | None = None
    replay: Path | None = None


KNOWLEDGE_GROUP = "mailaudit.knowledge"


@dataclass(frozen=True, slots=True)
class Options:
    """How to audit.

    `dns` says where DNS answers come from; without it the campaign's `dns` part does. `select` and `ignore` are
    names, families or globs of checks. `baseline` holds the fingerprints of known findings (a multiset).
    `knowledge` is a folder whose files extend the knowledge base. `beside` are other campaigns of the sender.
    `allow_http` lets the logo and its certificate be fetched, never with answers from files alone or offline.
    `second_opinion` has checkdmarc judge the same records. `lookups` bounds the look-ups of recipient domains.
    `now` is the moment of the audit, by default the clock's.
    """

    dns: DnsOptions | None = None
    fail_on: str | None = None
    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    baseline: tuple[str, ...] = ()
    knowledge: Path | None = None
    beside: tuple[Campaign, ...] = ()
    allow_http: bool = False
    second_opinion: bool = False
    lookups: LookUpLimits | None = None
    now: datetime | None = None


def audit(campaign: Campaign, source: Source, options: Options | None = None) -> Report:
    """Audit one campaign; raises `InputError` when an input cannot be used."""
    chosen = options or Options()
    with _knowledge(chosen.knowledge):
        return _audit(campaign, source, chosen)


@contextmanager
def _knowledge(folder: Path | None) -> Iterator[None]:
    """Extend the knowledge base by what third parties install and by the user's own folder, which wins."""
    with ExitStack() as stack:
        for entry in sorted(entry_points(group=KNOWLEDGE_GROUP), key=lambda e: e.name):
            stack.enter_context(with_user_knowledge(Path(entry.load())))
        stack.enter_context(with_user_knowledge(folder))
        yield


def _audit(campaign: Campaign, source: Source, chosen: Options) -> Report:
    if chosen.select or chosen.ignore:
        _selected(chosen)  # a typing error is told before anything is asked
    if campaign.schedule is not None and campaign.schedule.limiter is not None:
        from mailaudit.facts.volume.pace import limiter_of  # noqa: PLC0415 - heavy, and few campaigns name one

        limiter_of(campaign.schedule, None, source.where("schedule.limiter"))
    dns = chosen.dns or DnsOptions(zones=campaign.dns.zones, servers=campaign.dns.servers)
    facts, described = asyncio.run(_observe(campaign, source, dns, chosen))
    return report(
        run(facts, MappingProxyType(dict(all_checks())), _selected(chosen), described),
        fail_on=chosen.fail_on or campaign.fail_on,
        baseline=chosen.baseline,
        inputs=_inputs(campaign, source, dns),
    )


def parse_sender(text: str) -> Mailbox:
    """Read a From address with or without a name; raises `InputError`."""
    try:
        return parse_mailbox(text)
    except Unusable as error:
        raise InputError(Complaint(f"--from: {error.what}", todo=error.todo)) from error


def first_look(domain: str, platform: str | None, dns: DnsOptions) -> FirstLook:
    """Return what DNS tells about a domain before anything is planned; never a verdict."""
    from mailaudit.facts.sender.first_look import take_first_look  # noqa: PLC0415 - only `init` looks

    async def look() -> FirstLook:
        async with open_resolver(zones=dns.zones, servers=dns.servers, offline=dns.offline) as resolver:
            return await take_first_look(domain, platform, resolver)

    return asyncio.run(look())


async def _observe(campaign: Campaign, source: Source, dns: DnsOptions, chosen: Options) -> tuple[Facts, str]:
    resolver = open_resolver(
        zones=dns.zones,
        drafts=dns.drafts,
        servers=dns.servers,
        offline=dns.offline,
        replay=dns.replay,
        record=dns.record,
    )
    try:
        # The rules are read from disk while DNS is being asked.
        now = chosen.now or datetime.now(UTC)
        told = Circumstances(now, chosen.beside, _http(chosen), chosen.lookups, chosen.second_opinion)
        observing = gather(campaign, source, resolver, told)
        facts, _ = await asyncio.gather(observing, asyncio.to_thread(all_checks))
        return replace(facts, dns_answers=resolver.answers()), resolver.describe()
    finally:
        await resolver.close()


def _http(chosen: Options) -> Access | None:
    if not chosen.allow_http:
        return None
    from mailaudit.facts.https import Access  # noqa: PLC0415 - only with --allow-http

    return Access()


def _inputs(campaign: Campaign, source: Source, dns: DnsOptions) -> tuple[InputFile, ...]:
    recipients = campaign.recipients
    lists = (*recipients.files, *recipients.suppression) if recipients else ()
    folder = source.path.parent
    files = (*lists, *((dns.replay,) if dns.replay else dns.zones), *dns.drafts)
    hashed = [InputFile(source.display, source.sha256)]
    for file in files:
        path = Path(file)
        if path.is_file():
            with path.open("rb") as stream:
                digest = hashlib.file_digest(stream, "sha256").hexdigest()
            hashed.append(InputFile(_shown(path, folder), digest))
    return tuple(hashed)


def _shown(path: Path, folder: Path) -> str:
    """Name a file as the campaign file does, so that a report does not depend on where it was made."""
    return path.relative_to(folder).as_posix() if path.is_relative_to(folder) else path.name


def _selected(options: Options) -> frozenset[str]:
    complaints = [
        complaint
        for option, patterns in (("--select", options.select), ("--ignore", options.ignore))
        for complaint in _unknown(option, patterns)
    ]
    if complaints:
        raise InputError(*complaints)
    wanted = [
        declared
        for declared in all_checks().values()
        if (not options.select or matches(declared, options.select)) and not matches(declared, options.ignore)
    ]
    return frozenset(declared.name for declared in wanted)


def _unknown(option: str, patterns: Iterable[str]) -> Iterable[Complaint]:
    for pattern in patterns:
        if not any(matches(declared, (pattern,)) for declared in all_checks().values()):
            likely = suggest(pattern)
            todo = f"did you mean {likely}?" if likely else "`mailaudit checks` lists the names and families"
            yield Complaint(f"{option} {pattern}: no check and no family has this name", todo=todo)
