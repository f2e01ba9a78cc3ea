"""No network and no zone files: every question stays open."""

from collections.abc import Sequence
from pathlib import Path

from mailaudit.facts.dns.answer import Answer, Status


class OfflineSource:
    """Refuses every question, so that nothing is mistaken for missing."""

    reaches_network = False

    async def ask(self, name: str, rdtype: str) -> Answer:
        """Return an answer with the status `refused`."""
        return Answer(
            name, rdtype, Status.REFUSED, source="offline", detail="this run is offline and has no zone files"
        )

    def knows(self, name: str, rdtype: str) -> bool:  # noqa: ARG002 - the protocol's signature
        """Return that nothing is known."""
        return False

    def describe(self) -> str:
        """Return `offline`."""
        return "offline"

    async def close(self) -> None:
        """Do nothing: there is nothing open."""


def open_source(given: Sequence[str | Path], timeout: float) -> OfflineSource:
    """Open the source that knows nothing."""
    del given, timeout
    return OfflineSource()
