"""The logo and its certificate are fetched only when allowed, and read for what receivers refuse."""

from __future__ import annotations

import asyncio
import base64
import contextlib
import ssl
import zlib
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from hypothesis import given, settings
from hypothesis import strategies as st

from mailaudit.api import DnsOptions, Options, audit, load_campaign
from mailaudit.checks.finding import Outcome, Result
from mailaudit.facts import https
from mailaudit.facts.dns.answer import Answer, Resolver
from mailaudit.facts.dns.sources.zone_file import parse_zone
from mailaudit.facts.dns.sources.zones import ZoneSource
from mailaudit.facts.https import Access, Fetched, fetch
from mailaudit.facts.observed import Observed
from mailaudit.facts.sender.bimi import trust
from mailaudit.facts.sender.bimi.certificate import read_chain
from mailaudit.facts.sender.bimi.svg import logo_errors
from support.dns_server import serving_in_thread

NOW = datetime(2026, 11, 30, 10, 0, tzinfo=UTC)
GOOD = (
    b'<?xml version="1.0" encoding="UTF-8"?><svg xmlns="http://www.w3.org/2000/svg" version="1.2" '
    b'baseProfile="tiny-ps" viewBox="0 0 9 9"><title>ACME</title><path d="M0 0h9v9z" fill="#123456"/></svg>'
)
Key = ec.EllipticCurvePrivateKey


def name(text: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(x509.NameOID.ORGANIZATION_NAME, text)])


def certificate(
    subject: str, key: Key, issuer: str, signer: Key, *extensions: x509.ExtensionType, days: int = 90
) -> x509.Certificate:
    builder = (
        x509.CertificateBuilder(name(issuer), name(subject), key.public_key(), x509.random_serial_number())
        .not_valid_before(NOW - timedelta(days=365))
        .not_valid_after(NOW + timedelta(days=days))
    )
    for extension in extensions:
        builder = builder.add_extension(extension, critical=False)
    return builder.sign(signer, hashes.SHA256())


def mark(
    domain: str = "acme.example", *, days: int = 90, logo: bytes = GOOD, purpose: str = "1.3.6.1.5.5.7.3.31"
) -> bytes:
    root, leaf = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    packer = zlib.compressobj(wbits=31)
    packed = base64.b64encode(packer.compress(logo) + packer.flush())
    embedded = x509.UnrecognizedExtension(
        x509.ObjectIdentifier("1.3.6.1.5.5.7.1.12"), b"\x30\x82data:image/svg+xml;base64," + packed + b"\x00"
    )
    chain = (
        certificate(
            "ACME", leaf, "Marks", root,
            x509.SubjectAlternativeName([x509.DNSName(domain)]),
            x509.ExtendedKeyUsage([x509.ObjectIdentifier(purpose)]),
            embedded, days=days,
        ),
        certificate("Marks", root, "Marks", root),
    )  # fmt: skip
    return b"".join(one.public_bytes(serialization.Encoding.PEM) for one in chain)


def logo(
    inside: str = "", root: str = 'version="1.2" baseProfile="tiny-ps"', title: str = "<title>A</title>"
) -> bytes:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" {root}>{title}{inside}</svg>'
    ).encode()


def test_a_plain_logo_has_the_profile_also_when_packed() -> None:
    packer = zlib.compressobj(wbits=31)

    assert logo_errors(GOOD) == ()
    assert logo_errors(packer.compress(GOOD) + packer.flush()) == ()
    assert logo_errors(logo('<g fill="url(#a)"><use xlink:href="#b"/></g>')) == ()


@pytest.mark.parametrize(
    ("data", "error"),
    [
        (logo("<script>alert(1)</script>"), "script"),
        (logo('<path onclick="x()"/>'), "onclick"),
        (logo('<path><animate attributeName="d"/></path>'), "animated"),
        (logo('<image xlink:href="data:image/png;base64,AA=="/>'), "image"),
        (logo('<use xlink:href="https://tracker.example/a.svg#b"/>'), "outside"),
        (logo('<path style="fill: url(https://tracker.example/)"/>'), "outside"),
        (logo("<style>@import 'https://tracker.example/a.css';</style>"), "outside"),
        (logo(root='version="1.1" baseProfile="tiny-ps"'), 'version="1.2"'),
        (logo(root='version="1.2"'), "baseProfile"),
        (logo(root='version="1.2" baseProfile="tiny-ps" x="0"'), "attribute x"),
        (logo(root='version="1.2" baseProfile="tiny-ps" viewBox="0 0 20 10"'), "square"),
        (logo(title=""), "title"),
        (logo("<g><title>deeper</title></g>", title=""), "title"),
        (b'<!DOCTYPE svg [<!ENTITY a "aaaa">]>' + logo("&a;"), "DOCTYPE"),
        (logo("<g>" * 300 + "</g>" * 300), "nests"),
        (logo(f'<path d="{"M0 0" * 9000}"/>'), "KiB"),
        (b"<html/>", "no SVG"),
        (b"\x89PNG", "well-formed"),
        (b"", "well-formed"),
        (b"\x1f\x8b broken", "packed"),
    ],
)
def test_what_receivers_refuse_is_said(data: bytes, error: str) -> None:
    assert error in " ".join(logo_errors(data))


