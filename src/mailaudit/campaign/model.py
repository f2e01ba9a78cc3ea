"""The validated plan of a campaign, version 1 of the campaign file."""

from pathlib import Path
from typing import Annotated, Literal

from pydantic import BeforeValidator, ValidationInfo, field_validator

from mailaudit.campaign.fields import (
    Block,
    Count,
    DateField,
    DurationField,
    FailOn,
    FilePaths,
    Flag,
    Line,
    MailboxField,
    MailFromField,
    Name,
    OneOf,
    Servers,
)
from mailaudit.campaign.message import MessagePlan
from mailaudit.campaign.recipients import Recipients
from mailaudit.campaign.schedule import OtherMail, Schedule
from mailaudit.campaign.section import Part, key, required
from mailaudit.campaign.sending import Sending
from mailaudit.campaign.values.types import STDIN
from mailaudit.reach.yaml.unusable import Unusable

__all__ = ["Campaign", "DnsPlan", "Ignore", "MessagePlan", "OwnLimit", "Recipients", "Schedule"]


class OwnLimit(Part):
    """A limit of the sender's own, beside those of the knowledge base."""

    name: Line = required("How reports call the limit.", "our relay")
    scope: Annotated[
        Literal["sender", "user", "ip", "organizational-domain", "provider", "ip-provider"],
        OneOf(domain="organizational-domain"),
    ] = required("What is counted apart: one count for each of these.", "sender")
    max: Count = required("The most that may leave within the window.", 2000)
    window: DurationField = required("The length of the window.", "24h")
    warn: Count | None = key("From which count on to warn, used by the volume projection.", 1800)
    counts: Annotated[Literal["messages", "recipients"], OneOf()] | None = key(
        "What is counted, used by the volume projection.", "messages"
    )
    kind: Annotated[Literal["sliding", "tumbling", "calendar-day"], OneOf()] | None = key(
        "How the window moves, used by the volume projection.", "sliding"
    )
    effect: Annotated[Literal["block", "quarantine", "defer", "obligation"], OneOf()] | None = key(
        "What happens above the limit, used by the volume projection.", "defer"
    )

    @field_validator("warn")
    @classmethod
    def _warns_before_the_limit(cls, warn: int | None, info: ValidationInfo) -> int | None:
        most = info.data.get("max")
        if warn is not None and most is not None and warn > most:
            raise Unusable(f"{warn} is above max, which is {most}", "write a number below max")
        return warn


class DnsPlan(Part):
    """Where DNS answers come from; paths are relative to the file, absolute once loaded."""

    zones: FilePaths = key("Zone files that answer instead of the network.", ["dns/acme.zone"], default=())
    servers: Servers = key("DNS servers to ask, as address or address:port.", ["192.0.2.53"], default=())


class History(Part):
    """What the sender did before, which nobody else can know."""

    bulk: Flag | None = key(
        "Whether the organization's domains have once sent 5,000 messages a day to Gmail: the status never ends.",
        *(True,),
    )


class Ignore(Part):
    """A finding that the owner accepts, why, and until when (that day included)."""

    check: Name = required("The name of the check.", "dmarc-policy-none")
    subject: Line | None = key("The subject of the finding; by default every subject.", "acme.example")
    reason: Block = required("Why the finding is accepted.", "moves to quarantine in January")
    until: DateField | None = key("The last day on which it is ignored.", "2027-01-31")
    at_most: Count | None = key("Ignored while it counts no more than so many.", 100)

    @property
    def is_of_everything(self) -> bool:
        """Whether it ignores every finding of every check."""
        return not self.check.strip("*") and self.at_most is None and not (self.subject or "").strip("*")


def _eml(value: object) -> object:
    return {"eml": value} if isinstance(value, str) else value


class Campaign(Part):
    """A campaign as planned."""

    extends: Line | None = key(
        "A campaign file whose keys count where this one has none; its paths are relative to it.", "../shared.yml"
    )
    name: Line = key(
        "The name of the campaign; by default that of the file's folder.", "Spring sale", default="campaign"
    )
    from_: MailboxField = required(
        "The From address, with or without a display name.", "ACME News <news@acme.example>", alias="from"
    )
    reply_to: MailboxField | None = key("The Reply-To address.", "contact@acme.example")
    return_path: MailFromField | None = key(
        "MAIL FROM: a domain or an address; by default the domain of the From address.", "bounces.acme.example"
    )
    sending: Sending = key("Where and with what the mail is sent.", {"platform": "brevo"}, default=Sending())
    recipients: Recipients | None = key("Who gets the mail, and who must not.", {"files": ["recipients.csv"]})
    schedule: Schedule | None = key("When and how fast the mail is sent.", {"rate": "600/10min"})
    other_mail: tuple[OtherMail, ...] = key(
        "What leaves from the same address or domain anyway.",
        [{"name": "daily business mail", "rate": "40/h"}],
        default=(),
    )
    history: History = key("What was sent before.", {"bulk": True}, default=History())
    message: Annotated[MessagePlan, BeforeValidator(_eml, json_schema_input_type=str | MessagePlan)] | None = key(
        "The message: an .eml file, or a mapping that names its templates.", "message.eml"
    )
    limits: tuple[OwnLimit, ...] = key(
        "Limits of your own, beside those of the knowledge base.",
        [{"name": "our relay", "scope": "sender", "max": 2000, "window": "24h"}],
        default=(),
    )
    dns: DnsPlan = key("Where DNS answers come from.", {"zones": ["dns/acme.zone"]}, default=DnsPlan())
    ignore: tuple[Ignore, ...] = key(
        "Findings that you accept.", [{"check": "dmarc-policy-none", "reason": "changes in January"}], default=()
    )
    fail_on: FailOn = key("From which severity on the exit code is 1.", "warning", default="error")

    @property
    def files(self) -> tuple[Path, ...]:
        """The files that it names, but for zone files, databases and standard input."""
        lists, message = self.recipients, self.message
        bodies = (message.eml, message.html, message.text) if message else ()
        every = (*(lists.reads if lists else ()), *bodies, self.sending.settings)
        return tuple(file for file in every if isinstance(file, Path) and file != STDIN)

    @property
    def from_domain(self) -> str:
        """The domain of the From address (RFC5322.From), as lower-case A-labels."""
        return self.from_.address.domain

    @property
    def mail_from_domain(self) -> str:
        """The domain of MAIL FROM (RFC5321.MailFrom); by default the From address's domain."""
        return self.return_path.domain if self.return_path else self.from_domain
