"""Time the sender audit against checkdmarc, with a DNS server on loopback that answers late, and sometimes not at all.

Run `python benchmarks/sender.py [--delay MS] [--loss N] [--runs N]`; `--loss 50` drops every 50th datagram. Printed are
times, questions, and the longest chain of dependent look-ups: rounds that no cleverness can avoid.

Medians are compared. Both programs run in turn, so that other work on the machine slows both alike, and both
with their byte code cached, as an installation leaves them.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from mailaudit.api import load_campaign
from mailaudit.campaign.model import Campaign
from mailaudit.facts.dns.answer import Answer
from mailaudit.facts.dns.open_resolver import open_resolver
from mailaudit.facts.dns.sources.zone_file import parse_zone
from mailaudit.facts.dns.sources.zones import ZoneSource
from mailaudit.facts.sender.claims import claims_of
from mailaudit.facts.sender.observe import observe_sender
from support.dns_server import DnsServer, serving_in_thread

KEY = (
    "MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAmgzYpBZPCF7Jtq4jmtvj9Ht2kRacgdj2cUKzSMLQY7Tggx/HVB7nIyVXGwAGEVLo8luZ7bbU"
    "Stoq2IUcJDMgVM4WQViiUvmJyUFn4MjmT5Zocfar6LjeMGPxZx7o6LldXMB6VS/jqe0dV7e0axJxzdHFZbNpQNX9Xk5fYgcjS0xaho9iiMWnYPLlppN5"
    "+P/POKkDju32XXeCM25xz3OAweYJdpGInaF/bOqONeajEObLv4tYrgW17360NC9TO5DG2wZaoNVlVGLlhZoiQfYUQ5P/HrVnk3n9+jOZgW9nPmOzZNpm"
    "HO+Y5ltVIg6ZvbPhjXfj2DpvHiowKj533Wtk3QIDAQAB"
)
DOMAIN = "acme.example"
IP = "198.51.100.24"
_GOOGLE = "v=spf1 include:_netblocks.google.com include:_netblocks2.google.com include:_netblocks3.google.com ~all"
_MX = ("aspmx.l", "alt1.aspmx.l", "alt2.aspmx.l", "alt3.aspmx.l", "alt4.aspmx.l")


def _strings(text: str) -> str:
    return " ".join(f'"{text[start : start + 255]}"' for start in range(0, len(text), 255))


def zone() -> str:
    """Return the text of the zone file: whatever it does not name does not exist."""
    lines = [
        "$TTL 3600",
        "$ORIGIN .",
        "@ IN SOA a.root-servers.net. nstld.example. 1 1800 900 604800 86400",
        "$ORIGIN acme.example.",
        "@ IN SOA ns1 hostmaster 1 7200 3600 1209600 300",
        "@ IN NS ns1",
        "@ IN NS ns2",
        "ns1 IN A 192.0.2.1",
        "ns2 IN A 192.0.2.2",
        "@ IN A 192.0.2.80",
        "www IN A 192.0.2.80",
        *(f"@ IN MX {10 * place} {host}.google.com." for place, host in enumerate(_MX, 1)),
        '@ IN TXT "v=spf1 include:_spf.google.com include:sendgrid.net include:servers.mcsv.net ~all"',
        '@ IN TXT "google-site-verification=0123456789abcdef0123456789abcdef0123456789a"',
        '_dmarc IN TXT "v=DMARC1; p=reject; rua=mailto:acme@reports.example"',
        f"google._domainkey IN TXT {_strings(f'v=DKIM1; k=rsa; p={KEY}')}",
        "s1._domainkey IN CNAME s1.domainkey.u1.wl1.sendgrid.net.",
        "s2._domainkey IN CNAME s2.domainkey.u1.wl1.sendgrid.net.",
        "k2._domainkey IN CNAME dkim2.mcsv.net.",
        "k3._domainkey IN CNAME dkim3.mcsv.net.",
        "$ORIGIN google.com.",
        f"_spf IN TXT {_strings(_GOOGLE)}",
        '_netblocks IN TXT "v=spf1 ip4:192.0.2.0/26 ~all"',
        '_netblocks2 IN TXT "v=spf1 ip6:2001:db8:1::/48 ~all"',
        '_netblocks3 IN TXT "v=spf1 ip4:192.0.2.64/26 ~all"',
        *(f"{host} IN A 192.0.2.{100 + place}" for place, host in enumerate(_MX)),
        *(f"{host} IN AAAA 2001:db8:1::{100 + place}" for place, host in enumerate(_MX)),
        "$ORIGIN sendgrid.net.",
        '@ IN TXT "v=spf1 include:ab.sendgrid.net ~all"',
        'ab IN TXT "v=spf1 ip4:198.51.100.0/24 ~all"',
        *(f"s{n}.domainkey.u1.wl1 IN TXT {_strings(f'k=rsa; p={KEY}')}" for n in (1, 2)),
        "o1 IN A 198.51.100.24",
        "$ORIGIN mcsv.net.",
        'servers IN TXT "v=spf1 ip4:203.0.113.0/24 ?all"',
        *(f"dkim{n} IN TXT {_strings(f'v=DKIM1; k=rsa; p={KEY}')}" for n in (2, 3)),
        "$ORIGIN reports.example.",
        '*._report._dmarc IN TXT "v=DMARC1"',
        "@ IN MX 10 mx",
        "mx IN A 203.0.113.9",
        "$ORIGIN 100.51.198.in-addr.arpa.",
        "24 IN PTR o1.sendgrid.net.",
    ]
    return "\n".join(lines) + "\n"


CAMPAIGN = f"""\
name: Benchmark
from: "ACME News <news@{DOMAIN}>"
sending:
  platform: sendgrid
  ips: [{IP}]
  helo: o1.sendgrid.net
  dkim:
    - {{selector: s1, domain: {DOMAIN}}}
    - {{selector: s2, domain: {DOMAIN}}}
