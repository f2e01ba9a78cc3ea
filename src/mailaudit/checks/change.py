"""What a check wants changed in DNS: an intent, out of which `remedies/` makes a record that is proven."""

from enum import StrEnum
from ipaddress import IPv4Address, IPv6Address

from msgspec import Struct

from mailaudit.knowledge.types.platform import PlatformRecord


class SpfAim(StrEnum):
    """What an SPF record is to do that it does not."""

    AUTHORISE = "authorise"
    REPAIR = "repair"
    JOIN = "join"
    CLOSE = "close"
    END = "end"
    REACH = "reach"
    SHORTEN = "shorten"


class ChangeSpf(Struct, frozen=True):
    """Let the SPF record of a domain allow this campaign, and reach one aim beside."""

    domain: str
    aim: SpfAim


class DmarcAim(StrEnum):
    """What a DMARC record is to do that it does not."""

    PUBLISH = "publish"
    REPAIR = "repair"
    ENFORCE = "enforce"
    ASK_FOR_REPORTS = "ask for reports"
    DROP_OUTDATED = "drop outdated tags"
    STAND_AT_FROM = "stand at the From domain"
    RELAX = "count domains of the same organization"


class ChangeDmarc(Struct, frozen=True):
    """Reach one aim with the DMARC record that a domain publishes (`domain` is without `_dmarc`)."""

    domain: str
    aim: DmarcAim


class RepairKey(Struct, frozen=True):
    """Make the DKIM key at a name usable; `end_test` takes its `t=y` away."""

    name: str
    end_test: bool = False


class RetireKey(Struct, frozen=True):
    """Take the DKIM key at a name away, once nothing signs with it any more."""

    name: str


class RepairTags(Struct, frozen=True):
    """Make the MTA-STS, TLS-RPT or BIMI record at a name readable; `version` is what it must start with."""

    name: str
    version: str


class PublishAddresses(Struct, frozen=True):
    """Give a host name the addresses of the sending server."""

    name: str
    addresses: tuple[IPv4Address | IPv6Address, ...]


class PublishForPlatform(Struct, frozen=True):
    """Publish what a sending platform asks of its customers."""

    records: tuple[PlatformRecord, ...]


class SeparateCampaign(Struct, frozen=True):
    """Give campaigns a domain of their own, below that of the daily mail; its mail goes to `mail_server`."""

    domain: str
    mail_server: str | None = None
    records: tuple[PlatformRecord, ...] = ()


class PointAlias(Struct, frozen=True):
    """Let the alias (CNAME) at a name lead to a target."""

    name: str
    target: str


Change = (
    ChangeSpf
    | ChangeDmarc
    | RepairKey
    | RetireKey
    | RepairTags
    | PublishAddresses
    | PublishForPlatform
    | SeparateCampaign
    | PointAlias
)
