"""The single-flight cache through which everybody asks DNS."""

from __future__ import annotations

import asyncio
from functools import lru_cache
from pathlib import Path
from types import TracebackType
from typing import Self, TypeAlias

from mailaudit.facts.dns.answer import Answer, Status
from mailaudit.facts.dns.names import InvalidName, normalise
from mailaudit.facts.dns.sources.source import AnswerSource

_Question: TypeAlias = tuple[str, str]
_COMMON_TYPES = frozenset({"A", "AAAA", "CNAME", "DNSKEY", "MX", "NS", "PTR", "SOA", "TLSA", "TXT"})


class CachingResolver:
    """Asks each question once in a run, however many want to know, and keeps every answer.

    `record` names a file to which `close` writes the answers that were asked for.
    """

    def __init__(self, source: AnswerSource, *, record: Path | None = None) -> None:
        self._source = source
        self._record = record
        self._answers: dict[_Question, Answer] = {}
        self._flights: dict[_Question, asyncio.Task[Answer]] = {}
        self._asked: set[_Question] = set()
        self._logs: tuple[set[_Question], ...] = (self._asked,)
        self._remembered: dict[_Question, Answer] = {}

    async def query(self, name: str, type: str) -> Answer:  # noqa: A002 - the word of the protocol
        """Return the answer to one question; cancelling the caller leaves the question running for others.

        A name that DNS cannot hold is `nxdomain` at once, with a detail. Raises `ValueError` for an unknown type.
        """
        rdtype = _type_text(type)
        try:
            question = (normalise(name), rdtype)
        except InvalidName as error:
            return Answer(name, rdtype, Status.NXDOMAIN, source="mailaudit", detail=str(error))
        for asked in self._logs:
            asked.add(question)
        answer = self._answers.get(question)
        if answer is not None:
            return answer
        if not self._source.reaches_network:
            return await self._ask(question)  # answers at once: nobody can ask the same meanwhile
        return await asyncio.shield(self._flight(question))

    def share(self) -> CachingResolver:
        """Return a resolver for one of several audits: it asks nothing twice, and lists only what this audit asks."""
        part = CachingResolver(self._source, record=self._record)
        part._answers, part._flights, part._logs = self._answers, self._flights, (part._asked, *self._logs)
        return part

    def adopt(self, other: CachingResolver) -> None:
        """List what another part has asked, too."""
        self._asked |= other._asked
        self._remembered |= other._remembered

    async def query_apart(self, name: str, type: str) -> Answer:  # noqa: A002 - the word of the protocol
        """Return the answer to a question that is neither kept, counted nor recorded, for it holds a secret."""
        rdtype = _type_text(type)
        try:
            return await self._source.ask(normalise(name), rdtype)
        except InvalidName as error:
            return Answer(name, rdtype, Status.NXDOMAIN, source="mailaudit", detail=str(error))

    def remember(self, answer: Answer) -> None:
        """List an answer of an earlier run beside those of this one; whoever asks the question still asks it anew."""
        self._remembered[answer.name, answer.type] = answer

    @property
    def source(self) -> AnswerSource:
        """What answers the questions."""
        return self._source

    @property
    def is_recorded(self) -> bool:
        """Whether the answers are written to a file at the end."""
        return self._record is not None

    @property
    def reaches_network(self) -> bool:
        """Whether questions go to servers, and not to files or to nobody."""
        return self._source.reaches_network

    def covers(self, name: str, type: str) -> bool:  # noqa: A002 - the word of the protocol
        """Whether asking makes sense: files know nothing of most names, and offline nobody knows anything."""
        try:
            question = (normalise(name), _type_text(type))
        except InvalidName:
            return False
        answer = self._answers.get(question)
        return (answer is not None and answer.is_known) or self._source.knows(*question)

    def answers(self) -> tuple[Answer, ...]:
        """Return every answer that somebody asked for, sorted by name and type."""
        fresh = {question: self._answers[question] for question in self._asked if question in self._answers}
        used = self._remembered | fresh
        return tuple(used[question] for question in sorted(used))

    @property
    def count(self) -> int:
        """How many different questions were asked for and answered."""
        return sum(question in self._answers for question in self._asked)

    def describe(self) -> str:
        """Return who answers, for the report's provenance."""
        return self._source.describe()

    async def close(self) -> None:
        """Stop what is under way, close the source and write the recording; raises `InputError` if it cannot."""
        flights = list(self._flights.values())
        for flight in flights:
            flight.cancel()
        await asyncio.gather(*flights, return_exceptions=True)
        await self._source.close()
        if self._record is not None:
            from mailaudit.facts.dns.sources.recording import write_recording  # noqa: PLC0415 - only for --record

            write_recording(self._record, self.answers())

    async def __aenter__(self) -> Self:
        """Return the resolver itself."""
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close the resolver."""
        await self.close()

    def _flight(self, question: _Question) -> asyncio.Task[Answer]:
        flight = self._flights.get(question)
        if flight is None:
            flight = asyncio.get_running_loop().create_task(self._ask(question))
            self._flights[question] = flight
            flight.add_done_callback(lambda done: self._landed(question, done))
        return flight

    async def _ask(self, question: _Question) -> Answer:
        answer = await self._source.ask(*question)
        self._answers[question] = answer
        return answer

    def _landed(self, question: _Question, flight: asyncio.Task[Answer]) -> None:
        self._flights.pop(question, None)
        if not flight.cancelled():
            # A question that nobody awaits any more must not warn that its error was never looked at.
            flight.exception()


@lru_cache(maxsize=256)
def _type_text(rdtype: str) -> str:
    text = rdtype.upper()
    if text in _COMMON_TYPES:
        return text
    import dns.rdatatype  # noqa: PLC0415 - heavy, and not needed for common types

    try:
        return dns.rdatatype.to_text(dns.rdatatype.from_text(text))
    except dns.rdatatype.UnknownRdatatype:
        raise ValueError(f"unknown record type {rdtype!r}") from None