"""
ROUND = 0.4
CHECKDMARC = """
import checkdmarc, sys
from dns.nameserver import Do53Nameserver
checkdmarc.check_domains([sys.argv[1]], nameservers=[Do53Nameserver("127.0.0.1", int(sys.argv[2]))], skip_tls=True)
"""
CHECK_DOMAINS = """
import checkdmarc, sys, time
from dns.nameserver import Do53Nameserver
began = time.perf_counter()
checkdmarc.check_domains([sys.argv[1]], nameservers=[Do53Nameserver("127.0.0.1", int(sys.argv[2]))], skip_tls=True)
print(time.perf_counter() - began)
"""


class Served:
    """The DNS server in a process of its own, so that its work is not counted as ours."""

    def __init__(self, delay: float, drop_every: int) -> None:
        command = [sys.executable, __file__, "--serve", str(delay), str(drop_every)]
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.address = self._say("address")
        self.port = int(self.address.rpartition(":")[2])

    def questions(self) -> int:
        """Return how many questions came since the last time."""
        return int(self._say("questions"))

    def stop(self) -> None:
        """End the process."""
        self._process.terminate()
        self._process.wait()

    def _say(self, word: str) -> str:
        assert self._process.stdin is not None  # noqa: S101 - it was asked for
        assert self._process.stdout is not None  # noqa: S101 - it was asked for
        print(word, file=self._process.stdin, flush=True)
        return self._process.stdout.readline().strip()


def serve(delay: float, drop_every: int) -> None:
    """Answer from the zone until the parent ends; each line on stdin asks for the address or the count."""
    with serving_in_thread(zone(), delay=delay, drop_every=drop_every) as server:
        remember_answers(server)
        for line in sys.stdin:
            if line.strip() == "address":
                print(server.address, flush=True)
            else:
                print(len(server.questions), flush=True)
                server.questions.clear()


def remember_answers(server: DnsServer) -> None:
    """Render each answer once, so that many questions at once are all answered after the delay."""
    render, known = server.respond, dict[tuple[bytes, str], bytes | None]()

    def respond(wire: bytes, transport: str, _sender: object = None) -> bytes | None:
        question = (wire[2:], transport)
        if question not in known:
            known[question] = render(wire, transport)
        else:
            server.questions.append(("", "", transport))
        answer = known[question]
        return answer and wire[:2] + answer[2:]

    server.respond = respond  # type: ignore[method-assign, assignment] # this server alone


class Rounds:
    """A resolver whose answers are at once known to the zone and arrive exactly one round later."""

    def __init__(self, inner: Callable[[str, str], Answer]) -> None:
        self._inner = inner
        self._flights: dict[tuple[str, str], asyncio.Task[Answer]] = {}

    async def query(self, name: str, type: str) -> Answer:  # noqa: A002 - the protocol's word
        """Return the answer after one round; a question that is under way is not asked again."""
        question = (name.lower(), type.upper())
        if question not in self._flights:
            self._flights[question] = asyncio.create_task(self._ask(*question))
        return await asyncio.shield(self._flights[question])

    async def _ask(self, name: str, rdtype: str) -> Answer:
        await asyncio.sleep(ROUND)
        return self._inner(name, rdtype)


def longest_chain(campaign: Campaign) -> int:
    """Return how many rounds of look-ups depend on one another."""
    source = ZoneSource([parse_zone(zone())])
    began = time.perf_counter()
    asyncio.run(observe_sender(claims_of(campaign), Rounds(source.answer)))
    return int((time.perf_counter() - began) / ROUND)


def gather_seconds(campaign: Campaign, server: Served) -> tuple[float, int]:
    """Return the seconds that one gather takes, and its questions."""

    async def run() -> tuple[float, int]:
        async with open_resolver(servers=[server.address]) as dns:
            began = time.perf_counter()
            await observe_sender(claims_of(campaign), dns)
            return time.perf_counter() - began, dns.count

    return asyncio.run(run())


def process_seconds(cache: Path, *command: str) -> tuple[float, str]:
    """Return the wall time of a program and what it printed; its byte code is kept in the cache."""
    kept = {key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"}
    environment = {**kept, "PYTHONPYCACHEPREFIX": str(cache)}
    began = time.perf_counter()
    # The exit code is the verdict, which does not matter here.
    done = subprocess.run([sys.executable, *command], capture_output=True, text=True, check=False, env=environment)
    return time.perf_counter() - began, done.stdout


def main() -> None:
    """Print the medians and the ratios."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--delay", type=float, default=25, help="milliseconds before each answer")
    parser.add_argument("--loss", type=int, default=0, help="drop every Nth datagram")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--serve", nargs=2, metavar=("SECONDS", "DROP"), help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.serve:
        serve(float(options.serve[0]), int(options.serve[1]))
        return
    server = Served(options.delay / 1000, options.loss)
    try:
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / "campaign.yml"
            file.write_text(CAMPAIGN, encoding="utf-8")
            report(file, server, options.delay / 1000, options.runs)
    finally:
        server.stop()


