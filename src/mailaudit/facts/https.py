"""One exchange over HTTPS: bounded in size and time, from a public address, and never from where a redirect leads."""

import asyncio
import ssl
from collections.abc import Awaitable, Callable
from functools import cache
from typing import TypeVar
from urllib.parse import urlsplit

import httpx
from msgspec import Struct

from mailaudit.facts.dns.answer import Resolver
from mailaudit.facts.dns.records import addresses_in
from mailaudit.facts.observed import Observed
from mailaudit.facts.public_address import is_public

T = TypeVar("T")

HTTPS = 443
_PORTS = {"https": HTTPS, "http": 80}
_OK, _GONE, _REFUSED = 200, frozenset({404, 410}), frozenset({401, 405})


class Access(Struct, frozen=True):
    """How to fetch: `budget` in seconds; `trust` and `to_loopback` are for tests beside a server of their own."""

    budget: float = 6.0
    port: int = HTTPS
    trust: ssl.SSLContext | None = None
    to_loopback: bool = False


class Fetched(Struct, frozen=True):
    """The octets of a file, or the `problem`, a sentence fragment, for which nobody can get it."""

    body: bytes = b""
    problem: str | None = None


class _Where(Struct, frozen=True):
    """One page: the name of its host, and the address and port that are asked for it."""

    scheme: str
    host: str
    address: str
    port: int
    path: str


_Read = Callable[[httpx.Response], Awaitable[Fetched]]


class _Broken(Exception):  # noqa: N818 - ends the exchange with a reason
    pass


class _Absent(_Broken):
    """Name servers say that there is no such host."""


async def fetch(url: str, dns: Resolver, access: Access, *, limit: int) -> Observed[Fetched]:
    """Return the file of at most `limit` octets; what the network does is `unknown`, and never raises."""
    return await _asked("GET", url, dns, access, lambda response: _body(response, limit))


async def fetched(
    url: str | None, dns: Resolver, access: Access, limit: int, read: Callable[[Fetched], T]
) -> Observed[T | None]:
    """Return what a file is read as, in a thread; nothing without an address, and unknown where `fetch` says so."""
    if url is None:
        return Observed.known(None)
    found = await fetch(url, dns, access, limit=limit)
    if not found.is_known:
        return Observed(None, found.unavailable)
    return Observed.known(await asyncio.to_thread(read, found.get()))


async def head(url: str, dns: Resolver, access: Access) -> Observed[Fetched]:
    """Ask once whether a page is there, over HTTPS or HTTP: its `problem`, or nothing where it is or leads on."""
    return await _asked("HEAD", url, dns, access, _presence)


async def _asked(method: str, url: str, dns: Resolver, access: Access, read: _Read) -> Observed[Fetched]:
    host = ""
    try:
        scheme, host, path = _parts(url, plain=method == "HEAD")
        async with asyncio.timeout(access.budget):
            where = _Where(scheme, host, await _address(host, dns, access), _port(scheme, access), path)
            return Observed.known(await _exchange(method, where, access, read))
    except (TimeoutError, httpx.TimeoutException):
        return Observed.unknown(f"{url} did not come within {access.budget:g} seconds")
    except httpx.RequestError as error:
        refused = _certificate_error(error)
        if refused is not None:
            return Observed.known(
                Fetched(problem=f"the certificate of {host} is not valid ({refused.verify_message})")
            )
        # What the peer wrote stands in the error's own text, and does not belong into a report.
        kept_to_http = not isinstance(error, httpx.ProtocolError)
        reason = "the connection failed" if kept_to_http else "the web server does not keep to HTTP"
        return Observed.unknown(f"{url}: {reason}")
    except _Absent as error:
        return (
            Observed.known(Fetched(problem=str(error)))
            if method == "HEAD"
            else Observed.unknown(f"{url}: {error}")
        )
    except (_Broken, OSError, ValueError, httpx.InvalidURL) as error:
        return Observed.unknown(f"{url}: {error}")


