"""Ask very many questions of one type: a few sockets, no dnspython, paced so that no resolver is flooded.

Every answer is reduced to what the audit of a list needs. Questions that got lost are asked again, the stubborn ones after
all others; an answer that comes late counts all the same. Each server has its own pace. One that never answers, or refuses
everything, is left out, and without any server all that is left is told so at once.
"""

import asyncio
import os
import socket
import struct
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from ipaddress import ip_address
from typing import Self

from mailaudit.facts.dns.answer import Resolver, Status
from mailaudit.facts.dns.bulk.answers import Parsed, Unclear, parse, question_of
from mailaudit.facts.dns.bulk.pace import Pace
from mailaudit.facts.dns.bulk.peers import MOST_REFUSALS, Asked, Line, Peer, Sent
from mailaudit.facts.dns.resolver import CachingResolver
from mailaudit.facts.dns.sources.offline import OfflineSource
from mailaudit.facts.dns.sources.servers import Server

# Questions a second: a resolver of one's own stands more than one that many share.
OWN_RATE = 20_000.0
SHARED_RATE = 3_000.0
# Questions under way at once, and the sockets (and so the source ports) they are spread over.
WINDOW = 2_048
SOCKETS = 8
# At first only so many are under way, and half a question more with each that is done. A server that reads slowly has room
# for some 270 in a socket of Linux's usual size (212,992 bytes); what it has no room for is missed only when it is overdue.
FIRST_WINDOW = 64.0
_OPENING = 0.5
# Seconds to wait for an answer, attempt by attempt; from the third one on a question waits until all others are done.
PATIENCE = (0.4, 1.0, 2.0, 3.0)
DEFERRED = 2
# An answer is taken for so many seconds after its question was given up; then the pace is judged.
_LATE = 3.0
_JUDGED_AFTER = 0.8
_TICK = 0.004
# When nobody could listen for so many seconds (a busy or sleeping machine), no server was silent meanwhile.
_STALL = 1.0
_DRAIN = 256
_HEADER = struct.Struct("!HHHHHH")

OnFound = Callable[[str, Parsed], None]


def live_servers(resolver: Resolver) -> tuple[Server, ...]:
    """Return the servers that a resolver asks; none when answers come from files, or are being recorded."""
    if not isinstance(resolver, CachingResolver) or resolver.is_recorded:
        return ()
    return resolver.source.servers


def answers_nobody(resolver: Resolver) -> bool:
    """Whether a resolver refuses every question, so that going through a long list is in vain."""
    return isinstance(resolver, CachingResolver) and isinstance(resolver.source, OfflineSource)


