"""DMARC records as their writer meant them (RFC 9989, sections 4.7 and 4.8)."""

import difflib
import re
from collections.abc import Iterable, Mapping, Sequence

from mailaudit.facts.sender.dmarc.record import TAGS, Policy, intended_tag, parse
from mailaudit.remedies.draft import Undecided
from mailaudit.remedies.tag_text import TagText, read_tags

VERSION = "DMARC1"
_POLICIES = ("p", "sp", "np")
_CHOICES = {
    "adkim": {"r": "r", "s": "s", "relaxed": "r", "strict": "s"},
    "aspf": {"r": "r", "s": "s", "relaxed": "r", "strict": "s"},
    "t": {"y": "y", "n": "n", "yes": "y", "no": "n"},
    "psd": {"y": "y", "n": "n", "u": "u"},
}
_ADDRESS = re.compile(r"[^\s@<>,;!/:]+@[^\s@<>,;!/:]+\.[^\s@<>,;!/:]+(?:![0-9]+[kmgt]?)?", re.IGNORECASE)
_STRICTEST_FIRST = (Policy.REJECT, Policy.QUARANTINE, Policy.NONE)


def read(text: bytes) -> TagText:
    """Return a record as meant, its policy first; raises `Undecided` for what cannot be understood."""
    found: dict[str, str] = {}
    tags = read_tags(text, VERSION, TAGS)
    given = {name for name, _ in tags}
    for written, value in tags:
        name = intended_tag(written, value, given) or written
        mended = _mended(name, value)
        found[name] = _both(name, found[name], mended) if name in found else mended
    if "p" not in found and set(found.values()) & {policy.value for policy in Policy}:
        raise Undecided("the record does not tell its policy, p=")
    # Receivers act as if it were none (RFC 9989, section 4.10.1).
    policy = found.pop("p", Policy.NONE.value)
    record = TagText(VERSION, (("p", policy), *found.items()))
    errors = parse(record.text.encode("ascii", "replace")).errors
    if errors:
        raise Undecided(f"in the record {errors[0]}")
    return record


def joined(records: Sequence[TagText]) -> TagText:
    """Return one record: the strictest of the policies, every report address, nothing that depends on an order."""
    if len(records) == 1:
        return records[0]
    tags: dict[str, str] = {"p": _strictest(record.value("p") for record in records)}
    for name in ("sp", "np"):
        if any(record.value(name) for record in records):
            tags[name] = _strictest(_value(record, name) for record in records)
    for record in records:
        for name, value in record.tags:
            if name == "t" or (name == "pct" and not all(one.value(name) for one in records)):
                continue  # it softens, and stands in one of them only
            tags[name] = _both(name, tags[name], value) if name in tags else value
    if any(record.value("t") == "y" for record in records) and _is_kept_as_test(tags, records):
        tags["t"] = "y"
    return TagText(VERSION, tuple(tags.items()))


def _is_kept_as_test(tags: Mapping[str, str], records: Sequence[TagText]) -> bool:
    """Say whether a record, applied one level lower as `t=y` asks, is still as strict as each of several was."""
    return all(
        _applied(tags[name], is_test=True) >= _applied(_value(record, name), is_test=record.value("t") == "y")
        for record in records
        for name in _POLICIES
        if name in tags
    )


def _value(record: TagText, name: str) -> str | None:
    """Return one of the policies of a record, or the one that stands for it (RFC 9989, section 4.7)."""
    return record.value(name) or (record.value("sp") if name == "np" else None) or record.value("p")


def _applied(value: str | None, *, is_test: bool) -> int:
    """Return how strict receivers are, 0 to 2."""
    policy = Policy(value or Policy.NONE)
    return list(Policy).index(policy.lowered if is_test else policy)


def addresses(value: str | None) -> tuple[str, ...]:
    """Return the addresses of `rua=` or `ruf=`, each with its scheme."""
    return tuple(part for part in (value or "").split(",") if part)


def report_uris(value: str, name: str) -> tuple[str, ...]:
    """Return the addresses of a tag, each with its scheme; raises `Undecided` for what is none."""
    value = re.sub(r"\bmail\s?to\b[\s:=/]*", "mailto:", value, flags=re.IGNORECASE)
    parts = re.split(r"[,;|]|\s+(?=\S+@)", value)
    return tuple(dict.fromkeys(_uri(part, name) for part in parts if part.strip()))


def _mended(name: str, value: str) -> str:
    value = value.strip(" ,.;|:")
    if name in _POLICIES:
        close = difflib.get_close_matches(value.lower(), [policy.value for policy in Policy], n=1, cutoff=0.6)
        if not close:
            raise Undecided(f"the record does not tell which policy {name}={value[:20]} is to mean")
        return close[0]
    if name in _CHOICES:
        if value.lower() not in _CHOICES[name]:
            raise Undecided(f"the record does not tell what {name}={value[:20]} is to mean")
        return _CHOICES[name][value.lower()]
    if name in {"rua", "ruf"}:
        return ",".join(report_uris(value, name))
    if name == "fo":
        return ":".join(re.findall(r"[01ds]", value.lower())) or "0"
    return value


def _uri(text: str, name: str) -> str:
    written = text.strip(" <>")
    if re.match(r"https?://", written, re.IGNORECASE):
        return written
    address = re.sub(r"^(?:mail(?:to)?|mailo|mailt|maito|mialto)\s*[:=/]+\s*", "", written, flags=re.IGNORECASE)
    address = re.sub(r"^(?:mailto\s*[:=/]*\s*)", "", address, flags=re.IGNORECASE).strip(" <>/:")
    if not _ADDRESS.fullmatch(address) or not address.isascii():
        raise Undecided(f"the record does not tell to which address {name}={written[:60]} is to lead")
    return f"mailto:{address}"


def _both(name: str, one: str, other: str) -> str:
    if one == other:
        return one
    if name in _POLICIES:
        return _strictest((one, other))
    if name in {"rua", "ruf"}:
        return ",".join(sorted({*addresses(one), *addresses(other)}))
    if name in {"adkim", "aspf"}:
        return "s"
    if name == "fo":
        return ":".join(sorted({*one.split(":"), *other.split(":")}))
    raise Undecided(f"the records differ in {name}=")


def _strictest(values: Iterable[str | None]) -> str:
    given = set(values)
    return next(policy.value for policy in _STRICTEST_FIRST if policy in given)