def test_a_packed_bomb_is_not_unpacked() -> None:
    packer = zlib.compressobj(9, wbits=31)

    assert "packed" in logo_errors(packer.compress(bytes(50 << 20)) + packer.flush())[0]


@settings(deadline=None, max_examples=60)
@given(st.one_of(st.binary(max_size=400), st.text(max_size=300).map(logo)))
def test_any_octets_are_read(data: bytes) -> None:
    assert all(isinstance(error, str) for error in logo_errors(data))
    assert read_chain(data).errors


def test_a_chain_tells_its_names_dates_and_logo() -> None:
    found = read_chain(mark())

    assert found.errors == ()
    assert found.covers("news.acme.example", "acme.example")
    assert not found.covers("other.example", "other.example")
    assert found.issuer == "Marks"
    assert found.logo == GOOD
    assert found.not_after == NOW + timedelta(days=90)


def test_a_chain_is_held_against_the_standard() -> None:
    first, second = mark(), mark()
    cut = first.index(b"-----BEGIN", 10)

    assert "missing" in " ".join(read_chain(first[:cut]).errors)
    assert "follow" in " ".join(read_chain(first[:cut] + second[second.index(b"-----BEGIN", 10) :]).errors)
    assert "purpose" in " ".join(read_chain(mark(purpose="1.3.6.1.5.5.7.3.1")).errors)
    assert "more than 8" in read_chain(first * 5).errors[0]


class Names:
    """Answers from a zone, and counts as the network."""

    reaches_network = True

    def __init__(self, zone: str) -> None:
        self._source = ZoneSource([parse_zone(zone)])

    async def query(self, name: str, type: str) -> Answer:  # noqa: A002 - the protocol's word
        return self._source.answer(name, type)


