"""Tells which mail servers take mail for domains that nobody uses."""

from collections.abc import Iterable, Mapping

from mailaudit.knowledge.load import entries, kept
from mailaudit.knowledge.names import normal
from mailaudit.knowledge.types.fact import Confidence
from mailaudit.knowledge.types.parking import ParkingFile, ParkingHost


@kept
def parking_hosts() -> Mapping[str, ParkingHost]:
    """Return the hosts by name; a user's `parking.yml` is merged into ours."""
    return {normal(host.id): host for host in entries(ParkingFile).hosts}


def parking_of(hosts: Iterable[str]) -> ParkingHost | None:
    """Return the first of a domain's MX hosts when all of them are parking hosts; one other server, and it is in use.

    What is only believed of a host (low confidence) accuses nobody.
    """
    known = parking_hosts()
    found = [known.get(normal(host)) for host in hosts]
    if not found or any(host is None or host.provenance.confidence is Confidence.LOW for host in found):
        return None
    return found[0]
