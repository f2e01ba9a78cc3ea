"""No network and no zone files: every question stays open."""

from collections.abc import Sequence
from pathlib import Path

from mailaudit.facts.dns.answer import Answer, Status
from mailaudit.facts.dns.sources.source import AnswerSource


class OfflineSource(AnswerSource):
    """Refuses every question, so that nothing is mistaken for missing."""

    async def ask(self, name: str, rdtype: str) -> Answer:
        """Return an answer with the status `refused`."""
        return Answer(
            name, rdtype, Status.REFUSED, source="offline", detail="this run is offline and has no zone files"
        )

    def describe(self) -> str:
        """Return `offline`."""
        return "offline"


def open_source(given: Sequence[str | Path], timeout: float) -> OfflineSource:
    """Open the source that knows nothing."""
    del given, timeout
    return OfflineSource()
