"""Where the campaign leaves from, concluded from every clue: composer over transport, evidence over belief."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from mailaudit.facts.dns.answer import Answer, Status
from mailaudit.facts.sender.claims import SenderClaims
from mailaudit.facts.sender.dkim.observe import DkimFacts
from mailaudit.facts.sender.mail_servers.mx import MailExchange
from mailaudit.facts.sender.names import is_at_or_under
from mailaudit.facts.sender.origin.addresses import HeloName, ReverseName, SendingAddress
from mailaudit.facts.sender.origin.clues import Clue, Place, Rank, mailbox_clues, platform_clues
from mailaudit.facts.sender.origin.published_for_services import include_clues, key_clues
from mailaudit.facts.sender.spf.model import SpfFacts, SpfResult, TraceStep
from mailaudit.knowledge import lookup
from mailaudit.knowledge.names import is_below
from mailaudit.knowledge.receivers import (
    mailbox_service_by_domain,
    mailbox_service_by_reverse_name,
    mailbox_service_by_smtp,
)
from mailaudit.knowledge.types.fact import Confidence
from mailaudit.knowledge.types.mailbox import MailboxService


@dataclass(frozen=True, slots=True)
class Seen:
    """Everything that was looked at, before anything is concluded.

    `own` are observations that the addresses belong to the sender's names; `smtp` is the answer for the server to
    which mail is handed.
    """

    claims: SenderClaims
    own_domain: str
    spf: SpfFacts
    dkim: tuple[DkimFacts, ...]
    addresses: tuple[SendingAddress, ...]
    helo: HeloName | None
    bounces: MailExchange | None
    smtp: Answer | None
    own: tuple[str, ...]


def clues_of(seen: Seen) -> tuple[Clue, ...]:
    """Return the clues of DNS and of the campaign file, the strongest first."""
    found = [
        *_keys(seen),
        *_envelope(seen),
        *_smtp(seen),
        *_authorized(seen),
        *(
            Clue(Rank.OWN_NAME, Place.OWN_SERVER, reason, "your own server", Confidence.HIGH)
            for reason in seen.own
        ),
        *(clue for address in seen.addresses for clue in _address(address, seen.own_domain)),
        *_from_address(seen),
    ]
    return tuple(sorted(dict.fromkeys(found), key=lambda clue: clue.rank))


def _own(reason: str) -> Clue:
    # A dedicated address at a platform often has a reverse name of the customer's.
    is_reverse = reason.startswith("the reverse name ")
    rank = Rank.REVERSE_CONFIRMED if is_reverse else Rank.OWN_NAME
    return Clue(
        rank, Place.OWN_SERVER, reason, "your own server", Confidence.MEDIUM if is_reverse else Confidence.HIGH
    )


def _keys(seen: Seen) -> Iterator[Clue]:
    for key in seen.dkim:
        domain, name = key.selector.domain, key.selector.name
        known = [*key_clues(Rank.SIGNATURE, key.selector.selector, domain, key.answer)]
        known += platform_clues(Rank.SIGNATURE, lookup.platform_by_dkim_domain(domain), f"{domain} signs the mail")
        yield from known
        target = key.cname_target
        if target and not known and not is_at_or_under(target, seen.own_domain):
            text = f"the DKIM key {name} is delegated to {target}"
            yield Clue(Rank.SIGNATURE, Place.PLATFORM, text, target, Confidence.MEDIUM)


def _envelope(seen: Seen) -> Iterator[Clue]:
    domain = seen.claims.mail_from_domain
    yield from platform_clues(Rank.ENVELOPE, lookup.platform_by_return_path(domain), f"bounces go to {domain}")
    for target in seen.spf.txt.cname_chain:
        matches = lookup.platform_by_return_path_target(target)
        yield from platform_clues(Rank.ENVELOPE, matches, f"the bounce domain {domain} is delegated to {target}")
    for host in seen.bounces.hosts if seen.bounces else ():
        matches = lookup.platform_by_return_path_mx(host.name)
        yield from platform_clues(Rank.ENVELOPE, matches, f"bounces to {domain} go to {host.name}")
    if seen.helo:
        matches = lookup.platform_by_return_path(seen.helo.name) or lookup.platform_by_reverse_name(seen.helo.name)
        yield from platform_clues(Rank.ENVELOPE, matches, f"the server says that it is {seen.helo.name}")


def _smtp(seen: Seen) -> Iterator[Clue]:
    host = seen.claims.submission_host
    if host is None:
        return
    found: list[Clue] = []
    for name in (host, *(seen.smtp.cname_chain if seen.smtp else ())):
        text = f"mail is handed to {name}"
        matches = lookup.platform_by_smtp_host(name)
        found += platform_clues(Rank.ENVELOPE, matches, text)
        if not matches:
            found += mailbox_clues(Rank.ENVELOPE, _taking(name, seen.claims.from_domain), text)
    if not found and is_at_or_under(host, seen.own_domain):
        text = f"mail is handed to {host}, a name of your own domain"
        found.append(Clue(Rank.REVERSE, Place.OWN_SERVER, text, "your own server", Confidence.LOW))
    yield from found


def _taking(host: str, from_domain: str) -> MailboxService | None:
    """Return the service behind a server; where private people and firms share one, the From domain tells them apart."""
    private = mailbox_service_by_domain(from_domain)
    if private and any(is_below(host, name) for name in private.smtp_hosts):
        return private
    return mailbox_service_by_smtp(host)


def _authorized(seen: Seen) -> Iterator[Clue]:
    for verdict in seen.spf.verdicts:
        if verdict.result is not SpfResult.PASS:
            continue
        followed = [(step, name) for step in verdict.trace if (name := _included(step))]
        # A term matches after those of the record that it includes: the outermost comes last.
        for step, name in reversed(followed):
            text = f"SPF lets {verdict.ip} send through {step.term}"
            known = [*include_clues(Rank.AUTHORIZED, name, text)]
            yield from known
            if known:
                break
        else:
            foreign = [(step, name) for step, name in followed if not is_at_or_under(name, seen.own_domain)]
            if foreign:
                step, name = foreign[-1]
                text = f"SPF lets {verdict.ip} send through {step.term}"
                yield Clue(Rank.AUTHORIZED, Place.PLATFORM, text, name, Confidence.MEDIUM)


def _included(step: TraceStep) -> str | None:
    term = step.term.lower().lstrip("+")
    is_match = step.outcome == "match" and term.startswith("include:")
    return term.partition(":")[2].removesuffix(".") if is_match else None


def _address(address: SendingAddress, own_domain: str) -> Iterator[Clue]:
    text = f"{address.ip} belongs to a range of this service"
    yield from platform_clues(Rank.REVERSE, lookup.platform_by_address(address.ip), text)
    if not address.ptr.is_known:
        return
    for one in address.reverse:
        if is_at_or_under(one.name, own_domain):
            # `OwnNames` has told it: a machine with the sender's own name may still be a platform's.
            continue
        is_confirmed = _leads_back(one, address)
        rank = Rank.REVERSE_CONFIRMED if is_confirmed else Rank.REVERSE
        text = f"the reverse name of {address.ip} is {one.name}" + ("" if is_confirmed else ", unconfirmed")
        matches = lookup.platform_by_reverse_name(one.name)
        yield from platform_clues(rank, matches, text)
        if matches:
            continue
        # A hosting company runs mailboxes and rented servers under one domain: the shape of the name tells them apart.
        machine = [*_machine(rank, one, text)]
        yield from machine
        if not machine:
            yield from mailbox_clues(rank, mailbox_service_by_reverse_name(one.name), text)


def _leads_back(one: ReverseName, address: SendingAddress) -> bool:
    forward = one.forward
    return forward is not None and forward.status is Status.ANSWER and one.leads_to(address.ip)


def _machine(rank: Rank, one: ReverseName, text: str) -> Iterator[Clue]:
    shape = one.shape
    words = {"hosting": "a rented server", "access-line": "an access line"}
    if shape is None or shape.kind not in words:
        return
    confidence = Confidence.MEDIUM if rank is Rank.REVERSE_CONFIRMED else Confidence.LOW
    yield Clue(rank, Place.OWN_SERVER, f"{text}, {words[shape.kind]} ({shape.name})", shape.name, confidence)


def _from_address(seen: Seen) -> Iterator[Clue]:
    service = mailbox_service_by_domain(seen.claims.from_domain)
    if service:
        text = f"the From address belongs to {service.name}"
        yield from mailbox_clues(Rank.FROM_ADDRESS, service, text)
