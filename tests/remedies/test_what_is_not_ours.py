"""What lies in somebody else's hands is said: a provider's domain, and hosts that nobody could look up."""

from __future__ import annotations

from pathlib import Path

from mailaudit.api import DnsOptions, Options, Report, audit, load_campaign, render
from mailaudit.checks.finding import Finding, Owner

SENDING = "sending: {ips: [203.0.113.71], dkim: [{selector: w1, domain: loom.example}]}\n"
ZONE = """$ORIGIN loom.example.
@ 600 IN SOA ns1 hostmaster 1 7200 3600 1209600 300
@ 600 IN TXT "v=spf1 ip4:203.0.113.71 -all"
w1._domainkey 600 IN TXT "w1.keys.weaver.example"
"""


def audited(folder: Path, campaign: str, zone: str) -> Report:
    (folder / "c.yml").write_text(campaign, encoding="utf-8")
    (folder / "w.zone").write_text(zone, encoding="utf-8")
    plan, source = load_campaign(folder / "c.yml")
    return audit(plan, source, Options(dns=DnsOptions(zones=(folder / "w.zone",))))


def found(report: Report, check: str) -> Finding:
    return next(one for result in report.results if result.check == check for one in result.findings)


def test_at_a_provider_s_domain_the_cure_is_a_domain_of_one_s_own(tmp_path: Path) -> None:
    zone = """$ORIGIN gmail.com.
@ 600 IN SOA ns1 hostmaster 1 7200 3600 1209600 300
@ 600 IN TXT "v=spf1 ip4:198.51.100.0/24 ~all"
_dmarc 600 IN TXT "v=DMARC1; p=none; rua=mailto:d@gmail.com"
"""
    report = audited(tmp_path, "from: loom@gmail.com\nsending: {ips: [203.0.113.71]}\n", zone)

    for check in ("dmarc-fails", "dmarc-policy-none", "dkim-selector-unknown", "spf-does-not-authorize-sender"):
        fix = found(report, check).fix
        assert fix.owner is Owner.SENDER
        assert fix.steps[0].startswith("Write from a domain of your own")
        assert fix.remedy is None


def test_an_alias_to_a_host_that_nobody_could_look_up_says_so(tmp_path: Path) -> None:
    report = audited(tmp_path, f"from: post@loom.example\n{SENDING}", ZONE)

    remedy = found(report, "dkim-key-invalid").fix.remedy
    assert remedy is not None
    assert remedy.proof is not None
    assert remedy.proof.unverified == ("w1.keys.weaver.example",)
    assert "; Not proven, for nobody could look it up: w1.keys.weaver.example" in render(report, "zone")
    assert "What is not proven: nobody could look up w1.keys.weaver.example." in render(report, "json")


def test_no_alias_leads_to_where_nothing_is(tmp_path: Path) -> None:
    report = audited(tmp_path, f"from: post@loom.example\n{SENDING}", f"$MAILAUDIT_CLOSED_WORLD\n{ZONE}")

    fix = found(report, "dkim-key-invalid").fix
    assert fix.remedy is None
    assert "nothing stands at w1.keys.weaver.example either" in fix.steps[-1]
