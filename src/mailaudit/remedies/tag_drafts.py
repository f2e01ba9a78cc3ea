"""DKIM keys, MTA-STS, TLS-RPT and BIMI records that may put a finding right, out of the text that is published.

Sources: RFC 6376, section 3.6.1; RFC 8461, section 3.1; RFC 8460, section 3; the BIMI draft, section 4.
"""

import hashlib
import re
from collections.abc import AsyncIterator

from mailaudit.checks.change import RepairKey, RepairTags, RetireKey
from mailaudit.checks.remedy import Stage
from mailaudit.facts.dns.answer import readable
from mailaudit.facts.sender.dkim import key as dkim_key
from mailaudit.remedies.dmarc_text import report_uris
from mailaudit.remedies.draft import Draft, Moved, Undecided, World, removed
from mailaudit.remedies.tag_text import TagText, read_tags

_PEM = re.compile(r"-+\s*(?:BEGIN|END)(?:\s*RSA)?\s*PUBLIC\s*KEY\s*-+", re.IGNORECASE)
_NAMES = {
    "DKIM1": "vkhptsng",
    "STSv1": ("v", "id"),
    "TLSRPTv1": ("v", "rua"),
    "BIMI1": ("v", "l", "a", "avp", "lps"),
}
_ID_LENGTH = 32
_ED25519_SIGNS = 43  # base64 of 32 octets
_UNDER_WAY_DAYS = 7
_HASHES = {"rsa-sha256": "sha256", "ed25519-sha256": "sha256", "sha-256": "sha256", "rsa-sha1": "sha1"}


async def key_drafts(change: RepairKey, world: World) -> AsyncIterator[Draft]:
    """Yield the key as it was meant; raises `Undecided`."""
    texts = (await world.published(change.name)).texts()
    raw = tuple(map(readable, texts))
    moved = Moved() if texts else await world.moved(change.name)
    texts = texts or moved.texts
    meant = {_key(text).text for text in texts if text.strip()}
    if len(meant) != 1:
        raise Undecided("several different keys stand at the name" if meant else "no key stands at the name")
    record = _key(texts[0])
    if change.end_test:
        flags = [flag for flag in (record.value("t") or "").split(":") if flag.strip().lower() not in {"y", ""}]
        record = record.having("t", ":".join(flags) or None)
    yield Draft((await world.change(change.name, record.text, replaces=raw), *moved.gone), moved.notes)


async def retired_key_drafts(change: RetireKey, world: World) -> AsyncIterator[Draft]:
    """Yield the removal of a key: mail that is under way may still be checked with it for some days."""
    answer = await world.published(change.name)
    zone = await world.zone_of(change.name)
    gone = tuple(removed(zone, change.name, readable(text), answer.ttl) for text in answer.texts())
    condition = f"the other key has signed all mail for {_UNDER_WAY_DAYS} days, and nothing signs with this one"
    yield Draft(gone, (), Stage.LATER, condition, wait_days=_UNDER_WAY_DAYS, retires=change.name)


async def tag_drafts(change: RepairTags, world: World) -> AsyncIterator[Draft]:
    """Yield the record as it was meant; raises `Undecided`."""
    word = change.version.rstrip("1").encode().lower()
    found = (await world.published(change.name)).texts()
    texts = sorted(text for text in found if word in text.lower() or len(found) == 1)
    raw = tuple(map(readable, texts))
    moved = Moved() if texts else await world.moved(change.name)
    texts = texts or sorted(moved.texts)
    if not texts:
        raise Undecided(f"nothing stands at {change.name}")
    records = [
        TagText(change.version, tuple(read_tags(text, change.version, _NAMES[change.version]))) for text in texts
    ]
    record = _MEND[change.version](records, texts)
    yield Draft((await world.change(change.name, record.text, replaces=raw), *moved.gone), moved.notes)


def _key(text: bytes) -> TagText:
    bare = _PEM.sub(" ", text.decode("ascii", "replace").replace("\\n", " "))
    if "=" not in bare.rstrip("= \"'"):
        bare = f"p={bare}"  # the key alone
    tags = dict(reversed(read_tags(bare.encode(), "DKIM1", _NAMES["DKIM1"])))
    if "p" not in tags:
        raise Undecided("the record holds no key (p=)")
    tags["p"] = re.sub(r"[^A-Za-z0-9+/=]", "", tags["p"])
    if "k" not in tags and len(tags["p"].rstrip("=")) == _ED25519_SIGNS:
        tags["k"] = "ed25519"  # no RSA key is as short
    if "k" in tags:
        tags["k"] = tags["k"].lower().partition("-")[0]
    if "h" in tags:
        hashes = [_HASHES.get(one.strip().lower(), one.strip().lower()) for one in tags["h"].split(":")]
        tags["h"] = ":".join(dict.fromkeys(one for one in hashes if one))
    order = [name for name in ("h", "k", "n", "s", "t") if name in tags]
    other = [name for name in tags if name not in {*order, "p"}]
    record = TagText("DKIM1", tuple((name, tags[name]) for name in (*order, *reversed(other), "p")))
    errors = dkim_key.parse(record.text.encode("ascii", "replace")).errors
    if errors:
        raise Undecided(f"of the key {errors[0]}")
    return record


def _policy_id(records: list[TagText], texts: list[bytes]) -> TagText:
    ids = {re.sub(r"[^A-Za-z0-9]", "", record.value("id") or "")[:_ID_LENGTH] for record in records} - {""}
    # No clock: the same records give the same id, which receivers compare with the one they know.
    number = ids.pop() if len(ids) == 1 else hashlib.sha256(b"\n".join(texts)).hexdigest()[:_ID_LENGTH]
    return TagText("STSv1", (("id", number),))


def _reports(records: list[TagText], _: list[bytes]) -> TagText:
    found = [uri for record in records for uri in report_uris(record.value("rua") or "", "rua")]
    if not found:
        raise Undecided("the record does not tell where reports are to go (rua=)")
    return TagText("TLSRPTv1", (("rua", ",".join(dict.fromkeys(found))),))


def _logo(records: list[TagText], _: list[bytes]) -> TagText:
    if len({record.text for record in records}) != 1:
        raise Undecided("several different records stand at the name")
    return records[0]


_MEND = {"STSv1": _policy_id, "TLSRPTv1": _reports, "BIMI1": _logo}
