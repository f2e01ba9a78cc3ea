"""The validated plan of a campaign, version 1 of the campaign file."""

from __future__ import annotations

from datetime import date, datetime
from ipaddress import IPv4Address, IPv6Address
from pathlib import Path
from typing import Literal
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, Field

from mailaudit.campaign.values import Batch, Duration, Hours, Mailbox, MailFrom, Rate

IpAddress = IPv4Address | IPv6Address


class Part(BaseModel):
    """A mapping of the campaign file: immutable, and strict about its keys."""

    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True)


class DkimSelector(Part):
    """A selector that signs the campaign, and the domain (`d=`) under which it is published."""

    selector: str
    domain: str


class Sending(Part):
    """Where and with what the mail is sent; what is missing is detected or said to be unknown."""

    platform: str | None = None
    smtp: str | None = None
    ips: tuple[IpAddress, ...] = ()
    helo: str | None = None
    software: str | None = None
    website: str | None = None
    dkim: tuple[DkimSelector, ...] = ()


class DatedColumn(Part):
    """A column that holds a date, and how old that date may be."""

    column: str
    max_age: Duration | None = None


class Recipients(Part):
    """The recipient list and the people who must not be mailed; paths are absolute."""

    files: tuple[Path, ...]
    column: str | None = None
    suppression: tuple[Path, ...] = ()
    consent: DatedColumn | None = None
    last_engaged: DatedColumn | None = None


class Schedule(Part):
    """When and how fast the campaign is sent; at most one of rate, batch, over and limiter is set."""

    start: datetime | None = None
    timezone: ZoneInfo | None = None
    rate: Rate | None = None
    batch: Batch | None = None
    over: Duration | None = None
    limiter: str | None = None
    order: Literal["list", "shuffled", "interleaved"] = "list"
    hours: Hours | None = None
    days: frozenset[int] | None = Field(default=None, description="ISO weekdays, Monday is 1")


class OtherMail(Part):
    """Mail that leaves from the same address or domain anyway."""

    name: str
    from_: Mailbox | None = Field(default=None, alias="from")
    rate: Rate
    hours: Hours | None = None
    days: frozenset[int] | None = None


class MessagePlan(Part):
    """The message itself: a delivered or exported .eml file, or templates; paths are absolute."""

    eml: Path | None = None
    html: Path | None = None
    text: Path | None = None
    subject: str | None = None
    kind: Literal["template", "sample"] | None = None


class OwnLimit(Part):
    """A limit of the sender's own, beside those of the knowledge base."""

    name: str
    scope: str
    max: int
    window: Duration


class DnsPlan(Part):
    """Where DNS answers come from; paths are absolute."""

    zones: tuple[Path, ...] = ()
    servers: tuple[str, ...] = ()


class Ignore(Part):
    """A finding that the owner accepts, why, and until when (that day included)."""

    check: str
    subject: str | None = None
    reason: str
    until: date | None = None


class Campaign(Part):
    """A campaign as planned."""

    name: str
    from_: Mailbox = Field(alias="from")
    reply_to: Mailbox | None = None
    return_path: MailFrom | None = None
    sending: Sending = Sending()
    recipients: Recipients | None = None
    schedule: Schedule | None = None
    other_mail: tuple[OtherMail, ...] = ()
    message: MessagePlan | None = None
    limits: tuple[OwnLimit, ...] = ()
    dns: DnsPlan = DnsPlan()
    ignore: tuple[Ignore, ...] = ()
    fail_on: Literal["error", "warning", "note", "never"] = "error"

    @property
    def from_domain(self) -> str:
        """The domain of the From address (RFC5322.From), as lower-case A-labels."""
        return self.from_.address.domain

    @property
    def mail_from_domain(self) -> str:
        """The domain of MAIL FROM (RFC5321.MailFrom); by default the From address's domain."""
        return self.return_path.domain if self.return_path else self.from_domain
