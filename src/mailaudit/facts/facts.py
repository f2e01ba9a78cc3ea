"""Everything that was observed about a campaign: immutable, and never judged here."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, TypeVar

from msgspec import Struct, field

from mailaudit.facts.isolation import FactCrashed
from mailaudit.facts.observed import NotGiven

if TYPE_CHECKING:
    from datetime import datetime

    from mailaudit.campaign.model import Campaign
    from mailaudit.campaign.yaml.source import Source
    from mailaudit.facts.capture.model import CaptureFacts
    from mailaudit.facts.dns.answer import Answer
    from mailaudit.facts.message.model import MessageFacts
    from mailaudit.facts.message.probes.model import Probes
    from mailaudit.facts.recipients.model import RecipientFacts
    from mailaudit.facts.sender.model import SenderFacts
    from mailaudit.facts.sender.second_opinion.model import SecondOpinion
    from mailaudit.facts.volume.mailing import Beside
    from mailaudit.facts.volume.model import VolumeFacts

T = TypeVar("T")


class Facts(Struct, frozen=True):
    """The facts of one audit; the optional families raise `NotGiven` when the campaign lacks their input.

    `crashed` names the facts over which the program failed, each with the reason; reading one raises `FactCrashed`.
    """

    # Without a text of its own: asyncio asks for that of every result, and drops it.
    __repr__ = object.__repr__

    campaign: Campaign
    source: Source
    now: datetime
    sender: SenderFacts
    recipients_or_none: RecipientFacts | None
    volume_or_none: VolumeFacts | None
    message_or_none: MessageFacts | None
    dns_answers: tuple[Answer, ...] = ()
    second_opinion: SecondOpinion | None = None
    beside: tuple[Beside, ...] = ()
    capture_or_none: CaptureFacts | None = None
    crashed: Mapping[str, str] = field(default_factory=dict)
    probes_or_none: Probes | None = None

    @property
    def recipients(self) -> RecipientFacts:
        """What the recipient list holds; raises `NotGiven` when the campaign names no list."""
        return self._given(
            "recipients", self.recipients_or_none, "the campaign names no recipient list (recipients.files)"
        )

    @property
    def volume(self) -> VolumeFacts:
        """How the mail is spread over time; raises `NotGiven` without a recipient list or a schedule."""
        return self._given("volume", self.volume_or_none, "the campaign gives no recipient list or no schedule")

    @property
    def message(self) -> MessageFacts:
        """The parsed message; raises `NotGiven` when the campaign names none."""
        return self._given("message", self.message_or_none, "the campaign names no message")

    @property
    def probes(self) -> Probes:
        """What was asked about the message; raises `NotGiven` when nothing was to be asked."""
        return self._given(
            "probes",
            self.probes_or_none,
            "neither links nor filters were asked (--links, --spamassassin, --rspamd; none with --untrusted)",
        )

    @property
    def capture(self) -> CaptureFacts:
        """What a dry run recorded; raises `NotGiven` when none is given."""
        return self._given("capture", self.capture_or_none, "no dry run is given (--capture)")

    def _given(self, fact: str, value: T | None, reason: str) -> T:
        if fact in self.crashed:
            raise FactCrashed(self.crashed[fact])
        if value is None:
            raise NotGiven(reason)
        return value