@pytest.fixture(scope="module")
def contexts(tmp_path_factory: pytest.TempPathFactory) -> tuple[ssl.SSLContext, ssl.SSLContext]:
    """Return what the server shows and what the client trusts."""
    folder = tmp_path_factory.mktemp("tls")
    key = ec.generate_private_key(ec.SECP256R1())
    own = (
        x509.CertificateBuilder(name("Web"), name("Web"), key.public_key(), x509.random_serial_number())
        .not_valid_before(datetime.now(UTC) - timedelta(days=1))
        .not_valid_after(datetime.now(UTC) + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("acme.example")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    (folder / "key.pem").write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
    (folder / "own.pem").write_bytes(own.public_bytes(serialization.Encoding.PEM))
    shown = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    shown.load_cert_chain(folder / "own.pem", folder / "key.pem")
    return shown, ssl.create_default_context(cafile=str(folder / "own.pem"))


def response(body: bytes, status: str = "200 OK", *fields: str) -> bytes:
    length = [] if fields else [f"Content-Length: {len(body)}"]
    return "\r\n".join([f"HTTP/1.1 {status}", *fields, *length, "", ""]).encode() + body


@contextlib.asynccontextmanager
async def web(context: ssl.SSLContext, files: dict[str, bytes]) -> AsyncIterator[tuple[int, list[str]]]:
    asked: list[str] = []

    async def on_connection(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError, EOFError, ssl.SSLError):
            path = (await reader.readuntil(b"\r\n\r\n")).decode().split(" ")[1]
            asked.append(path)
            if path == "/slow":
                await asyncio.sleep(2)
            writer.write(files.get(path, response(b"", "404 Not Found")))
            await writer.drain()
        writer.close()

    listener = await asyncio.start_server(on_connection, "127.0.0.1", 0, ssl=context)
    async with listener:
        yield listener.sockets[0].getsockname()[1], asked


ZONE = """\
$TTL 60
$ORIGIN example.
@ IN SOA ns host 1 1 1 1 1
acme IN A 127.0.0.1
inside IN A 192.168.1.1
mapped IN AAAA ::ffff:10.0.0.1
"""
FILES = {
    "/logo.svg": response(GOOD),
    "/chunks": response(b"5;x=y\r\n<svg/\r\n1\r\n>\r\n0\r\n\r\n", "200 OK", "Transfer-Encoding: chunked"),
    "/open": response(b"<svg/>", "200 OK", "Content-Type: image/svg+xml"),
    "/long": response(bytes(3000)),
    "/open-long": response(bytes(3000), "200 OK", "X: y"),
    "/chunks-long": response(b"bb8\r\n" + bytes(3000), "200 OK", "Transfer-Encoding: chunked"),
    "/elsewhere": response(b"", "302 Found", "Location: https://inside.example/"),
    "/forbidden": response(b"", "403 Forbidden"),
    "/no-http": b"220 mx.acme.example ESMTP\r\n\r\n",
    "/short": response(b"", "200 OK", "Content-Length: 10"),
    "/head": b"HTTP/1.1 200 OK\r\n" + b"X: " + b"y" * 200_000 + b"\r\n\r\n",
}


def get(
    contexts: tuple[ssl.SSLContext, ssl.SSLContext], url: str, *, to_loopback: bool = True, trusted: bool = True
) -> tuple[Observed[Fetched], list[str]]:
    async def go() -> tuple[Observed[Fetched], list[str]]:
        async with web(contexts[0], FILES) as (port, asked):
            access = Access(
                0.5 if url.endswith("/slow") else 10,
                port,
                contexts[1] if trusted else None,
                to_loopback=to_loopback,
            )
            return await fetch(url, Names(ZONE), access, limit=2000), asked

    return asyncio.run(go())


@pytest.mark.parametrize(("path", "body"), [("/logo.svg", GOOD), ("/chunks", b"<svg/>"), ("/open", b"<svg/>")])
def test_a_file_is_fetched(contexts: tuple[ssl.SSLContext, ssl.SSLContext], path: str, body: bytes) -> None:
    assert get(contexts, f"https://acme.example{path}")[0].get() == Fetched(body)


@pytest.mark.parametrize(
    ("path", "problem"),
    [("/none", "404"), ("/long", "larger"), ("/open-long", "larger"), ("/chunks-long", "larger")],
)
def test_an_answer_that_nobody_can_use_is_known(
    contexts: tuple[ssl.SSLContext, ssl.SSLContext], path: str, problem: str
) -> None:
    assert problem in (get(contexts, f"https://acme.example{path}")[0].get().problem or "")


def test_a_web_server_that_nobody_trusts_is_known(contexts: tuple[ssl.SSLContext, ssl.SSLContext]) -> None:
    found, asked = get(contexts, "https://acme.example/logo.svg", trusted=False)

    assert "not valid" in (found.get().problem or "")
    assert asked == []


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("https://acme.example/elsewhere", "redirects are not followed"),
        ("https://acme.example/forbidden", "403"),
        ("https://acme.example/no-http", "does not keep to HTTP"),
        ("https://acme.example/short", "does not keep to HTTP"),
        ("https://acme.example/head", "does not keep to HTTP"),
        ("https://acme.example/slow", "within 0.5 seconds"),
    ],
)
def test_what_the_network_does_is_unknown(
    contexts: tuple[ssl.SSLContext, ssl.SSLContext], url: str, reason: str
) -> None:
    assert reason in (get(contexts, url)[0].unavailable or "")


@pytest.mark.parametrize(
    "url",
    [
        "https://inside.example/logo.svg",
        "https://mapped.example/logo.svg",
        "https://nobody.example/logo.svg",
        "http://acme.example/logo.svg",
        "https://acme.example:8443/logo.svg",
        "https://user@acme.example/logo.svg",
        "https://acme.example/a b",
        "https://[::1/",
        "file:///etc/passwd",
    ],
)
def test_nobody_is_asked_who_must_not_be(contexts: tuple[ssl.SSLContext, ssl.SSLContext], url: str) -> None:
    found, asked = get(contexts, url)

    assert not found.is_known
    assert asked == []


def test_loopback_is_private_outside_tests(contexts: tuple[ssl.SSLContext, ssl.SSLContext]) -> None:
    found, asked = get(contexts, "https://acme.example/logo.svg", to_loopback=False)

    assert "not a public one" in (found.unavailable or "")
    assert asked == []


AUDITED = """\
$TTL 60
$ORIGIN example.
@ IN SOA ns host 1 1 1 1 1
acme IN A 127.0.0.1
_dmarc.acme IN TXT "v=DMARC1; p=reject"
default._bimi.acme IN TXT "v=BIMI1; l=https://acme.example/logo.svg; a=https://acme.example/mark.pem"
"""


