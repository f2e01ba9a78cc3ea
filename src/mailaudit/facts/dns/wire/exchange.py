"""Put one question to the servers: retransmission, rotation, TCP when needed."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from msgspec import Struct

from mailaudit.facts.dns.answer import Answer, Status
from mailaudit.facts.dns.names import Labels
from mailaudit.facts.dns.sources.server_health import Health
from mailaudit.facts.dns.sources.servers import Server
from mailaudit.facts.dns.wire.query import Packet, is_truncated
from mailaudit.facts.dns.wire.sections import Malformed
from mailaudit.facts.dns.wire.tcp import ask_over_tcp

if TYPE_CHECKING:
    from mailaudit.facts.dns.wire.response import Response

FIRST_RETRY = 0.35
"""Seconds before the first retransmission; each further pause is twice as long."""
_MAX_DATAGRAM = 65_535
_NO_EDNS = frozenset({"FORMERR", "NOTIMP", "BADVERS"})
_STATUS = {"NOERROR": Status.NODATA, "NXDOMAIN": Status.NXDOMAIN}
_FAILURES = {"SERVFAIL": Status.SERVFAIL, "REFUSED": Status.REFUSED}


class Reply(Struct, frozen=True):
    """A usable response; `is_open` means that the last CNAME target must still be asked."""

    answer: Answer
    is_open: bool = False


class _Socket:
    """One connected UDP socket: the system checks the sender's address and picks a random port."""

    __slots__ = ("_health", "_inbox", "_loop", "_socket")

    def __init__(self, health: Health, inbox: asyncio.Queue[tuple[Health, bytes | None]]) -> None:
        self._health = health
        self._inbox = inbox
        self._loop = asyncio.get_running_loop()
        family = socket.AF_INET6 if ":" in health.server.address else socket.AF_INET
        self._socket = socket.socket(family, socket.SOCK_DGRAM)
        try:
            self._socket.setblocking(False)  # noqa: FBT003 - the signature of socket
            self._socket.connect((health.server.address, health.server.port))
        except OSError:
            self._socket.close()
            raise
        self._loop.add_reader(self._socket.fileno(), self._readable)

    def send(self, wire: bytes) -> None:
        """Send one datagram; what the system cannot take now is lost, as any datagram may be."""
        try:
            self._socket.send(wire)
        except (BlockingIOError, InterruptedError):
            return
        except OSError:
            self._inbox.put_nowait((self._health, None))

    def close(self) -> None:
        """Stop listening."""
        self._loop.remove_reader(self._socket.fileno())
        self._socket.close()

    def _readable(self) -> None:
        try:
            data = self._socket.recv(_MAX_DATAGRAM)
        except (BlockingIOError, InterruptedError):
            return
        except OSError:
            self._inbox.put_nowait((self._health, None))
        else:
            self._inbox.put_nowait((self._health, data))


