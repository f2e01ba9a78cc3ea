"""Finds mailbox services and mailbox providers by their domains and machines; pure, and fast after the first question."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mailaudit.knowledge import load
from mailaudit.knowledge.names import SuffixIndex, normal, plain
from mailaudit.knowledge.types.fact import Confidence
from mailaudit.knowledge.types.mailbox import MailboxService

if TYPE_CHECKING:
    from mailaudit.knowledge.types.provider import Provider


def mailbox_service_by_domain(domain: str) -> MailboxService | None:
    """Return the service whose users have addresses under exactly this domain."""
    return next(iter(_mailboxes("domains", domain, exact=True)), None)


def mailbox_service_by_mx(host: str) -> MailboxService | None:
    """Return the service that runs an MX host."""
    return next(iter(_mailboxes("mx", host)), None)


def mailbox_service_by_spf(domain: str) -> MailboxService | None:
    """Return the service to which an SPF include points."""
    return next(iter(_mailboxes("spf", domain)), None)


def mailbox_service_by_smtp(host: str) -> MailboxService | None:
    """Return the service to whose server mail is handed."""
    return next(iter(_mailboxes("smtp_hosts", host)), None)


def mailbox_service_by_reverse_name(name: str) -> MailboxService | None:
    """Return the service whose servers have such reverse names."""
    return next(iter(_mailboxes("reverse_names", name)), None)


def mailbox_service_by_dkim_domain(domain: str) -> MailboxService | None:
    """Return the service that signs with a domain, or publishes its customers' keys there."""
    return next(iter(_mailboxes("dkim_domains", domain)), None)


def provider_by_domain(domain: str) -> Provider | None:
    """Return the mailbox provider of exactly this recipient domain."""
    return _provider_domains().get(normal(domain))


def provider_by_mx(host: str) -> Provider | None:
    """Return the mailbox provider (or filter) that runs an MX host."""
    groups = _provider_mx().find(host)
    return groups[0][0] if groups else None


def provider_named(text: str) -> Provider | None:
    """Return the mailbox provider with this id, name, alias or recipient domain."""
    wanted = plain(text)
    for provider in load.providers():
        if wanted in {plain(name) for name in (provider.id, provider.name, *provider.aliases)}:
            return provider
    return provider_by_domain(text)


def _mailboxes(field: str, name: str, *, exact: bool = False) -> tuple[MailboxService, ...]:
    groups = _mailbox_index(field).find(name)
    if exact and groups and normal(name) not in getattr(groups[0][0], field):
        return ()
    return groups[0] if groups else ()


@load.kept
def _mailbox_index(field: str) -> SuffixIndex[MailboxService]:
    return SuffixIndex((name, service) for service in load.mailbox_services() for name in getattr(service, field))


@load.kept
def _provider_domains() -> dict[str, Provider]:
    pairs = [
        (part.provenance.confidence is Confidence.LOW, part.name, p)
        for p in load.providers()
        for part in p.domains
    ]
    return {name: provider for _low, name, provider in sorted(pairs, key=lambda pair: not pair[0])}


@load.kept
def _provider_mx() -> SuffixIndex[Provider]:
    return SuffixIndex((part.name, provider) for provider in load.providers() for part in provider.mx_suffixes)


def mailbox_service_named(text: str) -> MailboxService | None:
    """Return the mailbox service with this id, name or alias; upper case, spaces and punctuation do not matter."""
    wanted = plain(text)
    for service in load.mailbox_services():
        if wanted in {plain(name) for name in (service.id, service.name, *service.aliases)}:
            return service
    return None
