"""What can answer a question: live servers, zone files, a recording, or nobody."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Protocol, TypeAlias

from mailaudit.facts.dns.answer import Answer
from mailaudit.facts.dns.sources.servers import Server


class AnswerSource(Protocol):
    """A source of answers; the cache before it asks each question once, with a normalised name."""

    @property
    def reaches_network(self) -> bool:
        """Whether questions go to servers, and not to files or to nobody, which answer without waiting."""
        return False

    @property
    def servers(self) -> tuple[Server, ...]:
        """The servers that answer every question alone, so that very many may be asked of them at once."""
        return ()

    async def ask(self, name: str, rdtype: str) -> Answer:
        """Return the answer to one question; never raises for what the network does."""
        ...

    def knows(self, name: str, rdtype: str) -> bool:  # noqa: ARG002 - what servers, which can be asked anything, need not look at
        """Whether asking makes sense: files know nothing of most names, and offline nobody knows anything."""
        return self.reaches_network

    def describe(self) -> str:
        """Return who answers, for the report's provenance: `zone files acme.zone`."""
        ...

    async def close(self) -> None:
        """Release sockets; most sources hold none."""
        return


OpenSource: TypeAlias = Callable[[Sequence[str | Path], float], AnswerSource]
"""Opens a source on what was given for it, with the seconds that one question may take; raises `InputError`."""
