"""Draft zones over the real world: what the zone files know comes from them, everything else from elsewhere."""

from typing import Protocol

from msgspec.structs import replace

from mailaudit.facts.dns.answer import Answer, Status
from mailaudit.facts.dns.sources.source import AnswerSource, joined
from mailaudit.facts.dns.wire.query import chain_problem


class Drafts(Protocol):
    """Records that are not published yet: zone files, or single ones."""

    def knows(self, name: str, rdtype: str) -> bool:
        """Whether they say anything about one name and type."""
        ...

    def answer(self, name: str, rdtype: str) -> Answer:
        """Return the answer to one question; `refused` at the end of a CNAME chain that leads elsewhere."""
        ...

    def describe(self) -> str:
        """Return what they are, for the report's provenance."""
        ...


class OverlaySource(AnswerSource):
    """Asks the zone files first and the other source for the rest, also in the middle of a CNAME chain."""

    def __init__(self, zones: Drafts, beneath: AnswerSource) -> None:
        self._zones = zones
        self._beneath = beneath

    @property
    def reaches_network(self) -> bool:
        """Whether the source beneath asks servers."""
        return self._beneath.reaches_network

    async def ask(self, name: str, rdtype: str) -> Answer:
        """Return the answer to one question as it would be once the zone files are published."""
        answer, following = await self._part(name, rdtype)
        while following and not chain_problem(name, answer.cname_chain):
            part, following = await self._part(answer.cname_chain[-1], rdtype)
            answer = joined(answer, part)
        return answer

    def knows(self, name: str, rdtype: str) -> bool:
        """Whether the zone files or the source beneath can say something."""
        return self._zones.knows(name, rdtype) or self._beneath.knows(name, rdtype)

    def describe(self) -> str:
        """Return `zone files acme.zone over DNS servers 127.0.0.1:53`."""
        return f"{self._zones.describe()} over {self._beneath.describe()}"

    async def close(self) -> None:
        """Close the source beneath."""
        await self._beneath.close()

    async def _part(self, name: str, rdtype: str) -> tuple[Answer, bool]:
        """Return an answer, and whether its last CNAME target must still be asked elsewhere."""
        if self._zones.knows(name, rdtype):
            answer = self._zones.answer(name, rdtype)
            end = answer.cname_chain[-1] if answer.cname_chain else name
            return answer, answer.status is Status.REFUSED and not self._zones.knows(end, rdtype)
        answer = await self._beneath.ask(name, rdtype)
        for length, target in enumerate(answer.cname_chain, start=1):
            if self._zones.knows(target, rdtype):
                return replace(answer, cname_chain=answer.cname_chain[:length]), True
        return answer, False
