"""The small values of a campaign file: durations, rates, mail addresses, daily windows."""

from datetime import time
from enum import StrEnum
from pathlib import Path
from typing import Self

from msgspec import Struct


class Unit(StrEnum):
    """Units of a duration, spelled as in the campaign file."""

    SECOND = "s"
    MINUTE = "min"
    HOUR = "h"
    DAY = "d"
    MONTH = "mo"
    YEAR = "y"


_SECONDS = {"s": 1, "min": 60, "h": 3600, "d": 86400, "mo": 30 * 86400, "y": 365 * 86400}


class Duration(Struct, frozen=True):
    """A whole number of one unit, such as `10min` or `3y`."""

    amount: int
    unit: Unit

    @property
    def seconds(self) -> int:
        """Length in seconds; a month counts 30 days and a year 365."""
        return self.amount * _SECONDS[self.unit.value]

    def __str__(self) -> str:
        """Return the spelling of the campaign file."""
        return f"{self.amount}{self.unit.value}"


class Rate(Struct, frozen=True):
    """So many messages in each duration, evenly spread: `600/10min`."""

    count: int
    per: Duration

    @property
    def per_second(self) -> float:
        """Messages in one second."""
        return self.count / self.per.seconds


class Address(Struct, frozen=True):
    """An addr-spec (RFC 5322, section 3.4.1); `domain` is a lower-case A-label name."""

    local_part: str
    domain: str

    def __str__(self) -> str:
        """Return `local-part@domain`."""
        return f"{self.local_part}@{self.domain}"


class Mailbox(Struct, frozen=True):
    """A display name with its address (RFC 5322, section 3.4)."""

    address: Address
    display_name: str | None = None


class MailFrom(Struct, frozen=True):
    """The SMTP MAIL FROM identity (RFC 5321, section 4.1.1.2): a domain, or a whole address."""

    domain: str
    address: Address | None = None


class Hours(Struct, frozen=True):
    """A daily window in local time, from `begin` up to but not including `end`.

    An `end` of `time(0)` means midnight at the end of the day.
    """

    begin: time
    end: time

    def __str__(self) -> str:
        return f"{self.begin:%H:%M}-" + (f"{self.end:%H:%M}" if self.end != time(0) else "24:00")


class DatabaseUrl(str):
    """The URL of a database that holds recipients; it may hold a password, so show `masked`.

    A relative path in it is relative to `folder`, that of the campaign file.
    """

    __slots__ = ("folder",)
    folder: Path

    def __new__(cls, url: str, folder: Path | None = None) -> Self:
        """Keep the URL as it is written, and what it is relative to: by default the current folder."""
        made = super().__new__(cls, url)
        made.folder = folder or Path()
        return made

    @property
    def masked(self) -> str:
        """The URL without user information and parameters."""
        scheme, _, rest = self.partition("://")
        return f"{scheme}://{rest.partition('?')[0].rpartition('@')[2]}"

    def __repr__(self) -> str:
        """Return the masked URL, because `repr` ends in logs."""
        return f"DatabaseUrl({self.masked!r})"


STDIN = Path("-")
