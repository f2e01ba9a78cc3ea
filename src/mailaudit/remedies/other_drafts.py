"""Host addresses, the records of platforms, and a sub-domain for campaigns."""

from collections.abc import AsyncIterator

from mailaudit.checks.change import (
    ChangeSpf,
    PointAlias,
    PublishAddresses,
    PublishForPlatform,
    SeparateCampaign,
    SpfAim,
)
from mailaudit.checks.remedy import Stage
from mailaudit.facts.dns.records import address_type
from mailaudit.knowledge.types.platform import PlatformRecord, RecordStatus
from mailaudit.remedies.dmarc_drafts import organization_policy
from mailaudit.remedies.draft import Draft, Undecided, World
from mailaudit.remedies.spf.campaign_senders import addresses
from mailaudit.remedies.spf.drafts import spf_drafts

# A policy and a proof of ownership stand beside other records of the domain, and are the owner's to decide.
_PUBLISHED = {"dkim", "spf", "return-path", "tracking"}


async def address_drafts(change: PublishAddresses, world: World) -> AsyncIterator[Draft]:
    """Yield the address records of a host; raises `Undecided`."""
    records = [
        await world.change(change.name, str(ip), address_type(ip.version))
        for ip in sorted(change.addresses, key=str)
    ]
    yield Draft(tuple(records))


async def alias_drafts(change: PointAlias, world: World) -> AsyncIterator[Draft]:
    """Yield an alias that leads where it was meant to; raises `Undecided`."""
    there = await world.dns.query(change.target, "TXT")
    if there.is_known and not there.records:
        raise Undecided(f"nothing stands at {change.target} either")
    yield Draft(await world.alias(change.name, change.target))


async def platform_drafts(change: PublishForPlatform, world: World) -> AsyncIterator[Draft]:
    """Yield what a platform asks for, its SPF include joined with the record that stands there."""
    draft = await _platform_records(change.records, world)
    if not draft.records:
        raise Undecided("its settings alone show which records it needs")
    yield draft


async def campaign_domain_drafts(change: SeparateCampaign, world: World) -> AsyncIterator[Draft]:
    """Yield the records of a domain for campaigns alone, with the organization's own policy for it."""
    platform = await _platform_records(change.records, world)
    records, adds = list(platform.records), platform.adds
    if change.mail_server:
        records.append(await world.change(change.domain, f"10 {change.mail_server}.", "MX"))
    if not change.records and addresses(world.facts):
        adds = addresses(world.facts)
        text = " ".join(("v=spf1", *adds, "~all"))
        records.append(await world.change(change.domain, text))
    policy = organization_policy(world, change.domain)
    if policy:
        records.append(await world.change(f"_dmarc.{change.domain}", policy.text))
    if not records:
        raise Undecided("the sending service shows which records the new domain needs")
    condition = "campaigns are to leave from a domain of their own"
    yield Draft(tuple(records), stage=Stage.OPTIONAL, condition=condition, ends=False, adds=adds)


async def _platform_records(records: tuple[PlatformRecord, ...], world: World) -> Draft:
    found = Draft(())
    for record in records:
        if record.purpose not in _PUBLISHED or record.status is not RecordStatus.REQUIRED:
            continue
        if not record.is_exact or ".." in record.name:
            continue
        if record.type == "TXT" and record.value.startswith("v=spf1"):
            found = _both(found, await _with_include(record, world))
        elif record.type == "CNAME":
            found = _both(found, Draft(await world.alias(record.name, record.value)))
        else:
            found = _both(found, Draft((await world.change(record.name, record.value, record.type),)))
    return found


async def _with_include(record: PlatformRecord, world: World) -> Draft:
    include = record.value.split()[1]
    async for draft in spf_drafts(ChangeSpf(record.name, SpfAim.AUTHORISE), world):
        if include in draft.records[0].value.split():
            return draft
    return Draft(())


def _both(one: Draft, other: Draft) -> Draft:
    return Draft(
        (*one.records, *other.records),
        (*one.notes, *other.notes),
        texts=(*one.texts, *other.texts),
        adds=(*one.adds, *other.adds),
    )
