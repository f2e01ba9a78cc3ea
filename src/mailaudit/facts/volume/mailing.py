"""What is to be sent and when, whose address it leaves, and who takes it: all that the projection needs to know."""

from msgspec import Struct

from mailaudit.campaign.model import Campaign
from mailaudit.campaign.schedule import OtherMail, Schedule
from mailaudit.campaign.values.types import Address
from mailaudit.facts.dns.records import IpAddress
from mailaudit.facts.observed import Observed
from mailaudit.facts.sender.model import SenderFacts
from mailaudit.facts.volume.settings.model import ProgramSettings
from mailaudit.facts.volume.settings.read import read_settings
from mailaudit.knowledge.types.fact import Confidence
from mailaudit.knowledge.types.mailbox import MailboxService
from mailaudit.knowledge.types.volume import Counts, Effect, LimitRule, Scope, WindowKind

OWN_SOURCE = "the campaign file"


class Mailing(Struct, frozen=True):
    """A campaign as far as its flow over time is concerned.

    `ordinary` says whether it leaves an ordinary address and not the pool of a sending platform; `mailbox` is the
    mailbox service that takes it. `other_mail` leaves anyway, `own_limits` are those of the campaign file, `settings`
    those of the sending program in its own configuration.
    """

    name: str
    address: Address
    organizational_domain: str
    ordinary: Observed[bool]
    mailbox: MailboxService | None = None
    ips: tuple[IpAddress, ...] = ()
    submission_host: str | None = None
    software: str | None = None
    schedule: Schedule | None = None
    other_mail: tuple[OtherMail, ...] = ()
    own_limits: tuple[LimitRule, ...] = ()
    settings: ProgramSettings | None = None

    @property
    def program(self) -> str | None:
        """The program that sends: as its own settings show, else as the campaign says."""
        return self.settings.program if self.settings else self.software


class Beside(Struct, frozen=True):
    """Another campaign of the same sender: its address, its schedule and how many messages it sends."""

    name: str
    address: Address
    schedule: Schedule | None
    messages: int


def mailing_of(campaign: Campaign, sender: SenderFacts) -> Mailing:
    """Return what the projection needs of a campaign and its sender; raises `InputError` for unusable settings."""
    sending = campaign.sending
    file = sending.settings
    return Mailing(
        name=campaign.name,
        address=campaign.from_.address,
        organizational_domain=sender.organizational_domain,
        ordinary=sender.origin.verdict.ordinary,
        mailbox=sender.origin.verdict.mailbox,
        ips=sending.ips,
        submission_host=sending.smtp_host,
        software=sending.software,
        schedule=campaign.schedule,
        other_mail=campaign.other_mail,
        own_limits=tuple(_own_limits(campaign)),
        settings=read_settings(file, sending.software) if file else None,
    )


def beside_of(campaign: Campaign, messages: int) -> Beside:
    """Return another campaign that sends so many messages."""
    return Beside(campaign.name, campaign.from_.address, campaign.schedule, messages)


def _own_limits(campaign: Campaign) -> list[LimitRule]:
    return [
        LimitRule(
            name=own.name,
            scope=Scope(own.scope),
            window_s=own.window.seconds,
            max=own.max,
            source=OWN_SOURCE,
            confidence=Confidence.HIGH,
            effect=Effect(own.effect or Effect.DEFER),
            kind=WindowKind(own.kind or WindowKind.SLIDING),
            warn=own.warn,
            counts=Counts(own.counts or Counts.MESSAGES),
            own=True,
        )
        for own in campaign.limits
    ]
