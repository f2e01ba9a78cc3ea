"""What every command decides before it asks anything (knowledge, lists, DNS, the other campaigns), and the asking."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from ipaddress import ip_address
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import asdict, replace

from mailaudit.campaign.load import load_campaign, load_part
from mailaudit.campaign.model import Campaign
from mailaudit.campaign.of_domain import Domain
from mailaudit.campaign.policy import Policy
from mailaudit.campaign.yaml.source import Source
from mailaudit.errors import refused
from mailaudit.facts.dns.open_resolver import open_resolver
from mailaudit.facts.dns.sources.kinds import named_servers
from mailaudit.facts.gather import Circumstances, gather
from mailaudit.facts.sender.claims import SmtpReach
from mailaudit.inputs import campaign_files, dns_files
from mailaudit.judgement import gate_of
from mailaudit.knowledge.load import with_user_knowledge
from mailaudit.options import DnsOptions, Options
from mailaudit.plugins import plugins
from mailaudit.policy import Gate
from mailaudit.reach.untrusted import refuse_link, refuse_network, refuse_reach

if TYPE_CHECKING:
    from mailaudit.facts.dns.resolver import CachingResolver
    from mailaudit.facts.facts import Facts
    from mailaudit.facts.https import Access
    from mailaudit.facts.message.probes.model import Wanted
    from mailaudit.facts.recipients.receiving.limits import LookUpLimits
    from mailaudit.facts.shared import SharedFacts

DNS_PORT = 53
KNOWLEDGE_GROUP = "mailaudit.knowledge"


class Prepared(Struct, frozen=True):
    """A campaign, how it is to be read, what judges it, and the other campaigns of its sender."""

    campaign: Campaign
    source: Source
    options: Options
    gate: Gate
    beside: tuple[Campaign, ...] = ()
    smtp_reach: SmtpReach = SmtpReach.PUBLIC
    asks_databases: bool = True

    @property
    def dns(self) -> DnsOptions:
        """Where DNS answers come from."""
        return self.options.dns if self.options.untrusted else self.options.dns.over(self.campaign)

    @property
    def reads(self) -> tuple[Path, ...]:
        """The files and folders that the run reads beside the program."""
        given = (self.options.knowledge, self.options.policy)
        # DuckDB ends unless its own process may read there; what others hold the kernel keeps from all but root.
        processes = (Path("/proc"),) if self.asks_databases else ()
        return (self.source.path.parent, *self.files, *processes, *(path for path in given if path))

    @property
    def ports(self) -> tuple[int, ...] | None:
        """The ports to which the run connects over TCP: the resolver's, if it asks one; any when SMTP or databases are."""
        if self.smtp_reach is not SmtpReach.NONE or self.asks_databases:
            return None
        if not self.dns.reaches_network:
            return ()
        return tuple(server.port for server in named_servers(self.dns.servers)) or (DNS_PORT,)

    def without_drafts(self) -> Prepared:
        """Return the same in the world of today, without the zone files that are to be tried out."""
        return replace(self, options=replace(self.options, dns=replace(self.options.dns, drafts=())))

    @property
    def files(self) -> tuple[Path, ...]:
        """Every file that is read, none of which may be written over."""
        others = (other for other in self.options.beside if isinstance(other, Path))
        own = (*self.campaign.dns.zones, *dns_files(self.dns))
        return (*campaign_files(self.campaign, self.source), *own, *others)


@contextmanager
def prepare(file: Path | str | Domain, options: Options) -> Iterator[Prepared]:
    """Load a campaign and hold the knowledge base as the options say; raises `InputError`.

    Of a bare domain only the sender side is audited, unless a dry run, a list or a key beside it tells more.
    """
    note = ""
    if isinstance(file, Domain):
        note = _note_of(file, options)
        is_alone = not (options.capture or options.recipients or options.changes)
        options = replace(options, select=options.select or (("sender",) if is_alone else ()))
    elif options.untrusted:
        refuse_link(Path(file))
    campaign, source = load_campaign(
        file,
        recipients=options.recipients or None,
        check_zones=not (options.dns.replaces_the_campaigns or options.untrusted),
        changes=options.changes,
        confined=options.untrusted,
    )
    with prepared(campaign, source, options) as ready:
        yield replace(ready, gate=replace(ready.gate, notes=(*ready.gate.notes, note))) if note else ready


def _note_of(domain: Domain, options: Options) -> str:
    rest = f"`mailaudit init --from you@{domain}` adds the rest."
    if options.recipients or options.changes:
        return f"There is no campaign file of {domain}, only what the command line tells: {rest}"
    if options.capture:
        return f"Only the sender side of {domain} and the dry run were audited: {rest}"
    return f"Only the sender side of {domain} was audited: {rest}"


@contextmanager
def knowledge(folder: Path | None, *, plug_ins: bool = True) -> Iterator[None]:
    """Extend the knowledge base by what third parties install and by the user's own folder, which wins."""
    with ExitStack() as stack:
        for entry in plugins(KNOWLEDGE_GROUP) if plug_ins else ():
            stack.enter_context(with_user_knowledge(Path(entry.load())))
        stack.enter_context(with_user_knowledge(folder))
        yield


