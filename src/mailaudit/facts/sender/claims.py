"""What the campaign file says of its sender: claims, to be held against what the world says."""

from enum import Enum

from msgspec import Struct

from mailaudit.campaign.model import Campaign
from mailaudit.campaign.values.types import Address, MailFrom
from mailaudit.facts.dns.records import IpAddress
from mailaudit.facts.sender.dkim.observe import Selector


class DailyMail(Struct, frozen=True):
    """Mail that leaves anyway, and the address in its From field."""

    name: str
    address: Address


class SmtpReach(Enum):
    """Which servers `sending.smtp` may lead to: public ones, any, or none at all."""

    PUBLIC = "public"
    ANY = "any"
    NONE = "none"


class SenderClaims(Struct, frozen=True):
    """What receivers will see of the campaign, and what is said to send it.

    `return_path` is missing when MAIL FROM is the From address; `platform` and `software` are words of the user's, in
    lower case. `selectors` are those that the file names, `daily` what leaves anyway. `has_message`
    says whether a message was given to look at, and `smtp_reach` which submission hosts may be talked to. Without
    `asks_name_servers` nobody but the resolver is asked.
    """

    from_address: Address
    return_path: MailFrom | None = None
    reply_to: Address | None = None
    ips: tuple[IpAddress, ...] = ()
    helo: str | None = None
    selectors: tuple[Selector, ...] = ()
    submission_host: str | None = None
    submission_port: int | None = None
    website: str | None = None
    platform: str | None = None
    software: str | None = None
    daily: tuple[DailyMail, ...] = ()
    has_message: bool = False
    smtp_reach: SmtpReach = SmtpReach.PUBLIC
    asks_name_servers: bool = True

    @property
    def from_domain(self) -> str:
        """The domain of the From address (RFC5322.From), as lower-case A-labels."""
        return self.from_address.domain

    @property
    def mail_from_domain(self) -> str:
        """The domain of MAIL FROM (RFC5321.MailFrom)."""
        return self.return_path.domain if self.return_path else self.from_domain


def claims_of(campaign: Campaign) -> SenderClaims:
    """Return what a campaign says of its sender."""
    sending, sender = campaign.sending, campaign.from_.address
    return SenderClaims(
        from_address=sender,
        return_path=campaign.return_path,
        reply_to=campaign.reply_to.address if campaign.reply_to else None,
        ips=sending.ips,
        helo=sending.helo,
        selectors=tuple(Selector(key.selector, key.domain, place=place) for place, key in enumerate(sending.dkim)),
        submission_host=sending.smtp_host,
        submission_port=sending.smtp_port,
        website=sending.website,
        platform=sending.platform,
        software=sending.software,
        daily=tuple(
            DailyMail(one.name, one.from_.address if one.from_ else sender) for one in campaign.other_mail
        ),
        has_message=campaign.message is not None,
    )
