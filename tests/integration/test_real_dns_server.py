"""The live resolver and the zone files against NSD, an authoritative server that others wrote."""

from __future__ import annotations

import asyncio
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from mailaudit.facts.dns.answer import Answer, Status
from mailaudit.facts.dns.open_resolver import open_resolver

NSD = shutil.which("nsd", path="/usr/sbin:/usr/local/sbin:/usr/bin:/usr/local/bin")
pytestmark = [
    pytest.mark.integration,
    pytest.mark.skipif(NSD is None, reason="the authoritative server NSD is not installed (apt-get install nsd)"),
]
ZONE = r"""
$ORIGIN acme.example.
$TTL 300
@ SOA ns1 hostmaster 1 7200 3600 1209600 60
@ NS ns1
@ MX 10 mx1
@ TXT "v=spf1 include:spf.brevo.example" " -all"
ns1 A 192.0.2.1
mx1 60 A 192.0.2.2
www CNAME mx1
chain1 CNAME chain2
chain2 CNAME chain3
chain3 CNAME mx1
far CNAME click.brevo.example.
gone CNAME missing
loop1 CNAME loop2
loop2 CNAME loop1
*.wild TXT "wild"
a.b.ent A 192.0.2.3
old DNAME new
x.new A 192.0.2.4
sub NS ns.sub
ns.sub A 192.0.2.5
e\.f TXT "dot"
nul\000 TXT "\000\255"
fits TXT {fits}
big TXT {big}
huge TXT {huge}
""".format(
    fits=" ".join([f'"{"f" * 255}"'] * 4),
    big=" ".join([f'"{"b" * 255}"'] * 5),
    huge=" ".join([f'"{"h" * 255}"'] * 240),
)
OTHER = (
    "$ORIGIN brevo.example.\n@ 60 SOA ns hostmaster 1 1 1 1 60\n@ NS ns\nns A 192.0.2.6\nclick 20 A 203.0.113.9\n"
)
QUESTIONS = [
    ("acme.example", "SOA"),
    ("acme.example", "NS"),
    ("acme.example", "MX"),
    ("acme.example", "TXT"),
    ("acme.example", "AAAA"),
    ("www.acme.example", "A"),
    ("www.acme.example", "CNAME"),
    ("www.acme.example", "AAAA"),
    ("chain1.acme.example", "A"),
    ("far.acme.example", "A"),
    ("far.acme.example", "TXT"),
    ("gone.acme.example", "A"),
    ("loop1.acme.example", "A"),
    ("x.wild.acme.example", "TXT"),
    ("x.wild.acme.example", "A"),
    ("wild.acme.example", "TXT"),
    ("b.ent.acme.example", "A"),
    ("x.ent.acme.example", "A"),
    ("x.old.acme.example", "A"),
    ("www.sub.acme.example", "A"),
    (r"e\.f.acme.example", "TXT"),
    (r"nul\000.acme.example", "TXT"),
    ("fits.acme.example", "TXT"),
    ("big.acme.example", "TXT"),
    ("huge.acme.example", "TXT"),
    ("nope.acme.example", "A"),
    ("other.example", "A"),
]


@pytest.fixture(scope="module")
def nsd(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, list[Path]]]:
    folder = tmp_path_factory.mktemp("nsd")
    zones = {"acme.example": ZONE, "brevo.example": OTHER}
    files = []
    for domain, text in zones.items():
        files.append(folder / f"{domain}.zone")
        files[-1].write_text(text, encoding="utf-8")
    port = _free_port()
    entries = "".join(f'zone:\n  name: "{domain}"\n  zonefile: "{domain}.zone"\n' for domain in zones)
    (folder / "nsd.conf").write_text(
        f'server:\n  ip-address: 127.0.0.1\n  port: {port}\n  username: ""\n  chroot: ""\n  zonesdir: "{folder}"\n'
        f'  pidfile: "{folder}/nsd.pid"\n  xfrdfile: "{folder}/xfrd.state"\n  zonelistfile: "{folder}/zone.list"\n'
        f'  xfrdir: "{folder}"\n  database: ""\n  minimal-responses: yes\n  server-count: 1\n'
        f"remote-control:\n  control-enable: no\n{entries}",
        encoding="utf-8",
    )
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen([str(NSD), "-d", "-c", str(folder / "nsd.conf")], stdout=log, stderr=log)
    try:
        _wait_for(port, process, folder / "log")
        yield f"127.0.0.1:{port}", files
    finally:
        process.terminate()
        process.wait(10)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_for(port: int, process: subprocess.Popen[bytes], log: Path) -> None:
    for _ in range(100):
        assert process.poll() is None, log.read_text(encoding="utf-8")
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    pytest.fail("NSD did not start: " + log.read_text(encoding="utf-8"))


def ask_all(servers: list[str], zones: list[Path]) -> list[Answer]:
    async def main() -> list[Answer]:
        async with open_resolver(servers=servers, zones=zones) as resolver:
            return list(await asyncio.gather(*(resolver.query(*question) for question in QUESTIONS)))

    return asyncio.run(main())


def test_zone_files_answer_like_a_real_server(nsd: tuple[str, list[Path]]) -> None:
    address, files = nsd
    live, read = ask_all([address], []), ask_all([], files)
    for ours, real in zip(read, live, strict=True):
        assert ours.status is real.status, real
        assert ours.cname_chain == real.cname_chain, real
        assert sorted(map(repr, ours.records)) == sorted(map(repr, real.records))
        assert ours.ttl == real.ttl, real
        assert ours.tcp is real.tcp, real


def test_the_size_of_a_direct_answer_is_that_of_the_real_message(nsd: tuple[str, list[Path]]) -> None:
    address, files = nsd
    for ours, real in zip(ask_all([], files), ask_all([address], []), strict=True):
        # With NS records a server also sends the addresses that it knows for them.
        if real.status is Status.ANSWER and not real.cname_chain and real.type != "NS":
            assert ours.size == real.size, real


def test_large_answers_come_over_tcp(nsd: tuple[str, list[Path]]) -> None:
    answers = dict(zip(QUESTIONS, ask_all([nsd[0]], []), strict=True))
    assert not answers["fits.acme.example", "TXT"].tcp
    assert answers["big.acme.example", "TXT"].tcp
    assert len(answers["huge.acme.example", "TXT"].texts()[0]) == 240 * 255
