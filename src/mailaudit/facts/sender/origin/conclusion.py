"""The verdict on where a campaign leaves from: what it says, then the strongest clue, with the whole trail."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from mailaudit.facts.observed import Observed
from mailaudit.facts.sender.claims import SenderClaims
from mailaudit.facts.sender.origin.clues import Clue, Place, Rank
from mailaudit.facts.sender.origin.own_names import NO_PLATFORM, SendsVia
from mailaudit.knowledge.lookup import platform_named
from mailaudit.knowledge.receivers import mailbox_service_named
from mailaudit.knowledge.types.fact import Confidence
from mailaudit.knowledge.types.mailbox import MailboxService
from mailaudit.knowledge.types.platform import Platform

_VIA = {
    Place.PLATFORM: SendsVia.PLATFORM,
    Place.OWN_SERVER: SendsVia.OWN_SERVER,
    Place.MAILBOX: SendsVia.MAILBOX,
}


@dataclass(frozen=True, slots=True)
class Verdict:
    """Where a campaign leaves from.

    `platform` is the service in which it is written (or the only one known), `transport` the one that carries it
    when that is another, `software` a program of the sender's own, `mailbox` the mailbox service. `declared` is the
    platform that the campaign names, when the knowledge base knows it. `clues` is the whole trail, the strongest
    first; `reasons` are those that decided. `missing` tells what to add to the campaign file to know more.
    """

    via: Observed[SendsVia]
    confidence: Confidence
    reasons: tuple[str, ...]
    clues: tuple[Clue, ...]
    platform: Platform | None = None
    transport: Platform | None = None
    software: str | None = None
    mailbox: MailboxService | None = None
    declared: Platform | None = None
    missing: tuple[str, ...] = ()
    said: str | None = None

    @property
    def platform_name(self) -> str | None:
        """The platform's name in the knowledge base, or what the campaign calls it; nothing when there is none."""
        return self.platform.id if self.platform else self.said


def conclude(claims: SenderClaims, clues: tuple[Clue, ...], failures: tuple[str, ...]) -> Verdict:
    """Return the verdict; with no clue at all and look-ups that failed, it is unavailable."""
    said = claims.platform
    if said and said.lower() != NO_PLATFORM:
        return _as_declared(claims, said, clues)
    best = _best(clues)
    if said:
        return _without_platform(claims, clues, best)
    if best is None or best.name == "":
        return _unknown(claims, clues, failures)
    return _by(best, claims, clues)


def _as_declared(claims: SenderClaims, said: str, clues: tuple[Clue, ...]) -> Verdict:
    reason = f"the campaign says `platform: {said}`"
    service = mailbox_service_named(said)
    declared = platform_named(said)
    if service and not declared:
        via = Observed.known(SendsVia.MAILBOX)
        return Verdict(via, Confidence.HIGH, (reason,), clues, mailbox=service)
    agreeing = [clue for clue in clues if declared and clue.platform and agrees(declared, clue.platform)]
    confidence = max((clue.confidence for clue in agreeing), key=lambda c: c.rank, default=Confidence.LOW)
    return Verdict(
        via=Observed.known(SendsVia.PLATFORM),
        confidence=confidence,
        reasons=(reason, *_texts(agreeing)),
        clues=clues,
        platform=declared,
        transport=_transport(declared, clues) if declared else None,
        software=_software(claims, clues),
        declared=declared,
        said=said,
    )


def _without_platform(claims: SenderClaims, clues: tuple[Clue, ...], best: Clue | None) -> Verdict:
    reason = "the campaign says `platform: none`"
    software = _software(claims, clues)
    if best and best.place is Place.MAILBOX:
        agreeing = [clue for clue in clues if clue.place is Place.MAILBOX and clue.name == best.name]
        via = Observed.known(SendsVia.MAILBOX)
        return Verdict(
            via, best.confidence, (reason, *_texts(agreeing)), clues, software=software, mailbox=best.mailbox
        )
    own = _texts(clue for clue in clues if clue.place is Place.OWN_SERVER)
    return Verdict(Observed.known(SendsVia.OWN_SERVER), Confidence.HIGH, (reason, *own), clues, software=software)


