"""Which limits apply to a campaign, under which key, and whose mail counts with it."""

from collections.abc import Callable, Iterable, Iterator

from msgspec import Struct
from msgspec.structs import replace

from mailaudit.facts.sender.names import is_at_or_under
from mailaudit.facts.volume.flow.sending_hours import DAY
from mailaudit.facts.volume.flow.stream_math import Runs
from mailaudit.facts.volume.flow.streams import Flows, Party
from mailaudit.facts.volume.mailbox_limits import mailbox_rules
from mailaudit.facts.volume.mailing import Mailing
from mailaudit.knowledge.types.volume import LimitRule, Scope
from mailaudit.knowledge.volume import ordinary_address_limit, provider_limits, relays

OF_A_PROVIDER = frozenset({Scope.PROVIDER, Scope.IP_PROVIDER})
Belongs = Callable[[Party], bool]


class CampaignLimit(Struct, frozen=True):
    """A limit on one key; `belongs` tells which other mail adds to it, `has_reserve` whether a plan leaves some free."""

    rule: LimitRule
    key: str
    belongs: Belongs
    has_reserve: bool = True

    def others(self, flows: Flows) -> list[Runs]:
        """Return the streams of the other mail that adds to it."""
        return [other.stream for other in flows.others if self.belongs(other.party)]


def rules_of(mailing: Mailing) -> Iterator[LimitRule]:
    """Yield the limits that apply: of ordinary addresses, of the mailbox service or relay, and the campaign's own.

    Those of ordinary addresses apply until it is known that none sends: who asks before then must ask again.
    """
    own = {rule.likeness: rule for rule in reversed(mailing.own_limits)}
    if mailing.ordinary.value is not False:
        yield ordinary_address_limit()
        # What the campaign file repeats is told once, as its own.
        yield from (rule for rule in mailbox_rules(mailing) if rule.likeness not in own)
        for relay in relays():
            if any(is_at_or_under(mailing.address.domain, domain) for domain in relay.from_domains):
                yield from relay.rules
        yield from provider_limits()
    yield from reversed(own.values())


def reach_of(rules: Iterable[LimitRule]) -> int:
    """Return how many seconds around it other mail matters: a week, which receivers are used to, or a longer window."""
    return max([8 * DAY, *(rule.window_s for rule in rules)])


def limit_of_campaign(rule: LimitRule, mailing: Mailing) -> CampaignLimit:
    """Return a limit on what leaves, with its key."""
    address = str(mailing.address)

    def same_address(other: Party) -> bool:
        return other.address is None or other.address == address.lower()

    if rule.scope is Scope.DOMAIN:
        domain = mailing.organizational_domain
        return CampaignLimit(
            rule, domain, lambda other: other.domain is None or is_at_or_under(other.domain, domain)
        )
    if rule.scope is Scope.IP:
        return CampaignLimit(rule, addresses_of(mailing), same_address)
    return CampaignLimit(rule, address, same_address)


def limit_on_provider(rule: LimitRule, provider: str, mailing: Mailing) -> CampaignLimit:
    """Return a limit on what one recipient provider gets; nobody knows where the other mail goes."""
    key = f"{addresses_of(mailing)} to {provider}" if rule.scope is Scope.IP_PROVIDER else provider
    return CampaignLimit(replace(rule, provider=provider), key, lambda _: False)


def addresses_of(mailing: Mailing) -> str:
    """Return the sending addresses as one key: all mail may leave through any of them."""
    return ", ".join(str(ip) for ip in mailing.ips) or "the sending server"
