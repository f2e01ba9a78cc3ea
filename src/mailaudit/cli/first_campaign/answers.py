"""What is known of a campaign before it is written down: told by options and answers, shown by a message, seen in DNS."""

from __future__ import annotations

import os
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from msgspec.structs import replace

from mailaudit.cli import options as shared

if TYPE_CHECKING:
    from mailaudit.api import FirstLook, Witness
    from mailaudit.campaign.draft import Draft


class FirstAnswers:
    """The answers so far about a campaign that is to lie in `folder`; `chosen` are the options of `init`.

    `given` holds what was checked already, by the name of its option; several addresses are one text with commas.
    """

    def __init__(self, folder: Path, chosen: dict[str, Any]) -> None:
        self.folder = folder
        self.chosen = chosen
        self.given: dict[str, str] = {}
        self.shown: Witness | None = None

    @property
    def sender(self) -> str | None:
        """The From address, as far as an answer, the message or the domain tells it."""
        seen = self.shown.author if self.shown else None
        domain = self.chosen["domain"]
        return self.given.get("sender") or seen or (f"news@{domain}" if domain else None)

    @cached_property
    def look(self) -> FirstLook:
        """What DNS tells about the domain of the sender."""
        from mailaudit.api import Options, first_look  # noqa: PLC0415 - keeps --help light

        options = Options(dns=shared.dns_options(self.chosen), knowledge=self.chosen["knowledge"])
        return first_look(domain_of(self.sender or ""), options)

    @property
    def platform(self) -> str | None:
        """The platform that was named, or the only one that DNS shows."""
        seen = self.look.platforms
        return self.given.get("platform") or (seen[0] if len(seen) == 1 else None)

    @property
    def remarks(self) -> list[str]:
        """What DNS shows and the user should know."""
        look, domain = self.look, domain_of(self.sender or "")
        told = [f"Mail to {domain} is kept by {look.mailbox_service}."] if look.mailbox_service else []
        if look.platforms and "platform" not in self.given:
            told.append(f"Seen in DNS: {', '.join(look.platforms)}. Check that this is what sends the campaign.")
        if "sender" not in self.given and not self.shown:
            told.append(f"No From address was given: {self.sender} stands for any address of {domain}.")
        told += [f"Not seen: {reason}." for reason in look.unanswered]
        return [" ".join(one.split()) for one in told]

    def draft(self) -> Draft:
        """Return the campaign to write; raises `InputError` for a sender that is none."""
        sender, look, shown = self.sender or "", self.look, self.shown
        domain = domain_of(sender)
        signing = tuple((one.selector, domain) for one in look.selectors if _fits(one.platform, self.platform))
        draft = self.draft_of({"platform": self.platform, **self.given, "sender": sender})
        return replace(
            draft,
            ips=draft.ips or (tuple(map(str, shown.addresses[:1])) if shown else ()),
            selectors=(shown.selectors if shown else ()) or signing,
            website=look.website,
            return_path=shown.mail_from_domain if shown and shown.mail_from_domain != domain else None,
            software=shown.software if shown else None,
            remarks=tuple(self.remarks),
        )

    def draft_of(self, given: Mapping[str, str | None]) -> Draft:
        """Return a campaign of these answers alone."""
        from mailaudit.campaign.draft import Draft  # noqa: PLC0415 - keeps --help light

        return Draft(
            sender=given["sender"] or "",
            name=self.chosen["name"] or self.folder.resolve().name or "campaign",
            recipients=given.get("recipients"),
            suppression=given.get("suppression"),
            message=given.get("sample"),
            platform=given.get("platform"),
            ips=tuple(one.strip() for one in (given.get("ips") or "").split(",") if one.strip()),
            timezone=self.chosen["timezone"] or _local_timezone(),
            rate=given.get("rate"),
            start=given.get("start"),
        )


def domain_of(sender: str) -> str:
    """Return the domain of a From address; raises `InputError` for what is none."""
    from mailaudit.api import parse_sender  # noqa: PLC0415 - keeps --help light

    return parse_sender(sender).address.domain


def _fits(selector_platform: str | None, platform: str | None) -> bool:
    """Keep the selectors of the platform that sends; the mailbox service's own key signs other mail."""
    return platform is None or platform == "none" or selector_platform in {None, platform}


def _local_timezone() -> str | None:
    """Return the IANA name of this machine's time zone, where it can be told."""
    named = os.environ.get("TZ", "").lstrip(":")
    if "/" in named:
        return named
    try:
        link = str(Path("/etc/localtime").readlink())
    except OSError:
        return None
    _, found, name = link.partition("zoneinfo/")
    return name if found and "/" in name and not name.startswith("Etc/") else None
