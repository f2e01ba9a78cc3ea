"""Turns blocklists.yml into `Standing`, complaining about what does not fit."""

from __future__ import annotations

from ipaddress import IPv4Address

from mailaudit.knowledge.blocklist_model import (
    Blocklist,
    ChannelGuide,
    ComplaintChannel,
    DeadList,
    Delisting,
    ListCode,
    ListZone,
    Standing,
)
from mailaudit.knowledge.names import is_domain_template
from mailaudit.knowledge.read import Fields

OF = frozenset({"ipv4", "ipv6", "domain"})
SEVERITIES = frozenset({"error", "warning", "note", "good"})
SCOPES = frozenset({"address", "range", "network", "domain"})
REACHES = frozenset({"large", "medium", "small"})
ACCESSES = frozenset({"free", "key", "registered", "private"})
CHANNELS = frozenset({"form", "email", "feedback", "portal", "dashboard", "look-up"})

# RFC 5782, section 5: every list of addresses holds 127.0.0.2 and never 127.0.0.1, and every list of domains
# holds TEST and never INVALID.
_TEST_ENTRIES = {
    "ipv4": ("127.0.0.2", "127.0.0.1"),
    "ipv6": ("::ffff:7f00:2", "::ffff:7f00:1"),
    "domain": ("test", "invalid"),
}


def standing(top: Fields) -> Standing:
    """Return the lists, the dead lists and the complaint channels of one file."""
    found = Standing(
        lists=tuple(_list(entry) for entry in top.parts("lists")),
        dead=tuple(_dead(entry) for entry in top.parts("dead")),
        channels=tuple(_guide(entry) for entry in top.parts("channels")),
    )
    top.done()
    return found


def _list(entry: Fields) -> Blocklist:
    policy = entry.flag("policy")
    found = Blocklist(
        id=entry.text("id"),
        name=entry.text("name"),
        zones=tuple(_zone(row) for row in entry.parts("zones")),
        codes=tuple(_code(row, "warning", is_policy=policy) for row in entry.parts("codes")),
        errors=tuple(_code(row, "note", is_policy=False) for row in entry.parts("errors")),
        means=entry.text("means"),
        scope=entry.word("scope", SCOPES),
        reach=entry.word("reach", REACHES),
        access=entry.word("access", ACCESSES),
        is_asked=entry.flag("asked", default=True),
        is_allow_list=entry.flag("allow_list"),
        delisting=_delisting(entry.part("delisting")),
        provenance=entry.provenance(),
        key_name=entry.optional("key_name"),
        usage=entry.optional("usage"),
        aliases=entry.texts("aliases"),
    )
    entry.done()
    if not found.codes:
        raise entry.fail("codes", "`codes` must say what an answer means")
    return found


def _zone(row: Fields) -> ListZone:
    of = row.word("of", OF)
    listed, unlisted = _TEST_ENTRIES[of]
    zone = ListZone(
        name=row.text("name"),
        of=of,
        listed=row.text("listed", listed),
        unlisted=row.text("unlisted", unlisted),
        key_zone=row.optional("key_zone"),
    )
    row.done()
    if not is_domain_template(zone.name):
        raise row.fail("name", f"`{zone.name}` is not a domain name")
    if zone.key_zone and not zone.key_zone.startswith("<key>."):
        raise row.fail("key_zone", "`key_zone` must begin with `<key>.`")
    return zone


def _code(row: Fields, severity: str, *, is_policy: bool) -> ListCode:
    answer, bit = row.optional("answer"), row.number("bit")
    means = row.text("means")
    severity = row.word("severity", SEVERITIES, severity)
    is_policy = row.flag("policy", default=is_policy)
    row.done()
    if (answer is None) == (bit is None):
        raise row.fail("answer", "give either `answer` or `bit`")
    if bit is not None:
        if bit not in {1, 2, 4, 8, 16, 32, 64, 128}:
            raise row.fail("bit", "`bit` must be a power of two up to 128")
        return ListCode(means, severity, bit=bit, is_policy=is_policy)
    first, _, last = (answer or "").partition("-")
    try:
        low, high = IPv4Address(first), IPv4Address(last or first)
    except ValueError:
        raise row.fail("answer", f"`{answer}` is no address and no range of addresses") from None
    if low > high or not (low.is_loopback and high.is_loopback):
        raise row.fail("answer", f"`{answer}` does not lie inside 127.0.0.0/8")
    return ListCode(means, severity, low, high, is_policy=is_policy)


def _delisting(part: Fields | None) -> Delisting:
    if part is None:
        return Delisting(None, (), None, None)
    found = Delisting(part.optional("url"), part.texts("steps"), part.optional("duration"), part.optional("worse"))
    part.done()
    return found


def _dead(entry: Fields) -> DeadList:
    found = DeadList(entry.text("name"), entry.texts("zones"), entry.text("status"), entry.provenance())
    entry.done()
    return found


def _guide(entry: Fields) -> ChannelGuide:
    guide = ChannelGuide(
        id=entry.text("id"),
        name=entry.text("name"),
        channels=tuple(_channel(row) for row in entry.parts("channels")),
        aliases=entry.texts("aliases"),
        before=entry.texts("before"),
    )
    entry.done()
    return guide


def _channel(row: Fields) -> ComplaintChannel:
    channel = ComplaintChannel(
        row.word("kind", CHANNELS), row.text("value"), row.provenance(), row.optional("note")
    )  # fmt: skip
    row.done()
    return channel
