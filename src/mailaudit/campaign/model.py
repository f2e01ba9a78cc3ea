"""The validated plan of a campaign, version 1 of the campaign file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, PlainValidator, ValidationInfo, WithJsonSchema, field_validator

from mailaudit.campaign.fields import (
    Block,
    Count,
    DateField,
    DaysField,
    Domain,
    DurationField,
    FilePath,
    FilePaths,
    HeloName,
    HostPort,
    HoursField,
    Inputs,
    IpAddress,
    Ips,
    Line,
    MailboxField,
    MailFromField,
    Name,
    RateField,
    Selector,
    Servers,
    StartField,
    ZoneField,
    one_of,
)
from mailaudit.campaign.parse_start import in_zone
from mailaudit.campaign.part import Part
from mailaudit.campaign.unusable import Unusable
from mailaudit.campaign.values import Batch

__all__ = ["Campaign", "IpAddress", "Part"]

_PACES = ("rate", "batch", "over", "limiter")


def _key(description: str, *examples: Any, default: Any = None, **more: Any) -> Any:
    """Describe an optional key."""
    return Field(default=default, description=description, examples=list(examples), **more)


def _required(description: str, *examples: Any, **more: Any) -> Any:
    """Describe a required key."""
    return Field(description=description, examples=list(examples), **more)


class DkimSelector(Part):
    """A selector that signs the campaign, and the domain (`d=`) under which it is published."""

    selector: Selector = _required("The selector: s= in the DKIM-Signature header.", "s1")
    domain: Domain = _required("The signing domain: d= in the DKIM-Signature header.", "acme.example")


class Sending(Part):
    """Where and with what the mail is sent; what is missing is detected or said to be unknown."""

    platform: Name | None = _key(
        "The sending platform that you believe you use, by its name in the knowledge base, or none.",
        "brevo",
        "none",
    )
    smtp: HostPort | None = _key(
        "The server that your software hands mail to, as host or host:port.", "smtp.acme.example:587"
    )
    ips: Ips = _key("The IP addresses where the mail leaves from.", ["203.0.113.25", "2001:db8::25"], default=())
    helo: HeloName | None = _key("The name that the sending server gives in HELO or EHLO.", "mail.acme.example")
    software: Name | None = _key("The program that sends, by its name in the knowledge base.", "mautic")
    website: Domain | None = _key(
        "The host of your web site; by default www and the apex of the organizational domain.", "www.acme.example"
    )
    dkim: tuple[DkimSelector, ...] = _key(
        "The DKIM selectors that sign the campaign.", [{"selector": "s1", "domain": "acme.example"}], default=()
    )

    @property
    def smtp_host(self) -> str | None:
        """The host of `smtp` without port and brackets."""
        return (
            None if self.smtp is None else self.smtp.rpartition("]")[0].lstrip("[") or self.smtp.partition(":")[0]
        )

    @property
    def smtp_port(self) -> int | None:
        """The port of `smtp` when it is written."""
        port = "" if self.smtp is None else self.smtp.rpartition("]")[2].partition(":")[2]
        return int(port) if port else None


class DatedColumn(Part):
    """A column that holds a date, and how old that date may be."""

    column: Line = _required("The name of the column that holds the date.", "opt_in_date")
    max_age: DurationField | None = _key("How old the date may be when the campaign starts.", "3y")


class Recipients(Part):
    """The recipient list and the people who must not be mailed; paths are absolute."""

    files: Inputs = _key(
        "The recipient lists: paths relative to this file, - for standard input, or the URL of a database"
        " (postgresql://, duckdb://, sqlite://).",
        ["recipients.csv"],
        default=(),
    )
    column: Line | None = _key(
        "The column that holds the address; by default found by name, else content.", "email"
    )
    suppression: FilePaths = _key("Lists of people who must not be mailed.", ["unsubscribed.csv"], default=())
    consent: DatedColumn | None = _key(
        "The column that tells when a person agreed.", {"column": "opt_in_date", "max_age": "3y"}
    )
    last_engaged: DatedColumn | None = _key(
        "The column that tells when a person last opened or clicked.", {"column": "last_open", "max_age": "12mo"}
    )
    verification: FilePaths = _key(
        "Result files of verification services, used by the recipient audit as evidence.",
        ["kickbox.csv"],
        default=(),
    )
    table: Line | None = _key("The table that holds the list, used by database URLs and engines.", "subscribers")
    query: Block | None = _key(
        "The query that returns the list, used by database URLs and engines.", "SELECT email FROM subscribers"
    )
    engine: Annotated[Literal["duckdb", "spark"], one_of("duckdb", "spark")] | None = _key(
        "The engine that works through the list, used by the recipient audit; duckdb by default.", "spark"
    )

    @classmethod
    def conflicts(cls, given: Mapping[str, object]) -> Iterator[Unusable]:
        """Yield a list that is named nowhere or twice."""
        if not {"files", "table", "query"} & given.keys():
            yield Unusable("is missing", "write for example files: [recipients.csv]", key="files")
        if {"table", "query"} <= given.keys():
            yield Unusable("stands beside table", "keep one of them", key="query")


class _BatchPlan(Part):
    """So many messages at once, then a pause."""

    size: Count = _required("Messages in one batch.", 400)
    every: DurationField = _required("Time from the begin of one batch to the begin of the next.", "10min")


def _batch(value: object) -> Batch:
    if isinstance(value, Batch):
        return value
    plan = _BatchPlan.model_validate(value)
    return Batch(plan.size, plan.every)


class Schedule(Part):
    """When and how fast the campaign is sent; at most one of rate, batch, over and limiter is set."""

    timezone: ZoneField | None = _key(
        "The time zone of all times here, by its IANA name; UTC by default.", "Europe/Paris"
    )
    start: StartField | None = _key(
        "When the first message leaves, in local time unless an offset is written.", "2026-12-01T09:00"
    )
    rate: RateField | None = _key("A constant rate: so many messages per time.", "600/10min", "40/h")
    batch: Annotated[Batch, PlainValidator(_batch), WithJsonSchema(_BatchPlan.model_json_schema())] | None = _key(
        "So many messages at once, then a pause.", {"size": 400, "every": "10min"}
    )
    over: DurationField | None = _key("The time over which all messages are spread evenly.", "8h")
    limiter: Name | None = _key("The known software whose own pacing is used.", "listmonk")
    order: Annotated[Literal["list", "shuffled", "interleaved"], one_of("list", "shuffled", "interleaved")] = _key(
        "The order of sending: as in the list, shuffled, or interleaved across mailbox providers.",
        "shuffled",
        default="list",
    )
    hours: HoursField | None = _key("The daily window in local time.", "09:00-18:00")
    days: DaysField | None = _key("The weekdays on which mail is sent; every day by default.", "mon-fri")

    @classmethod
    def conflicts(cls, given: Mapping[str, object]) -> Iterator[Unusable]:
        """Yield every pace after the first."""
        first, *others = [key for key in given if key in _PACES] or [""]
        for key in others:
            yield Unusable(f"stands beside {first}", "keep one of rate, batch, over and limiter", key=key)

    @field_validator("start")
    @classmethod
    def _in_timezone(cls, start: Any, info: ValidationInfo) -> Any:
        return start if start is None else in_zone(start, info.data.get("timezone"))


class OtherMail(Part):
    """Mail that leaves from the same address or domain anyway."""

    name: Line = _required("What kind of mail this is.", "daily business mail")
    from_: MailboxField | None = _key(
        "Its From address; by default that of the campaign.", "contact@acme.example", alias="from"
    )
    rate: RateField = _required("How much of it leaves.", "40/h")
    hours: HoursField | None = _key("Its daily window in local time.", "09:00-18:00")
    days: DaysField | None = _key("The weekdays on which it leaves; every day by default.", "mon-fri")


class MessagePlan(Part):
    """The message itself: a delivered or exported .eml file, or templates; paths are absolute."""

    eml: FilePath | None = _key("The message as sent or exported.", "message.eml")
    html: FilePath | None = _key("The template of the HTML part.", "template.html")
    text: FilePath | None = _key("The template of the plain-text part.", "template.txt")
    subject: Line | None = _key("The subject of the message.", "Spring sale")
    kind: Annotated[Literal["template", "sample"], one_of("template", "sample")] | None = _key(
        "Whether the files hold placeholders to be filled (template) or one person's message (sample).", "template"
    )

    @classmethod
    def conflicts(cls, given: Mapping[str, object]) -> Iterator[Unusable]:
        """Yield a message without content, or with two."""
        if not {"eml", "html", "text"} & given.keys():
            yield Unusable("names no file", "write for example html: template.html")
        for key in ("html", "text"):
            if "eml" in given and key in given:
                yield Unusable("stands beside eml", "keep one of them", key=key)


class OwnLimit(Part):
    """A limit of the sender's own, beside those of the knowledge base."""

    name: Line = _required("How reports call the limit.", "our relay")
    scope: Annotated[
        Literal["sender", "user", "ip", "organizational-domain", "provider", "ip-provider"],
        one_of(
            "sender",
            "user",
            "ip",
            "organizational-domain",
            "provider",
            "ip-provider",
            domain="organizational-domain",
        ),
    ] = _required("What is counted apart: one count for each of these.", "sender")
    max: Count = _required("The most that may leave within the window.", 2000)
    window: DurationField = _required("The length of the window.", "24h")
    warn: Count | None = _key("From which count on to warn, used by the volume projection.", 1800)
    counts: Annotated[Literal["messages", "recipients"], one_of("messages", "recipients")] | None = _key(
        "What is counted, used by the volume projection.", "messages"
    )
    kind: (
        Annotated[Literal["sliding", "tumbling", "calendar-day"], one_of("sliding", "tumbling", "calendar-day")]
        | None
    ) = _key("How the window moves, used by the volume projection.", "sliding")
    effect: (
        Annotated[
            Literal["block", "quarantine", "defer", "obligation"],
            one_of("block", "quarantine", "defer", "obligation"),
        ]
        | None
    ) = _key("What happens above the limit, used by the volume projection.", "defer")