def report(file: Path, server: Served, delay: float, runs: int) -> None:
    """Measure everything in turn and print it."""
    campaign, _ = load_campaign(file)
    cache = file.parent / "bytecode"
    theirs_alone = ("-c", CHECK_DOMAINS, DOMAIN, str(server.port))
    theirs_whole = ("-c", CHECKDMARC, DOMAIN, str(server.port))
    ours_whole = ("-m", "mailaudit", "check", str(file), "--dns-server", server.address, "-q")
    gather_seconds(campaign, server)
    for command in (ours_whole, theirs_whole):
        process_seconds(cache, *command)  # fills the cache
    chain = longest_chain(campaign)
    server.questions()
    gathers, theirs, ours, wholes = [], [], [], []
    for _ in range(runs):
        gathers += [gather_seconds(campaign, server) for _ in range(3)]
        server.questions()
        theirs.append(float(process_seconds(cache, *theirs_alone)[1]))
        asked = server.questions()
        ours.append(process_seconds(cache, *ours_whole)[0])
        wholes.append(process_seconds(cache, *theirs_whole)[0])
    show(chain, chain * delay, gathers, asked, [statistics.median(times) for times in (theirs, ours, wholes)])


def show(chain: int, bound: float, gathers: list[tuple[float, int]], asked: int, medians: list[float]) -> None:
    """Print the table; times in seconds."""
    theirs, ours, command = medians
    gather = statistics.median(seconds for seconds, _ in gathers)
    worst = max(seconds for seconds, _ in gathers)
    print(f"longest chain        {chain:3d} rounds   {bound * 1000:7.0f} ms")
    chains = f"{gather / bound:5.2f} chains (1.5), slowest {worst * 1000:.0f} ms"
    print(f"gather               {gathers[0][1]:3d} questions {gather * 1000:6.0f} ms   {chains}")
    print(
        f"check_domains        {asked:3d} questions {theirs * 1000:6.0f} ms   gather is {gather / theirs:5.3f} of it (0.1)"
    )
    print(f"mailaudit check      whole process {ours * 1000:6.0f} ms")
    print(
        f"checkdmarc           whole process {command * 1000:6.0f} ms   ours is {ours / command:5.3f} of it (0.25)"
    )


if __name__ == "__main__":
    main()
