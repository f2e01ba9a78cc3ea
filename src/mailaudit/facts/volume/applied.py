"""Which limits apply to a campaign, under which key, and whose mail counts with it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from mailaudit.campaign.model import Campaign
from mailaudit.facts.sender.model import SenderFacts
from mailaudit.facts.volume.flows import OtherFlow
from mailaudit.knowledge.model import Confidence
from mailaudit.knowledge.volume import ordinary_address_limit
from mailaudit.knowledge.volume_model import Counts, Effect, LimitRule, Scope, WindowKind

OWN_SOURCE = "the campaign file"
Belongs = Callable[[OtherFlow], bool]


@dataclass(frozen=True, slots=True)
class Applied:
    """One limit on one key; `belongs` tells which other mail adds to it."""

    rule: LimitRule
    key: str
    belongs: Belongs


def rules_of(campaign: Campaign, *, ordinary: bool) -> Iterator[LimitRule]:
    """Yield the limits that apply: the one of ordinary addresses, and the campaign's own."""
    if ordinary:
        yield ordinary_address_limit()
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
    """Return a limit with the key that it counts for; scopes of a recipient provider are not for here."""
    address = str(campaign.from_.address)

    def same_address(other: OtherFlow) -> bool:
        return other.address is None or other.address == address.lower()

    if rule.scope is Scope.DOMAIN:
        domain = sender.organizational_domain
        return Applied(rule, domain, lambda other: other.domain is None or _within(other.domain, domain))
    if rule.scope is Scope.IP:
        ips = ", ".join(str(ip) for ip in campaign.sending.ips)
        return Applied(rule, ips or "the sending server", same_address)
    return Applied(rule, address, same_address)


def _within(domain: str, parent: str) -> bool:
    return domain == parent or domain.endswith(f".{parent}")
