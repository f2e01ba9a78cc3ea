"""The types of mailbox services, and of the companies on whose machines senders and their web sites live."""

from collections.abc import Iterator
from datetime import date
from typing import ClassVar, Literal

from msgspec import field

from mailaudit.knowledge.names import is_range
from mailaudit.knowledge.types.fact import Entry, Mistake, Note, Provenance


class MailboxLimit(Entry, frozen=True):
    """So many messages or recipients in a window of seconds.

    `which` narrows what is counted, `scope` is what is counted together. `max` is the lowest published value, `up_to` the
    highest when it varies. `condition` says when the limit applies (a plan, an age of the account); none means always.
    `since` is the day from which it holds, where that is known.
    """

    identity: ClassVar[tuple[str, ...]] = ("window_s", "counts", "scope", "which", "condition")

    max: int
    window_s: int
    provenance: Provenance
    counts: Literal["messages", "recipients"] = "messages"
    window: Literal["sliding", "calendar-day"] = "sliding"
    scope: Literal["mailbox", "domain", "tenant", "client-ip", "account"] = "mailbox"
    which: Literal["external", "internal", "unique", "new"] | None = None
    up_to: int | None = None
    condition: str | None = None
    note: str | None = None
    since: date | None = None

    def mistakes(self) -> Iterator[Mistake]:
        """Yield a limit of nothing."""
        if self.max <= 0 or self.window_s <= 0:
            yield "max", "`max` and `window_s` must be greater than zero"


class MailboxMark(Entry, frozen=True):
    """A record of a customer's own that shows where its mailboxes are.

    At `name` below the domain (`@` for itself) an alias leads to `target`, or a text begins with `text`. Of high confidence
    it is there for the mailboxes alone; of low confidence most often for something else of the same company.
    """

    identity: ClassVar[tuple[str, ...]] = ("name", "target", "text")

    name: str
    provenance: Provenance
    target: str | None = None
    text: str | None = None

    def mistakes(self) -> Iterator[Mistake]:
        """Yield a mark without what stands there, or with both."""
        if (self.target is None) is (self.text is None):
            yield "target", "a mark has either a `target` or a `text`"


class MailboxService(Entry, frozen=True, eq=False):
    """A service for the mail of people, not for mass mail, or a hosting account used like one.

    `domains` are addresses of its users, `spf`, `mx`, `reverse_names`, `dkim_domains` and `smtp_hosts` are names of its
    machines, each matched with everything below it; `marks` are records of its customers. `changes` is what was announced
    for a day to come, or has come.
    `country` is an ISO 3166 code, where there is one.
    """

    domain_names: ClassVar[tuple[str, ...]] = (
        "domains",
        "spf",
        "mx",
        "reverse_names",
        "dkim_domains",
        "smtp_hosts",
    )

    id: str
    name: str
    kind: Literal[
        "consumer", "isp", "business", "hosting", "relay", "forwarding", "shared-hosting", "plugin-preset", "panel"
    ]
    provenance: Provenance
    aliases: tuple[str, ...] = ()
    domains: tuple[str, ...] = ()
    spf: tuple[str, ...] = ()
    mx: tuple[str, ...] = ()
    reverse_names: tuple[str, ...] = ()
    dkim_domains: tuple[str, ...] = ()
    dkim_selectors: tuple[str, ...] = ()
    smtp_hosts: tuple[str, ...] = ()
    recipients_per_message: int | None = None
    marks: tuple[MailboxMark, ...] = ()
    limits: tuple[MailboxLimit, ...] = ()
    codes: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    changes: tuple[Note, ...] = ()
    country: str | None = None


class MailboxesFile(Entry, frozen=True):
    """mailboxes.yml."""

    mailboxes: tuple[MailboxService, ...] = ()


class Hoster(Entry, frozen=True, eq=False):
    """A company on whose machines others run servers and web sites, or through whose gateway their mail passes.

    `kind` is `hosting` (web sites and servers), `cloud`, `isp` (access lines and smart hosts) or `gateway` (a filter
    through which companies send). An SPF include, a range or a reverse name of a hoster tells on whose machine something
    runs, never which service sends. `relays` are the servers through which its customers' programs send.
    """

    domain_names: ClassVar[tuple[str, ...]] = ("spf", "reverse_names", "relays")

    id: str
    name: str
    kind: Literal["hosting", "cloud", "isp", "gateway"]
    provenance: Provenance
    aliases: tuple[str, ...] = ()
    spf: tuple[str, ...] = ()
    reverse_names: tuple[str, ...] = ()
    relays: tuple[str, ...] = ()
    ranges: tuple[str, ...] = ()
    country: str | None = None
    note: str | None = None

    def mistakes(self) -> Iterator[Mistake]:
        """Yield names and ranges that are none."""
        yield from super().mistakes()
        for text in self.ranges:
            if not is_range(text):
                yield "ranges", f"`{text}` is not an address range such as 192.0.2.0/24"


class HostersFile(Entry, frozen=True):
    """hosters.yml."""

    hosters: tuple[Hoster, ...] = field(default=())


class ParkingHost(Entry, frozen=True):
    """A mail server of parked, mistyped or unregistered domains; `id` is its whole name, `means` says whose it is."""

    id: str
    means: str
    provenance: Provenance


class ParkingFile(Entry, frozen=True):
    """parking.yml."""

    hosts: tuple[ParkingHost, ...] = ()
