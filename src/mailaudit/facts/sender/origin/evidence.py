"""The order of evidence: what proves more about where a campaign leaves from, and what proves nothing.

Read from the top: the first clue that is not a guess decides, and the conclusion is as sure as that clue.

| kind | what is seen | decides |
|---|---|---|
| sample | the mail itself: a signature that holds, who handed it over, the script that PHP names | yes |
| delegated | a DKIM key, bounce domain or sub-domain of this campaign that is delegated to a known service | yes |
| own-name | A, MX, HELO or reverse name of the sending address lie within the sender's organization | yes |
| submission | the server to which the software hands the mail | yes |
| greeting | the HELO name lies within the sender's organization | yes |
| authorized | the include of a known service lets the sending address (or the bounce domain) send | yes |
| reverse-confirmed | the reverse name of the address is a service's, a hoster's, or of who takes the sender's mail | yes |
| message | headers of the sample; its links, as a guess | yes, unless the campaign or the sample names another place |
| delegated-elsewhere | a key or bounce domain of this campaign that leads to no known platform | some service |
| range | the address lies in a range of a service or a hoster | as a guess |
| reverse | an unconfirmed reverse name | as a guess |
| from-address | the From address belongs to a provider of mailboxes | yes |
| prepared | keys, bounce names and includes that exist, used or not | as a guess, if they name one |
| said | what the campaign file says | if nothing contradicts |
| candidate | an include that nobody knows | never |
"""

from collections.abc import Iterable, Iterator
from enum import IntEnum, StrEnum

from msgspec import Struct
from msgspec.structs import replace

from mailaudit.knowledge.types.fact import Confidence
from mailaudit.knowledge.types.mailbox import MailboxService
from mailaudit.knowledge.types.platform import Match, Platform


class Rank(IntEnum):
    """How much an observation proves, the strongest first; the table above tells what each holds."""

    SAMPLE = 0
    DELEGATED = 1
    OWN_NAME = 2
    SUBMISSION = 3
    GREETING = 4
    AUTHORIZED = 5
    REVERSE_CONFIRMED = 6
    MESSAGE = 7
    DELEGATED_ELSEWHERE = 8
    RANGE = 9
    REVERSE = 10
    FROM_ADDRESS = 11
    PREPARED = 12
    SAID = 13
    CANDIDATE = 14


class Place(StrEnum):
    """What an observation points to."""

    PLATFORM = "platform"
    OWN_SERVER = "own-server"
    MAILBOX = "mailbox"
    SOFTWARE = "software"
    UNKNOWN = "unknown"


# No observation is surer than its kind: an include that exists may be a leftover of last year's service.
_AT_MOST = {
    Rank.GREETING: Confidence.MEDIUM,
    Rank.REVERSE_CONFIRMED: Confidence.MEDIUM,
    Rank.MESSAGE: Confidence.MEDIUM,
    Rank.DELEGATED_ELSEWHERE: Confidence.MEDIUM,
    Rank.RANGE: Confidence.LOW,
    Rank.REVERSE: Confidence.LOW,
    Rank.PREPARED: Confidence.LOW,
    Rank.SAID: Confidence.LOW,
    Rank.CANDIDATE: Confidence.LOW,
}
# Whatever these say, the campaign may leave from somewhere else.
_NEVER_SHOWN = frozenset(
    {
        Rank.DELEGATED_ELSEWHERE,
        Rank.RANGE,
        Rank.REVERSE,
        Rank.FROM_ADDRESS,
        Rank.PREPARED,
        Rank.SAID,
        Rank.CANDIDATE,
    }
)


class Clue(Struct, frozen=True):
    """One observation: `seen` is a sentence fragment, `name` who or what it points to.

    `platform` and `mailbox` are set when the knowledge base knows them. `is_key` marks a DKIM key of a service,
    `is_dangling` one that leads nowhere. `is_site` tells that a script of the web site sends.
    `record` is the kind of record that shows it: `spf`, `dkim`, `bounces` or `ns`; nothing when no record does. `address` is
    the sending address of which it speaks.
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
    is_site: bool = False
    record: str | None = None
    address: str | None = None

    def __str__(self) -> str:
        """Return what it is that was seen."""
        return self.seen

    @property
    def is_guess(self) -> bool:
        """Whether anything that is known would outweigh it."""
        return self.confidence is Confidence.LOW or self.rank >= Rank.PREPARED

    @property
    def strength(self) -> tuple[int, int, int]:
        """The place in the order of evidence, the strongest first: a guess never outweighs what is known."""
        return (2 if self.rank >= Rank.PREPARED else int(self.is_guess)), self.rank, -self.confidence.rank

    @property
    def shows(self) -> bool:
        """Whether it shows by itself where this campaign leaves from, so that a claim must not contradict it."""
        return self.place in DECISIVE and self.rank not in _NEVER_SHOWN and self.confidence is not Confidence.LOW

    def fits(self, platform: Platform | None) -> bool:
        """Say whether it points to a platform, or to its composer or transport."""
        return platform is not None and self.platform is not None and agrees(platform, self.platform)


DECISIVE = frozenset({Place.PLATFORM, Place.OWN_SERVER, Place.MAILBOX})


def shown_by(record: str, clues: Iterable[Clue]) -> Iterator[Clue]:
    """Yield clues with the kind of record that shows them."""
    for clue in clues:
        yield replace(clue, record=record)


def in_order(clues: tuple[Clue, ...]) -> tuple[Clue, ...]:
    """Return each clue once, the strongest first."""
    return tuple(sorted(dict.fromkeys(clues), key=lambda clue: clue.strength))


def agrees(platform: Platform, other: Platform) -> bool:
    """Say whether two platforms may be the two halves of one: composer and transport."""
    return platform.id == other.id or other.id in platform.via or platform.id in other.via


def platform_clues(
    rank: Rank, matches: tuple[Match, ...], seen: str, *, is_key: bool = False, is_dangling: bool = False
) -> Iterator[Clue]:
    """Yield what a trace says of the platforms that leave it; a relay of web hosts shows nobody's place."""
    for match in matches:
        platform = match.platform
        place = Place.PLATFORM if lifts_limits(platform) else Place.UNKNOWN
        confidence = at_most(rank, match.confidence)
        yield Clue(rank, place, seen, platform.name, confidence, platform, is_key=is_key, is_dangling=is_dangling)


def mailbox_clues(rank: Rank, service: MailboxService | None, seen: str) -> Iterator[Clue]:
    """Yield what a trace says of a mailbox service."""
    if service is not None:
        confidence = at_most(rank, service.provenance.confidence)
        yield Clue(rank, Place.MAILBOX, seen, service.name, confidence, mailbox=service)


def lifts_limits(platform: Platform) -> bool:
    """Say whether a platform sends campaigns from a pool of its own; a web host's relay does not."""
    return platform.kind != "hosting"


def at_most(rank: Rank, confidence: Confidence) -> Confidence:
    """Return a confidence, lowered to the most that a kind of evidence can give."""
    return lowest(confidence, _AT_MOST.get(rank, Confidence.HIGH))


def lowest(*confidences: Confidence) -> Confidence:
    """Return the least of several confidences."""
    return min(confidences, key=lambda confidence: confidence.rank)
