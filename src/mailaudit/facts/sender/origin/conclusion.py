"""The verdict on where a campaign leaves from: the strongest clue decides, and a claim only where nothing contradicts it."""

from collections.abc import Iterable

from msgspec import Struct
from msgspec.structs import replace

from mailaudit.facts.observed import Observed
from mailaudit.facts.sender.claims import SenderClaims
from mailaudit.facts.sender.origin.claimed import Claim, Meaning, read_claim
from mailaudit.facts.sender.origin.contradiction import contradiction, outweighed, stranger
from mailaudit.facts.sender.origin.evidence import Clue, Place, Rank, agrees, in_order, lowest
from mailaudit.facts.sender.origin.lost_answers import Unseen, of_each_kind, unlike
from mailaudit.facts.sender.origin.own_names import SendsVia
from mailaudit.knowledge.types.fact import Confidence
from mailaudit.knowledge.types.mailbox import MailboxService
from mailaudit.knowledge.types.platform import Platform

_VIA = {Place.PLATFORM: SendsVia.PLATFORM, Place.OWN_SERVER: SendsVia.OWN_SERVER, Place.MAILBOX: SendsVia.MAILBOX}


class Verdict(Struct, frozen=True):
    """Where a campaign leaves from.

    `platform` is the service in which it is written (or the only one known), `transport` the one that carries it
    when that is another, `software` a program of the sender's own, `mailbox` the mailbox service. `claim` is what the
    campaign says, `contradiction` the clue that speaks against it, `outweighed` the sign of a server of the sender's own
    beside a platform that stronger evidence shows. `ordinary` says whether the limits of an ordinary
    address apply: they do unless a sending platform that the knowledge base knows is seen to send, or is claimed and
    nothing contradicts. `clues` is the whole trail, the strongest first; `reasons` are those that decided. `missing`
    tells what to add to the campaign file to know more. `open_because` tells of a look-up that failed and could have
    spoken against it.
    """

    via: Observed[SendsVia]
    confidence: Confidence
    ordinary: Observed[bool]
    reasons: tuple[str, ...]
    clues: tuple[Clue, ...] = ()
    platform: Platform | None = None
    transport: Platform | None = None
    software: str | None = None
    mailbox: MailboxService | None = None
    claim: Claim | None = None
    contradiction: Clue | None = None
    outweighed: Clue | None = None
    missing: tuple[str, ...] = ()
    open_because: str | None = None

    @property
    def is_doubted(self) -> bool:
        """Whether evidence speaks against the claim, or shows a second place."""
        return bool(self.contradiction or self.outweighed)

    @property
    def declared(self) -> Platform | None:
        """The sending platform that the campaign names, when the knowledge base knows it."""
        return self.claim.platform if self.claim else None

    @property
    def is_ambiguous(self) -> bool:
        """Whether the word that the campaign says could mean another thing, and nothing shows that it means a platform."""
        is_claimed = self.claim is not None and self.contradiction is None
        return is_claimed and self.declared is not None and self.ordinary.value is True

    @property
    def platform_name(self) -> str | None:
        """The platform's name in the knowledge base; nothing when there is none, or when nobody knows it."""
        return self.platform.id if self.platform else None


def conclude(claims: SenderClaims, clues: tuple[Clue, ...], failures: tuple[Unseen, ...]) -> Verdict:
    """Return the verdict; whatever an answer that was lost could have turned round is unavailable."""
    found = _conclude(claims, clues, tuple(one.reason for one in failures))
    known = _conclude(claims, clues, ())
    platforms = {one.id: one for one in (known.declared, *(clue.platform for clue in clues)) if one}.values()
    addresses = unlike(claims, clues)
    for one in of_each_kind(failures):
        seen = one.beside(clues)
        others = [_conclude(claims, (*seen, clue), ()) for clue in one.could_have_shown(addresses, platforms)]
        if any(other.via.value is not known.via.value for other in others):
            found = replace(found, via=Observed.unknown(one.reason))
        if any(other.ordinary.value is not known.ordinary.value for other in others):
            found = replace(found, ordinary=Observed.unknown(one.reason))
        if any(other.is_doubted is not found.is_doubted for other in others):
            found = replace(found, open_because=one.reason)
    return found


def _conclude(claims: SenderClaims, clues: tuple[Clue, ...], failures: tuple[str, ...]) -> Verdict:
    claim = read_claim(claims.platform)
    trail = in_order((*clues, *((claim.clue,) if claim and claim.clue else ())))
    against = contradiction(claim, claims, trail) if claim else None
    unshown = stranger(claim, claims, trail) if claim and against is None else None
    # What nobody answered could have shown whose the address is.
    against, is_open = (against, bool(unshown)) if failures else (against or unshown, False)
    if claim and claim.clue and against is None:
        found = _as_claimed(claim, trail, failures[0] if is_open else None)
    elif (best := _best(trail)) is None:
        found = replace(_unknown(claim, claims, trail, failures), contradiction=against)
    else:
        found = _by(best, trail, against, failures)
    is_lifted = found.ordinary.value is False
    return replace(
        found,
        clues=trail,
        software=_software(claim, claims, trail),
        claim=claim,
        outweighed=outweighed(found.platform, claims, trail) if is_lifted else None,
    )


