"""An authoritative DNS server on loopback that can be as slow, lossy and broken as a test needs.

It serves the text of a zone file over UDP and TCP: `async with serving(ZONE, delay=0.025) as server:` on the
test's own event loop, or `with serving_in_thread(ZONE) as server:` for a program that is started by a test.
"""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, cast

import dns.exception
import dns.flags
import dns.message
import dns.name
import dns.rcode
import dns.rdatatype
import dns.rrset

from mailaudit.facts.dns.names import labels_of_name, name_of
from mailaudit.facts.dns.sources.servers import Server
from mailaudit.facts.dns.sources.zone_file import parse_zone
from mailaudit.facts.dns.sources.zones import Kind, ZoneSource

_CLASSIC_PAYLOAD = 512


@dataclass
class Behaviour:
    """How the server misbehaves: `delay` in seconds, `drop_every` the nth datagram, `rcode` for every question.

    `silent` answers nothing, `truncate` answers every datagram with an empty truncated message, `truncate_tcp` every
    question over TCP, `tcp` listens over TCP too, `first_alias_only` leaves CNAME targets to the client, `no_edns` answers
    FORMERR to EDNS. `garble` turns a response into the datagrams that are really sent.
    """

    delay: float = 0.0
    drop_every: int = 0
    silent: bool = False
    rcode: str | None = None
    truncate: bool = False
    truncate_tcp: bool = False
    tcp: bool = True
    first_alias_only: bool = False
    no_edns: bool = False
    garble: Callable[[bytes], list[bytes]] | None = None

    @property
    def truncates(self) -> frozenset[str]:
        """The transports whose answers are cut off."""
        return frozenset({"udp"} if self.truncate else ()) | frozenset({"tcp"} if self.truncate_tcp else ())


@dataclass
class DnsServer:
    """A running server; `questions` are what it was asked, as `(name, type, transport)`, probes for the root aside.

    A datagram that is sent again because the machine is busy is counted in `datagrams`, and is no other question.
    """

    source: ZoneSource
    behaviour: Behaviour
    port: int = 0
    host: str = "127.0.0.1"
    questions: list[tuple[str, str, str]] = field(default_factory=list)
    datagrams: int = 0
    probes: int = 0
    seen: set[tuple[Any, bytes]] = field(default_factory=set)

    @property
    def server(self) -> Server:
        return Server(self.host, self.port)

    @property
    def address(self) -> str:
        """What to give to `--dns-server`."""
        return str(self.server)

    def respond(self, wire: bytes, transport: str, sender: object = None) -> bytes | None:
        """Return the response to a query, `None` for garbage."""
        try:
            query = dns.message.from_wire(wire)
        except dns.exception.DNSException:
            return None
        question = query.question[0]
        if question.name == dns.name.root:
            self.probes += 1
        elif sender is None or (sender, wire) not in self.seen:
            self.seen.add((sender, wire))
            name = question.name.canonicalize().to_text(omit_final_dot=True)
            self.questions.append((name, dns.rdatatype.to_text(question.rdtype), transport))
        response = dns.message.make_response(query, recursion_available=False)
        if self.behaviour.no_edns and query.edns >= 0:
            response.use_edns(edns=False)
            response.set_rcode(dns.rcode.FORMERR)
        elif self.behaviour.rcode is not None:
            response.set_rcode(dns.rcode.from_text(self.behaviour.rcode))
        else:
            self._fill(response, question)
        limit = 65_535
        if transport == "udp":
            limit = max(query.payload, _CLASSIC_PAYLOAD) if query.edns >= 0 else _CLASSIC_PAYLOAD
        return self._to_wire(response, limit, transport)

    def _to_wire(self, response: dns.message.Message, limit: int, transport: str) -> bytes:
        truncated = transport in self.behaviour.truncates
        if not truncated:
            try:
                return response.to_wire(max_size=limit)
            except dns.exception.TooBig:
                pass
        response.answer.clear()
        response.authority.clear()
        response.flags |= dns.flags.TC
        return response.to_wire(max_size=limit)

    def _fill(self, response: dns.message.Message, question: dns.rrset.RRset) -> None:
        rdtype = dns.rdatatype.to_text(question.rdtype)
        labels = labels_of_name(question.name)
        response.flags |= dns.flags.AA
        seen = set()
        while labels not in seen:
            seen.add(labels)
            found = self.source.find(labels, rdtype)
            if found.kind in {Kind.RECORDS, Kind.ALIAS} and found.records is not None:
                owner = name_of(labels)
                response.answer.append(dns.rrset.from_rdata_list(owner, found.records.ttl, found.records.rdatas))
            if found.kind is not Kind.ALIAS or self.behaviour.first_alias_only or found.target is None:
                break
            labels = found.target
        if found.kind is Kind.NXDOMAIN:
            response.set_rcode(dns.rcode.NXDOMAIN)
        elif found.kind is Kind.UNKNOWN and not response.answer:
            response.flags &= ~dns.flags.AA
            response.set_rcode(dns.rcode.REFUSED)
        elif found.fault is not None:
            response.set_rcode(dns.rcode.from_text(found.fault.status.value.upper()))
        for apex, ttl, records in self.source._soa(found) if found.kind in {Kind.NODATA, Kind.NXDOMAIN} else ():
            response.authority.append(dns.rrset.from_rdata_list(apex, ttl, records))


