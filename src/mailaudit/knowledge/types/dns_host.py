"""The type of companies that answer for a zone, and how their panels want a record typed."""

from typing import ClassVar, Literal

from msgspec import field

from mailaudit.knowledge.types.fact import Entry, Provenance


class DnsHost(Entry, frozen=True, eq=False):
    """A company that answers for zones, known by the names of its name servers (each with everything below it).

    `name_field` and `value_field` are what its panel calls the two fields. `full_names` says what becomes of a whole name
    typed into the first: `doubled` (the zone is added to it), `kept` (it must be whole), or nothing when that is not
    known. `root` is how the zone itself is written there. `quotes` around a text are `added` by the panel, `needed`, or
    nothing is known; texts of more than 255 octets are split by the `panel` or by `you`. `traps` are sentences for whoever
    types. What is believed (low confidence) is a hint, never a certainty.
    """

    domain_names: ClassVar[tuple[str, ...]] = ("name_servers",)

    id: str
    name: str
    name_servers: tuple[str, ...]
    provenance: Provenance
    aliases: tuple[str, ...] = ()
    name_field: str | None = None
    value_field: str | None = None
    full_names: Literal["doubled", "kept"] | None = None
    root: Literal["@", "empty"] | None = None
    quotes: Literal["added", "needed"] | None = None
    long_texts: Literal["panel", "you"] | None = None
    traps: tuple[str, ...] = ()
    url: str | None = None


class DnsHostsFile(Entry, frozen=True):
    """dns_hosts.yml."""

    dns_hosts: tuple[DnsHost, ...] = field(default=())
