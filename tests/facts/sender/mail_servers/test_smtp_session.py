from __future__ import annotations

import asyncio
import contextlib
import ssl
import subprocess
import time
from collections.abc import AsyncIterator, Callable
from ipaddress import IPv4Address, IPv6Address, ip_address
from pathlib import Path

import pytest

from mailaudit.facts.observed import Observed
from mailaudit.facts.sender.mail_servers.smtp_session import SmtpSession, is_worth_connecting, observe_session

LOOPBACK = (ip_address("127.0.0.1"),)
Handler = Callable[[asyncio.StreamReader, asyncio.StreamWriter, list[str]], object]


@contextlib.asynccontextmanager
async def server(handle: Handler, context: ssl.SSLContext | None = None) -> AsyncIterator[tuple[int, list[str]]]:
    said: list[str] = []
    writers: list[asyncio.StreamWriter] = []

    async def on_connection(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writers.append(writer)
        with contextlib.suppress(OSError, EOFError, ssl.SSLError):
            await handle(reader, writer, said)  # type: ignore[misc] # every handler here is a coroutine function
        writer.close()

    listener = await asyncio.start_server(on_connection, "127.0.0.1", 0, ssl=context)
    async with listener:
        yield listener.sockets[0].getsockname()[1], said
        for writer in writers:
            writer.transport.abort()
        await asyncio.sleep(0.01)


def talking(
    greeting: str = "220 mx.acme.example ESMTP", ehlo: str = "250-mx.acme.example\r\n250 SIZE 10485760"
) -> Handler:
    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, said: list[str]) -> None:
        writer.write(f"{greeting}\r\n".encode())
        while line := (await reader.readline()).decode().strip():
            said.append(line)
            word = line.split(" ")[0].upper()
            writer.write(
                f"{ {'EHLO': ehlo, 'QUIT': '221 bye', 'STARTTLS': '220 go ahead'}.get(word, '500 what?') }\r\n".encode()
            )
            await writer.drain()
            if word == "STARTTLS":
                return

    return handle


def hold(handle: Handler, budget: float = 5.0) -> tuple[Observed[SmtpSession], list[str]]:
    async def go() -> tuple[Observed[SmtpSession], list[str]]:
        async with server(handle) as (port, said):
            return await observe_session("smtp.acme.example", port, LOOPBACK, budget=budget, to_private=True), said

    return asyncio.run(go())


def test_a_session_greets_reads_and_leaves_without_mail() -> None:
    session, said = hold(talking())

    assert session.get().name == "mx.acme.example"
    assert session.get().max_size == 10485760
    assert session.get().tls is None
    assert not session.get().offers_starttls
    assert said == ["EHLO [127.0.0.1]", "QUIT"]


def test_tls_that_fails_is_a_problem_of_the_certificate_and_no_crash() -> None:
    session, said = hold(talking(ehlo="250-mx.acme.example\r\n250 STARTTLS"), budget=2)

    assert said == ["EHLO [127.0.0.1]", "STARTTLS"]
    assert not session.is_known or session.get().certificate_problem


@pytest.mark.parametrize(
    ("greeting", "reason"),
    [("554 go away", "the code 554"), ("HTTP/1.1 400 Bad Request", "does not speak SMTP"), ("220-" + "x" * 5000, "limit")],
)  # fmt: skip
def test_a_server_that_refuses_or_is_none_is_told_as_such(greeting: str, reason: str) -> None:
    session, _ = hold(talking(greeting))

    assert session.unavailable
    assert reason in session.unavailable


def test_a_greeting_without_end_is_cut_off() -> None:
    async def babble(_: asyncio.StreamReader, writer: asyncio.StreamWriter, __: list[str]) -> None:
        for _number in range(10_000):
            writer.write(b"220-more\r\n")
            await writer.drain()

    session, _said = hold(babble)

    assert "does not end" in (session.unavailable or "")


def test_a_server_that_says_nothing_costs_the_budget_and_no_more() -> None:
    async def silence(reader: asyncio.StreamReader, _: asyncio.StreamWriter, __: list[str]) -> None:
        await reader.read()

    began = time.perf_counter()
    session, _ = hold(silence, budget=0.3)

    assert time.perf_counter() - began < 5  # the usual budget is six
    assert "did not answer within 0.3 seconds" in (session.unavailable or "")


def test_a_server_that_hangs_up_is_told_as_such() -> None:
    async def hang_up(_: asyncio.StreamReader, writer: asyncio.StreamWriter, __: list[str]) -> None:
        writer.close()

    session, _ = hold(hang_up)

    assert session.unavailable


def test_a_closed_port_is_told_as_such() -> None:
    session = asyncio.run(observe_session("smtp.acme.example", 1, LOOPBACK, budget=2, to_private=True))

    assert session.unavailable


@pytest.mark.parametrize("address", ["192.0.2.1", "198.51.100.1", "203.0.113.1", "2001:db8::1", "224.0.0.1", "::"])
def test_nobody_is_called_at_an_address_for_documentation(address: str) -> None:
    assert not is_worth_connecting(ip_address(address))
    session = asyncio.run(observe_session("smtp.acme.example", 25, (ip_address(address),)))
    assert "no address that can be reached" in (session.unavailable or "")


def test_other_addresses_are_worth_a_call() -> None:
    assert is_worth_connecting(IPv4Address("192.168.1.1"))
    assert is_worth_connecting(IPv6Address("::1"))


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("certificate")
    pem = folder / "server.pem"
    made = subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
         "-subj", "/CN=other.example", "-keyout", str(pem), "-out", str(folder / "c.pem")],
        capture_output=True, check=False,
    )  # fmt: skip
    if made.returncode:
        pytest.skip("openssl cannot make a certificate here")
    pem.write_bytes(pem.read_bytes() + (folder / "c.pem").read_bytes())
    return pem


def test_a_certificate_of_nobody_known_is_a_problem(certificate: Path) -> None:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate)

    async def starting(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, said: list[str]) -> None:
        await talking(ehlo="250-mx.acme.example\r\n250 STARTTLS")(reader, writer, said)  # type: ignore[misc] # a coroutine
        transport = writer.transport
        loop = asyncio.get_running_loop()
        await loop.start_tls(transport, transport.get_protocol(), context, server_side=True)

    session, _ = hold(starting, budget=5)

    assert session.get().offers_starttls
    assert "self" in (session.get().certificate_problem or "")


def test_tls_from_the_start_is_judged_too(certificate: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate)

    async def go() -> Observed[SmtpSession]:
        async with server(talking(), context) as (port, _):
            monkeypatch.setattr("mailaudit.facts.sender.mail_servers.smtp_session.SUBMISSIONS", port)
            return await observe_session("smtp.acme.example", port, LOOPBACK, budget=5, to_private=True)

    session = asyncio.run(go()).get()
    assert (session.tls or "").startswith("TLS")
    assert "self" in (session.certificate_problem or "")


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "::1",
        "10.1.2.3",
        "169.254.169.254",
        "100.64.0.1",
        "fe80::1",
        "::ffff:127.0.0.1",
        "64:ff9b::7f00:1",
    ],
)
def test_no_server_of_a_private_network_is_talked_to_unasked(address: str) -> None:
    session = asyncio.run(observe_session("smtp.acme.example", 9, (ip_address(address),)))
    assert "--allow-private" in (session.unavailable or "")
