"""The listening side: sockets on loopback, TLS, and what ends a connection that never ends itself."""

import asyncio
import itertools
import os
import socket
import ssl
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import cast

from mailaudit.capture.envelope import Envelope, Greeting, Judge
from mailaudit.capture.limits import Bounds
from mailaudit.capture.ports import HOST, STARTTLS, TLS
from mailaudit.capture.smtp.replies import BARE, BUSY, OVER
from mailaudit.capture.smtp.session import Session

_TLS_RECORD = b"\x16"
_NO_TLS = b"421 4.7.0 This port speaks TLS first; plain SMTP has a port of its own\r\n"
_LATE = b"421 4.4.2 Idle for too long\r\n"
_WATCH_S = 1.0
_LINGER_S = 2.0
_GRACE_S, _GRACE_STEPS = 1.0, 50


@dataclass(slots=True)
class Traffic:
    """What goes on at the moment, and how much there was."""

    open: int = 0
    most_open: int = 0
    connections: int = 0
    refused: int = 0
    unfinished: int = 0
    broken_off: int = 0
    last: float = 0.0


class Sink:
    """Servers on loopback, one for each kind of port, that hand every message to `deliver`.

    Raises `OSError` when a port is taken.
    """

    def __init__(
        self,
        deliver: Callable[[Greeting, Envelope, str], None],
        *,
        judge: Judge | None = None,
        bounds: Bounds | None = None,
        context: ssl.SSLContext | None = None,
    ) -> None:
        self.bounds = bounds or Bounds()
        self.judge = judge or Judge()
        self.context = context
        self.traffic = Traffic()
        self.deliver = deliver
        self.connections: set[Connection] = set()
        # Those who still have to hear, after their handshake, that there are too many, and those who hear a last word.
        self.turned_away: set[Connection] = set()
        self.numbers = itertools.count(1)
        self._servers: list[asyncio.Server] = []
        self.is_closed = False

    async def listen(self, ports: Mapping[str, int]) -> dict[str, int]:
        """Take a port for each kind, 0 for any that is free, and return the ports; nobody is answered before `start`."""
        loop = asyncio.get_running_loop()
        bound = {}
        for kind, port in ports.items():
            server = await loop.create_server(
                partial(Connection, self, kind), HOST, port, reuse_address=True, start_serving=False
            )
            self._servers.append(server)
            bound[kind] = cast("int", server.sockets[0].getsockname()[1])
        return bound

    async def start(self) -> None:
        """Answer whoever connects."""
        for server in self._servers:
            await server.start_serving()

    async def close(self) -> None:
        """Close every port and connection."""
        for server in self._servers:
            server.close()
        for connection in self.connections:
            connection.session.is_over = True
        for _ in range(_GRACE_STEPS):
            # Software that sent its last message says good-bye, and takes a connection that breaks for an error.
            if not self.connections:
                break
            await asyncio.sleep(_GRACE_S / _GRACE_STEPS)
        self.is_closed = True
        for connection in (*self.connections, *self.turned_away):
            connection.end(f"{OVER}\r\n".encode("ascii"))
        for server in self._servers:
            await server.wait_closed()
        # What was closed is let go of in the next turn of the loop.
        await asyncio.sleep(0)


