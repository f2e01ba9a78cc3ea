"""The type of mail servers behind which nobody reads mail."""

from mailaudit.knowledge.types.fact import Entry, Provenance


class ParkingHost(Entry, frozen=True):
    """A mail server of parked, mistyped or unregistered domains; `id` is its whole name, `means` says whose it is."""

    id: str
    means: str
    provenance: Provenance


class ParkingFile(Entry, frozen=True):
    """parking.yml."""

    hosts: tuple[ParkingHost, ...] = ()
