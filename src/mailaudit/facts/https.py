"""One file over HTTPS: bounded in size and time, from a public address, and never from where a redirect leads."""

from __future__ import annotations

import asyncio
import ssl
from dataclasses import dataclass
from ipaddress import ip_address
from urllib.parse import urlsplit

from mailaudit.facts.dns.answer import Resolver
from mailaudit.facts.observed import Observed
from mailaudit.facts.sender.spf.lookups import ask, found_addresses

HTTPS = 443
_MAX_HEAD = 16 << 10
_MAX_CHUNKS = 10_000
_OK, _GONE = 200, frozenset({404, 410})
_REDIRECTS = range(300, 400)


@dataclass(frozen=True, slots=True)
class Access:
    """How to fetch: `budget` in seconds; `trust` and `to_loopback` are for tests beside a server of their own."""

    budget: float = 6.0
    port: int = HTTPS
    trust: ssl.SSLContext | None = None
    to_loopback: bool = False


@dataclass(frozen=True, slots=True)
class Fetched:
    """The octets of a file, or the `problem`, a sentence fragment, for which nobody can get it."""

    body: bytes = b""
    problem: str | None = None


class _Broken(Exception):  # noqa: N818 - ends the exchange with a reason
    pass


async def fetch(url: str, dns: Resolver, access: Access, *, limit: int) -> Observed[Fetched]:
    """Return the file of at most `limit` octets; what the network does is `unknown`, and never raises."""
    try:
        host, path = _parts(url)
        async with asyncio.timeout(access.budget):
            return Observed.known(await _get(host, path, await _address(host, dns, access), access, limit))
    except TimeoutError:
        return Observed.unknown(f"{url} did not come within {access.budget:g} seconds")
    except ssl.SSLCertVerificationError as error:
        return Observed.known(Fetched(problem=f"the certificate of {host} is not valid ({error.verify_message})"))
    except _Broken as broken:
        return Observed.unknown(f"{url}: {broken}")
    except (OSError, EOFError, ValueError, asyncio.LimitOverrunError) as error:
        reason = getattr(error, "strerror", None) or type(error).__name__
        return Observed.unknown(f"{url}: {reason}")


def _parts(url: str) -> tuple[str, str]:
    parts = urlsplit(url)
    if parts.scheme.lower() != "https" or not parts.hostname or parts.username is not None:
        raise _Broken("only https addresses without a user name are fetched")
    if parts.port not in {None, HTTPS}:
        raise _Broken(f"only port {HTTPS} is asked")
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    if not (path + parts.hostname).isascii() or not path.isprintable() or " " in path:
        raise _Broken("the address holds characters that must be escaped")
    return parts.hostname, path


async def _address(host: str, dns: Resolver, access: Access) -> str:
    """Return an address that may be asked: a name that leads into somebody's own network is refused."""
    answers = await asyncio.gather(ask(dns, host, "A"), ask(dns, host, "AAAA"))
    found = [ip for answer in answers if answer is not None for ip in found_addresses(answer)]
    public = [ip for ip in found if _is_public(str(ip)) or (access.to_loopback and ip.is_loopback)]
    if not public:
        failure = next((answer.failure for answer in answers if answer and not answer.is_known), None)
        raise _Broken("its address is not a public one" if found else failure or "its host has no address")
    return str(public[0])


def _is_public(text: str) -> bool:
    address = ip_address(text)
    mapped = getattr(address, "ipv4_mapped", None) or getattr(address, "sixtofour", None)
    return address.is_global and not address.is_multicast and (mapped is None or mapped.is_global)


async def _get(host: str, path: str, address: str, access: Access, limit: int) -> Fetched:
    context = access.trust or ssl.create_default_context()
    reader, writer = await asyncio.open_connection(
        address, access.port, ssl=context, server_hostname=host, limit=_MAX_HEAD
    )
    try:
        writer.write(
            f"GET {path} HTTP/1.1\r\nHost: {host}\r\nUser-Agent: mailaudit\r\n"
            "Accept: */*\r\nConnection: close\r\n\r\n".encode("ascii")
        )
        await writer.drain()
        status, fields = _head(await reader.readuntil(b"\r\n\r\n"))
        if status in _GONE:
            return Fetched(problem=f"the web server answers {status}: the file is not there")
        if status in _REDIRECTS:
            raise _Broken(f"the web server answers {status}, and redirects are not followed")
        if status != _OK:
            raise _Broken(f"the web server answers {status}")
        body = await (
            _chunks(reader, limit)
            if "chunked" in fields.get("transfer-encoding", "")
            else _plain(reader, fields.get("content-length", ""), limit)
        )
        return Fetched(body) if body is not None else Fetched(problem=f"it is larger than {limit >> 10} KiB")
    finally:
        writer.transport.abort()


def _head(octets: bytes) -> tuple[int, dict[str, str]]:
    first, *lines = octets.decode("latin-1").split("\r\n")
    words = first.split(" ")
    if not words[0].startswith("HTTP/1.") or len(words) < 2 or not words[1].isdigit():  # noqa: PLR2004 - version, code
        raise _Broken("the server does not speak HTTP")
    pairs = (line.partition(":") for line in lines)
    return int(words[1][:3]), {name.strip().lower(): value.strip().lower() for name, _, value in pairs}


async def _plain(reader: asyncio.StreamReader, length: str, limit: int) -> bytes | None:
    wanted = int(length) if length.isdigit() and length.isascii() else None
    if wanted is not None:
        return None if wanted > limit else await reader.readexactly(wanted)
    body = b""
    while len(body) <= limit and (more := await reader.read(limit + 1)):
        body += more
    return body if len(body) <= limit else None


async def _chunks(reader: asyncio.StreamReader, limit: int) -> bytes | None:
    """Return a body in chunks (RFC 9112, section 7.1)."""
    body = b""
    for _ in range(_MAX_CHUNKS):
        line = await reader.readline()
        size = int(line.split(b";", 1)[0].strip() or b"x", 16)
        if size == 0:
            return body
        if size < 0 or len(body) + size > limit:
            return None
        body += (await reader.readexactly(size + 2))[:size]
    raise _Broken("the answer does not end")
