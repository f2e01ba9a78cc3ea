"""Observe everything at once: the sender's DNS, the recipient list and the message; then the flow over time."""

from __future__ import annotations

import asyncio
from functools import partial
from importlib import import_module
from typing import TYPE_CHECKING, Any, TypeVar

from msgspec import Struct
from msgspec.structs import replace

from mailaudit.facts.dns.resolver import CachingResolver
from mailaudit.facts.facts import Facts
from mailaudit.facts.isolation import isolated, stand_in
from mailaudit.facts.sender.claims import SmtpReach, claims_of
from mailaudit.facts.sender.observe import observe_sender

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Coroutine
    from datetime import datetime
    from pathlib import Path

    from mailaudit.campaign.message import MessagePlan
    from mailaudit.campaign.model import Campaign
    from mailaudit.campaign.yaml.source import Source
    from mailaudit.facts.capture.observe import Captured
    from mailaudit.facts.dns.answer import Resolver
    from mailaudit.facts.https import Access
    from mailaudit.facts.message.model import MessageFacts
    from mailaudit.facts.message.probes.model import Probes, Wanted
    from mailaudit.facts.recipients.model import RecipientFacts
    from mailaudit.facts.recipients.receiving.limits import LookUpLimits
    from mailaudit.facts.sender.model import SenderFacts
    from mailaudit.facts.sender.second_opinion.model import SecondOpinion
    from mailaudit.facts.shared import SharedFacts
    from mailaudit.facts.volume.mailing import Beside
    from mailaudit.facts.volume.model import VolumeFacts

T = TypeVar("T")


class Circumstances(Struct, frozen=True):
    """What an audit is told beside its campaign.

    `now` is the moment of the audit. `beside` are other campaigns of the same sender, which count with this one.
    With `http`, the files that the sender's records name are fetched. `limits` bounds the look-ups of recipient
    domains. With `second_opinion`, checkdmarc judges the same records. What is not `projected` is not laid out over time.
    `smtp_reach` tells which servers may be talked to, `asks_name_servers` whether those of the sender's zone are, `probes`
    what is to be asked about the message. With `compiles`, MJML is compiled where its program is installed. `capture`
    is the folder of a dry run, whose pace replaces the plan's. `shared` is what other audits of the run observe too.
    """

    now: datetime
    beside: tuple[Campaign, ...] = ()
    http: Access | None = None
    limits: LookUpLimits | None = None
    second_opinion: bool = False
    projected: bool = True
    smtp_reach: SmtpReach = SmtpReach.PUBLIC
    asks_name_servers: bool = True
    probes: Wanted | None = None
    compiles: bool = True
    capture: Path | None = None
    shared: SharedFacts | None = None


async def gather(campaign: Campaign, source: Source, dns: Resolver, told: Circumstances) -> Facts:
    """Return the facts of one audit; raises `InputError` when a list or a message cannot be used.

    The sender's questions are on the wire before anything heavy is imported: what reads lists and projects volume
    is loaded in a thread meanwhile, and only for a campaign that has a list, a schedule or a message.
    """
    crashed: dict[str, str] = {}
    captured = await asyncio.to_thread(_read_capture, told.capture) if told.capture else None
    plans = captured.messages(campaign.message) if captured else (campaign.message,)
    once = partial(_once, dns, told.shared if captured is None else None)
    read = _sampled(
        captured, once((plans, told.compiles), lambda _: gather_message(*plans, compiles=told.compiles))
    )
    reading = asyncio.create_task(isolated("message", read, crashed))
    claims = replace(claims_of(campaign), smtp_reach=told.smtp_reach, asks_name_servers=told.asks_name_servers)
    told_of = claims, plans, told.compiles, told.http
    observed = once(told_of, lambda part: observe_sender(claims, part, reading, told.http))
    seen, recipients, message, probes = await asyncio.gather(
        isolated("sender", observed, crashed),
        isolated("recipients", _recipients(campaign, dns, told, reading, captured), crashed),
        reading,
        isolated("probes", _probes(reading, dns, told.probes), crashed),
    )
    sender: SenderFacts = seen if seen is not None else stand_in("sender", crashed)
    if recipients is None and "recipients" in crashed:
        crashed["volume"] = crashed["recipients"]
    beside = await _beside(dns, told)
    volume = opinion = None
    if told.projected:
        volume = await isolated("volume", _volume(campaign, recipients, sender, beside, captured), crashed)
    if told.second_opinion:
        opinion = await isolated("second opinion", _second_opinion(sender, dns), crashed)
    return Facts(
        campaign=campaign,
        source=source,
        now=told.now,
        sender=sender,
        recipients_or_none=recipients,
        volume_or_none=volume,
        message_or_none=replace(message, joins=recipients.joins) if message and recipients else message,
        second_opinion=opinion,
        beside=beside,
        capture_or_none=captured.facts(_author(campaign, source)) if captured else None,
        crashed=crashed,
        probes_or_none=probes,
    )