@contextlib.contextmanager
def audited(
    contexts: tuple[ssl.SSLContext, ssl.SSLContext],
    monkeypatch: pytest.MonkeyPatch,
    folder: Path,
    files: dict[str, bytes],
    *,
    allow_http: bool = True,
) -> Iterator[dict[str, Result]]:
    (folder / "campaign.yml").write_text("name: x\nfrom: news@acme.example\n", encoding="utf-8")
    campaign, source = load_campaign(folder / "campaign.yml")
    real = https.fetch

    async def beside_a_server(url: str, dns: Resolver, _: Access, *, limit: int) -> Observed[Fetched]:
        async with web(contexts[0], files) as (port, _asked):
            return await real(url, dns, Access(10, port, contexts[1], to_loopback=True), limit=limit)

    monkeypatch.setattr("mailaudit.facts.https.fetch", beside_a_server)
    with serving_in_thread(AUDITED) as server:
        options = Options(
            dns=DnsOptions(servers=(server.address,)), now=NOW, select=("bimi-*",), allow_http=allow_http
        )
        yield {result.check: result for result in audit(campaign, source, options).results}


@pytest.mark.parametrize(
    ("chain", "said"),
    [
        (mark(), None),
        (mark(days=-1), "ran out on 2026-11-29"),
        (mark(days=10), "soon stop"),
        (mark("other.example"), "is for other.example"),
        (mark(logo=GOOD.replace(b"ACME", b"EMCA")), "is not the logo"),
        (b"no certificate", "no PEM"),
    ],
)
def test_a_mark_certificate_is_judged(
    contexts: tuple[ssl.SSLContext, ssl.SSLContext],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    chain: bytes,
    said: str | None,
) -> None:
    files = {"/logo.svg": response(GOOD), "/mark.pem": response(chain)}
    monkeypatch.setattr("mailaudit.facts.sender.bimi.observe.objections", lambda _: ())
    with audited(contexts, monkeypatch, tmp_path, files) as results:
        result = results["bimi-certificate-invalid"]

    assert result.outcome is (Outcome.FAILED if said else Outcome.PASSED)
    assert not said or said in result.findings[0].message
    assert results["bimi-logo-invalid"].outcome is Outcome.PASSED


def test_an_issuer_that_nobody_recognises_is_told(
    contexts: tuple[ssl.SSLContext, ssl.SSLContext], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    files = {"/logo.svg": response(GOOD), "/mark.pem": response(mark())}
    with audited(contexts, monkeypatch, tmp_path, files) as results:
        found = results["bimi-certificate-invalid"].findings[0]

    assert "no recognised Mark Verifying Authority issued it" in found.message
    assert any("markType is missing" in item.value for item in found.evidence)
    assert not any("expired" in item.value or "match" in item.value for item in found.evidence)


def test_roots_are_those_that_checkdmarc_ships_and_one_of_them_is_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    data = mark()
    root = x509.load_pem_x509_certificates(data)[-1]

    assert len(trust.recognised_roots()) > 1
    assert any("recognised" in reason for reason in trust.objections(data))
    monkeypatch.setattr(trust, "recognised_roots", lambda: [root])
    assert not any("recognised" in reason for reason in trust.objections(data))


def test_a_logo_is_judged(
    contexts: tuple[ssl.SSLContext, ssl.SSLContext], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    files = {"/logo.svg": response(logo("<script/>")), "/mark.pem": response(b"", "503 Busy")}
    with audited(contexts, monkeypatch, tmp_path, files) as results:
        assert "it holds a script" in results["bimi-logo-invalid"].findings[0].message
        assert results["bimi-certificate-invalid"].outcome is Outcome.UNVERIFIED


def test_nothing_is_fetched_unless_allowed(
    contexts: tuple[ssl.SSLContext, ssl.SSLContext], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    with audited(contexts, monkeypatch, tmp_path, {}, allow_http=False) as results:
        assert results["bimi-logo-invalid"].outcome is Outcome.SKIPPED
        assert "--allow-http" in (results["bimi-certificate-invalid"].reason or "")


def test_nothing_is_fetched_with_answers_from_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "campaign.yml").write_text("name: x\nfrom: news@acme.example\n", encoding="utf-8")
    (tmp_path / "acme.zone").write_text(AUDITED, encoding="utf-8")
    monkeypatch.setattr("mailaudit.facts.https._exchange", lambda *_: pytest.fail("somebody was asked"))
    campaign, source = load_campaign(tmp_path / "campaign.yml")
    options = Options(dns=DnsOptions(zones=(tmp_path / "acme.zone",)), now=NOW, allow_http=True)

    results = {result.check: result for result in audit(campaign, source, options).results}

    assert results["bimi-logo-invalid"].outcome is Outcome.SKIPPED
