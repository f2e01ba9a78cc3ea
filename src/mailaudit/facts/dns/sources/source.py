"""What can answer a question: live servers, zone files, a recording, or nobody."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Protocol, TypeAlias

from msgspec.structs import replace

from mailaudit.facts.dns.answer import Answer, Status
from mailaudit.facts.dns.sources.servers import Server
from mailaudit.facts.dns.wire.query import chain_problem


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


def joined(before: Answer, after: Answer) -> Answer:
    """Return the answer to the first question, of which the second continues the CNAME records, if they can be followed."""
    chain = before.cname_chain + after.cname_chain
    problem = chain_problem(before.name, chain)
    if problem:
        source = after.source
        return Answer(before.name, before.type, Status.SERVFAIL, cname_chain=chain, source=source, detail=problem)
    return replace(
        after,
        name=before.name,
        cname_chain=chain,
        ttl=min((ttl for ttl in (before.ttl, after.ttl) if ttl is not None), default=None),
        tcp=before.tcp or after.tcp,
        authenticated=before.authenticated and after.authenticated,
    )


OpenSource: TypeAlias = Callable[[Sequence[str | Path], float], AnswerSource]
"""Opens a source on what was given for it, with the seconds that one question may take; raises `InputError`."""
