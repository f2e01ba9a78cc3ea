"""A zone full of malice: the audit ends soon, asks a bounded number of questions, and no check crashes."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from pathlib import Path

import pytest

from mailaudit.api import DnsOptions, Options, audit, load_campaign
from mailaudit.checks.finding import Outcome

CAMPAIGN = """\
name: hostile
from: "A <a@acme.example>"
return_path: b.acme.example
sending:
  ips: [203.0.113.25, "2001:db8::25"]
  helo: mail.acme.example
  dkim: [{selector: s1, domain: acme.example}, {selector: s2, domain: x.acme.example}]
"""
SOA = "$TTL 60\n$ORIGIN acme.example.\n@ IN SOA ns1 host 1 1 1 1 1\n"


def txt(name: str, text: str) -> str:
    strings = " ".join(f'"{text[start : start + 255]}"' for start in range(0, len(text), 255))
    return f"{name} IN TXT {strings}\n"


CIRCLE = "".join(txt(f"n{i}", f"v=spf1 include:n{(i + 1) % 500}.acme.example -all") for i in range(500))
CROWD = "".join(f"@ IN MX {i} m{i}\nm{i} IN CNAME m{i + 1}\n" for i in range(400))
WORLDS = {
    "64 KB of everything": txt("b", "v=spf1 " + "a:h.acme.example " * 3500)
    + txt("_dmarc", "v=DMARC1; p=none; rua=" + ",".join(f"mailto:a@r{i}.example" for i in range(2000)))
    + txt("s1._domainkey", "v=DKIM1; p=" + "QUJD" * 15_000)
    + txt("s2._domainkey.x", "t=" + "y:" * 30_000 + "; p="),
    "a circle of 500 includes": CIRCLE + txt("b", "v=spf1 include:n0.acme.example -all") + CROWD,
    "octets that are no text": 'b IN TXT "v=spf1 \\000\\255 exists:\\195\\169.example -all"\n'
    '_dmarc IN TXT "v=DMARC1; p=\\000none; \\255=\\195"\ns1._domainkey IN TXT "\\000p=\\255"\n'
    "@ IN MX 1 a\\.b\\000c\\\\.acme.example.\n",
    "aliases in a circle": "b IN CNAME c\nc IN CNAME b\n_dmarc IN CNAME _dmarc\ns1._domainkey IN CNAME b\n"
    + "".join(f"d{i} IN CNAME d{i + 1}\n" for i in range(60))
    + "@ IN MX 1 d0\n",
    "many records of each kind": "".join(txt("b", f"v=spf1 ip4:192.0.2.{i} -all") for i in range(200))
    + "".join(txt("_dmarc", f"v=DMARC1; p=none; x={i}") for i in range(200))
    + "".join(txt("s1._domainkey", f"v=DKIM1; n={i}; p=") for i in range(200)),
}


@pytest.mark.slow
@pytest.mark.parametrize("world", WORLDS)
def test_no_check_crashes_and_the_audit_ends(world: str, tmp_path: Path) -> None:
    (tmp_path / "campaign.yml").write_text(CAMPAIGN, encoding="utf-8")
    (tmp_path / "acme.zone").write_text(SOA + WORLDS[world], encoding="utf-8")
    plan, source = load_campaign(tmp_path / "campaign.yml")
    dns = DnsOptions(zones=(tmp_path / "acme.zone",))
    began = time.perf_counter()
    report = audit(plan, source, Options(dns=dns, now=datetime(2026, 11, 30, tzinfo=UTC)))
    # Generous: the point is that it is not minutes.
    assert time.perf_counter() - began < 20
    assert [result.reason for result in report.results if result.outcome is Outcome.CRASHED] == []
    assert len(report.facts.dns_answers) < 3000
