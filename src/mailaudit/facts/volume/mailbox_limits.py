"""What the mailbox service, through which the campaign leaves, lets one user send."""

from collections.abc import Iterator

from mailaudit.facts.sender.names import is_at_or_under
from mailaudit.facts.volume.mailing import Mailing
from mailaudit.knowledge.load import mailbox_services
from mailaudit.knowledge.types.fact import Confidence
from mailaudit.knowledge.types.mailbox import MailboxLimit, MailboxService
from mailaudit.knowledge.types.volume import Counts, Effect, LimitRule, Scope, WindowKind

# A plug-in's preset is a cautious setting, and what a control panel allows is each host's own choice.
_NO_PROMISE = frozenset({"plugin-preset", "panel", "forwarding"})
_PRIVATE = frozenset({"consumer", "isp"})
_SCOPES = {"domain": Scope.DOMAIN, "tenant": Scope.DOMAIN, "client-ip": Scope.IP}
# Mail to colleagues is no campaign, and nobody knows who was never written to before.
_OTHER_MAIL = frozenset({"internal", "new"})


def mailbox_rules(mailing: Mailing) -> Iterator[LimitRule]:
    """Yield the limits of the service, if it is known.

    A limit that depends on a condition (a trial, the age of a contract) that nobody told is of low confidence,
    unless the service has no other for that window: then the largest is what holds for everybody.
    """
    service = service_of(mailing)
    if service is None:
        return
    limits = [limit for limit in service.limits if limit.which not in _OTHER_MAIL]
    told: set[tuple[object, ...]] = set()
    for limit in limits:
        for rule in _rules(service, limit, certain=_holds_for_all(limit, limits)):
            if rule.likeness not in told:
                told.add(rule.likeness)
                yield rule


def service_of(mailing: Mailing) -> MailboxService | None:
    """Return the service that takes the campaign's mail: by its server, or as it was concluded."""
    services = [service for service in mailbox_services() if service.kind not in _NO_PROMISE]
    domain, host = mailing.address.domain, mailing.submission_host
    if host is not None:
        found = [service for service in services if _below(host, service.smtp_hosts)]
        of_the_domain = [service for service in found if _below(domain, service.domains)]
        # Private people and firms may share a server: a domain of one's own is a firm's.
        firms = [service for service in found if service.kind not in _PRIVATE]
        if found:
            return next(iter((*of_the_domain, *firms, *found)))
    seen = mailing.mailbox
    return seen if seen is not None and seen.kind not in _NO_PROMISE else None


def _holds_for_all(limit: MailboxLimit, limits: list[MailboxLimit]) -> bool:
    likeness = (limit.window_s, limit.counts, limit.scope)
    alike = [one for one in limits if (one.window_s, one.counts, one.scope) == likeness]
    if any(one.condition is None for one in alike):
        return limit.condition is None
    return limit is max(alike, key=lambda one: one.up_to or one.max)


def _rules(service: MailboxService, limit: MailboxLimit, *, certain: bool) -> Iterator[LimitRule]:
    """Yield one rule, or two when the published limit is a range: the upper end binds everybody."""
    confidence = limit.provenance.confidence if certain else Confidence.LOW
    if limit.up_to is not None:
        yield _rule(service, limit, limit.up_to, confidence)
        confidence = Confidence.LOW
    yield _rule(service, limit, limit.max, confidence)


def _rule(service: MailboxService, limit: MailboxLimit, maximum: int, confidence: Confidence) -> LimitRule:
    condition = f", {limit.condition}" if limit.condition else ""
    return LimitRule(
        name=f"{service.name}{condition}",
        scope=_SCOPES.get(limit.scope, Scope.USER),
        window_s=limit.window_s,
        max=maximum,
        source=limit.provenance.source,
        confidence=confidence,
        effect=Effect.BLOCK,
        kind=WindowKind(limit.window),
        counts=Counts(limit.counts),
        checked=limit.provenance.date,
        consequence="refuse the rest and block the mailbox, often for a day",
    )


def _below(name: str, suffixes: tuple[str, ...]) -> bool:
    return any(is_at_or_under(name, suffix) for suffix in suffixes)
