"""What DNS says of the names that this campaign uses: its keys, its bounce domain, its server, the domain of From."""

from collections.abc import Iterator

from msgspec.structs import replace

from mailaudit.facts.dns.answer import Status
from mailaudit.facts.dns.records import addresses_in
from mailaudit.facts.sender.dkim.observe import DkimFacts, SelectorSource
from mailaudit.facts.sender.names import is_at_or_under, organizational_domain
from mailaudit.facts.sender.origin.claimed import OWN_SERVER
from mailaudit.facts.sender.origin.clues.delegated_zones import zone_clues
from mailaudit.facts.sender.origin.clues.delegations import (
    bounce_clues,
    bounces_elsewhere,
    foreign_includes,
    key_clues,
    named_after,
    unnamed,
)
from mailaudit.facts.sender.origin.clues.from_addresses import address_clues
from mailaudit.facts.sender.origin.evidence import (
    Clue,
    Place,
    Rank,
    in_order,
    mailbox_clues,
    platform_clues,
    shown_by,
)
from mailaudit.facts.sender.origin.lost_answers import Unseen, lost, unseen
from mailaudit.facts.sender.origin.seen import Seen
from mailaudit.facts.sender.spf.model import SpfResult
from mailaudit.knowledge import lookup
from mailaudit.knowledge.names import is_below
from mailaudit.knowledge.receivers import mailbox_service_by, mailbox_service_by_domain
from mailaudit.knowledge.types.fact import Confidence
from mailaudit.knowledge.types.mailbox import MailboxService


def clues_of(seen: Seen) -> tuple[Clue, ...]:
    """Return the clues of DNS and of the campaign file, the strongest first."""
    submission = tuple(_submission(seen))
    named = Rank.PREPARED if _is_elsewhere(seen, submission) else Rank.DELEGATED
    return in_order(
        (
            *shown_by("dkim", _keys(seen, named)),
            *shown_by("bounces", _bounces(seen, named)),
            *shown_by("ns", zone_clues(named, seen.around.zones)),
            *submission,
            *_greeting(seen),
            *address_clues(seen.around.addresses, seen.spf, seen.own, seen.own_domain, seen.receivers),
            *_from_address(seen),
        )
    )


def _is_elsewhere(seen: Seen, submission: tuple[Clue, ...]) -> bool:
    """Say whether the campaign names a place that neither signs with keys of a platform nor sends its bounces there.

    A mailbox service is one, and so is the sender's own host of more than mail, unless it hands its mail to a platform.
    """
    places = {clue.place for clue in submission if clue.confidence is not Confidence.LOW}
    is_own_host = any(one.serves for one in seen.own.owned)
    return any(clue.place is Place.MAILBOX for clue in submission) or (
        is_own_host and Place.PLATFORM not in places
    )


def unseen_of(seen: Seen) -> Iterator[Unseen]:
    """Yield the look-ups that failed, the strongest evidence that they could have been first."""
    claims = seen.claims
    # An alias tells whom a key or a bounce domain belongs to, whatever lies behind it.
    yield from lost(Rank.DELEGATED, *(key.answer for key in seen.dkim if not key.answer.cname_chain))
    if claims.return_path and claims.mail_from_domain != claims.from_domain and seen.bounces:
        yield from lost(Rank.DELEGATED, *(() if seen.bounces.mx.cname_chain else (seen.bounces.mx,)))
    yield from lost(Rank.DELEGATED, *seen.around.zones)
    yield from seen.own.failures
    for address in seen.around.addresses:
        yield from unseen(Rank.OWN_NAME, address.ptr)
        yield from lost(Rank.REVERSE_CONFIRMED, address.ptr)
        for one in address.reverse if address.ptr.is_known else ():
            is_own = is_at_or_under(one.name, seen.own_domain)
            yield from lost(Rank.OWN_NAME if is_own else Rank.REVERSE_CONFIRMED, one.forward)
    yield from lost(Rank.SUBMISSION, seen.around.smtp)
    if seen.incoming and (claims.submission_host or seen.around.addresses):
        yield from lost(Rank.SUBMISSION if claims.submission_host else Rank.REVERSE_CONFIRMED, seen.incoming.mx)
    for verdict in seen.spf.verdicts:
        if verdict.result is SpfResult.TEMPERROR or verdict.doubt:
            yield Unseen(Rank.AUTHORIZED, verdict.doubt or verdict.reason)


def _keys(seen: Seen, named: Rank) -> Iterator[Clue]:
    """Yield what the keys show; `named` is the rank of those that the campaign file names."""
    included = foreign_includes(seen.spf.txt, seen.own_domain)
    for key in seen.dkim:
        rank = _rank_of(key, seen, named)
        domain, selector, target = key.selector.domain, key.selector.selector, key.cname_target
        known = [*key_clues(rank, selector, domain, key.answer)]
        if rank is not Rank.SAMPLE and not is_at_or_under(domain, seen.own_domain):
            # What somebody else has delegated shows nothing of this sender.
            known = [_doubted(clue) if clue.platform else clue for clue in known]
        signers = platform_clues(rank, lookup.platforms_by("dkim-domain", domain), f"{domain} signs the mail")
        # What the file says of a name that is not the sender's has been delegated by nobody.
        known += signers if rank is Rank.SAMPLE else (_doubted(clue) for clue in signers)
        if target and not known and not is_at_or_under(target, seen.own_domain):
            known.append(
                unnamed(
                    Rank.DELEGATED_ELSEWHERE, target, f"the DKIM key {key.selector.name} is delegated to {target}"
                )
            )
        is_key = key.answer.status is Status.ANSWER and not known
        yield from known or (named_after(Rank.DELEGATED_ELSEWHERE, selector, domain, included) if is_key else ())


