"""DNS records that put a problem right, with the proof that they do."""

import re
from collections.abc import Iterator
from enum import StrEnum

from msgspec import Struct

TTL = 3600
_KINDS = (
    (re.compile(r'"?v\s*=\s*spf1(?:[ "]|$)', re.IGNORECASE), "SPF"),
    (re.compile(r'"?v\s*=\s*dmarc1', re.IGNORECASE), "DMARC"),
)
_MAX_STRING = 255


class Stage(StrEnum):
    """When a record is to be published; a later one has a condition."""

    NOW = "now"
    LATER = "later"
    OPTIONAL = "optional"


class Action(StrEnum):
    """What is done with a record: it takes the place of others of its kind, comes beside them, or goes."""

    REPLACE = "replace"
    ADD = "add"
    REMOVE = "remove"


class RecordChange(Struct, frozen=True):
    """One record at a name (without the final dot); `value` is plain for TXT, else zone-file text.

    `zone` is the domain in whose zone the name lies. `replaces` are the values whose place it takes, its own among them
    where it stands already; receivers may remember them for `remembered_s` seconds.
    """

    action: Action
    zone: str
    name: str
    type: str
    value: str
    ttl: int = TTL
    replaces: tuple[str, ...] = ()
    remembered_s: int | None = None

    @property
    def relative_name(self) -> str:
        """The name as most DNS hosts want it typed: below the zone, `@` for the zone itself."""
        return "@" if self.name == self.zone else self.name.removesuffix(f".{self.zone}")

    @property
    def gone(self) -> tuple[str, ...]:
        """The values that are no longer there with it."""
        return tuple(value for value in self.replaces if value != self.value)

    @property
    def key(self) -> tuple[bool, str, str]:
        """What a zone holds one of: the name, and the kind of record; of what goes, each text."""
        goes = self.action is Action.REMOVE
        return goes, self.name, f"{self.type} {self.value}" if goes else kind(self.type, self.value)

    @property
    def line(self) -> str:
        """The record as a line of a zone file."""
        return zone_line(self.name, self.type, self.value, self.ttl)


class SpfProof(Struct, frozen=True):
    """Who may send with an SPF record who could not before, who may no longer, and the look-ups that it needs.

    `gains` and `loses` are networks, or terms whose machines only a receiver can tell. `unverified` names what
    nobody could look up.
    """

    gains: tuple[str, ...] = ()
    loses: tuple[str, ...] = ()
    lookups: int = 0
    unverified: tuple[str, ...] = ()


class Remedy(Struct, frozen=True):
    """The records that put one finding right.

    `condition` says what must be true before a later one, and `wait_days` after how many days that can be told at the
    earliest. `panel` tells how the DNS host of the zone wants them typed.
    """

    records: tuple[RecordChange, ...]
    stage: Stage = Stage.NOW
    condition: str | None = None
    wait_days: int | None = None
    proof: SpfProof | None = None
    panel: tuple[str, ...] = ()

    @property
    def zone_lines(self) -> str:
        """What is to stand in the zone, a line for each record."""
        return "\n".join(record.line for record in self.records if record.action is not Action.REMOVE)


def kind(rdtype: str, data: str) -> str:
    """Return what a name has one of: its alias, its SPF or DMARC record, its other TXT record, else each value."""
    if rdtype == "CNAME":
        return rdtype
    if rdtype != "TXT":
        return f"{rdtype} {data}"
    return next((name for pattern, name in _KINDS if pattern.match(data)), rdtype)


def zone_line(name: str, rdtype: str, value: str, ttl: int = TTL) -> str:
    """Return a record as one zone-file line; the text of a TXT record is cut at blanks, at most 255 octets each."""
    data = " ".join(f'"{_escaped(part)}"' for part in strings(value)) if rdtype == "TXT" else value
    return f"{name}. {ttl} IN {rdtype} {data}"


def strings(text: str) -> Iterator[str]:
    """Yield the strings of a TXT record: a cut falls behind a blank where there is one, for panels that mend cuts."""
    while len(text) > _MAX_STRING:
        end = text.rfind(" ", 0, _MAX_STRING) + 1 or _MAX_STRING
        yield text[:end]
        text = text[end:]
    yield text


def _escaped(text: str) -> str:
    shown = text.replace("\\", "\\\\").replace('"', '\\"')
    return "".join(
        char if " " <= char <= "~" else "".join(f"\\{octet:03}" for octet in char.encode()) for char in shown
    )
