"""The Python interface: what the command line uses, beside `schedules`, which finds plans.

Every command goes through `prepare`: which knowledge, which DNS, which lists and which files are decided there once.
"""

from __future__ import annotations

import asyncio
from contextlib import closing
from itertools import count
from types import MappingProxyType
from typing import TYPE_CHECKING, TypeAlias

from msgspec.structs import replace

from mailaudit.campaign.load import load_campaign
from mailaudit.campaign.model import Campaign
from mailaudit.campaign.values.names import parse_mailbox
from mailaudit.campaign.values.types import Mailbox
from mailaudit.campaign.yaml.source import Source
from mailaudit.checks.registry import all_checks, selected
from mailaudit.errors import InputError, refused
from mailaudit.impact.join import joined
from mailaudit.inputs import digests
from mailaudit.options import DnsOptions, LookUps, Options
from mailaudit.policy import Report, report
from mailaudit.prepare import Prepared, facts_of, knowledge, look_up_limits, prepare, prepared, resolver_of
from mailaudit.reach.yaml.unusable import Unusable
from mailaudit.remedies.remedy import with_remedies
from mailaudit.runner import run
from mailaudit.shared_dns import SharedDns

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from mailaudit.checks.remedy import SpfProof
    from mailaudit.cleaning.result import Cleaned, CleanPlan
    from mailaudit.facts.dns.resolver import CachingResolver
    from mailaudit.facts.facts import Facts
    from mailaudit.facts.sender.first_look import FirstLook as FirstLook  # noqa: PLC0414 - what `first_look` returns
    from mailaudit.facts.sender.witness import Witness as Witness  # noqa: PLC0414 - what `witness` returns
    from mailaudit.facts.shared import SharedFacts
    from mailaudit.preview.preview import Preview
    from mailaudit.reports.formats import RenderOptions

# More at a time wait for each other: an audit is mostly computation once DNS has answered.
_AT_A_TIME = 4
SpfChanges: TypeAlias = "tuple[tuple[str, SpfProof], ...]"

__all__ = [
    "DnsOptions",
    "LookUps",
    "Options",
    "Prepared",
    "Report",
    "SharedDns",
    "audit",
    "audit_all",
    "audit_async",
    "knowledge",
    "load_campaign",
    "prepare",
    "render",
]


def audit(campaign: Campaign, source: Source, options: Options | None = None) -> Report:
    """Audit one campaign; raises `InputError` when an input cannot be used."""
    return asyncio.run(audit_async(campaign, source, options))


async def audit_async(
    campaign: Campaign, source: Source, options: Options | None = None, *, dns: SharedDns | None = None
) -> Report:
    """Audit one campaign in a running event loop; raises `InputError` when an input cannot be used.

    Audits that are given the same `dns` ask each question once among them.
    """
    with prepared(campaign, source, options or Options()) as ready:
        return await audit_with(ready, dns)


def audit_all(campaigns: Iterable[tuple[Campaign, Source]], options: Options | None = None) -> tuple[Report, ...]:
    """Audit several campaigns one after the other over the same DNS answers; raises `InputError`."""

    async def audited() -> tuple[Report, ...]:
        async with SharedDns() as dns:
            return tuple([await audit_async(campaign, source, options, dns=dns) for campaign, source in campaigns])

    return asyncio.run(audited())


def audit_each(files: Sequence[Path | str], options: Options) -> tuple[Report | InputError, ...]:
    """Audit campaigns beside each other over the same DNS answers; one that cannot be used hinders no other.

    The progress that is told is that of the campaigns.
    """
    told = options.lookups.progress
    quiet = replace(options, lookups=replace(options.lookups, progress=None))

    async def audited() -> tuple[Report | InputError, ...]:
        room = asyncio.Semaphore(_AT_A_TIME)
        ready = count(1)
        async with SharedDns() as dns:

            async def one(file: Path | str) -> Report | InputError:
                async with room:
                    try:
                        with prepare(file, quiet) as campaign:
                            return await audit_with(campaign, dns)
                    except InputError as error:
                        return error
                    finally:
                        if told is not None:
                            told("Auditing campaigns", next(ready), len(files))

            return tuple(await asyncio.gather(*map(one, files)))

    return asyncio.run(audited())


def audit_prepared(ready: Prepared) -> Report:
    """Audit what `prepare` yields; raises `InputError` when an input cannot be used."""
    return asyncio.run(audit_with(ready))


async def audit_with(ready: Prepared, dns: SharedDns | None = None) -> Report:
    """Audit what `prepare` yields in a running event loop, over shared answers if there are any."""
    if ready.options.select or ready.options.ignore:
        selected(ready.options.select, ready.options.ignore)  # a typing error is told before anything is asked
    if dns is not None:
        return await _audited(ready, dns.resolver(ready.dns), dns.shared)
    async with resolver_of(ready.dns) as resolver:
        return await _audited(ready, resolver)


