"""The DNS host of the zone is recognised, and its panel's ways are told."""

from __future__ import annotations

from pathlib import Path

from mailaudit.api import DnsOptions, Options, audit, load_campaign
from mailaudit.checks.finding import Fix

ZONE = """$ORIGIN acme.example.
@ IN SOA ns1 host 1 1 1 1 1
{}
@ IN TXT "v=spf1 -all"
"""


def fix(folder: Path, name_servers: str) -> Fix:
    (folder / "c.yml").write_text("from: a@acme.example\nsending: {ips: [203.0.113.9]}\n", encoding="utf-8")
    (folder / "w.zone").write_text(ZONE.format(name_servers), encoding="utf-8")
    plan, source = load_campaign(folder / "c.yml")
    report = audit(plan, source, Options(dns=DnsOptions(zones=(folder / "w.zone",)), select=("spf-*",)))
    return next(finding.fix for result in report.results for finding in result.findings if finding.fix.remedy)


def test_a_known_host_s_fields_are_named(tmp_path: Path) -> None:
    remedy = fix(tmp_path, "@ IN NS dns19.ovh.net.\n@ IN NS ns19.ovh.net.").remedy
    assert remedy is not None
    assert remedy.panel[0] == "acme.example is with OVHcloud: leave the field Sub-domain empty."
    assert "a whole name would hold it twice" in remedy.panel[1]
    assert remedy.records[0].relative_name == "@"


def test_of_an_unknown_host_nothing_is_told(tmp_path: Path) -> None:
    remedy = fix(tmp_path, "@ IN NS ns1").remedy
    assert remedy is not None
    assert remedy.panel == ()
