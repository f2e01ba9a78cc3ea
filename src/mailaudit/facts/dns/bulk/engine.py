"""Ask very many questions of one type: a few sockets, no dnspython, paced so that no resolver is flooded.

Every answer is reduced to what the audit of a list needs. Questions that got lost are asked again, the stubborn ones after
all others and more slowly; a server that never answers is left out, and without any server everything times out at once.
"""

from __future__ import annotations

import asyncio
import os
import socket
import struct
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from ipaddress import ip_address
from typing import Self

from mailaudit.facts.dns.answer import Resolver, Status
from mailaudit.facts.dns.bulk.answers import Parsed, Unclear, parse, question_of
from mailaudit.facts.dns.resolver import CachingResolver
from mailaudit.facts.dns.sources.live import LiveSource
from mailaudit.facts.dns.sources.offline import OfflineSource
from mailaudit.facts.dns.sources.servers import Server

# Questions a second: a resolver of one's own stands more than one that many share.
OWN_RATE = 20_000.0
SHARED_RATE = 3_000.0
SLOWEST_RATE = 200.0
# Questions under way at once, and the sockets (and so the source ports) they are spread over.
WINDOW = 2_048
SOCKETS = 8
# Seconds to wait for an answer, attempt by attempt; from the third one on a question waits until all others are done.
PATIENCE = (0.4, 1.0, 2.0, 3.0)
DEFERRED = 2
# A server that answered none of so many questions for so many seconds is out.
DEAD_AFTER = 3.0
_TICK = 0.004
_DRAIN = 256
_HEADER = struct.Struct("!HHHHHH")

OnFound = Callable[[str, Parsed], None]


def live_servers(resolver: Resolver) -> tuple[Server, ...]:
    """Return the servers that a resolver asks; none when answers come from files, or are being recorded."""
    if not isinstance(resolver, CachingResolver) or resolver.is_recorded:
        return ()
    return resolver.source.servers if isinstance(resolver.source, LiveSource) else ()


def answers_nobody(resolver: Resolver) -> bool:
    """Whether a resolver refuses every question, so that going through a long list is in vain."""
    return isinstance(resolver, CachingResolver) and isinstance(resolver.source, OfflineSource)


@dataclass(slots=True)
class _Asked:
    """A question under way."""

    name: str
    question: bytes
    attempt: int
    due: float


@dataclass(slots=True)
class _Line:
    """A socket to one server, and the questions that wait for an answer there, by identifier."""

    server: _Peer
    socket: socket.socket
    waiting: dict[int, _Asked] = field(default_factory=dict)


@dataclass(slots=True)
class _Peer:
    """A server as this run knows it."""

    server: Server
    first_sent: float | None = None
    has_answered: bool = False
    is_out: bool = False


