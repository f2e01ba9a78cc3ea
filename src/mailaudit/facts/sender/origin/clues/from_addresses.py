"""What the sending addresses say: the sender's own names, who may send through SPF, and the names of machines."""

from collections.abc import Iterable, Iterator

from msgspec.structs import replace

from mailaudit.facts.dns.answer import Answer
from mailaudit.facts.dns.records import IpAddress
from mailaudit.facts.sender.names import is_at_or_under, organizational_domain
from mailaudit.facts.sender.origin.addresses import ReverseName, SendingAddress
from mailaudit.facts.sender.origin.claimed import OWN_SERVER
from mailaudit.facts.sender.origin.clues.delegations import include_clues
from mailaudit.facts.sender.origin.evidence import (
    Clue,
    Place,
    Rank,
    at_most,
    lowest,
    mailbox_clues,
    platform_clues,
    shown_by,
)
from mailaudit.facts.sender.origin.own_names import OwnNames
from mailaudit.facts.sender.spf.model import SpfFacts, SpfResult, SpfVerdict, TraceStep
from mailaudit.knowledge import lookup
from mailaudit.knowledge.hosting import hoster_by_address, hoster_by_reverse_name
from mailaudit.knowledge.receivers import mailbox_service_by
from mailaudit.knowledge.types.fact import Confidence
from mailaudit.knowledge.types.mailbox import Hoster

_RENTED = frozenset({"hosting", "cloud"})
_MACHINES = {"hosting": "a rented server", "access-line": "an access line"}


def address_clues(
    addresses: tuple[SendingAddress, ...], spf: SpfFacts, own: OwnNames, own_domain: str, receivers: frozenset[str]
) -> Iterator[Clue]:
    """Yield what is seen of each sending address; `receivers` are the organizations that take the sender's mail."""
    authorized = {
        verdict.ip: [*shown_by("spf", _authorized(verdict) or _listed(verdict, spf.txt))]
        for verdict in spf.verdicts
    }
    for ip, clues in authorized.items():
        yield from of_address(ip, clues)
    for address in addresses:
        ranges = lookup.platform_by_address(address.ip)
        # Platforms give an address of its own the customer's name: then the name does not tell whose machine it is.
        is_rented = bool(ranges) or any(clue.platform for clue in authorized.get(address.ip, ()))
        clues = [
            *platform_clues(Rank.RANGE, ranges, f"{address.ip} belongs to a range of this service"),
            *_own(address, own, own_domain, Confidence.MEDIUM if is_rented else Confidence.HIGH),
            *_foreign(address, own_domain, receivers),
            *hosted(Rank.RANGE, hoster_by_address(address.ip), str(address.ip)),
        ]
        yield from of_address(address.ip, clues)


def of_address(ip: IpAddress, clues: Iterable[Clue]) -> Iterator[Clue]:
    """Yield clues with the sending address of which they speak."""
    for clue in clues:
        yield replace(clue, address=str(ip))


def _authorized(verdict: SpfVerdict) -> list[Clue]:
    if verdict.result is not SpfResult.PASS:
        return []
    # A term matches after those of the record that it includes, so the outermost comes last; a redirect comes first.
    redirects = [(step, name) for step in verdict.trace if not step.depth and (name := _redirected(step))]
    included = [(step, name) for step in verdict.trace if (name := _included(step))]
    for step, name in (*redirects, *reversed(included)):
        known = [*include_clues(Rank.AUTHORIZED, name, f"SPF lets {verdict.ip} send through {step.term}")]
        if known:
            return known
    return []


def _listed(verdict: SpfVerdict, txt: Answer) -> Iterator[Clue]:
    """Yield the service at whose name the record stands: a bounce domain that is an alias has the service's own record."""
    if verdict.result is not SpfResult.PASS or _lets_everybody(verdict):
        return
    for target in txt.cname_chain:
        matches = lookup.platforms_by("return-path-target", target)
        yield from platform_clues(Rank.AUTHORIZED, matches, f"the SPF record of {target} lists {verdict.ip}")


def _lets_everybody(verdict: SpfVerdict) -> bool:
    return any(step.outcome == "match" and step.term.lower().lstrip("+") == "all" for step in verdict.trace)


