"""What the word after `platform:` means: a sending platform, a mailbox service, a program, no platform, or nothing known."""

from enum import StrEnum

from msgspec import Struct

from mailaudit.facts.sender.origin.evidence import Clue, Place, Rank, lifts_limits
from mailaudit.knowledge import load
from mailaudit.knowledge.named import all_named
from mailaudit.knowledge.names import plain
from mailaudit.knowledge.receivers import mailbox_service_named
from mailaudit.knowledge.types.fact import Confidence
from mailaudit.knowledge.types.mailbox import Hoster, MailboxService
from mailaudit.knowledge.types.platform import Platform
from mailaudit.knowledge.types.software import Program

OWN_SERVER = "your own server"


class Meaning(StrEnum):
    """What kind of thing a word names."""

    PLATFORM = "platform"
    MAILBOX = "mailbox"
    SOFTWARE = "software"
    HOSTER = "hoster"
    NONE = "none"
    UNKNOWN = "unknown"


class Claim(Struct, frozen=True):
    """What the campaign says that it uses: the word as written, what it means, and the entry that it names.

    `others` are the things of another kind that bear the same name.
    """

    said: str
    meaning: Meaning
    name: str = ""
    platform: Platform | None = None
    mailbox: MailboxService | None = None
    others: tuple[str, ...] = ()

    @property
    def is_plain(self) -> bool:
        """Whether the word alone names a service for campaigns, and nothing else."""
        return self.platform is not None and self.platform.kind != "saas" and not self.others

    @property
    def reason(self) -> str:
        """The claim as a sentence fragment."""
        return f"the campaign says `platform: {self.said}`"

    @property
    def clue(self) -> Clue | None:
        """The claim as evidence; nothing when it names no place."""
        place = _PLACES.get(self.meaning)
        if place is None:
            return None
        return Clue(
            Rank.SAID, place, self.reason, self.name, Confidence.LOW, platform=self.platform, mailbox=self.mailbox
        )

    def fits(self, clue: Clue) -> bool:
        """Say whether a clue points where this claim does."""
        if self.meaning is Meaning.PLATFORM:
            return clue.fits(self.platform)
        return clue.place is _PLACES.get(self.meaning)

    def is_contradicted_by(self, clue: Clue) -> bool:
        """Say whether a clue shows that the mail leaves from elsewhere than this claim says."""
        return self.meaning in _PLACES and clue.shows and not self.fits(clue)


_KINDS = {
    "none": Meaning.NONE,
    "own-server": Meaning.NONE,
    "mailbox-add-on": Meaning.MAILBOX,
    "mail-client": Meaning.MAILBOX,
}
_PLACES = {Meaning.PLATFORM: Place.PLATFORM, Meaning.MAILBOX: Place.MAILBOX, Meaning.NONE: Place.OWN_SERVER}


def read_claim(said: str | None) -> Claim | None:
    """Return what a word means; nothing when the campaign says none."""
    if said is None:
        return None
    things = all_named(said)
    thing = next(iter(things), None)
    # Accounts on shared hosting are named like their hosters, and have limits.
    service = mailbox_service_named(said)
    if isinstance(thing, Platform) and lifts_limits(thing):
        # Whoever writes the very name of the catalogue means the entry that bears it.
        others = () if said.strip().lower() == thing.id else tuple(other.name for other in things[1:])
        return Claim(said, Meaning.PLATFORM, thing.name, platform=thing, others=others)
    if service is not None:
        return Claim(said, Meaning.MAILBOX, service.name, mailbox=service)
    if isinstance(thing, Program):
        meaning = _KINDS.get(thing.kind, Meaning.SOFTWARE)
        return Claim(said, meaning, OWN_SERVER if meaning is Meaning.NONE else thing.name)
    if isinstance(thing, Platform | Hoster):
        return Claim(said, Meaning.HOSTER, thing.name)
    return _signed(said) or Claim(said, Meaning.UNKNOWN, said)


def _signed(said: str) -> Claim | None:
    """Return the program whose traces are known by this word."""
    for signature in load.software().signatures:
        if signature.origin != "platform" and plain(said) in {plain(signature.id), plain(signature.name)}:
            return Claim(said, Meaning.SOFTWARE, signature.name)
    return None