class Connection(asyncio.Protocol):
    """One client's connection; `session` is its conversation."""

    def __init__(self, sink: Sink, kind: str) -> None:
        self._sink = sink
        self._loop = asyncio.get_running_loop()
        self._kind = kind
        self._transport: asyncio.Transport | None = None
        self._seen = self._loop.time()
        self._early = bytearray()
        self._shaking: asyncio.Task[None] | None = None
        self._is_too_many = self._is_leaving = False
        self._content_since: float | None = None
        self._watch: asyncio.TimerHandle | None = None
        self.session = Session(
            Greeting(next(sink.numbers), kind),
            sink.bounds,
            sink.judge,
            self._loop.time,
            sink.deliver,
            offers_tls=kind == STARTTLS,
        )

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Greet the client, or send it away when there are too many; where TLS comes first, after the handshake."""
        self._transport = cast("asyncio.Transport", transport)
        sink, traffic = self._sink, self._sink.traffic
        traffic.connections += 1
        self._is_too_many = len(sink.connections) >= sink.bounds.connections
        traffic.refused += self._is_too_many
        if self._is_too_many and len(sink.turned_away) >= sink.bounds.connections:
            self._transport.abort()
            return
        (sink.turned_away if self._is_too_many else sink.connections).add(self)
        traffic.open = len(sink.connections)
        traffic.most_open = max(traffic.most_open, traffic.open)
        self._watch = self._loop.call_later(_WATCH_S, self._look)
        if self._kind == TLS:
            self._begin_tls()
        else:
            self._greet()

    def _greet(self) -> None:
        if self._is_too_many:
            self.end(f"{BUSY}\r\n".encode("ascii"))
        else:
            self._reply(self.session.open())

    def data_received(self, data: bytes) -> None:
        """Answer what came."""
        self._seen = self._loop.time()
        if self.session.is_closing:
            return
        if self.session.wants_tls:
            # TLS 1.3: a client's first command may come with the end of its handshake, before ours is known to be over.
            self._early += data
            return
        self._reply(self.session.receive(data))
        if self.session.wants_tls:
            self._begin_tls()

    def _begin_tls(self) -> None:
        self.session.wants_tls = True
        if self._transport is not None:
            # What still comes in plain text must never pass for a command that came encrypted.
            self._transport.pause_reading()
            self._shaking = self._loop.create_task(self._shake_hands(self._transport))

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget the client."""
        del exc
        if self._watch is not None:
            self._watch.cancel()
        if self._shaking is not None:
            self._shaking.cancel()
        self._sink.turned_away.discard(self)
        self._sink.traffic.broken_off += self.session.is_in_message and not self.session.is_closing
        self._give_up_place()

    def pause_writing(self) -> None:
        """Read no more from a client that does not read its answers."""
        if self._transport is not None:
            self._transport.pause_reading()

    def resume_writing(self) -> None:
        """Read on, but for a client that is to begin TLS."""
        if self._transport is not None and not self.session.wants_tls:
            self._transport.resume_reading()

    def _give_up_place(self) -> None:
        if self in self._sink.connections:
            self._sink.connections.discard(self)
            self._sink.traffic.open = len(self._sink.connections)
            self._sink.judge.on_close(self.session.greeting)

    def _reply(self, replies: bytes) -> None:
        if self._transport is None:
            return
        if replies:
            self._transport.write(replies)
        if self.session.is_closing:
            self._leave(self._transport)

    async def _shake_hands(self, plain: asyncio.Transport) -> None:
        """Begin TLS with a client that does; tell another one, in plain text, that this is what is spoken here."""
        wait, context = self._sink.bounds.handshake_s, self._sink.context
        if context is None or not await _begins_tls(plain, wait):
            self.end(_NO_TLS)
            return
        try:
            transport = await self._loop.start_tls(
                plain, self, context, server_side=True, ssl_handshake_timeout=wait
            )
        except (OSError, ssl.SSLError):
            plain.abort()
            # The transport has no other protocol than that of TLS by now, which tells nobody that it is lost.
            self._shaking = None
            self.connection_lost(None)
            return
        self._transport, self._shaking = transport, None
        self.session.start_tls()
        if self._kind == TLS:
            self._greet()
        self._reply(self.session.receive(bytes(self._early)))
        self._early.clear()

    def _look(self) -> None:
        """End a connection that waits for ever."""
        self._watch = self._loop.call_later(_WATCH_S, self._look)
        silent = self._loop.time() - self._seen
        if silent > self._sink.bounds.stalled_s and self.session.waits_in_vain:
            self._sink.traffic.unfinished += 1
            self.end(f"{BARE}\r\n".encode("ascii"))
        elif silent > self._sink.bounds.idle_s or self._is_endless():
            self.end(_LATE)

    def _is_endless(self) -> bool:
        if not self.session.is_in_message:
            self._content_since = None
        elif self._content_since is None:
            self._content_since = self._loop.time()
        since = self._content_since
        return since is not None and self._loop.time() - since > self._sink.bounds.message_s

    def end(self, reply: bytes) -> None:
        """Say a last word and close the connection."""
        if self._is_leaving and self._transport is not None:
            self._transport.abort()
        elif self._transport is not None:
            self.session.is_closing = True
            self._transport.write(reply)
            self._leave(self._transport)

    def _leave(self, transport: asyncio.Transport) -> None:
        """Close once the client has closed as well: one that still sends would lose the last word with the connection."""
        if self._sink.is_closed or self.session.greeting.tls or not transport.can_write_eof():
            transport.close()
        elif not self._is_leaving:
            self._is_leaving = True
            self._give_up_place()
            self._sink.turned_away.add(self)
            transport.write_eof()
            transport.resume_reading()
            self._loop.call_later(_LINGER_S, transport.close)


async def _begins_tls(transport: asyncio.Transport, wait: float) -> bool:
    """Say whether a client's first octet, which stays where it is, is that of TLS; one that is silent says none."""
    loop = asyncio.get_running_loop()
    readable = asyncio.Event()
    with socket.socket(fileno=os.dup(transport.get_extra_info("socket").fileno())) as peeked:
        loop.add_reader(peeked, readable.set)
        try:
            async with asyncio.timeout(wait):
                await readable.wait()
            return peeked.recv(1, socket.MSG_PEEK) == _TLS_RECORD
        except OSError:
            return False
        finally:
            loop.remove_reader(peeked)