def _parts(url: str, *, plain: bool) -> tuple[str, str, str]:
    parts = urlsplit(url)
    scheme = parts.scheme.lower()
    if (
        scheme not in ({"https", "http"} if plain else {"https"})
        or not parts.hostname
        or parts.username is not None
    ):
        raise _Broken("only https addresses without a user name are fetched")
    if parts.port not in {None, _PORTS[scheme]}:
        raise _Broken(f"only port {_PORTS[scheme]} is asked")
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    if not (path + parts.hostname).isascii() or not path.isprintable() or " " in path:
        raise _Broken("the address holds characters that must be escaped")
    return scheme, parts.hostname, path


def _port(scheme: str, access: Access) -> int:
    return access.port if access.port != HTTPS else _PORTS[scheme]


async def _address(host: str, dns: Resolver, access: Access) -> str:
    """Return an address that may be asked: a name that leads into somebody's own network is refused."""
    # No name server knows a host that is an address; browsers read one in any name whose last label begins with a digit.
    if ":" in host or host.rstrip(".").rpartition(".")[2][:1].isdigit():
        raise _Broken("its host is an address, and no name")
    answers = await asyncio.gather(dns.query(host, "A"), dns.query(host, "AAAA"))
    found = [ip for answer in answers for ip in addresses_in(answer)]
    public = [ip for ip in found if is_public(ip) or (access.to_loopback and ip.is_loopback)]
    if not public:
        failure = next((answer.failure for answer in answers if not answer.is_known), None)
        if found or failure:
            raise _Broken("its address is not a public one" if found else str(failure))
        raise _Absent("its host has no address")
    return f"[{public[0]}]" if public[0].version == 6 else str(public[0])  # noqa: PLR2004 - the version of IP


async def _exchange(method: str, where: _Where, access: Access, read: _Read) -> Fetched:
    # The address is the one that was looked up and found public; the name goes into TLS and the Host field alone, so that a
    # second look-up cannot lead elsewhere. Proxies and credentials of the environment are not used (`trust_env`).
    async with (
        httpx.AsyncClient(verify=access.trust or _trusted(), trust_env=False) as client,
        client.stream(
            method,
            f"{where.scheme}://{where.address}:{where.port}{where.path}",
            headers={"Host": where.host, "User-Agent": "mailaudit", "Accept-Encoding": "identity"},
            extensions={"sni_hostname": where.host},
            timeout=access.budget,
        ) as response,
    ):
        return await read(response)


async def _presence(response: httpx.Response) -> Fetched:
    """Read a status: many servers refuse HEAD, or programs, for a page that people see."""
    if response.status_code in _GONE:
        return Fetched(problem=f"the web server answers {response.status_code}: the page is not there")
    if response.is_success or response.is_redirect or response.status_code in _REFUSED:
        return Fetched()
    raise _Broken(f"the web server answers {response.status_code}")


async def _body(response: httpx.Response, limit: int) -> Fetched:
    if response.status_code in _GONE:
        return Fetched(problem=f"the web server answers {response.status_code}: the file is not there")
    if response.is_redirect:
        raise _Broken(f"the web server answers {response.status_code}, and redirects are not followed")
    if response.status_code != _OK:
        raise _Broken(f"the web server answers {response.status_code}")
    body = b""
    async for octets in response.aiter_raw():
        body += octets
        if len(body) > limit:
            return Fetched(problem=f"it is larger than {limit >> 10} KiB")
    return Fetched(body)


@cache
def _trusted() -> ssl.SSLContext:
    # To read the certificates that this machine trusts takes longer than an exchange.
    return ssl.create_default_context()


def _certificate_error(error: BaseException | None) -> ssl.SSLCertVerificationError | None:
    while error is not None and not isinstance(error, ssl.SSLCertVerificationError):
        error = error.__cause__ or error.__context__
    return error
