"""The records that are proposed for findings of the sender, word for word; none where none can be proven."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from mailaudit.api import DnsOptions, Options, audit, load_campaign
from mailaudit.checks.finding import Finding

SPF = '@ IN TXT "v=spf1 ip4:203.0.113.25 -all"\n'
SOA = "$TTL 60\n$ORIGIN acme.example.\n@ IN SOA ns1 host 1 1 1 1 1\n"
FROM = 'from: "ACME <news@acme.example>"\n'
HOST = "@ IN A 192.0.2.1\n@ IN MX 1 @\n"
FIVE = " ".join(f"a:h{place}.acme.example" for place in range(5))
FOUR = "a:h.old.example a:h.old.example a:h.old.example a:h.old.example"
OLD = f'$ORIGIN old.example.\n@ IN SOA ns1 host 1 1 1 1 1\nspf IN TXT "v=spf1 {FOUR} -all"\nh IN A 192.0.2.9\n'


def finding(check: str, campaign: str, zone: str, folder: Path) -> Finding:
    (folder / "campaign.yml").write_text(campaign, encoding="utf-8")
    (folder / "acme.zone").write_text(SOA + zone, encoding="utf-8")
    plan, source = load_campaign(folder / "campaign.yml")
    dns = DnsOptions(zones=(folder / "acme.zone",))
    report = audit(plan, source, Options(dns=dns, now=datetime(2026, 11, 30, tzinfo=UTC)))
    return next(found for result in report.results if result.check == check for found in result.findings)


@pytest.mark.parametrize(
    ("check", "campaign", "zone", "record"),
    [
        (
            "spf-missing",
            f"{FROM}return_path: acme.example\nsending: {{platform: brevo}}",
            "",
            'acme.example. 3600 IN TXT "v=spf1 include:spf.brevo.com ~all"',
        ),
        (
            "spf-missing",
            f'{FROM}sending: {{ips: [203.0.113.25, "2001:db8::25"]}}',
            "",
            'acme.example. 3600 IN TXT "v=spf1 ip4:203.0.113.25 ip6:2001:db8::25 ~all"',
        ),
        ("spf-missing", FROM, "", None),
        # Mailchimp's include never lets SPF align, so it is not proposed.
        ("spf-missing", f"{FROM}return_path: acme.example\nsending: {{platform: mailchimp}}", "", None),
        (
            "spf-does-not-authorize-sender",
            f"{FROM}sending: {{ips: [203.0.113.25]}}",
            '@ IN TXT "v=spf1 mx ip4:192.0.2.1 -all ip4:203.0.113.25"',
            'acme.example. 3600 IN TXT "v=spf1 ip4:203.0.113.25 mx ip4:192.0.2.1 -all"',
        ),
        (
            "spf-invalid",
            FROM,
            '@ IN TXT "v=spf1 ipv4:192.0.2.1 includes:spf.acme.example ~all"\nspf IN TXT "v=spf1 -all"',
            'acme.example. 3600 IN TXT "v=spf1 ip4:192.0.2.1 include:spf.acme.example ~all"',
        ),
        (
            "spf-too-many-lookups",
            f"{FROM}sending: {{ips: [203.0.113.25]}}",
            f'@ IN TXT "v=spf1 ip4:203.0.113.25 include:spf.old.example mx {FIVE} ~all"\n{HOST}{OLD}',
            # The hosts are not there; the include stays, for somebody may send through it.
            'acme.example. 3600 IN TXT "v=spf1 ip4:203.0.113.25 include:spf.old.example mx ~all"',
        ),
        (
            "spf-too-many-lookups",
            FROM,
            '@ IN TXT "v=spf1 a mx a mx a mx a mx a mx a -all"\n' + HOST,
            'acme.example. 3600 IN TXT "v=spf1 a mx -all"',
        ),
        (
            "spf-multiple-records",
            FROM,
            f'{HOST}@ IN TXT "v=spf1 +mx -all"\n@ IN TXT "v=spf1 include:s.acme.example ~all"\ns IN TXT "v=spf1 -all"',
            'acme.example. 3600 IN TXT "v=spf1 +mx include:s.acme.example -all"',
        ),
        # Nobody says who sends, and a narrower record might take the campaign's pass away.
        ("spf-allows-everyone", FROM, '@ IN TXT "v=spf1 mx +all"', None),
        (
            "spf-allows-everyone",
            f"{FROM}sending: {{ips: [203.0.113.25]}}",
            '@ IN TXT "v=spf1 mx +all"',
            'acme.example. 3600 IN TXT "v=spf1 ip4:203.0.113.25 mx ~all"',
        ),
        (
            "dmarc-missing",
            f"{FROM}sending: {{ips: [203.0.113.25]}}",
            '@ IN TXT "v=spf1 ip4:203.0.113.25 -all"',
            '_dmarc.acme.example. 3600 IN TXT "v=DMARC1; p=none"',
        ),
        (
            "dmarc-policy-none",
            f"{FROM}sending: {{ips: [203.0.113.25]}}",
            f'{SPF}_dmarc IN TXT "v=DMARC1; p=none; sp=none; t=y; rua=mailto:d@acme.example"',
            '_dmarc.acme.example. 3600 IN TXT "v=DMARC1; p=quarantine; sp=quarantine; rua=mailto:d@acme.example"',
        ),
        (
            "dmarc-outdated-tags",
            f"{FROM}sending: {{ips: [203.0.113.25]}}",
            f'{SPF}_dmarc IN TXT "v=DMARC1; p=reject; pct=10; ri=3600; rua=mailto:d@acme.example"',
            '_dmarc.acme.example. 3600 IN TXT "v=DMARC1; p=reject; rua=mailto:d@acme.example"',
        ),
    ],
)  # fmt: skip
def test_the_proposed_record(check: str, campaign: str, zone: str, record: str | None, tmp_path: Path) -> None:
    assert finding(check, campaign, zone + "\n", tmp_path).fix.dns_record == record


def test_a_long_record_is_split_into_strings(tmp_path: Path) -> None:
    terms = " ".join(f"ip4:192.0.2.{place}" for place in range(40))
    campaign = f"{FROM}sending: {{ips: [203.0.113.25]}}"
    record = finding(
        "spf-does-not-authorize-sender",
        campaign,
        f'@ IN TXT "v=spf1 " "{terms[:250]}" "{terms[250:500]}" "{terms[500:]} -all"\n',
        tmp_path,
    ).fix.dns_record
    assert record is not None
    strings = record.partition(" TXT ")[2].strip('"').split('" "')
    assert max(map(len, strings)) <= 255
    assert "".join(strings) == f"v=spf1 ip4:203.0.113.25 {terms} -all"


def test_the_costs_of_the_includes_are_told(tmp_path: Path) -> None:
    zone = f'@ IN TXT "v=spf1 include:spf.old.example a a a a a mx ~all"\n{HOST}{OLD}'
    shown = {seen.label: seen.value for seen in finding("spf-too-many-lookups", FROM, zone, tmp_path).evidence}
    assert shown["include:spf.old.example"].startswith(
        "5 look-ups; nothing else in your DNS shows that you use it"
    )
    assert shown["mx"] == "1 look-up"
