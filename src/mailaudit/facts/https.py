"""One file over HTTPS: bounded in size and time, from a public address, and never from where a redirect leads."""

from __future__ import annotations

import asyncio
import ssl
from dataclasses import dataclass
from urllib.parse import urlsplit

import httpx

from mailaudit.facts.dns.answer import Resolver
from mailaudit.facts.observed import Observed
from mailaudit.facts.reach import is_public
from mailaudit.facts.sender.spf.lookups import ask, found_addresses

HTTPS = 443
_OK, _GONE = 200, frozenset({404, 410})


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
    except (_Broken, OSError, ValueError, httpx.InvalidURL) as error:
        return Observed.unknown(f"{url}: {error}")


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
    public = [ip for ip in found if is_public(ip) or (access.to_loopback and ip.is_loopback)]
    if not public:
        failure = next((answer.failure for answer in answers if answer and not answer.is_known), None)
        raise _Broken("its address is not a public one" if found else failure or "its host has no address")
    return f"[{public[0]}]" if public[0].version == 6 else str(public[0])  # noqa: PLR2004 - the version of IP


async def _get(host: str, path: str, address: str, access: Access, limit: int) -> Fetched:
    # The address is the one that was looked up and found public; the name goes into TLS and the Host field alone, so that a
    # second look-up cannot lead elsewhere. Proxies and credentials of the environment are not used (`trust_env`).
    async with (
        httpx.AsyncClient(verify=access.trust or ssl.create_default_context(), trust_env=False) as client,
        client.stream(
            "GET",
            f"https://{address}:{access.port}{path}",
            headers={"Host": host, "User-Agent": "mailaudit", "Accept-Encoding": "identity"},
            extensions={"sni_hostname": host},
            timeout=access.budget,
        ) as response,
    ):
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


def _certificate_error(error: BaseException | None) -> ssl.SSLCertVerificationError | None:
    while error is not None and not isinstance(error, ssl.SSLCertVerificationError):
        error = error.__cause__ or error.__context__
    return error
