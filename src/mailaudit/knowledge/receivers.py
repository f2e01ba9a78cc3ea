"""Finds mailbox services and mailbox providers by their domains and machines; pure, and fast after the first question."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from mailaudit.knowledge import load
from mailaudit.knowledge.names import SuffixIndex, first_named, names_of, normal, plain
from mailaudit.knowledge.types.fact import Confidence
from mailaudit.knowledge.types.mailbox import MailboxService

if TYPE_CHECKING:
    from mailaudit.knowledge.types.provider import Provider

Field = Literal["domains", "mx", "spf", "smtp_hosts", "reverse_names", "dkim_domains"]


def mailbox_service_by_domain(domain: str) -> MailboxService | None:
    """Return the service whose users have addresses under exactly this domain."""
    found = mailbox_service_by("domains", domain)
    return found if found and normal(domain) in found.domains else None


def mailbox_service_by(field: Field, name: str) -> MailboxService | None:
    """Return the service of an MX host, an SPF include, a server that takes mail, a reverse name or a domain that signs."""
    return _mailbox_index(field).first(name)


def provider_by_domain(domain: str) -> Provider | None:
    """Return the mailbox provider of exactly this recipient domain."""
    return provider_domains().get(normal(domain))


def provider_by_mx(host: str) -> Provider | None:
    """Return the mailbox provider (or filter) that runs an MX host."""
    return _provider_mx().first(host)


def provider_named(text: str) -> Provider | None:
    """Return the mailbox provider with this id, name, alias or recipient domain."""
    return first_named(load.providers(), text) or provider_by_domain(text)


@load.kept
def _mailbox_index(field: Field) -> SuffixIndex[MailboxService]:
    return SuffixIndex((name, service) for service in load.mailbox_services() for name in getattr(service, field))


@load.kept
def provider_domains() -> dict[str, Provider]:
    """Return the provider of every recipient domain, the well-sourced ones winning."""
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
    return _services_by_name().get(plain(text))


@load.kept
def _services_by_name() -> dict[str, MailboxService]:
    return {name: one for one in reversed(load.mailbox_services()) for name in names_of(one)}