def _unknown(claims: SenderClaims, clues: tuple[Clue, ...], failures: tuple[str, ...]) -> Verdict:
    via: Observed[SendsVia] = Observed.known(SendsVia.UNKNOWN)
    if failures and not clues:
        via = Observed.unknown(failures[0])
    software = _software(claims, clues)
    return Verdict(via, Confidence.LOW, (), clues, software=software, missing=_missing(claims))


def _by(best: Clue, claims: SenderClaims, clues: tuple[Clue, ...]) -> Verdict:
    platform = _composer(best, clues) or best.platform
    agreeing = [
        clue
        for clue in clues
        if clue.place is best.place
        and (clue.platform is None or platform is None or agrees(platform, clue.platform))
        and (clue.platform is not None or clue.name == best.name or best.place is Place.OWN_SERVER)
    ]
    confidence = max((clue.confidence for clue in agreeing), key=lambda c: c.rank, default=best.confidence)
    is_platform = best.place is Place.PLATFORM
    return Verdict(
        via=Observed.known(_VIA[best.place]),
        confidence=confidence,
        reasons=_texts([best, *agreeing]),
        clues=clues,
        platform=platform if is_platform else None,
        transport=_transport(platform, clues) if platform and is_platform else None,
        software=_software(claims, clues),
        mailbox=best.mailbox,
    )


def _best(clues: tuple[Clue, ...]) -> Clue | None:
    placed = [clue for clue in clues if clue.place is not Place.SOFTWARE]
    own = next((clue for clue in placed if clue.rank is Rank.OWN_NAME), None)
    for clue in placed:
        if clue.rank is Rank.PREPARED:
            return _only_one([clue for clue in placed if clue.rank is Rank.PREPARED])
        # A hosting company's SPF covers its mailboxes and its servers alike: the sender's own name decides.
        if own and clue.place is Place.MAILBOX and clue.rank is Rank.AUTHORIZED:
            return own
        return clue
    return None


def _only_one(clues: list[Clue]) -> Clue | None:
    """Return the clue to the only platform that is prepared, counting a composer and its transport as one."""
    found = {clue.platform.id: clue for clue in clues if clue.platform and clue.place is Place.PLATFORM}
    carried = {name for clue in found.values() if clue.platform for name in clue.platform.via}
    leading = [clue for name, clue in found.items() if name not in carried]
    return leading[0] if len(leading) == 1 else None


def _composer(best: Clue, clues: tuple[Clue, ...]) -> Platform | None:
    """Return the service in which the campaign is written, when the best clue shows only who carries it."""
    carrier = best.platform
    if carrier is None or best.place is not Place.PLATFORM or carrier.composes:
        return None
    for clue in clues:
        other = clue.platform
        if other is None or clue.place is not Place.PLATFORM:
            continue
        is_seen = clue.rank < Rank.PREPARED and clue.confidence is not Confidence.LOW
        if carrier.id in other.via or (other.composes and is_seen):
            return other
    return None


def _transport(platform: Platform, clues: tuple[Clue, ...]) -> Platform | None:
    carriers = (clue.platform for clue in clues if clue.platform and clue.place is Place.PLATFORM)
    return next((other for other in carriers if other.id in platform.via), None)


def agrees(platform: Platform, other: Platform) -> bool:
    """Say whether two platforms may be the two halves of one: composer and transport."""
    return platform.id == other.id or other.id in platform.via or platform.id in other.via


def _software(claims: SenderClaims, clues: tuple[Clue, ...]) -> str | None:
    if claims.software:
        return claims.software
    return next((clue.name for clue in clues if clue.place is Place.SOFTWARE), None)


def _texts(clues: Iterable[Clue]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(clue.seen for clue in clues))


def _missing(claims: SenderClaims) -> tuple[str, ...]:
    wanted = (
        (not claims.ips, "`sending.ips`: the addresses from which the mail leaves"),
        (not claims.submission_host, "`sending.smtp`: the server to which your software hands the mail"),
        (not claims.selectors, "`sending.dkim`: selector and domain of the DKIM signature"),
        (not claims.has_message, "`message`: a test message saved as .eml, with all its headers"),
        (True, "`sending.platform`: the service that you use, or `none`"),
    )
    return tuple(text for is_missing, text in wanted if is_missing)
