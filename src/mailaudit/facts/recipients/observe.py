"""Observes the recipient list of a campaign."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import UTC, date, datetime

from mailaudit.campaign.model import Campaign, Recipients
from mailaudit.facts.dns.answer import Resolver
from mailaudit.facts.recipients.dates import add_dated
from mailaudit.facts.recipients.domains import add_disposable, add_typos
from mailaudit.facts.recipients.load import create_tables, load
from mailaudit.facts.recipients.model import Kind, RecipientFacts, SuppressionFile
from mailaudit.facts.recipients.opening import open_source
from mailaudit.facts.recipients.patterns import add_international, add_machine_made, add_same_mailbox
from mailaudit.facts.recipients.profile import Profile, profile
from mailaudit.facts.recipients.providers import assign, largest_company_domain, sequence
from mailaudit.facts.recipients.roles import add_roles
from mailaudit.facts.recipients.suppression import add_suppressed, load_stop_list
from mailaudit.facts.recipients.undeliverable import Verdicts, add_undeliverable, ask_domains
from mailaudit.facts.recipients.workspace import Workspace


async def observe_recipients(
    campaign: Campaign, dns: Resolver | None, *, now: datetime | None = None
) -> RecipientFacts | None:
    """Read and count the campaign's list; `None` without one; raises `InputError` for an unusable file.

    `dns` tells which domains receive mail. Ages are those on the day of the send, else at `now`.
    """
    plan = campaign.recipients
    if plan is None or not plan.files:
        return None
    work = Workspace()
    try:
        counted = await asyncio.to_thread(_count, work, plan)
        verdicts = await ask_domains(work, dns) if dns is not None else None
        return await asyncio.to_thread(_describe, counted, verdicts, campaign, _today(campaign, now))
    finally:
        work.close()


@dataclass(frozen=True, slots=True)
class _Counted:
    """A list that was read and counted, before anything is known about its domains."""

    found: Profile
    stop: tuple[SuppressionFile, ...]
    suppressed: int | None


def _count(work: Workspace, plan: Recipients) -> _Counted:
    stop = load_stop_list(work, plan.suppression) if plan.suppression else ()
    columns = [dated.column for dated in (plan.consent, plan.last_engaged) if dated]
    create_tables(work, len(columns))
    files = [
        load(
            work,
            open_source(path, work, column=plan.column, others=columns, table=plan.table, query=plan.query),
            len(columns),
        )
        for path in plan.files
    ]
    found = profile(work, files)
    return _Counted(found, stop, add_suppressed(found) if plan.suppression else None)


def _describe(counted: _Counted, verdicts: Verdicts | None, campaign: Campaign, today: date) -> RecipientFacts:
    found = counted.found
    plan = campaign.recipients or Recipients()
    role, disposable, typo = add_roles(found), add_disposable(found), add_typos(found)
    undeliverable = add_undeliverable(found, verdicts)
    _add_dates(found, plan, today)
    for add in (add_same_mailbox, add_machine_made, add_international):
        add(found)
    shares, names = assign(found, verdicts.providers if verdicts else ())
    listed = found.list_files()
    return RecipientFacts(
        files=listed,
        rows=found.rows,
        valid=found.valid,
        invalid=sum(file.invalid for file in listed),
        unreadable=sum(file.unreadable for file in listed),
        duplicates=found.valid - found.unique,
        unique=found.unique,
        domains=found.domains,
        suppressed=counted.suppressed,
        role=role,
        disposable=disposable,
        typo=typo,
        undeliverable_domain=undeliverable,
        providers=shares,
        provider_names=names,
        provider_sequence=sequence(found) if campaign.schedule else None,
        suppression_files=counted.stop,
        lookups=verdicts.lookups if verdicts else None,
        largest_company_domain=largest_company_domain(found),
    )


def _add_dates(found: Profile, plan: Recipients, today: date) -> None:
    kinds = {
        "consent": (Kind.CONSENT_MISSING, Kind.CONSENT_EXPIRED),
        "last_engaged": (Kind.NEVER_ENGAGED, Kind.INACTIVE),
    }
    wanted = [
        (name, dated) for name, dated in (("consent", plan.consent), ("last_engaged", plan.last_engaged)) if dated
    ]
    for at, (name, dated) in enumerate(wanted):
        missing, expired = kinds[name]
        add_dated(found, f"o{at}", dated, today, missing=missing, expired=expired)


def _today(campaign: Campaign, now: datetime | None) -> date:
    start = campaign.schedule.start if campaign.schedule else None
    return (start or now or datetime.now(UTC)).date()
