"""Look-ups that failed: what each could have shown of the place where the campaign leaves from."""

from collections.abc import Iterable, Iterator

from msgspec import Struct
from msgspec.structs import replace

from mailaudit.facts.dns.answer import Answer, is_lost
from mailaudit.facts.sender.claims import SenderClaims
from mailaudit.facts.sender.origin.evidence import Clue, Place, Rank, at_most
from mailaudit.knowledge import load
from mailaudit.knowledge.types.fact import Confidence
from mailaudit.knowledge.types.platform import Platform

SHOWN_BY = {
    Rank.SAMPLE: (Place.PLATFORM,),
    Rank.DELEGATED: (Place.PLATFORM,),
    Rank.OWN_NAME: (Place.OWN_SERVER,),
    Rank.SUBMISSION: (Place.PLATFORM, Place.OWN_SERVER, Place.MAILBOX),
    Rank.AUTHORIZED: (Place.PLATFORM, Place.MAILBOX),
    Rank.REVERSE_CONFIRMED: (Place.PLATFORM, Place.OWN_SERVER, Place.MAILBOX),
    Rank.RANGE: (Place.PLATFORM,),
    Rank.PREPARED: (Place.PLATFORM,),
}


class Unseen(Struct, frozen=True):
    """A look-up that failed: `rank` is the kind of evidence that its answer could have been, `reason` why there is none.

    One that `outweighs` could have shown an address that serves more than sending, beside which nothing delegated counts.
    """

    rank: Rank
    reason: str
    outweighs: bool = False

    def beside(self, clues: tuple[Clue, ...]) -> tuple[Clue, ...]:
        """Return the clues as they would have counted beside the answer."""
        is_handed_over = any(
            clue.rank is Rank.SUBMISSION and clue.place is Place.PLATFORM and clue.confidence is not Confidence.LOW
            for clue in clues
        )
        if not self.outweighs or is_handed_over:
            return clues
        return tuple(
            replace(clue, rank=Rank.PREPARED, confidence=at_most(Rank.PREPARED, clue.confidence))
            if clue.rank is Rank.DELEGATED
            else clue
            for clue in clues
        )

    def could_have_shown(self, addresses: Iterable[str | None], known: Iterable[Platform]) -> Iterator[Clue]:
        """Yield the clues that the answer could have been, in so far as they lead to different conclusions.

        `addresses` are those of which it could have spoken, `known` the platforms that the campaign names or other
        evidence shows.
        """
        confidence = at_most(self.rank, Confidence.HIGH)
        for address in addresses:
            for place in SHOWN_BY[self.rank]:
                clue = Clue(self.rank, place, self.reason, "", confidence, address=address)
                if place is not Place.PLATFORM:
                    yield clue
                    continue
                for platform in (*known, _another()):
                    yield replace(clue, name=platform.name, platform=platform)


def of_each_kind(failures: Iterable[Unseen]) -> Iterable[Unseen]:
    """Return one of the lost answers that could have been the same evidence."""
    kinds: dict[tuple[Rank, bool], Unseen] = {}
    for one in failures:
        if is_lost(one.reason):
            kinds.setdefault((one.rank, one.outweighs), one)
    return kinds.values()


def unlike(claims: SenderClaims, clues: Iterable[Clue]) -> tuple[str | None, ...]:
    """Return one of the sending addresses of which the same is seen, of each such group; nothing is one too."""
    seen: dict[str, list[tuple[Rank, Place, str, Confidence]]] = {str(ip): [] for ip in claims.ips}
    for clue in clues:
        if clue.address in seen:
            seen[clue.address].append((clue.rank, clue.place, clue.name, clue.confidence))
    return tuple({tuple(told): address for address, told in seen.items()}.values()) or (None,)


def _another() -> Platform:
    return Platform("", "another service", load.platforms()[0].provenance)


def unseen(rank: Rank, *answers: Answer | None) -> Iterator[Unseen]:
    """Yield the answers that failed as the evidence that each could have been."""
    for answer in answers:
        if answer is not None and not answer.is_known:
            yield Unseen(rank, answer.failure)


def lost(rank: Rank, *answers: Answer | None) -> Iterator[Unseen]:
    """Yield those that somebody was asked for."""
    yield from (one for one in unseen(rank, *answers) if is_lost(one.reason))
