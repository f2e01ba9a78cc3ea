"""Whoever publishes exactly the records that a platform requires gets no error about his sender."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from mailaudit import DnsOptions, Options, audit, load_campaign
from mailaudit.knowledge.lookup import platform_named
from mailaudit.knowledge.setup_records import setup_records
from mailaudit.knowledge.types.platform import PlatformRecord, RecordStatus

KEY = '"v=DKIM1; k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo="'
HEAD = """$MAILAUDIT_CLOSED_WORLD
$ORIGIN acme.example.
@ IN SOA ns1 h 1 1 1 1 1
@ IN MX 10 mx
mx IN A 192.0.2.81
_dmarc IN TXT "v=DMARC1; p=none; rua=mailto:d@acme.example"
"""


def lines(record: PlatformRecord) -> tuple[str, ...]:
    name, value = (re.sub(r"<\w+>", "7", text) for text in (record.name, record.value))
    includes = tuple(
        f'{one}. IN TXT "v=spf1 ip4:203.0.113.0/24 ~all"' for one in re.findall(r"include:(\S+)", value)
    )
    if record.type == "CNAME":
        return f"{name}. IN CNAME {value}", f"{value} IN TXT {KEY}"
    if record.type == "MX":
        return (f"{name}. IN MX {value}",)
    text = KEY if record.purpose == "dkim" else f'"{value}"'
    return f"{name}. IN TXT {text}", *includes


@pytest.mark.parametrize(
    "name",
    [
        "activecampaign",
        "amazon-ses",
        "aweber",
        "constantcontact",
        "getresponse",
        "kit",
        "klaviyo",
        "mailerlite",
        "resend",
    ],
)
def test_the_records_that_a_platform_requires_leave_no_error(name: str, tmp_path: Path) -> None:
    platform = platform_named(name)
    assert platform is not None
    required = [one for one in setup_records(platform, "acme.example") if one.status is RecordStatus.REQUIRED]
    zone = HEAD + "\n".join(dict.fromkeys(line for one in required for line in lines(one))) + "\n"
    (tmp_path / "acme.zone").write_text(zone)
    (tmp_path / "campaign.yml").write_text(f"from: news@acme.example\nsending: {{platform: {name}}}\n")
    campaign, source = load_campaign(str(tmp_path / "campaign.yml"))

    options = Options(dns=DnsOptions(zones=(tmp_path / "acme.zone",)), select=("sender",))
    report = audit(campaign, source, options)

    found = [one.message for result in report.results for one in result.findings if one.severity == "error"]
    assert found == []


def test_what_the_platform_asked_for_once_is_not_asked_for_again(tmp_path: Path) -> None:
    zone = HEAD + '@ IN TXT "brevo-code:0a1b2c"\n@ IN TXT "v=spf1 include:spf.brevo.com -all"\n'
    (tmp_path / "acme.zone").write_text(zone)
    (tmp_path / "campaign.yml").write_text("from: news@acme.example\nsending: {platform: brevo}\n")
    campaign, source = load_campaign(str(tmp_path / "campaign.yml"))
    options = Options(dns=DnsOptions(zones=(tmp_path / "acme.zone",)), select=("platform-not-authorized",))

    found = [one for result in audit(campaign, source, options).results for one in result.findings]

    assert [one.check for one in found] == ["platform-not-authorized"]
    assert not [step for step in found[0].fix.steps if "brevo-code" in step]
    assert [step for step in found[0].fix.steps if "brevo1._domainkey" in step]