class BulkLookup:
    """Asks questions through a few sockets; use it as a context manager, within a running event loop."""

    def __init__(self, servers: Sequence[Server], *, rate: float | None = None) -> None:
        self._peers = [_Peer(server) for server in servers]
        own = all(ip_address(server.address.partition("%")[0]).is_private for server in servers)
        self.rate = rate or (OWN_RATE if own else SHARED_RATE)
        self._lines: list[_Line] = []
        self._identifiers: Iterator[int] = iter(())
        self.sent = 0
        self.lost = 0

    def __enter__(self) -> Self:
        """Open the sockets."""
        loop = asyncio.get_running_loop()
        for peer in self._peers:
            for _ in range(max(1, SOCKETS // len(self._peers))):
                family = socket.AF_INET6 if ":" in peer.server.address else socket.AF_INET
                opened = socket.socket(family, socket.SOCK_DGRAM)
                opened.setblocking(False)  # noqa: FBT003 - the standard library's signature
                opened.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 21)
                try:
                    opened.connect((peer.server.address, peer.server.port))
                except OSError:
                    opened.close()
                    peer.is_out = True
                    continue
                line = _Line(peer, opened)
                self._lines.append(line)
                loop.add_reader(opened.fileno(), self._drain, line)
        return self

    def __exit__(self, *_error: object) -> None:
        """Close the sockets."""
        loop = asyncio.get_running_loop()
        for line in self._lines:
            loop.remove_reader(line.socket.fileno())
            line.socket.close()

    async def ask(self, names: Iterable[str | None], rdtype: str, on_found: OnFound) -> None:
        """Ask one question for each name, in order; `on_found` is called once for each, in the order of the answers.

        `None` among the names is a pause: what took long to find the next name must not hold up the answers.
        """
        self._names = iter(names)
        self._rdtype = rdtype
        self._on_found = on_found
        self._again: deque[_Asked] = deque()
        self._later: deque[_Asked] = deque()
        self._order: deque[tuple[_Line, int, _Asked]] = deque()
        self._under_way = 0
        self._tokens = 50.0
        self._has_paused = False
        self._filled_at = asyncio.get_running_loop().time()
        while self._fill() or self._under_way:
            await asyncio.sleep(_TICK)
            self._expire()

    def _fill(self) -> bool:
        """Send what the pace and the window allow; return whether anything is left to send."""
        now = asyncio.get_running_loop().time()
        self._tokens = min(self._tokens + (now - self._filled_at) * self.rate, self.rate * 0.05 + 50)
        self._filled_at = now
        while self._tokens >= 1 and self._under_way < WINDOW:
            asked = self._next()
            if asked is None:
                return self._has_paused
            self._tokens -= 1
            self._send(asked, now)
        return True

    def _next(self) -> _Asked | None:
        if self._again:
            return self._again.popleft()
        self._has_paused = False
        for name in self._names:
            if name is None:
                self._has_paused = True
                return None
            return _Asked(name, question_of(name, self._rdtype), 0, 0.0)
        return self._later.popleft() if self._later else None

    def _send(self, asked: _Asked, now: float) -> None:
        lines = [line for line in self._lines if not line.server.is_out]
        if not lines:
            self._tokens += 1  # nothing was sent
            self._on_found(asked.name, Parsed(Status.TIMEOUT))
            return
        self.sent += 1
        line = lines[(self.sent + asked.attempt) % len(lines)]
        identifier = self._identifier(line)
        asked.due = now + PATIENCE[asked.attempt]
        line.waiting[identifier] = asked
        self._order.append((line, identifier, asked))
        self._under_way += 1
        if line.server.first_sent is None:
            line.server.first_sent = now
        try:
            line.socket.send(_HEADER.pack(identifier, 0x0100, 1, 0, 0, 0) + asked.question)
        except BlockingIOError:
            pass  # lost before it left: it is asked again when it is due
        except OSError:
            line.server.is_out = not line.server.has_answered

    def _identifier(self, line: _Line) -> int:
        while True:
            for identifier in self._identifiers:
                if identifier not in line.waiting:
                    return identifier
            self._identifiers = iter(struct.unpack("!512H", os.urandom(1024)))

    def _drain(self, line: _Line) -> None:
        for _ in range(_DRAIN):
            try:
                wire = line.socket.recv(4096)
            except BlockingIOError:
                break
            except OSError:  # an ICMP error: nobody listens there
                line.server.is_out = not line.server.has_answered
                break
            self._take(line, wire)
        self._fill()

    def _take(self, line: _Line, wire: bytes) -> None:
        if len(wire) < _HEADER.size:
            return
        identifier = wire[0] << 8 | wire[1]
        asked = line.waiting.get(identifier)
        if asked is None or wire[12 : 12 + len(asked.question)].lower() != asked.question:
            return
        line.server.has_answered = True
        del line.waiting[identifier]
        self._under_way -= 1
        try:
            found = parse(wire, 12 + len(asked.question), self._rdtype)
        except Unclear:
            found = Parsed(Status.SERVFAIL, unclear=True)
        self._on_found(asked.name, found)

    def _expire(self) -> None:
        """Give up on what is overdue: ask it again at once, later, or never."""
        now = asyncio.get_running_loop().time()
        order = self._order
        overdue = 0
        while order and (order[0][2].due <= now or order[0][0].waiting.get(order[0][1]) is not order[0][2]):
            line, identifier, asked = order.popleft()
            if line.waiting.get(identifier) is not asked:
                continue
            del line.waiting[identifier]
            self._under_way -= 1
            overdue += 1
            self._check(line.server, now)
            asked.attempt += 1
            if asked.attempt == len(PATIENCE):
                self._on_found(asked.name, Parsed(Status.TIMEOUT))
            else:
                (self._later if asked.attempt >= DEFERRED else self._again).append(asked)
        self.lost += overdue
        if overdue > max(4, self.rate * _TICK):
            self.rate = max(self.rate / 2, SLOWEST_RATE)

    def _check(self, peer: _Peer, now: float) -> None:
        if not peer.has_answered and peer.first_sent is not None and now - peer.first_sent > DEAD_AFTER:
            peer.is_out = True
