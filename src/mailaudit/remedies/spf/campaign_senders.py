"""The SPF terms that let a campaign, and the daily mail beside it, send."""

from __future__ import annotations

from mailaudit.facts.facts import Facts
from mailaudit.knowledge.lookup import platform_named
from mailaudit.knowledge.receivers import mailbox_service_by_mx, mailbox_service_by_smtp
from mailaudit.knowledge.types.fact import Confidence
from mailaudit.knowledge.types.mailbox import MailboxService
from mailaudit.knowledge.types.platform import EvidenceKind, SpfAlignment


def services(facts: Facts) -> tuple[str, ...]:
    """Return the include of the platform or mailbox service that the campaign leaves through, where it is known."""
    platform = platform_named(facts.sender.platform) if facts.sender.platform else None
    if platform and platform.spf_aligns is not SpfAlignment.NEVER:
        includes = platform.values(EvidenceKind.SPF_INCLUDE)[:1]
        if includes:
            return tuple(f"include:{name}" for name in includes)
    host = facts.campaign.sending.smtp_host
    mailboxes = mailbox_service_by_smtp(host) if host else None
    return _include(mailboxes)


def addresses(facts: Facts) -> tuple[str, ...]:
    """Return the campaign's addresses as terms."""
    return tuple(f"ip{ip.version}:{ip}" for ip in facts.campaign.sending.ips)


def alternatives(facts: Facts) -> tuple[tuple[str, ...], ...]:
    """Return the ways to let the campaign send, the one that lasts longest first; empty when nothing is known."""
    ways = (services(facts), addresses(facts))
    return tuple(dict.fromkeys(way for way in ways if way))


def daily_mail(facts: Facts, domain: str) -> tuple[str, ...]:
    """Return the include of the service that runs the mailboxes of a domain, by its mail servers."""
    exchange = next((one for one in facts.sender.exchanges if one.domain == domain), None)
    hosts = exchange.hosts if exchange and exchange.mx.is_known else ()
    return _include(next((found for host in hosts if (found := mailbox_service_by_mx(host.name))), None))


def _include(service: MailboxService | None) -> tuple[str, ...]:
    if service is None or not service.spf or service.provenance.confidence is Confidence.LOW:
        return ()
    return (f"include:{service.spf[0]}",)
