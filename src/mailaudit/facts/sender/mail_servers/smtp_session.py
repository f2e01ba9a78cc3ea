"""One polite SMTP session with the server that takes the campaign's mail: greeting, TLS, limits, and no mail."""

import asyncio
import contextlib
import re
import ssl
from collections.abc import Mapping
from ipaddress import IPv4Address, IPv6Address, ip_address

from msgspec import Struct, field

from mailaudit.facts.observed import Observed
from mailaudit.facts.public_address import is_for_documentation, is_public

BUDGET = 6.0
"""Seconds for the whole session."""

FAREWELL = 0.5
SUBMISSION, SUBMISSIONS = 587, 465
MAX_LINE = 2048
MAX_LINES = 100


class SmtpSession(Struct, frozen=True):
    """What a server said.

    `name` is what its greeting says, `extensions` its EHLO keywords with their parameters (upper case), after
    STARTTLS when it offers that. `tls` is the version, `certificate_problem` why the certificate cannot be trusted.
    """

    host: str
    port: int
    greeting: str
    name: str | None
    extensions: Mapping[str, str] = field(default_factory=dict)
    offers_starttls: bool = False
    tls: str | None = None
    certificate_problem: str | None = None

    @property
    def max_size(self) -> int | None:
        """The largest message in octets (RFC 1870); nothing when the server sets no limit."""
        size = self.extensions.get("SIZE", "")
        return int(size) or None if size.isdigit() else None


class _Broken(Exception):  # noqa: N818 - ends the session with a reason
    pass


def is_worth_connecting(address: IPv4Address | IPv6Address) -> bool:
    """Say whether somebody may answer there: not in a range for documentation, nor multicast or unspecified."""
    return not (address.is_multicast or address.is_unspecified or is_for_documentation(address))


async def observe_session(
    host: str,
    port: int | None,
    addresses: tuple[IPv4Address | IPv6Address, ...],
    *,
    budget: float = BUDGET,
    to_private: bool = False,
) -> Observed[SmtpSession]:
    """Hold one session and leave with QUIT; no mail is sent, no password given, and it ends within the budget.

    What is connected to is one of the addresses, and a public one unless `to_private`.
    """
    worth = [address for address in addresses if is_worth_connecting(address)]
    if not worth:
        return Observed.unknown(f"{host} has no address that can be reached")
    wanted = next((address for address in worth if to_private or is_public(address)), None)
    if wanted is None:
        what = f"the smtp server {host} is at a loopback, private or link-local address ({worth[0]})"
        return Observed.unknown(f"{what}, which is talked to only with --allow-private")
    number = port or SUBMISSION
    try:
        async with asyncio.timeout(budget):
            return Observed.known(await _converse(host, str(wanted), number))
    except TimeoutError:
        return Observed.unknown(f"{host}, port {number}, did not answer within {budget:g} seconds")
    except _Broken as broken:
        return Observed.unknown(f"{host}, port {number}: {broken}")
    except (OSError, UnicodeError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error) or type(error).__name__
        return Observed.unknown(f"{host}, port {number}: {reason}")


async def _converse(host: str, address: str, port: int) -> SmtpSession:
    problem: str | None = None
    context = None
    if port == SUBMISSIONS:
        context, problem = await _context_for(host, address, port)
    reader, writer = await asyncio.open_connection(
        address, port, ssl=context, server_hostname=host if context else None, limit=MAX_LINE
    )
    try:
        greeting = await _reply(reader, "220")
        extensions = await _ehlo(reader, writer)
        offers = "STARTTLS" in extensions
        if offers and context is None:
            problem, extensions = await _start_tls(host, reader, writer, extensions)
        is_open = _is_open(writer)
        tls = writer.get_extra_info("ssl_object") if is_open else None
        if is_open:
            await _leave(reader, writer)
        return SmtpSession(
            host=host,
            port=port,
            greeting=greeting[0],
            name=_name_in(greeting[0]),
            extensions=extensions,
            offers_starttls=offers,
            tls=tls.version() if tls else None,
            certificate_problem=problem,
        )
    finally:
        if _is_open(writer):
            writer.close()


async def _context_for(host: str, address: str, port: int) -> tuple[ssl.SSLContext, str | None]:
    """Return a context that works: a strict one, or a lenient one and the reason why the strict one does not."""
    strict = ssl.create_default_context()
    try:
        _, writer = await asyncio.open_connection(address, port, ssl=strict, server_hostname=host)
    except ssl.SSLCertVerificationError as error:
        return _lenient(), error.verify_message
    writer.close()
    return strict, None


async def _start_tls(
    host: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, before: Mapping[str, str]
) -> tuple[str | None, Mapping[str, str]]:
    await _say(writer, "STARTTLS")
    await _reply(reader, "220")
    context = ssl.create_default_context()
    try:
        await writer.start_tls(context, server_hostname=host)
    except ssl.SSLCertVerificationError as error:
        # The connection is gone, and what the server said before TLS is all that is known of it.
        return error.verify_message, before
    except ssl.SSLError as error:
        return f"TLS fails: {error.reason or error}", before
    if not _is_open(writer):
        return "TLS fails: the server hung up", before
    return None, await _ehlo(reader, writer)


def _is_open(writer: asyncio.StreamWriter) -> bool:
    # A handshake that fails may leave the writer without a transport, which its type does not say.
    transport: asyncio.WriteTransport | None = writer.transport
    return transport is not None and not transport.is_closing()


def _lenient() -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


async def _ehlo(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> Mapping[str, str]:
    await _say(writer, f"EHLO {_own_name(writer)}")
    lines = await _reply(reader, "250")
    pairs = (line.strip().partition(" ") for line in lines[1:])
    return {keyword.upper(): value.strip().upper() for keyword, _, value in pairs if keyword}


def _own_name(writer: asyncio.StreamWriter) -> str:
    # RFC 5321, section 4.1.3: a client without a name of its own says its address.
    own = ip_address(str(writer.get_extra_info("sockname")[0]).partition("%")[0])
    return f"[{own}]" if isinstance(own, IPv4Address) else f"[IPv6:{own}]"


async def _say(writer: asyncio.StreamWriter, line: str) -> None:
    writer.write(f"{line}\r\n".encode("ascii"))
    await writer.drain()


async def _reply(reader: asyncio.StreamReader, expected: str) -> tuple[str, ...]:
    lines: list[str] = []
    for _ in range(MAX_LINES):
        text = (await reader.readline()).decode("utf-8", "replace").rstrip("\r\n")
        if not re.match(r"\d{3}(?:[ -]|$)", text):
            raise _Broken("the server does not speak SMTP" if text else "the server hung up")
        lines.append(text[4:])
        if text[3:4] != "-":
            if text[:3] != expected:
                raise _Broken(f"the server answers with the code {text[:3]}")
            return tuple(lines)
    raise _Broken("the server's answer does not end")


async def _leave(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    # A server that does not say goodbye has said all that is needed.
    with contextlib.suppress(OSError, ValueError, TimeoutError):
        async with asyncio.timeout(FAREWELL):
            await _say(writer, "QUIT")
            await reader.readline()


def _name_in(greeting: str) -> str | None:
    first = greeting.split(" ", maxsplit=1)[0].lower().rstrip(".")
    return first if re.fullmatch(r"[a-z0-9]([a-z0-9.-]{0,250}[a-z0-9])?", first) and "." in first else None