async def _once(
    dns: Resolver, shared: SharedFacts | None, asked: object, observe: Callable[[Resolver], Coroutine[Any, Any, T]]
) -> T:
    """Observe what depends on all that is `asked`; only once for several audits that share it."""
    if shared is None or not isinstance(dns, CachingResolver):
        return await observe(dns)
    return await shared.once(asked, dns, observe)


def _author(campaign: Campaign, source: Source) -> str:
    """Return the address of From that the file gives; that of a bare domain is nobody's."""
    return str(campaign.from_.address) if source.holds("from") else ""


async def _beside(dns: Resolver, told: Circumstances) -> tuple[Beside, ...]:
    counted = [(one, await _recipients(one, dns, told)) for one in told.beside]
    if not counted:
        return ()
    from mailaudit.facts.volume.mailing import beside_of  # noqa: PLC0415 - few campaigns have others beside them

    return tuple(beside_of(one, found.messages) for one, found in counted if found is not None)


async def _recipients(
    campaign: Campaign,
    dns: Resolver,
    told: Circumstances,
    reading: Awaitable[MessageFacts | None] | None = None,
    captured: Captured | None = None,
) -> RecipientFacts | None:
    if campaign.recipients is None:
        return None
    from mailaudit.facts.recipients.list_plan import list_plan_of  # noqa: PLC0415 - loaded with the room

    lists = list_plan_of(campaign, told.now)
    if lists is None:
        return None
    room = await asyncio.to_thread(import_module, "mailaudit.facts.recipients.observe")
    message = await reading if reading else None
    plan = campaign.message
    fields = message.wishes((plan.fields or {}) if plan else {}) if message else None
    limits, visitor = told.limits, captured.people if captured else None
    bounds = (limits.max_domains, limits.seconds, limits.memory) if limits else None
    asked = (lists.lists, lists.is_scheduled, lists.by_zone, lists.day, bounds, fields)

    async def observed(part: Resolver) -> RecipientFacts:
        seen: RecipientFacts = await room.observe_recipients(
            lists, part, limits=limits, fields=fields, visitor=visitor
        )
        return seen

    return await _once(dns, told.shared if captured is None else None, asked, observed)


async def gather_message(
    plan: MessagePlan | None, *others: MessagePlan | None, compiles: bool = True
) -> MessageFacts | None:
    """Return the parsed message with other samples of it, or nothing when none is planned.

    Raises `InputError` for unusable files.
    """
    if plan is None:
        return None
    room = await asyncio.to_thread(import_module, "mailaudit.facts.message.observe")
    observed: MessageFacts = await asyncio.to_thread(room.observe_message, plan, compiles=compiles)
    more = [await asyncio.to_thread(room.observe_message, one) for one in others]
    return replace(observed, others=tuple(more))


async def _probes(reading: Awaitable[MessageFacts | None], dns: Resolver, wanted: Wanted | None) -> Probes | None:
    message = await reading if wanted else None
    if message is None or not wanted:
        return None
    from mailaudit.facts.message.probes.observe import observe_probes  # noqa: PLC0415 - on request

    return await observe_probes(message, dns, wanted)


async def _sampled(captured: Captured | None, reading: Awaitable[MessageFacts | None]) -> MessageFacts | None:
    message = await reading
    return captured.whole(message) if captured and message else message


def _read_capture(folder: Path) -> Captured:
    from mailaudit.facts.capture.observe import Captured  # noqa: PLC0415 - on request
    from mailaudit.facts.capture.read import read_capture  # noqa: PLC0415 - as above

    return Captured(read_capture(folder))


async def _second_opinion(sender: SenderFacts, dns: Resolver) -> SecondOpinion:
    from mailaudit.facts.sender.second_opinion.compare import observe_second_opinion  # noqa: PLC0415 - on request

    return await observe_second_opinion(sender, dns)


async def _volume(
    campaign: Campaign,
    recipients: RecipientFacts | None,
    sender: SenderFacts,
    beside: tuple[Beside, ...],
    captured: Captured | None = None,
) -> VolumeFacts | None:
    if recipients is None and captured is None:
        return None
    room = await asyncio.to_thread(import_module, "mailaudit.facts.volume.observe")
    from mailaudit.facts.volume.mailing import mailing_of  # noqa: PLC0415 - loaded with the room

    recorded = captured.recorded if captured else None
    observed: VolumeFacts | None = room.observe_volume(mailing_of(campaign, sender), recipients, beside, recorded)
    return observed