@contextmanager
def prepared(campaign: Campaign, source: Source, options: Options) -> Iterator[Prepared]:
    """Hold the knowledge base, and load the campaigns beside one that is loaded already; raises `InputError`."""
    policy = load_part(options.policy, Policy) if options.policy else None
    allowed = policy[0].allow if policy else ()
    gate = gate_of(campaign, source, options, policy)
    if options.untrusted:
        refuse_reach(campaign, source, allowed, options.recipients)
    if options.dns.offline:
        refuse_network(campaign, source)
    others = []
    for other in options.beside:
        loaded, place = (
            load_campaign(other, check_zones=False, confined=options.untrusted)
            if isinstance(other, Path)
            else (other, None)
        )
        if options.untrusted and place is not None:
            refuse_reach(loaded, place, allowed, ())
        others.append(loaded)
    with knowledge(options.knowledge, plug_ins=not options.untrusted):
        if campaign.schedule is not None and campaign.schedule.limiter is not None:
            from mailaudit.facts.volume.flow.pace import limiter_of  # noqa: PLC0415 - heavy, and few campaigns name one

            limiter_of(campaign.schedule, None, source.where("schedule.limiter"))
        asks = not options.untrusted or "database" in allowed
        yield Prepared(campaign, source, options, gate, tuple(others), _smtp_reach(options, allowed), asks)


def _smtp_reach(options: Options, allowed: Collection[str]) -> SmtpReach:
    if options.untrusted and "smtp" not in allowed:
        return SmtpReach.NONE
    return SmtpReach.ANY if options.allow_private or "private" in allowed else SmtpReach.PUBLIC


def resolver_of(dns: DnsOptions) -> CachingResolver:
    """Return the resolver of a run; raises `InputError` for files that cannot be used."""
    return open_resolver(**asdict(dns))


def http_access(chosen: Options) -> Access | None:
    """Return how files are fetched, or nothing where they must not be."""
    if not chosen.allow_http or chosen.untrusted:
        return None
    from mailaudit.facts.https import Access  # noqa: PLC0415 - only with --allow-http

    return Access()


def probes_wanted(chosen: Options) -> Wanted | None:
    """Return what is to be asked about the message, or nothing; of a stranger's message nothing is."""
    if chosen.untrusted or not (chosen.links or chosen.spamassassin or chosen.rspamd):
        return None
    from mailaudit.facts.https import Access  # noqa: PLC0415 - only where something is asked
    from mailaudit.facts.message.probes.model import Wanted  # noqa: PLC0415 - as above

    return Wanted(Access() if chosen.links else None, chosen.spamassassin, chosen.rspamd)


def look_up_limits(ready: Prepared) -> LookUpLimits | None:
    """Return how much is asked about the domains of the list, or nothing without a list."""
    if ready.campaign.recipients is None:
        return None
    from mailaudit.facts.recipients.receiving.limits import BUDGET_S, LookUpLimits  # noqa: PLC0415 - only for lists

    asked = ready.options.lookups
    seconds = BUDGET_S if asked.seconds is None else asked.seconds
    memory = _memory(asked.cache, ready.dns.servers)
    return LookUpLimits(asked.max_domains, seconds, asked.progress, memory, asked.reused)


def _memory(choice: str, servers: Collection[str]) -> Path | None:
    """Return the file that remembers answers, if it is wanted.

    A server on this machine that somebody names answers at once, and often serves records that are being tried out; so
    do files.
    """
    named = named_servers(servers)
    is_near = len(named) < len(servers) or any(
        ip_address(server.address.partition("%")[0]).is_loopback for server in named
    )
    if choice == "off" or (choice == "auto" and is_near):
        return None
    from platformdirs import user_cache_path  # noqa: PLC0415 - only for lists

    from mailaudit.facts.dns.answer_cache import FILE_NAME  # noqa: PLC0415 - as above

    folder = user_cache_path("mailaudit", appauthor=False)
    return folder / FILE_NAME if folder.is_absolute() else None  # without a home there is no place


def _now() -> datetime:
    """Return the moment of the audit: the clock's, unless SOURCE_DATE_EPOCH asks for the same bytes at any time."""
    asked = os.environ.get("SOURCE_DATE_EPOCH", "")
    try:
        return datetime.fromtimestamp(int(asked), UTC) if asked else datetime.now(UTC)
    except (ValueError, OverflowError, OSError) as error:
        todo = "write seconds since 1970, or take the variable away"
        raise refused(f"SOURCE_DATE_EPOCH: {asked!r} is no moment", todo=todo) from error


async def facts_of(
    ready: Prepared, resolver: CachingResolver, *, projected: bool = True, shared: SharedFacts | None = None
) -> Facts:
    """Return what the world says about what `prepare` yields; what is not `projected` is not laid out over time.

    `shared` is what other audits of the run observe too.
    """
    now = ready.options.now or _now()
    told = Circumstances(
        now,
        ready.beside,
        http_access(ready.options),
        look_up_limits(ready),
        ready.options.second_opinion,
        projected,
        ready.smtp_reach,
        not ready.options.untrusted,
        probes_wanted(ready.options),
        not ready.options.untrusted,
        ready.options.capture,
        shared,
    )
    return await gather(ready.campaign, ready.source, resolver, told)
