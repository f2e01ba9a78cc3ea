"""The SPF terms that let a campaign send."""

from __future__ import annotations

from mailaudit.facts.facts import Facts
from mailaudit.knowledge.lookup import platform_named
from mailaudit.knowledge.receivers import mailbox_service_by_smtp
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
    return include_of(mailboxes)


def addresses(facts: Facts) -> tuple[str, ...]:
    """Return the campaign's addresses as terms."""
    return tuple(f"ip{ip.version}:{ip}" for ip in facts.campaign.sending.ips)


def alternatives(facts: Facts) -> tuple[tuple[str, ...], ...]:
    """Return the ways to let the campaign send, the one that lasts longest first; empty when nothing is known."""
    ways = (services(facts), addresses(facts))
    return tuple(dict.fromkeys(way for way in ways if way))


def include_of(service: MailboxService | None) -> tuple[str, ...]:
    """Return the include of a mailbox service as a term, where it is surely known."""
    if service is None or not service.spf or service.provenance.confidence is Confidence.LOW:
        return ()
    return (f"include:{service.spf[0]}",)
