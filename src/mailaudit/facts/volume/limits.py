"""Which limits apply to a campaign, under which key, and whose mail counts with it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from mailaudit.campaign.model import Campaign
from mailaudit.facts.sender.model import SenderFacts
from mailaudit.facts.volume.mailbox_limits import mailbox_rules
from mailaudit.facts.volume.streams import OtherFlow
from mailaudit.knowledge.model import Confidence
from mailaudit.knowledge.volume import ordinary_address_limit, provider_limits, relays
from mailaudit.knowledge.volume_model import Counts, Effect, LimitRule, Scope, WindowKind

OWN_SOURCE = "the campaign file"
OF_A_PROVIDER = frozenset({Scope.PROVIDER, Scope.IP_PROVIDER})
Belongs = Callable[[OtherFlow], bool]


@dataclass(frozen=True, slots=True)
class Applied:
    """One limit on one key; `belongs` tells which other mail adds to it."""

    rule: LimitRule
    key: str
    belongs: Belongs


def rules_of(campaign: Campaign, sender: SenderFacts, *, ordinary: bool) -> Iterator[LimitRule]:
    """Yield the limits that apply: of ordinary addresses, of the mailbox service or relay, and the campaign's own."""
    if ordinary:
        yield ordinary_address_limit()
        yield from mailbox_rules(campaign, sender)
        for relay in relays():
            if any(within(campaign.from_domain, domain) for domain in relay.from_domains):
                yield from relay.rules
        yield from provider_limits()
    yield from own_rules(campaign)


def own_rules(campaign: Campaign) -> Iterator[LimitRule]:
    """Yield the limits of the campaign file."""
    for own in campaign.limits:
        yield LimitRule(
            name=own.name,
            scope=Scope(own.scope),
            window_s=own.window.seconds,
            max=own.max,
            source=OWN_SOURCE,
            confidence=Confidence.HIGH,
            effect=Effect(own.effect or Effect.DEFER),
            kind=WindowKind(own.kind or WindowKind.SLIDING),
            warn=own.warn,
            counts=Counts(own.counts or Counts.MESSAGES),
            own=True,
        )


def applied(rule: LimitRule, campaign: Campaign, sender: SenderFacts) -> Applied:
    """Return a limit on what leaves, with its key."""
    address = str(campaign.from_.address)

    def same_address(other: OtherFlow) -> bool:
        return other.address is None or other.address == address.lower()

    if rule.scope is Scope.DOMAIN:
        domain = sender.organizational_domain
        return Applied(rule, domain, lambda other: other.domain is None or within(other.domain, domain))
    if rule.scope is Scope.IP:
        return Applied(rule, addresses_of(campaign), same_address)
    return Applied(rule, address, same_address)


def applied_to_provider(rule: LimitRule, provider: str, campaign: Campaign) -> Applied:
    """Return a limit on what one recipient provider gets; nobody knows where the other mail goes."""
    key = f"{addresses_of(campaign)} to {provider}" if rule.scope is Scope.IP_PROVIDER else provider
    return Applied(replace(rule, provider=provider), key, lambda _: False)


def addresses_of(campaign: Campaign) -> str:
    """Return the sending addresses as one key: all mail may leave through any of them."""
    return ", ".join(str(ip) for ip in campaign.sending.ips) or "the sending server"


def within(domain: str, parent: str) -> bool:
    """Say whether a domain is another one or lies below it."""
    return domain == parent or domain.endswith(f".{parent}")