def _included(step: TraceStep) -> str | None:
    term = step.term.lower().lstrip("+")
    is_match = step.outcome == "match" and term.startswith("include:")
    return term.partition(":")[2].removesuffix(".") if is_match else None


def _redirected(step: TraceStep) -> str | None:
    name = step.term.lower().partition("redirect=")[2]
    return name.removesuffix(".") or None


def _own(address: SendingAddress, own: OwnNames, own_domain: str, most: Confidence) -> Iterator[Clue]:
    for one in own.owned:
        if one.ip == address.ip:
            yield Clue(Rank.OWN_NAME, Place.OWN_SERVER, one.seen, OWN_SERVER, most)
    for name in address.reverse if address.ptr.is_known else ():
        if is_at_or_under(name.name, own_domain):
            # Anybody can write any name into his reverse zone; one that leads back is the sender's own.
            confidence = most if _leads_back(name, address) else Confidence.LOW
            text = f"the reverse name of {address.ip} is {name.name}"
            yield Clue(Rank.OWN_NAME, Place.OWN_SERVER, text, OWN_SERVER, confidence)


def _foreign(address: SendingAddress, own_domain: str, receivers: frozenset[str]) -> Iterator[Clue]:
    for one in address.reverse if address.ptr.is_known else ():
        if is_at_or_under(one.name, own_domain):
            continue
        is_confirmed = _leads_back(one, address)
        rank = Rank.REVERSE_CONFIRMED if is_confirmed else Rank.REVERSE
        text = f"the {'' if is_confirmed else 'unconfirmed '}reverse name of {address.ip} is {one.name}"
        # A hosting company runs mailboxes and rented servers under one domain: the shape of the name tells them apart.
        yield from (
            [*platform_clues(rank, lookup.platforms_by("reverse-name", one.name), text)]
            or [*_machine(rank, one, text)]
            or [*mailbox_clues(rank, mailbox_service_by("reverse_names", one.name), text)]
            or [*_filter(rank, one.name, text)]
            or [*_receiver(rank, one.name, text, receivers)]
            or [*hosted(rank, hoster_by_reverse_name(one.name), text)]
        )


def _machine(rank: Rank, one: ReverseName, text: str) -> Iterator[Clue]:
    shape = one.shape
    if shape is None or shape.kind not in _MACHINES:
        return
    confidence = Confidence.MEDIUM if rank is Rank.REVERSE_CONFIRMED else Confidence.LOW
    yield Clue(rank, Place.OWN_SERVER, f"{text}, {_MACHINES[shape.kind]} ({shape.name})", shape.name, confidence)


def _filter(rank: Rank, name: str, text: str) -> Iterator[Clue]:
    """Yield whose filter it is: it takes the sender's mail too, and yet is no service of mailboxes."""
    hoster = hoster_by_reverse_name(name)
    if hoster and hoster.kind == "gateway":
        yield from hosted(rank, hoster, text)


def hosted(rank: Rank, hoster: Hoster | None, seen: str) -> Iterator[Clue]:
    """Yield on whose machine the mail runs: a rented server is the sender's own, a filter or an access line shows nobody."""
    if hoster is None:
        return
    confidence = lowest(Confidence.MEDIUM, hoster.provenance.confidence)
    is_range = rank is Rank.RANGE
    told = f"{seen} belongs to a range of {hoster.name}" if is_range else f"{seen}, run by {hoster.name}"
    yield Clue(
        rank=rank,
        place=Place.OWN_SERVER if hoster.kind in _RENTED else Place.UNKNOWN,
        seen=told,
        name=hoster.name,
        confidence=at_most(rank, confidence),
    )


def _receiver(rank: Rank, name: str, text: str, receivers: frozenset[str]) -> Iterator[Clue]:
    owner = organizational_domain(name)
    if owner in receivers:
        confidence = Confidence.MEDIUM if rank is Rank.REVERSE_CONFIRMED else Confidence.LOW
        yield Clue(
            rank, Place.MAILBOX, f"{text}, of {owner}, which also takes the sender's mail", owner, confidence
        )


def _leads_back(one: ReverseName, address: SendingAddress) -> bool:
    return one.forward.is_known and one.leads_to(address.ip)