@dataclass(slots=True)
class Exchange:
    """One question on its way; `deadline` is a time of the event loop's clock."""

    name: str
    rdtype: str
    labels: Labels
    servers: Sequence[Health]
    deadline: float
    packet: Packet = field(init=False)
    probe: Packet | None = None
    inbox: asyncio.Queue[tuple[Health, bytes | None]] = field(default_factory=asyncio.Queue)
    sockets: dict[Server, _Socket] = field(default_factory=dict)
    failed: dict[Server, Answer] = field(default_factory=dict)
    asked_plainly: set[Server] = field(default_factory=set)
    garbled: Server | None = None

    def __post_init__(self) -> None:
        self.packet = Packet.ask(self.labels, self.rdtype)

    async def run(self) -> Reply:
        """Return the first usable response, else the last failure, else a time-out."""
        try:
            return await self._ask() or Reply(self._verdict())
        finally:
            for transport in self.sockets.values():
                transport.close()

    async def _ask(self) -> Reply | None:
        loop = asyncio.get_running_loop()
        pause = FIRST_RETRY
        turns = {health.server: (0, health.is_silent, place) for place, health in enumerate(self.servers)}
        while candidates := self._candidates(loop.time()):
            limit = min(self.deadline, max(health.gives_up_at for health in candidates))
            if loop.time() >= limit:
                break
            health = min(candidates, key=lambda candidate: turns[candidate.server])
            turns[health.server] = (turns[health.server][0] + 1, *turns[health.server][1:])
            self._send(health)
            reply = await self._listen(health, min(loop.time() + pause, limit))
            if reply is not None:
                return reply
            if health.server not in self.failed:
                pause *= 2
        return None

    def _candidates(self, now: float) -> list[Health]:
        for health in self.servers:
            health.check(now)
        return [health for health in self.servers if not health.is_out and health.server not in self.failed]

    def _send(self, health: Health) -> None:
        transport = self.sockets.get(health.server)
        loop = asyncio.get_running_loop()
        if transport is None:
            try:
                transport = _Socket(health, self.inbox)
            except OSError:
                self.inbox.put_nowait((health, None))
                return
            self.sockets[health.server] = transport
        elif health.wants_probe(loop.time()):
            self.probe = self.probe or Packet.ask((), "NS")
            transport.send(self.probe.to_wire(edns=health.edns))
        health.sent(loop.time())
        self._ask_over_udp(health, transport)

    def _ask_over_udp(self, health: Health, transport: _Socket) -> None:
        if not health.edns:
            self.asked_plainly.add(health.server)
        transport.send(self.packet.to_wire(edns=health.edns))

    async def _listen(self, current: Health, until: float) -> Reply | None:
        """Return a usable response that came in time; stops early when the server just asked has failed."""
        while current.server not in self.failed:
            arrived = await self._next(until)
            if arrived is None:
                return None
            health, wire = arrived
            if wire is None:
                self._fail(health, Status.TIMEOUT, f"{health.server} cannot be reached")
            elif self._is_ours(health, wire):
                reply = await self._over_tcp(health) if is_truncated(wire) else self._read(health, wire, tcp=False)
                if reply is not None:
                    return reply
        return None

    async def _next(self, until: float) -> tuple[Health, bytes | None] | None:
        if not self.inbox.empty():
            return self.inbox.get_nowait()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout_at(until):
                return await self.inbox.get()
        return None

    def _is_ours(self, health: Health, wire: bytes) -> bool:
        if self.packet.is_answered_by(wire):
            health.heard()
            return True
        if self.probe is not None and self.probe.is_answered_by(wire):
            health.heard()
        else:
            self.garbled = health.server
        return False

    async def _over_tcp(self, health: Health) -> Reply | None:
        loop = asyncio.get_running_loop()
        others = len(self._candidates(loop.time())) > 1
        until = (loop.time() + self.deadline) / 2 if others else self.deadline
        try:
            wire = await ask_over_tcp(health.server, self.packet.to_wire(edns=health.edns), until)
        except (OSError, EOFError):  # a time-out is an OSError too
            self._fail(health, Status.SERVFAIL, f"the answer needs TCP, and {health.server} gave none over TCP")
            return None
        if not self.packet.is_answered_by(wire):
            self._fail(health, Status.SERVFAIL, f"{health.server} sent a malformed answer over TCP")
            return None
        reply = self._read(health, wire, tcp=True)
        if reply is not None and is_truncated(wire) and not reply.answer.records:
            self._fail(health, Status.SERVFAIL, f"the answer of {health.server} is cut off also over TCP")
            return None
        return reply

    def _read(self, health: Health, wire: bytes, *, tcp: bool) -> Reply | None:
        from mailaudit.facts.dns.wire.response import read_response  # noqa: PLC0415 - after the first question

        try:
            response = read_response(wire, self.labels, self.rdtype)
        except Malformed as error:
            self._fail(health, Status.SERVFAIL, f"{health.server} sent a malformed answer ({error})")
            return None
        # health.edns may be false already, because of another question that was under way at the same time
        if response.rcode in _NO_EDNS and health.server not in self.asked_plainly and not tcp:
            health.edns = False
            self._ask_over_udp(health, self.sockets[health.server])
            return None
        if response.rcode not in _STATUS:
            status = _FAILURES.get(response.rcode, Status.SERVFAIL)
            named = None if response.rcode in _FAILURES else f"{health.server} answered {response.rcode}"
            self._fail(health, status, response.extra or named)
            return None
        if response.is_referral:
            self._fail(health, Status.REFUSED, f"{health.server} only refers to other servers: it is no resolver")
            return None
        return Reply(self._answer(health, response, size=len(wire), tcp=tcp), is_open=response.is_open)

    def _answer(self, health: Health, response: Response, *, size: int, tcp: bool) -> Answer:
        source = str(health.server)
        if response.problem is not None:
            return Answer(
                self.name,
                self.rdtype,
                Status.SERVFAIL,
                cname_chain=response.chain,
                source=source,
                detail=response.problem,
            )
        return Answer(
            self.name,
            self.rdtype,
            Status.ANSWER if response.records else _STATUS[response.rcode],
            response.records,
            response.chain,
            response.ttl,
            size,
            tcp,
            source,
            authenticated=response.authenticated,
        )

    def _fail(self, health: Health, status: Status, detail: str | None) -> None:
        self.failed[health.server] = Answer(
            self.name, self.rdtype, status, source=str(health.server), detail=detail
        )

    def _verdict(self) -> Answer:
        failures = list(self.failed.values())
        replied = [answer for answer in failures if answer.status is not Status.TIMEOUT]
        if replied:
            return replied[-1]
        source = ", ".join(str(health.server) for health in self.servers)
        if self.garbled is not None:
            detail = f"{self.garbled} sent only malformed answers"
            return Answer(self.name, self.rdtype, Status.SERVFAIL, source=source, detail=detail)
        if failures and len(failures) == len(self.servers):
            return failures[-1]
        return Answer(self.name, self.rdtype, Status.TIMEOUT, source=source, detail=f"{source} did not answer")