def render(told: Report, format_name: str = "terminal", options: RenderOptions | None = None) -> str:
    """Return a report in a format (`html`, `json`, `markdown` …); raises `InputError` for an unknown one."""
    from mailaudit.reports.document.build import document  # noqa: PLC0415 - an audit alone renders nothing
    from mailaudit.reports.formats import RenderOptions, named  # noqa: PLC0415 - as above

    return named(format_name).render(document(told), options or RenderOptions())


async def _audited(ready: Prepared, resolver: CachingResolver, shared: SharedFacts | None = None) -> Report:
    chosen = ready.options
    told = chosen.lookups.progress or (lambda *_: None)
    told("Looking up the sender", 0, None)
    # The rules are read from disk while DNS is being asked.
    facts, _ = await asyncio.gather(facts_of(ready, resolver, shared=shared), asyncio.to_thread(all_checks))
    told("Judging, and proving remedies", 0, None)
    checks = MappingProxyType(dict(all_checks()))
    found = run(facts, checks, selected(chosen.select, chosen.ignore), resolver.describe())
    mended = await with_remedies(found, resolver)
    changes = await _spf_changes(ready, facts, resolver)
    audited = replace(mended, facts=replace(facts, dns_answers=resolver.answers()))
    touched, matrix = joined(audited)
    judged = report(touched, ready.gate, digests(ready.campaign, ready.source, ready.dns))
    return replace(judged, spf_changes=changes, matrix=matrix)


def clean(ready: Prepared, wanted: CleanPlan) -> Cleaned:
    """Write the clean list and the removed rows; raises `InputError` when a file cannot be used."""
    from mailaudit.cleaning.clean import clean as write_clean  # noqa: PLC0415 - only to clean

    async def written() -> Cleaned:
        async with resolver_of(ready.dns) as resolver:
            return await write_clean(
                ready.campaign, resolver, wanted, now=ready.options.now, limits=look_up_limits(ready)
            )

    return asyncio.run(written())


def preview(ready: Prepared, folder: Path, count: int) -> tuple[Preview, ...]:
    """Write the template as the worst rows of the list would read it; raises `InputError` when a file cannot be used."""
    from mailaudit.preview.preview import preview as write_preview  # noqa: PLC0415 - only to preview

    return asyncio.run(write_preview(ready.campaign, folder, count, compiles=not ready.options.untrusted))


def first_look(domain: str, options: Options) -> FirstLook:
    """Return what DNS tells about a domain before anything is planned; never a verdict."""
    from mailaudit.facts.sender.first_look import take_first_look  # noqa: PLC0415 - only `init` looks

    async def look() -> FirstLook:
        async with resolver_of(options.dns) as resolver:
            return await take_first_look(domain, resolver)

    with knowledge(options.knowledge):
        return asyncio.run(look())


def witness(sample: Path) -> Witness:
    """Return what a delivered message shows of how it was sent; raises `InputError` when it is no message."""
    from mailaudit.campaign.message import MessagePlan  # noqa: PLC0415 - only with a sample
    from mailaudit.facts.message.observe import observe_message  # noqa: PLC0415 - as above
    from mailaudit.facts.sender.witness import witness_of  # noqa: PLC0415 - as above

    message = observe_message(MessagePlan(eml=sample))
    if not message.headers:
        raise refused(f"{sample}: {message.content.unavailable}", todo="save the message as .eml")
    return witness_of(message)


def address_column(file: Path) -> str:
    """Return the name of the column of a list in which its addresses stand; raises `InputError` when there is none."""
    from mailaudit.facts.recipients.reading.open_list import open_source  # noqa: PLC0415 - as above
    from mailaudit.facts.recipients.tables.engine import Workspace  # noqa: PLC0415 - only for lists

    with closing(Workspace(reads=[file])) as work:
        return open_source(file, work).column


def parse_sender(text: str, option: str = "--from") -> Mailbox:
    """Read a From address with or without a name, as an option gave it; raises `InputError`."""
    try:
        return parse_mailbox(text)
    except Unusable as error:
        raise refused(f"{option}: {error.what}", todo=error.todo) from error


async def _spf_changes(ready: Prepared, facts: Facts, drafted: CachingResolver) -> SpfChanges:
    """Return who may send with the draft zone files who could not, and who may no longer."""
    if not ready.dns.drafts:
        return ()
    from mailaudit.remedies.spf.table import draft_changes  # noqa: PLC0415 - only with drafts

    async with resolver_of(replace(ready.dns, drafts=(), record=None)) as today:
        return await draft_changes(facts, today, drafted)
