"""What betrays where a campaign leaves from: single observations, ranked by how much they prove."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum, StrEnum

from mailaudit.knowledge.types.fact import Confidence
from mailaudit.knowledge.types.mailbox import MailboxService
from mailaudit.knowledge.types.platform import Match, Platform


class Rank(IntEnum):
    """How much an observation proves, the strongest first."""

    SAID = 0
    SIGNATURE = 1
    ENVELOPE = 2
    AUTHORIZED = 3
    OWN_NAME = 4
    REVERSE_CONFIRMED = 5
    REVERSE = 6
    MESSAGE = 7
    FROM_ADDRESS = 8
    PREPARED = 9


class Place(StrEnum):
    """What an observation points to."""

    PLATFORM = "platform"
    OWN_SERVER = "own-server"
    MAILBOX = "mailbox"
    SOFTWARE = "software"


# No observation is surer than its kind: an include that exists may be a leftover of last year's service.
_AT_MOST = {
    Rank.OWN_NAME: Confidence.HIGH,
    Rank.REVERSE_CONFIRMED: Confidence.MEDIUM,
    Rank.REVERSE: Confidence.LOW,
    Rank.MESSAGE: Confidence.MEDIUM,
    Rank.PREPARED: Confidence.LOW,
}


@dataclass(frozen=True, slots=True)
class Clue:
    """One observation: `seen` is a sentence fragment, `name` who or what it points to.

    `platform` and `mailbox` are set when the knowledge base knows them. `is_key` marks a DKIM key of a service,
    `is_dangling` one that leads nowhere.
    """

    rank: Rank
    place: Place
    seen: str
    name: str
    confidence: Confidence
    platform: Platform | None = None
    mailbox: MailboxService | None = None
    is_key: bool = False
    is_dangling: bool = False


def platform_clues(
    rank: Rank,
    matches: tuple[Match, ...],
    seen: str,
    *,
    is_key: bool = False,
    is_dangling: bool = False,
) -> Iterator[Clue]:
    """Yield what a trace says of the platforms that leave it; a web host's relay points to the sender's own site."""
    for match in matches:
        platform = match.platform
        place = Place.OWN_SERVER if platform.kind == "hosting" else Place.PLATFORM
        confidence = lowest(match.confidence, _AT_MOST.get(rank, Confidence.HIGH))
        yield Clue(
            rank,
            place,
            seen,
            platform.name,
            confidence,
            platform,
            is_key=is_key,
            is_dangling=is_dangling,
        )


def mailbox_clues(rank: Rank, service: MailboxService | None, seen: str) -> Iterator[Clue]:
    """Yield what a trace says of a mailbox service."""
    if service is not None:
        confidence = lowest(service.provenance.confidence, _AT_MOST.get(rank, Confidence.HIGH))
        yield Clue(rank, Place.MAILBOX, seen, service.name, confidence, mailbox=service)


def lowest(*confidences: Confidence) -> Confidence:
    """Return the least of several confidences."""
    return min(confidences, key=lambda confidence: confidence.rank)
