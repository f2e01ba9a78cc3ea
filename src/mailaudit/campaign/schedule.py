"""When and how fast mail is sent."""

from collections.abc import Iterator, Mapping
from itertools import combinations
from typing import Annotated, Any, Literal

from pydantic import ConfigDict, ValidationInfo, field_validator

from mailaudit.campaign.fields import (
    Count,
    DaysField,
    DurationField,
    HoursField,
    Line,
    MailboxField,
    Name,
    OneOf,
    RateField,
    StartField,
    ZoneField,
)
from mailaudit.campaign.section import Part, key, required
from mailaudit.campaign.values.start import in_zone
from mailaudit.reach.yaml.unusable import Unusable

_PACES = ("rate", "batch", "over", "limiter")


class Batch(Part):
    """So many messages at once, then a pause until `every` has passed since the batch began."""

    size: Count = required("Messages in one batch.", 400)
    every: DurationField = required("Time from the begin of one batch to the begin of the next.", "10min")


class Schedule(Part):
    """When and how fast the campaign is sent; at most one of rate, batch, over and limiter is set."""

    model_config = ConfigDict(
        json_schema_extra={"allOf": [{"not": {"required": list(pair)}} for pair in combinations(_PACES, 2)]}
    )

    timezone: ZoneField | None = key(
        "The time zone of all times here, by its IANA name; UTC by default.", "Europe/Paris"
    )
    start: StartField | None = key(
        "When the first message leaves, in local time unless an offset is written; local: in each recipient's own zone.",
        "2026-12-01T09:00",
        "local 2026-12-01T09:00",
    )
    rate: RateField | None = key("A constant rate: so many messages per time.", "600/10min", "40/h")
    batch: Batch | None = key("So many messages at once, then a pause.", {"size": 400, "every": "10min"})
    over: DurationField | None = key("The time over which all messages are spread evenly.", "8h")
    limiter: Name | None = key("The known software whose own pacing is used.", "listmonk")
    processes: Count = key("How many senders run at once, each at the given pace.", 2, default=1)
    most_a_day: Count | None = key(
        "After so many messages sending stops, and goes on at the same time of the next day.", 9750
    )
    order: Annotated[Literal["list", "shuffled", "interleaved"], OneOf()] = key(
        "The order of sending: as in the list, shuffled, or interleaved across mailbox providers.",
        "shuffled",
        default="list",
    )
    hours: HoursField | None = key("The daily window in local time.", "09:00-18:00")
    days: DaysField | None = key("The weekdays on which mail is sent; every day by default.", "mon-fri")

    @classmethod
    def conflicts(cls, given: Mapping[str, object]) -> Iterator[Unusable]:
        """Yield every pace after the first."""
        first, *others = [pace for pace in _PACES if pace in given] or [""]
        for other in others:
            yield Unusable(f"stands beside {first}", "keep one of rate, batch, over and limiter", key=other)

    @field_validator("start")
    @classmethod
    def _in_timezone(cls, start: Any, info: ValidationInfo) -> Any:
        return start if start is None else in_zone(start, info.data.get("timezone"))


class OtherMail(Part):
    """Mail that leaves from the same address or domain anyway."""

    name: Line = required("What kind of mail this is.", "daily business mail")
    from_: MailboxField | None = key(
        "Its From address; by default that of the campaign.", "contact@acme.example", alias="from"
    )
    rate: RateField = required("How much of it leaves.", "40/h")
    hours: HoursField | None = key("Its daily window in local time.", "09:00-18:00")
    days: DaysField | None = key("The weekdays on which it leaves; every day by default.", "mon-fri")