def _as_claimed(claim: Claim, clues: tuple[Clue, ...], open_because: str | None) -> Verdict:
    agreeing = [clue for clue in clues if clue.rank is not Rank.SAID and claim.fits(clue)]
    is_platform = claim.meaning is Meaning.PLATFORM
    is_shown = any(clue.shows or clue.rank is Rank.RANGE for clue in agreeing)
    via = _VIA[claim.clue.place if claim.clue else Place.OWN_SERVER]
    ordinary = not is_platform or not (claim.is_plain or is_shown)
    return Verdict(
        via=Observed.unknown(open_because) if open_because else Observed.known(via),
        confidence=agreeing[0].confidence if agreeing else Confidence.LOW,
        ordinary=Observed.unknown(open_because) if open_because else Observed.known(ordinary),
        reasons=(*_texts(agreeing), claim.reason),
        platform=claim.platform,
        transport=_transport(claim.platform, clues) if claim.platform else None,
        mailbox=claim.mailbox,
    )


def _unknown(
    claim: Claim | None, claims: SenderClaims, clues: tuple[Clue, ...], failures: tuple[str, ...]
) -> Verdict:
    is_untold = bool(failures) and not any(clue.place is not Place.UNKNOWN for clue in clues)
    via: Observed[SendsVia] = Observed.unknown(failures[0]) if failures else Observed.known(SendsVia.UNKNOWN)
    # Whoever names a program or a word that nobody knows has named no sending platform.
    is_open = is_untold and claim is None
    return Verdict(
        via=via,
        confidence=Confidence.LOW,
        ordinary=Observed.unknown(failures[0]) if is_open else Observed.known(value=True),
        reasons=(),
        missing=_missing(claims),
    )


def _by(best: Clue, clues: tuple[Clue, ...], against: Clue | None, failures: tuple[str, ...]) -> Verdict:
    composer = _composer(best, clues)
    platform = composer.platform if composer else best.platform
    is_platform = best.place is Place.PLATFORM
    is_lifted = is_platform and best.platform is not None and best.shows and against is None
    return Verdict(
        # What nobody answered could have outweighed a guess.
        via=Observed.unknown(failures[0]) if failures and best.is_guess else Observed.known(_VIA[best.place]),
        confidence=lowest(best.confidence, composer.confidence) if composer else best.confidence,
        ordinary=Observed.known(value=not is_lifted),
        reasons=_texts([best, *_agreeing(best, platform, clues)]),
        platform=platform if is_platform else None,
        transport=_transport(platform, clues) if platform and is_platform else None,
        mailbox=best.mailbox,
        contradiction=against,
    )


def _agreeing(best: Clue, platform: Platform | None, clues: tuple[Clue, ...]) -> list[Clue]:
    return [
        clue
        for clue in clues
        if clue.place is best.place
        and (clue.platform is None or platform is None or agrees(platform, clue.platform))
        and (clue.platform is not None or clue.name == best.name or best.place is Place.OWN_SERVER)
    ]


def _best(clues: tuple[Clue, ...]) -> Clue | None:
    first = next((clue for clue in clues if clue.place in _VIA and clue.rank < Rank.PREPARED), None)
    return first or _only_one([clue for clue in clues if clue.place in _VIA and clue.rank is Rank.PREPARED])


def _only_one(clues: list[Clue]) -> Clue | None:
    """Return the clue to the only service that is prepared, counting a composer and its transport as one.

    A service that nobody knows counts only when none that is known is prepared.
    """
    placed = [clue for clue in clues if clue.place is Place.PLATFORM]
    found = {clue.platform.id: clue for clue in placed if clue.platform}
    carried = {name for clue in found.values() if clue.platform for name in clue.platform.via}
    leading = [clue for name, clue in found.items() if name not in carried]
    if not found:
        leading = list({clue.name: clue for clue in placed}.values())
    return leading[0] if len(leading) == 1 else None


def _composer(best: Clue, clues: tuple[Clue, ...]) -> Clue | None:
    """Return the clue to the service in which the campaign is written, when the best shows only who carries it."""
    carrier = best.platform
    if carrier is None or best.place is not Place.PLATFORM or carrier.composes:
        return None
    for clue in clues:
        other = clue.platform
        if other is None or clue.place is not Place.PLATFORM:
            continue
        is_seen = clue.rank < Rank.PREPARED and clue.confidence is not Confidence.LOW
        if carrier.id in other.via or (other.composes and is_seen):
            return clue
    return None


def _transport(platform: Platform, clues: tuple[Clue, ...]) -> Platform | None:
    carriers = (clue.platform for clue in clues if clue.platform and clue.place is Place.PLATFORM)
    return next((other for other in carriers if other.id in platform.via), None)


def _software(claim: Claim | None, claims: SenderClaims, clues: tuple[Clue, ...]) -> str | None:
    if claims.software:
        return claims.software
    if claim and claim.meaning is Meaning.SOFTWARE:
        return claim.name
    return next((clue.name for clue in clues if clue.place is Place.SOFTWARE), None)


def _texts(clues: Iterable[Clue]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(clue.seen for clue in clues))


def _missing(claims: SenderClaims) -> tuple[str, ...]:
    wanted = (
        (True, "`sending.platform`: the service that you use, or `none`"),
        (not claims.ips, "`sending.ips`: the addresses from which the mail leaves"),
        (not claims.submission_host, "`sending.smtp`: the server to which your software hands the mail"),
        (not claims.selectors, "`sending.dkim`: selector and domain of the DKIM signature"),
        (not claims.has_message, "`message`: a test message saved as .eml, with all its headers"),
    )
    return tuple(text for is_missing, text in wanted if is_missing)
