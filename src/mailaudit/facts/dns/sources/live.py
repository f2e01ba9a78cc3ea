"""Ask real DNS servers."""

import asyncio
from collections.abc import Sequence
from pathlib import Path

from mailaudit.facts.dns.answer import Answer, Status
from mailaudit.facts.dns.names import labels_of
from mailaudit.facts.dns.octets import overspent, spend
from mailaudit.facts.dns.sources.server_health import MAX_SILENCE, Health
from mailaudit.facts.dns.sources.servers import Server, parse_server, system_servers
from mailaudit.facts.dns.sources.source import AnswerSource, joined
from mailaudit.facts.dns.wire.exchange import Exchange, Reply

MAX_CONCURRENT = 100
"""How many questions are under way at once."""


class LiveSource(AnswerSource):
    """Asks servers over UDP, and over TCP when an answer is truncated.

    `timeout` is the budget of one question in seconds. A server that gives no sign of life for six seconds is asked no
    more; when none is left, every question times out at once.
    """

    reaches_network = True

    def __init__(self, servers: Sequence[Server], *, timeout: float = 4.0) -> None:
        self._servers = [Health(server) for server in servers]
        self._timeout = timeout
        self._slots = asyncio.Semaphore(MAX_CONCURRENT)

    @property
    def servers(self) -> tuple[Server, ...]:
        """The servers that are asked."""
        return tuple(health.server for health in self._servers)

    async def ask(self, name: str, rdtype: str) -> Answer:
        """Return the answer to one question, CNAME records followed also where the server does not."""
        async with self._slots:
            refused = overspent(name, rdtype)
            if refused is not None:
                return refused
            now = asyncio.get_running_loop().time()
            if all(health.is_out for health in self._servers):
                reason = f"{self._names()} gave no sign of life for {MAX_SILENCE:g} s and is asked no more"
                return Answer(name, rdtype, Status.TIMEOUT, source=self._names(), detail=reason)
            answer = await self._follow(name, rdtype, now + self._timeout)
            spend(answer)
            return answer

    def describe(self) -> str:
        """Return `DNS servers 127.0.0.1:53, [::1]:53`."""
        return f"DNS servers {self._names()}"

    async def _follow(self, name: str, rdtype: str, deadline: float) -> Answer:
        reply = await self._exchange(name, rdtype, deadline)
        answer = reply.answer
        while reply.is_open and answer.is_known:
            reply = await self._exchange(answer.cname_chain[-1], rdtype, deadline)
            answer = joined(answer, reply.answer)
        return answer

    async def _exchange(self, name: str, rdtype: str, deadline: float) -> Reply:
        return await Exchange(name, rdtype, labels_of(name), self._servers, deadline).run()

    def _names(self) -> str:
        return ", ".join(str(health.server) for health in self._servers)


def open_source(given: Sequence[str | Path], timeout: float) -> LiveSource:
    """Open the servers at these addresses, or those of this machine when none is given."""
    return LiveSource([parse_server(str(address)) for address in given] or system_servers(), timeout=timeout)
