"""The types of words of addresses: names of functions, and mailbox domains with what people write instead of them."""

from mailaudit.knowledge.types.fact import Entry


class Words(Entry, frozen=True):
    """Words of one language or region, or those that are written in place of the name `id`."""

    id: str
    words: tuple[str, ...]


class AddressesFile(Entry, frozen=True):
    """addresses.yml.

    `places` stand behind the name of a function. `own_names` look like a slip and are somebody's own; `dead_endings` are
    no top-level domains. `relays` forward to a real person, `portals` have mailboxes of such; `throw_away` adds to the
    list of throw-away services.
    """

    roles: tuple[Words, ...] = ()
    places: tuple[str, ...] = ()
    popular: tuple[Words, ...] = ()
    misspelt: tuple[Words, ...] = ()
    own_names: tuple[str, ...] = ()
    dead_endings: tuple[Words, ...] = ()
    relays: tuple[str, ...] = ()
    portals: tuple[str, ...] = ()
    throw_away: tuple[str, ...] = ()
