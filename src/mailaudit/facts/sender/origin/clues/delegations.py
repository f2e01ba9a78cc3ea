"""Whom a record lets send: the services behind SPF includes, DKIM keys and bounce domains, known or not."""

from collections.abc import Iterator

from msgspec.structs import replace

from mailaudit.facts.dns.answer import Answer, Status
from mailaudit.facts.dns.records import mx_names
from mailaudit.facts.sender.names import is_at_or_under, organizational_domain
from mailaudit.facts.sender.origin.evidence import Clue, Place, Rank, at_most, mailbox_clues, platform_clues
from mailaudit.facts.sender.spf.record import parse, select
from mailaudit.knowledge import lookup
from mailaudit.knowledge.hosting import hoster_by_spf
from mailaudit.knowledge.receivers import mailbox_service_by
from mailaudit.knowledge.types.fact import Confidence
from mailaudit.knowledge.types.platform import Platform


def foreign_includes(answer: Answer, own_domain: str) -> tuple[str, ...]:
    """Return the names outside the organization that SPF records include or redirect to, in order, lower case."""
    if answer.status is not Status.ANSWER:
        return ()
    records = [parse(text) for text in select(answer.texts())]
    specs = [
        spec
        for record in records
        for spec in (*(m.domain_spec for m in record.mechanisms if m.name == "include"), record.redirect)
    ]
    names = (spec.lower().removesuffix(".") for spec in specs if spec)
    return tuple(dict.fromkeys(name for name in names if not is_at_or_under(name, own_domain)))


def include_clues(rank: Rank, name: str, seen: str) -> Iterator[Clue]:
    """Yield what an SPF include says: a platform, or else a mailbox service, or else a service known by name alone."""
    known = [*platform_clues(rank, lookup.platforms_by("spf-include", name), seen)]
    known = known or [*mailbox_clues(rank, mailbox_service_by("spf", name), seen)]
    if not known and lookup.other_service(name):
        known = [unnamed(rank, name, seen)]
    yield from known


def candidate(name: str, seen: str) -> Clue:
    """Return the clue of an include that nobody knows: it may be anybody's, and decides nothing."""
    hoster = hoster_by_spf(name)
    return Clue(Rank.CANDIDATE, Place.UNKNOWN, seen, hoster.name if hoster else name, Confidence.LOW)


def unnamed(rank: Rank, name: str, seen: str, confidence: Confidence = Confidence.MEDIUM) -> Clue:
    """Return a clue to some service that nobody knows, or knows by name alone: not the sender's own, and no known pool."""
    service = lookup.other_service(name)
    owner = service.name if service else organizational_domain(name)
    return Clue(rank, Place.PLATFORM, seen, owner, at_most(rank, confidence))


def key_clues(rank: Rank, selector: str, domain: str, answer: Answer) -> Iterator[Clue]:
    """Yield what a DKIM key says: the service to which it is delegated, or whose selector name it bears."""
    name = f"{selector}._domainkey.{domain}"
    for target in answer.cname_chain:
        seen = f"the DKIM key {name} is delegated to {target}"
        matches = lookup.platforms_by("dkim-target", target)
        is_dangling = answer.status in {Status.NXDOMAIN, Status.NODATA}
        yield from platform_clues(rank, matches, seen, is_key=True, is_dangling=is_dangling)
        service = mailbox_service_by("dkim_domains", target)
        if not matches and service:
            yield from mailbox_clues(rank, service, seen)
        if matches or service:
            return
    if answer.status is not Status.ANSWER and not answer.cname_chain:
        return
    seen = f"the DKIM key {name} bears the name that this service gives to its keys"
    matches = lookup.platform_by_dkim_selector(selector)
    for clue in platform_clues(max(rank, Rank.MESSAGE), matches, seen, is_key=True):
        if not answer.cname_chain:
            yield clue
        elif _leads_anywhere(selector, clue.platform):
            yield replace(clue, confidence=Confidence.LOW)


def _leads_anywhere(selector: str, platform: Platform | None) -> bool:
    """Say whether a platform documents an alias at a selector and keeps to itself where it leads."""
    name = f"{selector.lower()}._domainkey"
    records = platform.records if platform else ()
    return any(one.type == "CNAME" and one.name == name and one.value == "<id>" for one in records)


def named_after(rank: Rank, selector: str, domain: str, included: tuple[str, ...]) -> Iterator[Clue]:
    """Yield a clue to a service that nobody knows when a key bears the name of an organization that SPF includes."""
    words = selector.lower().replace("_", "-").split("-")
    for name in included:
        owner = organizational_domain(name)
        if owner.partition(".")[0] not in words:
            continue
        if not (lookup.platforms_by("spf-include", name) or mailbox_service_by("spf", name)):
            seen = f"the DKIM key {selector}._domainkey.{domain} bears the name of {owner}, which SPF includes"
            yield unnamed(rank, owner, seen, Confidence.LOW)


def bounce_clues(rank: Rank, name: str, answer: Answer) -> Iterator[Clue]:
    """Yield the known services to which a bounce domain leads: by its alias, its mail servers or its SPF record."""
    for target in answer.cname_chain:
        matches = lookup.platforms_by("return-path-target", target) or lookup.platforms_by(
            "tracking-target", target
        )
        yield from platform_clues(rank, matches, f"{name} is delegated to {target}")
        if not matches and lookup.other_service(target):
            yield unnamed(max(rank, Rank.DELEGATED_ELSEWHERE), target, f"{name} is delegated to {target}")
    if answer.status is not Status.ANSWER:
        return
    if answer.type == "MX":
        for host in mx_names(answer):
            matches = lookup.platforms_by("return-path-mx", host)
            yield from platform_clues(rank, matches, f"bounces to {name} go to {host}")
    else:
        for include in foreign_includes(answer, name):
            seen, weaker = f"SPF of {name} includes {include}", max(rank, Rank.AUTHORIZED)
            matches = lookup.platforms_by("spf-include", include)
            yield from platform_clues(weaker, matches, seen)
            if not matches and lookup.other_service(include):
                yield unnamed(weaker, include, seen)


def bounces_elsewhere(
    rank: Rank, name: str, mx: Answer, txt: Answer, own_domain: str, *, is_set_apart: bool
) -> Iterator[Clue]:
    """Yield the services that nobody knows to which a bounce domain leads.

    A foreign mail server says so only for a name that is set apart for bounces, or whose SPF lets the same organization
    send: any sub-domain may have mailboxes elsewhere.
    """
    target = next(iter((mx.cname_chain or txt.cname_chain)[-1:]), None)
    is_for_mail = Status.ANSWER in {mx.status, txt.status}
    if target and is_set_apart and is_for_mail and not is_at_or_under(target, own_domain):
        yield unnamed(rank, target, f"the bounce domain {name} is delegated to {target}")
    if target or mx.status is not Status.ANSWER:
        return
    included = {organizational_domain(one) for one in foreign_includes(txt, own_domain)}
    for host in mx_names(mx):
        owner = organizational_domain(host)
        if is_at_or_under(host, own_domain) or mailbox_service_by("mx", host):
            continue
        if is_set_apart or owner in included:
            yield unnamed(rank, host, f"bounces to {name} go to {host}", Confidence.LOW)