class DnsPlan(Part):
    """Where DNS answers come from; paths are absolute."""

    zones: FilePaths = _key("Zone files that answer instead of the network.", ["dns/acme.zone"], default=())
    servers: Servers = _key("DNS servers to ask, as address or address:port.", ["192.0.2.53"], default=())


class Ignore(Part):
    """A finding that the owner accepts, why, and until when (that day included)."""

    check: Name = _required("The name of the check.", "dmarc-policy-none")
    subject: Line | None = _key("The subject of the finding; by default every subject.", "acme.example")
    reason: Block = _required("Why the finding is accepted.", "moves to quarantine in January")
    until: DateField | None = _key("The last day on which it is ignored.", "2027-01-31")


def _eml(value: object) -> object:
    return {"eml": value} if isinstance(value, str) else value


class Campaign(Part):
    """A campaign as planned."""

    name: Line = _key(
        "The name of the campaign; by default that of the file's folder.", "Spring sale", default="campaign"
    )
    from_: MailboxField = _required(
        "The From address, with or without a display name.", "ACME News <news@acme.example>", alias="from"
    )
    reply_to: MailboxField | None = _key("The Reply-To address.", "contact@acme.example")
    return_path: MailFromField | None = _key(
        "MAIL FROM: a domain or an address; by default the domain of the From address.", "bounces.acme.example"
    )
    sending: Sending = _key("Where and with what the mail is sent.", {"platform": "brevo"}, default=Sending())
    recipients: Recipients | None = _key("Who gets the mail, and who must not.", {"files": ["recipients.csv"]})
    schedule: Schedule | None = _key("When and how fast the mail is sent.", {"rate": "600/10min"})
    other_mail: tuple[OtherMail, ...] = _key(
        "What leaves from the same address or domain anyway.",
        [{"name": "daily business mail", "rate": "40/h"}],
        default=(),
    )
    message: Annotated[MessagePlan, BeforeValidator(_eml, json_schema_input_type=str | MessagePlan)] | None = _key(
        "The message: an .eml file, or a mapping that names its templates.", "message.eml"
    )
    limits: tuple[OwnLimit, ...] = _key(
        "Limits of your own, beside those of the knowledge base.",
        [{"name": "our relay", "scope": "sender", "max": 2000, "window": "24h"}],
        default=(),
    )
    dns: DnsPlan = _key("Where DNS answers come from.", {"zones": ["dns/acme.zone"]}, default=DnsPlan())
    ignore: tuple[Ignore, ...] = _key(
        "Findings that you accept.", [{"check": "dmarc-policy-none", "reason": "changes in January"}], default=()
    )
    fail_on: Annotated[
        Literal["error", "warning", "note", "never"], one_of("error", "warning", "note", "never")
    ] = _key("From which severity on the exit code is 1.", "warning", default="error")

    @property
    def from_domain(self) -> str:
        """The domain of the From address (RFC5322.From), as lower-case A-labels."""
        return self.from_.address.domain

    @property
    def mail_from_domain(self) -> str:
        """The domain of MAIL FROM (RFC5321.MailFrom); by default the From address's domain."""
        return self.return_path.domain if self.return_path else self.from_domain
