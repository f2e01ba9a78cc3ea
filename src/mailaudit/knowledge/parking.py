"""Reads which mail servers take mail for domains that nobody uses."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from mailaudit.errors import Complaint, InputError
from mailaudit.knowledge.load import Directories, directories
from mailaudit.knowledge.model import Confidence, Provenance
from mailaudit.knowledge.names import normal
from mailaudit.knowledge.read import Fields, Malformed, located, open_file

_OWN = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class ParkingHost:
    """A mail server of parked, mistyped or unregistered domains; `id` is its whole name, `means` says whose it is."""

    id: str
    means: str
    provenance: Provenance


def parking_hosts() -> Mapping[str, ParkingHost]:
    """Return the hosts by name; a user's `parking.yml` adds to ours and replaces entries by `id`."""
    return _hosts(directories())


def parking_of(hosts: Iterable[str]) -> ParkingHost | None:
    """Return the first of a domain's MX hosts when all of them are parking hosts; one other server, and it is in use.

    What is only believed of a host (low confidence) accuses nobody.
    """
    known = parking_hosts()
    found = [known.get(normal(host)) for host in hosts]
    if not found or any(host is None or host.provenance.confidence is Confidence.LOW for host in found):
        return None
    return found[0]


@cache
def _hosts(extra: Directories) -> dict[str, ParkingHost]:
    found: dict[str, ParkingHost] = {}
    for path in (_OWN / "parking.yml", *(place / "parking.yml" for place in extra)):
        if not path.is_file():
            continue
        try:
            found.update({one.id: one for one in map(_host, open_file(path).parts("hosts"))})
        except Malformed as error:
            place = located(path, error.path)
            raise InputError(Complaint(error.message, place, "see docs/knowledge.md for the format")) from None
    return found


def _host(part: Fields) -> ParkingHost:
    host = ParkingHost(normal(part.text("id")), part.text("means"), part.provenance())
    part.done()
    return host
