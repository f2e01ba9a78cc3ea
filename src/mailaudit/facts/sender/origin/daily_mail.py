"""What the sender stands to lose: the daily mail that shares a domain, an address or a machine with the campaign."""

from msgspec import Struct

from mailaudit.facts.dns.answer import Status
from mailaudit.facts.dns.records import address_type, addresses_in
from mailaudit.facts.observed import Unavailable
from mailaudit.facts.sender.claims import SenderClaims
from mailaudit.facts.sender.mail_servers.mx import MailExchange
from mailaudit.knowledge.receivers import mailbox_service_by, mailbox_service_by_domain
from mailaudit.knowledge.types.mailbox import MailboxService


class SharedWithDailyMail(Struct, frozen=True):
    """What the campaign has in common with the daily mail.

    `daily` names the daily mail (from the campaign file, or the mailboxes of the domain). `domain` is shared by both;
    `address` too; `machine` are sending addresses that also take or send the daily mail. `mailboxes` is the service
    that runs the mailboxes. `failure` tells why DNS could not say whether the domain has mailboxes. `is_kept_elsewhere`
    says that nothing is known of the daily mail but the service of its mailboxes.
    """

    daily: tuple[str, ...] = ()
    domain: str | None = None
    address: str | None = None
    machine: tuple[str, ...] = ()
    mailboxes: MailboxService | None = None
    mx_host: str | None = None
    failure: str | None = None
    is_kept_elsewhere: bool = False

    @property
    def is_anything_shared(self) -> bool:
        """Whether a burnt reputation takes daily mail along; raises `Unavailable` when that cannot be told."""
        if self.domain or self.address or self.machine:
            return True
        if self.failure:
            raise Unavailable(self.failure)
        return False


def observe_daily_mail(
    claims: SenderClaims, registered: str, exchanges: tuple[MailExchange, ...]
) -> SharedWithDailyMail:
    """Return what is shared, out of the campaign file and of where mail to the sender's domain goes."""
    sender = claims.from_address
    exchange = next((one for one in exchanges if one.domain == registered), None)
    shared = is_shared(claims.from_domain)
    same_domain = [
        one
        for one in claims.daily
        if one.address == sender or (one.address.domain == claims.from_domain and not shared)
    ]
    is_main_domain = claims.from_domain == registered and not is_shared(registered)
    hosts = exchange.hosts if exchange else ()
    has_mailboxes = is_main_domain and bool(hosts)
    service = next((found for host in hosts if (found := mailbox_service_by("mx", host.name))), None)
    daily = [f"{one.name} from {one.address}" for one in same_domain]
    if has_mailboxes and not daily:
        daily.append(f"the mailboxes of {registered}" + (f" at {service.name}" if service else ""))
    return SharedWithDailyMail(
        daily=tuple(daily),
        domain=claims.from_domain if daily and not shared else None,
        address=str(sender) if any(one.address == sender for one in same_domain) else None,
        machine=_machines(claims, exchange),
        mailboxes=service,
        mx_host=hosts[0].name if hosts else None,
        is_kept_elsewhere=has_mailboxes and service is not None and not same_domain,
        failure=_failure(claims, exchange, is_main_domain=is_main_domain),
    )


def _failure(claims: SenderClaims, exchange: MailExchange | None, *, is_main_domain: bool) -> str | None:
    """Return why it is not known who takes the daily mail, or on which of the sending addresses."""
    if exchange is None or not (is_main_domain or claims.ips):
        return None
    if not exchange.mx.is_known:
        return exchange.mx.failure
    versions = {address_type(ip.version) for ip in claims.ips}
    answers = (answer for host in exchange.hosts if not host.lies_outside for answer in host.answers)
    return next((one.failure for one in answers if one.type in versions and not one.is_known), None)


def is_shared(domain: str) -> bool:
    """Say whether a domain belongs to a provider of mailboxes, all of whose users share it."""
    return mailbox_service_by_domain(domain) is not None


def _machines(claims: SenderClaims, exchange: MailExchange | None) -> tuple[str, ...]:
    answers = [answer for host in exchange.hosts for answer in host.answers] if exchange else []
    incoming = {ip for answer in answers if answer.status is Status.ANSWER for ip in addresses_in(answer)}
    return tuple(str(ip) for ip in claims.ips if ip in incoming)