class BulkLookup:
    """Asks questions through a few sockets; use it as a context manager, within a running event loop."""

    def __init__(self, servers: Sequence[Server], *, rate: float | None = None) -> None:
        own = all(ip_address(server.address.partition("%")[0]).is_private for server in servers)
        self.limit = rate or (OWN_RATE if own else SHARED_RATE)
        share = self.limit / max(1, len(servers))
        self._peers = [Peer(server, Pace(share, share, 0.0)) for server in servers]
        self._turn = 0
        self._window = FIRST_WINDOW
        self._identifiers: Iterator[int] = iter(())
        self.sent = 0
        self.lost = 0

    def __enter__(self) -> Self:
        """Open the sockets."""
        loop = asyncio.get_running_loop()
        for peer in self._peers:
            peer.pace.filled_at = loop.time()
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
                    break
                line = Line(peer, opened)
                peer.lines.append(line)
                loop.add_reader(opened.fileno(), self._drain, line)
        return self

    def __exit__(self, *_error: object) -> None:
        """Close the sockets."""
        loop = asyncio.get_running_loop()
        for line in (line for peer in self._peers for line in peer.lines):
            loop.remove_reader(line.socket.fileno())
            line.socket.close()

    @property
    def given_up(self) -> Status | None:
        """What every server did for which it was left out; nothing while one is asked."""
        if not all(peer.is_out for peer in self._peers):
            return None
        refused = any(peer.refusals >= MOST_REFUSALS for peer in self._peers)
        return Status.REFUSED if refused else Status.TIMEOUT

    async def ask(self, names: Iterable[str | None], rdtype: str, on_found: OnFound) -> None:
        """Ask one question for each name, in order; `on_found` is called once for each, in the order of the answers.

        `None` among the names is a pause: what took long to find the next name must not hold up the answers.
        """
        self._names = iter(names)
        self._rdtype = rdtype
        self._on_found = on_found
        self._again: deque[Asked] = deque()
        self._later: deque[Asked] = deque()
        self._orders: list[deque[Sent]] = [deque() for _ in PATIENCE]
        self._given_up: deque[Sent] = deque()
        self._under_way = 0
        self._has_paused = False
        self._ticked_at = asyncio.get_running_loop().time()
        while self._fill() or self._under_way:
            await asyncio.sleep(_TICK)
            self._expire()

    def _fill(self) -> bool:
        """Send what the pace and the window allow; return whether anything is left to send."""
        now = asyncio.get_running_loop().time()
        while self._under_way < self._window:
            alive = [peer for peer in self._peers if not peer.is_out]
            ready = [peer for peer in alive if peer.pace.has_room(now)]
            if alive and not ready:
                return True
            asked = self._next()
            if asked is None:
                return self._has_paused
            if given_up := self.given_up:
                self._settle(asked, Parsed(given_up))
                continue
            self._turn += 1
            # What one server refuses is for another one.
            able = [peer for peer in ready if not (asked.attempt and peer.refusals)] or ready
            self._send(asked, able[self._turn % len(able)], now)
        return True

    def _next(self) -> Asked | None:
        while self._again:
            if not (asked := self._again.popleft()).is_done:
                return asked
        self._has_paused = False
        for name in self._names:
            if name is None:
                self._has_paused = True
                return None
            return Asked(name, question_of(name, self._rdtype))
        while self._later:
            if not (asked := self._later.popleft()).is_done:
                return asked
        return None

    def _settle(self, asked: Asked, found: Parsed) -> None:
        self._release(asked)
        asked.is_done = True
        self._on_found(asked.name, found)

    def _release(self, asked: Asked) -> None:
        """Wait for a question no longer."""
        if asked.is_waiting:
            asked.is_waiting = False
            self._under_way -= 1
            self._window = min(WINDOW, self._window + _OPENING)

    def _send(self, asked: Asked, peer: Peer, now: float) -> None:
        self.sent += 1
        line = peer.lines[self.sent % len(peer.lines)]
        identifier = self._identifier(line)
        part = peer.pace.send(now)
        if asked.attempt == 0:
            # What is lost again may be a name whose own servers are silent, which says nothing of this one.
            asked.round = part
            part.sent += 1
        line.waiting[identifier] = asked, asked.attempt
        self._orders[asked.attempt].append((line, identifier, asked, now + PATIENCE[asked.attempt]))
        asked.is_waiting = True
        self._under_way += 1
        if peer.asked_at is None:
            peer.asked_at = now
        try:
            line.socket.send(_HEADER.pack(identifier, 0x0100, 1, 0, 0, 0) + asked.question)
        except BlockingIOError:
            pass  # lost before it left: it is asked again when it is due
        except OSError:
            peer.is_out = peer.is_out or not peer.has_answered

    def _identifier(self, line: Line) -> int:
        while True:
            for identifier in self._identifiers:
                if identifier not in line.waiting:
                    return identifier
            self._identifiers = iter(struct.unpack("!512H", os.urandom(1024)))

    def _drain(self, line: Line) -> None:
        for _ in range(_DRAIN):
            try:
                wire = line.socket.recv(4096)
            except BlockingIOError:
                break
            except OSError:  # an ICMP error: nobody listens there
                line.server.is_out = line.server.is_out or not line.server.has_answered
                break
            self._take(line, wire)
        self._fill()

    def _take(self, line: Line, wire: bytes) -> None:
        if len(wire) < _HEADER.size:
            return
        identifier = wire[0] << 8 | wire[1]
        asked, attempt = line.waiting.get(identifier, (None, 0))
        if asked is None or wire[12 : 12 + len(asked.question)].lower() != asked.question:
            return
        del line.waiting[identifier]
        try:
            found = parse(wire, 12 + len(asked.question), self._rdtype)
        except Unclear:
            found = Parsed(Status.SERVFAIL, unclear=True)
        line.server.heard(found)
        if asked.round and attempt == 0 < asked.attempt:
            asked.round.lost -= 1  # it was only late
        if asked.is_done:
            return
        others = sum(not peer.is_out for peer in self._peers if peer is not line.server)
        if found.status is Status.REFUSED and others and asked.is_waiting and attempt + 1 < len(PATIENCE):
            self._lose(asked)
        else:
            self._settle(asked, found)

    def _lose(self, asked: Asked) -> None:
        """Ask a question again, at once or later, or never."""
        asked.attempt += 1
        if asked.attempt == len(PATIENCE):
            self._settle(asked, Parsed(Status.TIMEOUT))
            return
        self._release(asked)
        (self._later if asked.attempt >= DEFERRED else self._again).append(asked)

    def _expire(self) -> None:
        """Give up on what is overdue, and judge the pace by it."""
        now = asyncio.get_running_loop().time()
        for order in self._orders:
            while order and (order[0][3] <= now or order[0][2].is_done):
                line, identifier, asked, _ = sent = order.popleft()
                waited_for = line.waiting.get(identifier)
                if waited_for is None or waited_for[0] is not asked:
                    continue
                if asked.is_done:
                    del line.waiting[identifier]
                    continue
                self.lost += 1
                if asked.round and asked.attempt == 0:
                    asked.round.lost += 1
                self._given_up.append((*sent[:3], now + _LATE))
                self._lose(asked)
        while self._given_up and self._given_up[0][3] <= now:
            line, identifier, asked, _ = self._given_up.popleft()
            if line.waiting.get(identifier, (None, 0))[0] is asked:
                del line.waiting[identifier]
        has_stalled = now - self._ticked_at > _STALL
        self._ticked_at = now
        for peer in self._peers:
            if has_stalled and peer.asked_at is not None:
                peer.asked_at = now
            peer.check(now)
            peer.pace.judge(now, PATIENCE[0] + _JUDGED_AFTER)
