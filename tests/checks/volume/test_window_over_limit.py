"""What the steps of `window-over-limit` advise."""

from __future__ import annotations

from pathlib import Path

import pytest

from mailaudit import DnsOptions, Options, audit, load_campaign

ZONE = """\
$ORIGIN acme.example.
@ 3600 IN SOA ns hostmaster 1 3600 600 86400 300
k2._domainkey 3600 IN CNAME dkim2.mcsv.net.
"""
ADVICE = (
    "If Mailchimp (Intuit) sends this campaign (the DKIM key k2._domainkey.acme.example is delegated to dkim2.mcsv.net),"
    " write `sending: {platform: mailchimp}`: this limit then does not count."
)


@pytest.mark.parametrize(
    ("sending", "is_told"),
    [("", True), ("sending: {platform: none}\n", False), ("sending: {ips: [203.0.113.9]}\n", False)],
)
def test_whoever_uses_a_prepared_platform_is_told_what_to_write(
    sending: str, *, is_told: bool, tmp_path: Path
) -> None:
    (tmp_path / "acme.zone").write_text(ZONE)
    (tmp_path / "list.csv").write_text("email\n" + "".join(f"n{number}@mail.example\n" for number in range(401)))
    file = tmp_path / "campaign.yml"
    file.write_text(
        f"from: news@acme.example\n{sending}recipients: {{files: [list.csv]}}\n"
        "schedule: {start: 2026-12-01T09:00, timezone: Europe/Paris, rate: 600/10min}\n"
    )
    options = Options(dns=DnsOptions(zones=(tmp_path / "acme.zone",)), select=("window-over-limit",))

    report = audit(*load_campaign(str(file)), options)
    steps = [step for result in report.results for finding in result.findings for step in finding.fix.steps]

    assert steps
    assert (ADVICE in steps) is is_told
