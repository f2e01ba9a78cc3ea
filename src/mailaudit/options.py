"""What a command may be told beside its campaign; the same for every command."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from msgspec import Struct, field
from msgspec.structs import replace

from mailaudit.baseline import Accepted
from mailaudit.campaign.model import Campaign


class DnsOptions(Struct, frozen=True):
    """Where DNS answers come from.

    `replay` alone answers when it is given. `offline` forbids the network. `zones` alone answer from the zone
    files only; with `servers` beside them, names outside the zones go to the servers. Neither means those of the
    campaign file, and without them the system's resolvers. `drafts` are zone files laid over all of these, as if they
    were published. `record` is a file that takes every answer.
    """

    zones: tuple[Path, ...] = ()
    servers: tuple[str, ...] = ()
    drafts: tuple[Path, ...] = ()
    offline: bool = False
    record: Path | None = None
    replay: Path | None = None

    @property
    def replaces_the_campaigns(self) -> bool:
        """Whether the `dns` part of the campaign file counts for nothing."""
        return bool(self.zones or self.servers or self.replay)

    @property
    def reaches_network(self) -> bool:
        """Whether any server is asked: not offline, from a recording or from zone files alone."""
        return not (self.offline or self.replay or (self.zones and not self.servers))

    def over(self, campaign: Campaign) -> DnsOptions:
        """Return these options with what the campaign's `dns` part adds to them."""
        if self.replaces_the_campaigns:
            return self
        return replace(self, zones=campaign.dns.zones, servers=campaign.dns.servers)


class LookUps(Struct, frozen=True):
    """How much is asked about the domains of a list.

    At most `max_domains` domains (all by default), the most frequent first, for at most `seconds`. `cache` says
    whether answers are remembered from one run to the next, within their time to live: `on`, `off`, or `auto`, which
    is on but for a named server on this machine. `progress` is called now and then with what is being done to
    the list, how much of it, and of how much if that is known, `reused` with the number that were not asked anew.
    """

    max_domains: int | None = None
    seconds: float | None = None
    cache: str = "off"
    progress: Callable[[str, int, int | None], None] | None = None
    reused: Callable[[int], None] | None = None


class Options(Struct, frozen=True):
    """How a campaign is read and audited.

    `recipients` replaces the campaign's lists. `select` and `ignore` are names, families or globs of checks.
    `baseline` holds the findings that are accepted (a multiset), each up to its magnitude or, as a mere fingerprint, any.
    `policy` is a file that judges instead of the campaign's own `fail_on` and `ignore`. `untrusted` refuses what the
    campaign file of a stranger must not reach for, and `allow_private` lets `sending.smtp` lead into private networks.
    `changes` are settings of the campaign file such as `schedule.rate=40/h`. `knowledge` is a folder whose files extend the
    knowledge base. `beside` are other campaigns of the sender. `allow_http` lets the logo and its certificate be
    fetched, never with answers from files alone or offline. `second_opinion` has checkdmarc judge the same records.
    `links` asks the server of each link of the message, `spamassassin` the program of this machine, `rspamd` the one at
    a URL.
    `capture` is the folder of a dry run, whose pace and recipients are judged instead of the planned ones.
    `now` is the moment of the audit, by default the clock's.
    """

    dns: DnsOptions = field(default_factory=DnsOptions)
    recipients: tuple[Path, ...] = ()
    fail_on: str | None = None
    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    baseline: tuple[Accepted | str, ...] = ()
    policy: Path | None = None
    untrusted: bool = False
    allow_private: bool = False
    changes: tuple[str, ...] = ()
    knowledge: Path | None = None
    beside: tuple[Campaign | Path, ...] = ()
    allow_http: bool = False
    second_opinion: bool = False
    links: bool = False
    spamassassin: bool = False
    rspamd: str | None = None
    lookups: LookUps = field(default_factory=LookUps)
    capture: Path | None = None
    now: datetime | None = None
