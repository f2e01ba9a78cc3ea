"""Whether DMARC reports can arrive: external addresses must be authorised, and their domains must take mail.

Source: RFC 9990, section 4 (verifying external destinations).
"""

import asyncio

from msgspec import Struct

from mailaudit.facts.dns.answer import Answer, Resolver
from mailaudit.facts.sender.dmarc.record import DmarcRecord, select
from mailaudit.facts.sender.mail_servers.mx import MailExchange, observe_exchange
from mailaudit.facts.sender.names import is_askable, organizational_domain

_MAX_TARGETS = 10


class ReportTarget(Struct, frozen=True):
    """A domain that is to receive reports; `mailboxes` are as written in the record.

    `authorization` is the answer at `permission_name`, missing when the domain belongs to the sender.
    """

    domain: str
    mailboxes: tuple[str, ...]
    permission_name: str
    authorization: Answer | None
    exchange: MailExchange

    def __str__(self) -> str:
        """Return the domain."""
        return self.domain

    @property
    def is_authorized(self) -> bool:
        """Whether reports may be sent there; raises `Unavailable` when DNS did not answer."""
        return self.authorization is None or bool(select(self.authorization.texts()))


async def observe_reports(published_at: str, record: DmarcRecord, dns: Resolver) -> tuple[ReportTarget, ...]:
    """Return the report targets of a record; never raises for what DNS does."""
    mailboxes: dict[str, list[str]] = {}
    for uri in (*record.rua, *record.ruf):
        if uri.domain and uri.mailbox and is_askable(uri.domain):
            mailboxes.setdefault(uri.domain, []).append(uri.mailbox)
    wanted = list(mailboxes.items())[:_MAX_TARGETS]
    return tuple(
        await asyncio.gather(*(_target(published_at, domain, tuple(boxes), dns) for domain, boxes in wanted))
    )


async def _target(published_at: str, domain: str, mailboxes: tuple[str, ...], dns: Resolver) -> ReportTarget:
    name = f"{published_at}._report._dmarc.{domain}"
    if organizational_domain(domain) == organizational_domain(published_at):
        return ReportTarget(domain, mailboxes, name, None, await observe_exchange(domain, dns))
    authorization, exchange = await asyncio.gather(dns.query(name, "TXT"), observe_exchange(domain, dns))
    return ReportTarget(domain, mailboxes, name, authorization, exchange)
