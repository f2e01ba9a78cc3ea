"""The SPF term that lets the daily mail send: the service that runs the mailboxes of a domain, by what its records show."""

from collections.abc import AsyncIterator

from msgspec import Struct

from mailaudit.facts.dns.records import plain
from mailaudit.facts.sender.mail_servers.mx import MailExchange
from mailaudit.facts.sender.names import is_at_or_under, organizational_domain
from mailaudit.facts.sender.spf.record import select
from mailaudit.knowledge import load
from mailaudit.knowledge.names import is_below
from mailaudit.knowledge.receivers import mailbox_service_by, mailbox_service_named
from mailaudit.knowledge.types.fact import Confidence
from mailaudit.knowledge.types.mailbox import MailboxMark, MailboxService
from mailaudit.remedies.draft import World
from mailaudit.remedies.spf.campaign_senders import include_of


class DailyMail(Struct, frozen=True):
    """The terms that a new record holds for the mailboxes, and sentences about them."""

    terms: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


async def daily_mail(world: World, domain: str) -> DailyMail:
    """Return what lets the mailboxes of a domain send: by its mail servers, else by other records of its own.

    A domain that takes no mail has no mailboxes. A mark that is most often there for something else is only told.
    """
    sender = world.facts.sender
    exchange = next((one for one in sender.exchanges if one.domain == domain), None)
    hosts = exchange.hosts if exchange and exchange.mx.is_known else ()
    by_mx = next(((found, host.name) for host in hosts if (found := mailbox_service_by("mx", host.name))), None)
    if by_mx:
        service, host = by_mx
        return await _told(world, service, domain, "MX", host)
    if domain not in {sender.from_domain, sender.organizational_domain} or _refuses_mail(exchange):
        return DailyMail()
    # Mail that goes to a filter first says nothing of the mailboxes behind it; that to a server of one's own does.
    is_filtered = bool(hosts) and not any(
        is_at_or_under(host.name, sender.organizational_domain) for host in hosts
    )
    hints: list[str] = []
    async for service, mark in _marks(world, domain):
        shown = mark.target or mark.text
        if mark.provenance.confidence is Confidence.HIGH or (
            is_filtered and mark.provenance.confidence is Confidence.MEDIUM
        ):
            return await _told(world, service, domain, f"{shown} at {_place(mark, domain)}")
        hints.extend(
            f"{shown} at {_place(mark, domain)} is of {service.name}: if your mailboxes are there, add {term} too."
            for term in include_of(service)
        )
    for one in sender.origin.services:
        behind = mailbox_service_named(one.id) if one.kind == "mailbox" and one.id else None
        if behind and {"dkim", "bounces"} & set(one.shown_by):
            return await _told(world, behind, domain, one.seen[0])
    return DailyMail(notes=tuple(hints[:1]))


def _refuses_mail(exchange: MailExchange | None) -> bool:
    return exchange is not None and exchange.mx.is_known and exchange.refuses_mail


async def _marks(world: World, domain: str) -> AsyncIterator[tuple[MailboxService, MailboxMark]]:
    """Yield the marks of services that stand at a domain, the surest first."""
    known = [(service, mark) for service in load.mailbox_services() for mark in service.marks]
    for service, mark in sorted(known, key=lambda pair: -pair[1].provenance.confidence.rank):
        answer = await world.dns.query(_place(mark, domain), "TXT" if mark.text else "CNAME")
        if not answer.is_known:
            continue
        targets = [plain(one.target) for one in answer.records if hasattr(one, "target")]
        texts = [text.decode("ascii", "replace").lower() for text in answer.texts()] if mark.text else []
        if any(is_below(target, mark.target or "") for target in targets) or any(
            text.startswith((mark.text or "").lower()) for text in texts
        ):
            yield service, mark


def _place(mark: MailboxMark, domain: str) -> str:
    return domain if mark.name == "@" else f"{mark.name}.{domain}"


async def _told(world: World, service: MailboxService, domain: str, why: str, host: str = "") -> DailyMail:
    """Return the include of a service, that of the region whose mail server takes the mail; none that is not there."""
    terms: tuple[str, ...] = ()
    firm = organizational_domain(host) if host else ""
    for name in sorted(service.spf if include_of(service) else (), key=lambda one: not is_at_or_under(one, firm)):
        answer = await world.dns.query(name, "TXT")
        if not answer.is_known or select(answer.texts()):
            terms = (f"include:{name}",)
            break
    return DailyMail(
        terms, tuple(f"{term} is in it because the mailboxes of {domain} are there ({why})." for term in terms)
    )
