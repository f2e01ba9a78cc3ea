"""The SPF terms that let a campaign send."""

from mailaudit.facts.facts import Facts
from mailaudit.facts.sender.names import is_at_or_under, organizational_domain
from mailaudit.knowledge.receivers import mailbox_service_by
from mailaudit.knowledge.types.fact import Confidence
from mailaudit.knowledge.types.mailbox import MailboxService
from mailaudit.knowledge.types.platform import EvidenceKind, SpfAlignment

_MOST_REGIONS = 3


def services(facts: Facts) -> tuple[tuple[str, ...], ...]:
    """Return the includes of the platform or mailbox service that the campaign leaves through, each as a way of its own."""
    platform = facts.sender.origin.verdict.platform
    if platform and platform.spf_aligns is not SpfAlignment.NEVER:
        includes = platform.values(EvidenceKind.SPF_INCLUDE)[:1]
        if includes:
            return tuple((f"include:{name}",) for name in includes)
    pool = facts.sender.spf(facts.sender.mail_from_domain).pool
    host = facts.campaign.sending.smtp_host
    service = mailbox_service_by("smtp_hosts", host) if host else None
    if pool and pool.is_mailbox:
        # A service of several regions has an include for each.
        firm = organizational_domain(host) if host else ""
        nearest = sorted(pool.includes, key=lambda name: not is_at_or_under(name, firm))
        return tuple((f"include:{name}",) for name in nearest[:_MOST_REGIONS])
    return (include_of(service),) if service else ()


def addresses(facts: Facts) -> tuple[str, ...]:
    """Return the campaign's addresses as terms."""
    return tuple(f"ip{ip.version}:{ip}" for ip in facts.campaign.sending.ips)


def alternatives(facts: Facts) -> tuple[tuple[str, ...], ...]:
    """Return the ways to let the campaign send, the one that lasts longest first; empty when nothing is known."""
    ways = (*services(facts), addresses(facts))
    return tuple(dict.fromkeys(way for way in ways if way))


def include_of(service: MailboxService | None) -> tuple[str, ...]:
    """Return the include of a mailbox service as a term, where it is surely known."""
    if service is None or not service.spf or service.provenance.confidence is Confidence.LOW:
        return ()
    return (f"include:{service.spf[0]}",)
