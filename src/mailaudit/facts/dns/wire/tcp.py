"""One question over TCP, for answers that do not fit into a datagram (RFC 7766)."""

import asyncio

from mailaudit.facts.dns.sources.servers import Server


async def ask_over_tcp(server: Server, query: bytes, deadline: float) -> bytes:
    """Return the first message that the server sends back; raises `OSError` or `EOFError`, also for a time-out."""
    async with asyncio.timeout_at(deadline):
        reader, writer = await asyncio.open_connection(server.address, server.port)
        try:
            writer.write(len(query).to_bytes(2, "big") + query)
            length = int.from_bytes(await reader.readexactly(2), "big")
            return await reader.readexactly(length)
        finally:
            writer.close()
