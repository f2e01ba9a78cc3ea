"""Where the campaign leaves from, how fit that place is, and what the world thinks of it."""

import asyncio
from collections.abc import Awaitable

from msgspec.structs import asdict

from mailaudit.facts.dns.answer import Answer, Resolver, is_lost
from mailaudit.facts.dns.records import IpAddress, address_type, addresses_in
from mailaudit.facts.observed import Observed, those
from mailaudit.facts.public_address import as_address, is_reachable
from mailaudit.facts.sender.claims import SenderClaims, SmtpReach
from mailaudit.facts.sender.mail_servers.smtp_session import SmtpSession, observe_session
from mailaudit.facts.sender.names import organizational_domain
from mailaudit.facts.sender.origin.addresses import (
    SendingAddress,
    observe_addresses,
    observe_helo,
)
from mailaudit.facts.sender.origin.asked_for import observe_asked_for
from mailaudit.facts.sender.origin.clues.claimed_pool import observe_claimed_pool
from mailaudit.facts.sender.origin.clues.delegated_zones import observe_zones
from mailaudit.facts.sender.origin.clues.from_dns import clues_of, unseen_of
from mailaudit.facts.sender.origin.clues.from_message import MessageLater, MessageTraces, observe_traces
from mailaudit.facts.sender.origin.clues.published_for_services import observe_published
from mailaudit.facts.sender.origin.clues.published_keys import selectors_to_try
from mailaudit.facts.sender.origin.conclusion import Verdict, conclude
from mailaudit.facts.sender.origin.daily_mail import SharedWithDailyMail, is_shared, observe_daily_mail
from mailaudit.facts.sender.origin.evidence import Place, in_order
from mailaudit.facts.sender.origin.seen import Seen, Surroundings, WebHost
from mailaudit.facts.sender.origin.services import Service, services_of
from mailaudit.facts.sender.reputation.blocklists import (
    BUDGET,
    OF_A_LINK,
    StandingFacts,
    Subject,
    merged,
    observe_standing,
)
from mailaudit.knowledge import load

LIST_BUDGET = BUDGET
"""Seconds for the blocklists, from when it is known what to ask about."""

_NO_NETWORK = "no SMTP session is held when DNS answers come from files only"


class OriginFacts(Surroundings, frozen=True):
    """What was observed of the place of departure, with the verdict on it."""

    verdict: Verdict
    daily_mail: SharedWithDailyMail
    services: tuple[Service, ...]

    @property
    def preparation_failure(self) -> str | None:
        """Why a key, include or bounce name may be there unseen."""
        return next((one.reason for one in self.prepared.unseen), None)

    @property
    def lost_preparation(self) -> str | None:
        """Why a key, include or bounce name may be there unseen although somebody was asked for it."""
        return self.preparation_failure if is_lost(self.preparation_failure or "") else None

    def web_sites_at(self, ip: IpAddress) -> tuple[str, ...]:
        """Return the web site's names that lead to an address; raises `Unavailable` when that cannot be told."""
        answers = [(host.name, answer) for host in self.web_site for answer in host.answers]
        found = those(answers, lambda one: bool(one[1].known_records()) and ip in addresses_in(one[1]))
        return tuple(dict.fromkeys(name for name, _ in found))


async def observe_surroundings(
    claims: SenderClaims,
    registered: str,
    dns: Resolver,
    message: MessageLater,
    standing: StandingFacts | None = None,
) -> Surroundings:
    """Observe everything that does not depend on SPF and DKIM, at once; never raises for what the network does.

    The blocklists are not asked again when their `standing` is known.
    """
    async with asyncio.TaskGroup() as tasks:
        addresses = tasks.create_task(observe_addresses(claims.ips, dns))
        helo = tasks.create_task(observe_helo(claims.helo, claims.ips, dns))
        web_site = tasks.create_task(_web_site(claims, registered, dns))
        zones = tasks.create_task(observe_zones(claims, registered, dns))
        submission = tasks.create_task(_submission(claims, dns))
        traces = tasks.create_task(observe_traces(message, registered, claims, dns))
        # Reading the knowledge base takes as long as a DNS answer: it is read while the first ones are under way.
        await asyncio.to_thread(_read_knowledge)
        # Nobody but a provider of mailboxes prepares anything in the domain that all its users share.
        domains = () if is_shared(registered) else tuple(dict.fromkeys((claims.from_domain, registered)))
        prepared = tasks.create_task(observe_published(domains, dns, selectors_to_try(claims)))
        claimed_pool = tasks.create_task(observe_claimed_pool(claims, dns))
        asked_for = tasks.create_task(observe_asked_for(claims.platform, domains, dns))
        listed = None
        if standing is None:
            subjects = _subjects(claims, addresses, traces)
            listed = tasks.create_task(observe_standing(subjects, dns, budget=LIST_BUDGET))
    smtp, session = submission.result()
    return Surroundings(
        addresses.result(),
        helo.result(),
        web_site.result(),
        smtp,
        session,
        prepared.result(),
        traces.result(),
        listed.result() if listed else standing or StandingFacts(),
        asked_for.result(),
        claimed_pool.result(),
        zones.result(),
    )


