"""The types of blocklists: what they answer, what an answer means and how one gets off them."""

from __future__ import annotations

from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network

from mailaudit.knowledge.model import Provenance

_BIT_ANSWERS = IPv4Network("127.0.0.0/24")


@dataclass(frozen=True, slots=True)
class ListCode:
    """One answer of a list and what it means.

    An answer matches when it lies between `first` and `last` (both included), or, for a list of bits, when its last
    octet has the bit `bit`. `severity` is `error`, `warning`, `note`, or `good` when the answer is praise.
    `is_policy` when it says what kind of line or network it is, not what was sent from it.
    """

    means: str
    severity: str
    first: IPv4Address | None = None
    last: IPv4Address | None = None
    bit: int | None = None
    is_policy: bool = False

    def matches(self, answer: IPv4Address) -> bool:
        """Say whether this code explains an answer inside 127.0.0.0/8."""
        if self.bit is not None:
            return answer in _BIT_ANSWERS and bool(int(answer) & 0xFF & self.bit)
        return self.first is not None and self.last is not None and self.first <= answer <= self.last


@dataclass(frozen=True, slots=True)
class ListZone:
    """A DNS zone of a list; `of` is `ipv4`, `ipv6` or `domain`; `listed` and `unlisted` are its test entries (RFC 5782).

    `key_zone` is the name to ask with a customer's key, with `<key>` where the key stands.
    """

    name: str
    of: str
    listed: str
    unlisted: str
    key_zone: str | None = None


@dataclass(frozen=True, slots=True)
class Delisting:
    """How one gets off a list: where, in which steps, how long it takes and what makes it worse."""

    url: str | None
    steps: tuple[str, ...]
    duration: str | None
    worse: str | None


@dataclass(frozen=True, slots=True, eq=False)
class Blocklist:
    """A DNS list of addresses or domains with a bad (or good) standing.

    `is_asked` when an audit asks it without being told to; `access` is `free`, `key`, `registered` or `private`;
    `key_name` is the name under which a customer's key is configured. `scope` is what a listing covers: `address`,
    `range`, `network`, `domain`. `reach` is `large`, `medium` or `small`: how many receivers act on it.
    """

    id: str
    name: str
    zones: tuple[ListZone, ...]
    codes: tuple[ListCode, ...]
    errors: tuple[ListCode, ...]
    means: str
    scope: str
    reach: str
    access: str
    is_asked: bool
    is_allow_list: bool
    delisting: Delisting
    provenance: Provenance
    key_name: str | None = None
    usage: str | None = None
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class DeadList:
    """A list that was closed; it is never asked, because some of them came to list everybody."""

    name: str
    zones: tuple[str, ...]
    status: str
    provenance: Provenance


@dataclass(frozen=True, slots=True)
class ComplaintChannel:
    """How a mailbox provider is asked to stop refusing mail; `kind` is `form`, `email`, `feedback`, `portal` or `look-up`."""

    kind: str
    value: str
    provenance: Provenance
    note: str | None = None


@dataclass(frozen=True, slots=True)
class ChannelGuide:
    """The complaint channels of one mailbox provider, or of a filter that many receivers use."""

    id: str
    name: str
    channels: tuple[ComplaintChannel, ...]
    aliases: tuple[str, ...] = ()
    before: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Standing:
    """Everything known about lists: those that live, those that are dead, and where to complain."""

    lists: tuple[Blocklist, ...]
    dead: tuple[DeadList, ...]
    channels: tuple[ChannelGuide, ...]
