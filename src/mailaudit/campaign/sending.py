"""Where and with what the mail is sent."""

from mailaudit.campaign.fields import Domain, FilePath, HeloName, HostPort, Ips, Name, Selector
from mailaudit.campaign.section import Part, key, required


class DkimSelector(Part):
    """A selector that signs the campaign, and the domain (`d=`) under which it is published."""

    selector: Selector = required("The selector: s= in the DKIM-Signature header.", "s1")
    domain: Domain = required("The signing domain: d= in the DKIM-Signature header.", "acme.example")


class Sending(Part):
    """Where and with what the mail is sent; what is missing is detected or said to be unknown."""

    platform: Name | None = key(
        "The sending platform that you believe you use, by its name in the knowledge base, or none.",
        "brevo",
        "none",
    )
    smtp: HostPort | None = key(
        "The server that your software hands mail to, as host or host:port.", "smtp.acme.example:587"
    )
    ips: Ips = key("The IP addresses where the mail leaves from.", ["203.0.113.25", "2001:db8::25"], default=())
    helo: HeloName | None = key("The name that the sending server gives in HELO or EHLO.", "mail.acme.example")
    software: Name | None = key("The program that sends, by its name in the knowledge base.", "mautic")
    settings: FilePath | None = key(
        "The program's own configuration, read for its true pace: listmonk, phpList, Mautic, Postfix, KumoMTA, a crontab.",
        "listmonk.toml",
    )
    website: Domain | None = key(
        "The host of your web site; by default www and the apex of the organizational domain.", "www.acme.example"
    )
    dkim: tuple[DkimSelector, ...] = key(
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