class _Udp(asyncio.DatagramProtocol):
    def __init__(self, server: DnsServer) -> None:
        self._server = server
        self._transport: asyncio.DatagramTransport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.DatagramTransport", transport)

    def datagram_received(self, data: bytes, addr: Any) -> None:
        behaviour = self._server.behaviour
        due = asyncio.get_running_loop().time() + behaviour.delay
        self._server.datagrams += 1
        lost = behaviour.drop_every and self._server.datagrams % behaviour.drop_every == 0
        response = self._server.respond(data, "udp", addr)
        if behaviour.silent or lost or response is None:
            return
        for datagram in behaviour.garble(response) if behaviour.garble else [response]:
            asyncio.get_running_loop().call_at(due, self._send, datagram, addr)

    def _send(self, datagram: bytes, addr: Any) -> None:
        if self._transport is not None and not self._transport.is_closing():
            self._transport.sendto(datagram, addr)


@contextlib.asynccontextmanager
async def serving(zone: str = "", **behaviour: Any) -> AsyncIterator[DnsServer]:
    """Serve a zone file's text on a free port of the loopback address until the block ends."""
    server = DnsServer(ZoneSource([parse_zone(zone)]), Behaviour(**behaviour))

    async def on_connection(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError, EOFError):
            while True:
                length = int.from_bytes(await reader.readexactly(2), "big")
                response = server.respond(await reader.readexactly(length), "tcp")
                if response is None or server.behaviour.silent:
                    break
                await asyncio.sleep(server.behaviour.delay)
                for message in server.behaviour.garble(response) if server.behaviour.garble else [response]:
                    writer.write(len(message).to_bytes(2, "big") + message)
                await writer.drain()
        writer.close()

    transport, listener = await _bound(server, on_connection)
    try:
        yield server
    finally:
        transport.close()
        if listener is not None:
            listener.close()


async def _bound(
    server: DnsServer, on_connection: Callable[[asyncio.StreamReader, asyncio.StreamWriter], Any]
) -> tuple[asyncio.BaseTransport, asyncio.Server | None]:
    """Bind one port for UDP and TCP; another program may own the TCP half of a free UDP port."""
    loop = asyncio.get_running_loop()
    for _ in range(20):
        transport, _protocol = await loop.create_datagram_endpoint(
            lambda: _Udp(server), local_addr=(server.host, 0)
        )
        server.port = transport.get_extra_info("sockname")[1]
        try:
            tcp = server.behaviour.tcp
            return transport, await asyncio.start_server(on_connection, server.host, server.port) if tcp else None
        except OSError:
            transport.close()
    raise OSError("no port is free for both UDP and TCP")


@contextlib.contextmanager
def serving_in_thread(zone: str = "", **behaviour: Any) -> Iterator[DnsServer]:
    """Serve like `serving`, on an event loop of its own in a thread."""
    started, box = threading.Event(), []

    async def serve() -> None:
        stop = asyncio.Event()
        async with serving(zone, **behaviour) as server:
            box.append((server, asyncio.get_running_loop(), stop))
            started.set()
            await stop.wait()

    thread = threading.Thread(target=lambda: asyncio.run(serve()), daemon=True)
    thread.start()
    assert started.wait(5)
    server, loop, stop = box[0]
    try:
        yield server
    finally:
        loop.call_soon_threadsafe(stop.set)
        thread.join(5)
