"""The listening side: sockets on loopback, TLS, and what ends a connection that never ends itself."""

import asyncio
import itertools
import ssl
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import cast

from mailaudit.capture.envelope import Envelope, Greeting, Judge
from mailaudit.capture.limits import Bounds
from mailaudit.capture.session import BARE, BUSY, OVER, Session

HOST = "127.0.0.1"
PLAIN, STARTTLS, TLS = "plain", "starttls", "tls"
_LATE = b"421 4.4.2 Idle for too long\r\n"
_WATCH_S = 1.0
_GRACE_S, _GRACE_STEPS = 1.0, 50


@dataclass(slots=True)
class Traffic:
    """What goes on at the moment, and how much there was."""

    open: int = 0
    most_open: int = 0
    connections: int = 0
    refused: int = 0
    unfinished: int = 0
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
        self._numbers = itertools.count(1)
        self._servers: list[asyncio.Server] = []

    async def listen(self, ports: Mapping[str, int]) -> dict[str, int]:
        """Take a port for each kind, 0 for any that is free, and return the ports; nobody is answered before `start`."""
        loop = asyncio.get_running_loop()
        bound = {}
        for kind, port in ports.items():
            context = self.context if kind == TLS else None
            server = await loop.create_server(
                lambda kind=kind: Connection(self, kind),
                HOST,
                port,
                ssl=context,
                reuse_address=True,
                start_serving=False,
            )
            self._servers.append(server)
            bound[kind] = cast("int", server.sockets[0].getsockname()[1])
        return bound

    async def start(self) -> None:
        """Answer whoever connects."""
        for server in self._servers:
            await server.start_serving()

    def greeting(self, kind: str) -> Greeting:
        """Return the note on a new connection."""
        return Greeting(next(self._numbers), kind, tls=kind == TLS)

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
        for connection in tuple(self.connections):
            connection.end(f"{OVER}\r\n".encode("ascii"))
        for server in self._servers:
            await server.wait_closed()


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
        self._watch: asyncio.TimerHandle | None = None
        self.session = Session(
            sink.greeting(kind),
            sink.bounds,
            sink.judge,
            self._loop.time,
            sink.deliver,
            offers_tls=kind == STARTTLS,
        )

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Greet the client, or send it away when there are too many; also called after a handshake."""
        self._transport = cast("asyncio.Transport", transport)
        if self in self._sink.connections:
            return
        traffic = self._sink.traffic
        traffic.connections += 1
        if len(self._sink.connections) >= self._sink.bounds.connections:
            traffic.refused += 1
            self._transport.write(f"{BUSY}\r\n".encode("ascii"))
            self._transport.close()
            return
        self._sink.connections.add(self)
        traffic.open = len(self._sink.connections)
        traffic.most_open = max(traffic.most_open, traffic.open)
        self._watch = self._loop.call_later(_WATCH_S, self._look)
        self._reply(self.session.open())

    def data_received(self, data: bytes) -> None:
        """Answer what came."""
        self._seen = self._loop.time()
        if self.session.wants_tls:
            # TLS 1.3: a client's first command may come with the end of its handshake, before ours is known to be over.
            self._early += data
            return
        self._reply(self.session.receive(data))
        if self.session.wants_tls and self._transport is not None:
            # What still comes in plain text must never pass for a command that came encrypted.
            self._transport.pause_reading()
            self._shaking = self._loop.create_task(self._shake_hands())

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget the client."""
        del exc
        if self._watch is not None:
            self._watch.cancel()
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
            self._transport.close()

    async def _shake_hands(self) -> None:
        if self._transport is None or self._sink.context is None:
            return
        try:
            transport = await self._loop.start_tls(self._transport, self, self._sink.context, server_side=True)
        except (OSError, ssl.SSLError):
            self._transport.abort()
            return
        self._transport = transport
        self.session.start_tls()
        self._reply(self.session.receive(bytes(self._early)))
        self._early.clear()

    def _look(self) -> None:
        """End a connection that waits for ever."""
        self._watch = self._loop.call_later(_WATCH_S, self._look)
        silent = self._loop.time() - self._seen
        if silent > self._sink.bounds.stalled_s and self.session.waits_in_vain:
            self._sink.traffic.unfinished += 1
            self.end(f"{BARE}\r\n".encode("ascii"))
        elif silent > self._sink.bounds.idle_s:
            self.end(_LATE)

    def end(self, reply: bytes) -> None:
        """Say a last word and close the connection."""
        if self._transport is not None:
            self._transport.write(reply)
            self._transport.close()
