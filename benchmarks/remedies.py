"""Time what the proposals of an audit and their proofs cost, in processor time of this process: at most 0.5 s in all.

Run `python benchmarks/remedies.py [--runs N]`. Both worlds lie in zone files: an SPF record of 45 terms over eight nested
includes that holds one slip, and the same with something wrong in every other record of the sender.
"""

from __future__ import annotations

import argparse
import asyncio
import tempfile
import time
from pathlib import Path

from mailaudit.api import DnsOptions, Options
from mailaudit.checks.registry import all_checks
from mailaudit.prepare import facts_of, prepare, resolver_of
from mailaudit.remedies.remedy import with_remedies
from mailaudit.runner import run

CAMPAIGN = """from: "ACME <news@acme.example>"
sending: {ips: [203.0.113.25], dkim: [{selector: k1, domain: acme.example}, {selector: k2, domain: acme.example}]}
"""
COMMON = """$MAILAUDIT_CLOSED_WORLD
$TTL 3600
$ORIGIN acme.example.
@ IN SOA ns1 hostmaster 1 7200 3600 1209600 300
@ IN MX 10 mx
mx IN A 198.51.100.1
"""
KEY = "k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo="
RIGHT = f"""_dmarc IN TXT "v=DMARC1; p=reject; rua=mailto:d@acme.example"
k1._domainkey IN TXT "v=DKIM1; {KEY}"
k2._domainkey IN TXT "v=DKIM1; {KEY}"
"""
WRONG = f"""_dmarc IN TXT "v=dmarc1, p=none, rua=d@acme.example"
_dmarc IN TXT "v=DMARC1 p=reject"
k1._domainkey IN TXT "v=DKIM1; h=rsa-sha256; {KEY}"
k2.domainkey IN TXT "v=DKIM1; {KEY}"
_mta-sts IN TXT "v=STSv1 id=1"
_smtp._tls IN TXT "v=TLSRPTv1 rua=d@acme.example"
default._bimi IN TXT "v=bimi1; l=https://acme.example/logo.svg"
@ IN TXT "v=spf1 ip4:192.0.2.200 -all ip4:192.0.2.201"
"""
_DEPTH = 8


def spf() -> str:
    """Return the record of 45 terms, and those that it includes, one below the other."""
    networks = (f"ip4:100.64.{place}.0/26" for place in range(30))
    others = (f"ip6:2001:db8:{place}::/48" for place in range(11))
    terms = " ".join((*networks, *others, "ipv4:203.0.113.25", "mx", "include:n1.acme.example", "-all"))
    strings = " ".join(f'"{terms[start : start + 200]}"' for start in range(0, len(terms), 200))
    nested = (
        f'n{place} IN TXT "v=spf1 ip4:198.18.{place}.0/24 include:n{place + 1}.acme.example ~all"\n'
        for place in range(1, _DEPTH)
    )
    return f'@ IN TXT "v=spf1 " {strings}\n{"".join(nested)}n{_DEPTH} IN TXT "v=spf1 ip4:198.18.0.0/24 ~all"\n'


async def cost(campaign: Path, zone: Path) -> tuple[float, int, int]:
    """Return the processor time in seconds, and how many findings want a record and have one."""
    options = Options(dns=DnsOptions(zones=(zone,)))
    with prepare(campaign, options) as ready:
        async with resolver_of(ready.dns) as dns:
            facts = await facts_of(ready, dns)
            checks = dict(all_checks())
            audit = run(facts, checks, frozenset(checks), dns.describe())
            began = time.process_time()
            mended = await with_remedies(audit, dns)
            seconds = time.process_time() - began
    findings = [one for result in mended.results for one in result.findings if one.fix.change]
    return seconds, len(findings), sum(one.fix.remedy is not None for one in findings)


def main() -> None:
    """Print the least of several runs for each world."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=5)
    runs = parser.parse_args().runs
    with tempfile.TemporaryDirectory() as folder:
        campaign, zone = Path(folder, "campaign.yml"), Path(folder, "acme.zone")
        campaign.write_text(CAMPAIGN, encoding="utf-8")
        for name, records in (("one slip", RIGHT), ("everything wrong", WRONG)):
            zone.write_text(COMMON + spf() + records, encoding="utf-8")
            seconds, wanted, proven = min(asyncio.run(cost(campaign, zone)) for _ in range(runs))
            print(f"{name}: {seconds:.3f} s of 0.5 s for {wanted} findings, {proven} with a proven record")


if __name__ == "__main__":
    main()