def _rank_of(key: DkimFacts, seen: Seen, named: Rank) -> Rank:
    if key.selector.name in seen.proven:
        return Rank.SAMPLE
    is_unproven = key.selector.source is SelectorSource.MESSAGE and seen.around.message.is_doubted
    return Rank.PREPARED if is_unproven else named


def _bounces(seen: Seen, named: Rank) -> Iterator[Clue]:
    claims, domain = seen.claims, seen.claims.mail_from_domain
    # Without a return path of its own, nobody says that bounces go where mail to the From domain goes.
    rank = named if claims.return_path else Rank.PREPARED
    is_own_name = claims.return_path is not None and domain != claims.from_domain
    answers = (seen.spf.txt, *((seen.bounces.mx,) if seen.bounces else ()))
    said = platform_clues(rank, lookup.platforms_by("return-path", domain), f"bounces go to {domain}")
    found = [_doubted(clue) for clue in said]
    if is_own_name:
        looked_up = [clue for answer in answers for clue in bounce_clues(rank, domain, answer)]
        # An include of a bounce domain may stand beside addresses of one's own.
        is_own = is_at_or_under(domain, seen.own_domain)
        found += [clue if is_own and clue.rank is not Rank.AUTHORIZED else _doubted(clue) for clue in looked_up]
    yield from found
    if is_own_name and not found and seen.bounces:
        yield from bounces_elsewhere(
            Rank.DELEGATED_ELSEWHERE, domain, seen.bounces.mx, seen.spf.txt, seen.own_domain, is_set_apart=True
        )


def _doubted(clue: Clue) -> Clue:
    """Return a clue as a guess."""
    return replace(clue, confidence=Confidence.LOW)


def _submission(seen: Seen) -> Iterator[Clue]:
    host = seen.claims.submission_host
    if host is None:
        return
    found: list[Clue] = []
    for name in (host, *(seen.around.smtp.cname_chain if seen.around.smtp else ())):
        text = f"mail is handed to {name}"
        matches = lookup.platforms_by("smtp-host", name)
        found += platform_clues(Rank.SUBMISSION, matches, text)
        if not matches:
            found += mailbox_clues(Rank.SUBMISSION, _taking(name, seen), text)
    if not found and is_at_or_under(host, seen.own_domain):
        text = f"mail is handed to {host}, a name of your own domain"
        found.append(Clue(Rank.SUBMISSION, Place.OWN_SERVER, text, OWN_SERVER, Confidence.LOW))
    owner = organizational_domain(host)
    if not found and owner in seen.receivers:
        text = f"mail is handed to {host}, of {owner}, which also takes the mail of {seen.claims.from_domain}"
        found.append(Clue(Rank.SUBMISSION, Place.MAILBOX, text, owner, Confidence.MEDIUM))
    if not found:
        # Whoever gives mailboxes to the public below a name takes its users' mail at a server of that name.
        text = f"mail is handed to {host}, of a provider of mailboxes"
        taking = mailbox_clues(Rank.SUBMISSION, mailbox_service_by_domain(owner), text)
        found += (_doubted(clue) for clue in taking)
    yield from found


def _greeting(seen: Seen) -> Iterator[Clue]:
    if seen.around.helo is None:
        return
    name = seen.around.helo.name
    text = f"the server says that it is {name}"
    matches = lookup.platforms_by("return-path", name) or lookup.platforms_by("reverse-name", name)
    # Anybody can greet with any name; one that leads to the sending address is that machine's.
    is_shown = any(
        answer.status is Status.ANSWER
        and {address.ip for address in seen.around.addresses} & {*addresses_in(answer)}
        for answer in seen.around.helo.forward
    )
    for clue in platform_clues(Rank.SUBMISSION, matches, text):
        yield clue if is_shown else replace(clue, confidence=Confidence.LOW)
    if not matches and is_at_or_under(name, seen.own_domain) and not mailbox_service_by_domain(seen.own_domain):
        text = f"the server says that it is {name}, a name of your own domain"
        yield Clue(Rank.GREETING, Place.OWN_SERVER, text, OWN_SERVER, Confidence.MEDIUM)


def _taking(host: str, seen: Seen) -> MailboxService | None:
    """Return the service behind a server; where private people and firms share one, the From domain tells them apart."""
    private = mailbox_service_by_domain(seen.claims.from_domain)
    if private and (
        is_at_or_under(host, seen.own_domain) or any(is_below(host, name) for name in private.smtp_hosts)
    ):
        return private
    return mailbox_service_by("smtp_hosts", host)


def _from_address(seen: Seen) -> Iterator[Clue]:
    service = mailbox_service_by_domain(seen.claims.from_domain)
    if service:
        text = f"the From address belongs to {service.name}"
        yield from mailbox_clues(Rank.FROM_ADDRESS, service, text)