def conclude_origin(seen: Seen) -> OriginFacts:
    """Return where the campaign leaves from, concluded from everything that was observed."""
    around, pool = seen.around, seen.around.claimed_pool
    # Whoever takes the sender's mail too is no service for campaigns that merely nobody knows.
    prepared = (
        clue
        for clue in around.prepared.clues
        if clue.platform or clue.place is not Place.PLATFORM or clue.name not in seen.receivers
    )
    clues = in_order((*clues_of(seen), *pool.clues, *around.message.clues, *prepared))
    open_questions = (*unseen_of(seen), *around.message.unseen, *around.prepared.unseen, *pool.failures)
    verdict = conclude(seen.claims, clues, open_questions)
    return OriginFacts(
        **asdict(around),
        verdict=verdict,
        daily_mail=observe_daily_mail(seen.claims, seen.own_domain, seen.exchanges),
        services=services_of(verdict, seen.exchanges),
    )


def _read_knowledge() -> None:
    for read in (load.platforms, load.mailbox_services, load.hosters, load.blocklists, load.software):
        read()


async def _web_site(claims: SenderClaims, registered: str, dns: Resolver) -> tuple[WebHost, ...]:
    # A provider's domain is no web site of the sender's.
    names = (claims.website,) if claims.website else (f"www.{registered}", registered)
    types = sorted({address_type(ip.version) for ip in claims.ips})
    answers = await asyncio.gather(
        *(asyncio.gather(*(dns.query(name, rdtype) for rdtype in types)) for name in names)
    )
    return tuple(WebHost(name, tuple(found)) for name, found in zip(names, answers, strict=True))


async def _submission(claims: SenderClaims, dns: Resolver) -> tuple[Answer | None, Observed[SmtpSession]]:
    host = claims.submission_host
    if host is None:
        return None, Observed.unknown("the campaign names no SMTP server (sending.smtp)")
    literal = as_address(host)
    if literal is not None:
        return None, await _session(claims, host, (literal,), dns)
    v4, v6 = await asyncio.gather(dns.query(host, "A"), dns.query(host, "AAAA"))
    found = (*addresses_in(v4), *addresses_in(v6))
    if not found:
        failure = next((answer.failure for answer in (v4, v6) if not answer.is_known), None)
        return v4, Observed.unknown(failure or f"{host} has no address")
    return v4, await _session(claims, host, found, dns)


async def _session(
    claims: SenderClaims, host: str, found: tuple[IpAddress, ...], dns: Resolver
) -> Observed[SmtpSession]:
    if not getattr(dns, "reaches_network", False):
        return Observed.unknown(_NO_NETWORK)
    if claims.smtp_reach is SmtpReach.NONE:
        return Observed.unknown(
            "no SMTP session is held for an untrusted campaign unless the policy allows [smtp]"
        )
    is_any = claims.smtp_reach is SmtpReach.ANY
    return await observe_session(host, claims.submission_port, found, to_private=is_any)


async def _subjects(
    claims: SenderClaims, addresses: Awaitable[tuple[SendingAddress, ...]], traces: Awaitable[MessageTraces]
) -> tuple[Subject, ...]:
    pairs = [(str(ip), "a sending address") for ip in claims.ips if is_reachable(ip)]
    pairs += [(claims.from_domain, "the From domain"), (claims.mail_from_domain, "the MAIL FROM domain")]
    pairs += [(key.domain, "a DKIM domain") for key in claims.selectors]
    pairs += (
        [(claims.helo, "the HELO name")] if claims.helo and as_address(claims.helo.strip("[]")) is None else []
    )
    found = await traces
    pairs += [(signer, "a DKIM domain") for signer in found.signers]
    pairs += [(organizational_domain(link), OF_A_LINK) for link in found.links]
    for address in await addresses:
        pairs += [(one.name, f"the reverse name of {address.ip}") for one in address.reverse]
    return merged((text, role) for text, role in pairs if "." in text or ":" in text)
