"""The types of blocklists: what they answer, what an answer means and how one gets off them."""

from collections.abc import Iterator
from functools import cached_property
from ipaddress import IPv4Address, IPv4Network
from typing import ClassVar, Literal

from msgspec import field
from msgspec.structs import replace

from mailaudit.knowledge.names import is_domain_template
from mailaudit.knowledge.types.fact import Entry, Mistake, Provenance

_BIT_ANSWERS = IPv4Network("127.0.0.0/24")
_BITS = frozenset({1, 2, 4, 8, 16, 32, 64, 128})

# RFC 5782, section 5: every list of addresses holds 127.0.0.2 and never 127.0.0.1, and every list of domains
# holds TEST and never INVALID.
_TEST_ENTRIES = {
    "ipv4": ("127.0.0.2", "127.0.0.1"),
    "ipv6": ("::ffff:7f00:2", "::ffff:7f00:1"),
    "domain": ("test", "invalid"),
}


class ListCode(Entry, frozen=True, dict=True):
    """One answer of a list and what it means.

    An answer matches when it lies in the range `answer` (`first` to `last`, both included), or, for a list of bits, when
    its last octet has the bit `bit`. `is_policy` when it says what kind of line or network it is, not what was sent from
    it; without a word it is as the whole list is.
    """

    identity: ClassVar[tuple[str, ...]] = ("answer", "bit")

    means: str
    severity: Literal["error", "warning", "note", "good"] = "warning"
    answer: str | None = None
    bit: int | None = None
    policy: bool | None = None

    @property
    def is_policy(self) -> bool:
        """Whether the answer is about the line, not about what was sent from it."""
        return bool(self.policy)

    @cached_property
    def first(self) -> IPv4Address | None:
        """The first answer of the range."""
        return IPv4Address(self.answer.partition("-")[0]) if self.answer else None

    @cached_property
    def last(self) -> IPv4Address | None:
        """The last answer of the range."""
        return IPv4Address(self.answer.rpartition("-")[2]) if self.answer else None

    def matches(self, answer: IPv4Address) -> bool:
        """Say whether this code explains an answer inside 127.0.0.0/8."""
        if self.bit is not None:
            return answer in _BIT_ANSWERS and bool(int(answer) & 0xFF & self.bit)
        return self.first is not None and self.last is not None and self.first <= answer <= self.last

    def mistakes(self) -> Iterator[Mistake]:
        """Yield an answer that no list gives."""
        if (self.answer is None) == (self.bit is None):
            yield "answer", "give either `answer` or `bit`"
        elif self.bit is not None:
            if self.bit not in _BITS:
                yield "bit", "`bit` must be a power of two up to 128"
        else:
            yield from self._bad_range()

    def _bad_range(self) -> Iterator[Mistake]:
        try:
            first, last = self.first, self.last
        except ValueError:
            yield "answer", f"`{self.answer}` is no address and no range of addresses"
            return
        if first and last and (first > last or not (first.is_loopback and last.is_loopback)):
            yield "answer", f"`{self.answer}` does not lie inside 127.0.0.0/8"


class RefusalCode(ListCode, frozen=True, dict=True):
    """An answer that is no listing but a refusal to answer."""

    severity: Literal["error", "warning", "note", "good"] = "note"


class ListZone(Entry, frozen=True):
    """A DNS zone of a list; `listed` and `unlisted` are its test entries (RFC 5782).

    `key_zone` is the name to ask with a customer's key, with `<key>` where the key stands.
    """

    identity: ClassVar[tuple[str, ...]] = ("name", "of")

    name: str
    of: Literal["ipv4", "ipv6", "domain"]
    own_listed: str | None = field(default=None, name="listed")
    own_unlisted: str | None = field(default=None, name="unlisted")
    key_zone: str | None = None

    @property
    def listed(self) -> str:
        """What the zone always holds."""
        return self.own_listed or _TEST_ENTRIES[self.of][0]

    @property
    def unlisted(self) -> str:
        """What the zone never holds."""
        return self.own_unlisted or _TEST_ENTRIES[self.of][1]

    def mistakes(self) -> Iterator[Mistake]:
        """Yield names that are none."""
        if not is_domain_template(self.name):
            yield "name", f"`{self.name}` is not a domain name"
        if self.key_zone and not self.key_zone.startswith("<key>."):
            yield "key_zone", "`key_zone` must begin with `<key>.`"


class Delisting(Entry, frozen=True):
    """How one gets off a list: where, in which steps, how long it takes and what makes it worse."""

    url: str | None = None
    steps: tuple[str, ...] = ()
    duration: str | None = None
    worse: str | None = None


class Blocklist(Entry, frozen=True, dict=True, eq=False):
    """A DNS list of addresses or domains with a bad (or good) standing.

    `is_asked` when an audit asks it without being told to; `key_name` is the name under which a customer's key is
    configured, `usage` whom the list serves. `scope` is what a listing covers, `reach` how many receivers act on it.
    """

    id: str
    name: str
    means: str
    scope: Literal["address", "range", "network", "domain"]
    reach: Literal["large", "medium", "small"]
    access: Literal["free", "key", "registered", "private"]
    own_codes: tuple[ListCode, ...] = field(name="codes")
    provenance: Provenance
    zones: tuple[ListZone, ...] = ()
    errors: tuple[RefusalCode, ...] = ()
    policy: bool = False
    is_asked: bool = field(default=True, name="asked")
    is_allow_list: bool = field(default=False, name="allow_list")
    delisting: Delisting = Delisting()
    key_name: str | None = None
    usage: str | None = None
    aliases: tuple[str, ...] = ()

    @cached_property
    def codes(self) -> tuple[ListCode, ...]:
        """What its answers mean."""
        return tuple(
            code if code.policy is not None or not self.policy else replace(code, policy=True)
            for code in self.own_codes
        )

    def mistakes(self) -> Iterator[Mistake]:
        """Yield a list whose answers mean nothing."""
        if not self.own_codes:
            yield "codes", "`codes` must say what an answer means"


class DeadList(Entry, frozen=True):
    """A list that was closed; it is never asked, because some of them came to list everybody."""

    identity: ClassVar[tuple[str, ...]] = ("name",)

    name: str
    status: str
    provenance: Provenance
    zones: tuple[str, ...] = ()


class ComplaintChannel(Entry, frozen=True):
    """How a mailbox provider is asked to stop refusing mail."""

    identity: ClassVar[tuple[str, ...]] = ("kind", "value")

    kind: Literal["form", "email", "feedback", "portal", "dashboard", "look-up"]
    value: str
    provenance: Provenance
    note: str | None = None


class ChannelGuide(Entry, frozen=True):
    """The complaint channels of one mailbox provider, or of a filter that many receivers use."""

    id: str
    name: str
    channels: tuple[ComplaintChannel, ...] = ()
    aliases: tuple[str, ...] = ()
    before: tuple[str, ...] = ()


class Standing(Entry, frozen=True):
    """blocklists.yml: lists that live, lists that are dead, and where to complain."""

    lists: tuple[Blocklist, ...] = ()
    dead: tuple[DeadList, ...] = ()
    channels: tuple[ChannelGuide, ...] = ()
