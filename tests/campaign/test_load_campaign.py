from __future__ import annotations

import hashlib
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, date, datetime, time
from ipaddress import ip_address
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from pydantic import ValidationError

from mailaudit.campaign.load import load_campaign
from mailaudit.campaign.model import Campaign, OwnLimit
from mailaudit.campaign.schedule import Batch
from mailaudit.campaign.values.types import Address, Duration, Hours, Mailbox, MailFrom, Rate, Unit
from mailaudit.errors import InputError

Load = Callable[[str], Campaign]
FROM = "from: news@acme.example\n"


@pytest.fixture
def contract(folder: Path) -> Campaign:
    text = Path(__file__).with_name("contract.yml").read_text(encoding="utf-8")
    (folder / "campaign.yml").write_text(text, encoding="utf-8")
    return load_campaign("campaign.yml")[0]


def test_the_contracts_identities(contract: Campaign) -> None:
    assert contract.name == "Spring sale"
    assert contract.from_ == Mailbox(Address("news", "acme.example"), "ACME News")
    assert contract.reply_to == Mailbox(Address("contact", "acme.example"))
    assert contract.return_path == MailFrom("bounces.acme.example")
    assert (contract.from_domain, contract.mail_from_domain) == ("acme.example", "bounces.acme.example")
    assert contract.fail_on == "error"


def test_the_contracts_sending(contract: Campaign) -> None:
    sending = contract.sending
    assert (sending.platform, sending.software) == ("brevo", "mautic")
    assert (sending.smtp, sending.smtp_host, sending.smtp_port) == (
        "smtp.acme.example:587",
        "smtp.acme.example",
        587,
    )
    assert sending.ips == (ip_address("203.0.113.25"), ip_address("2001:db8::25"))
    assert (sending.helo, sending.website) == ("mail.acme.example", "www.acme.example")
    assert [(key.selector, key.domain) for key in sending.dkim] == [("s1", "acme.example")]


def test_the_contracts_recipients_are_absolute_paths(contract: Campaign, folder: Path) -> None:
    recipients = contract.recipients
    assert recipients is not None
    assert recipients.files == (folder / "recipients.csv",)
    assert recipients.suppression == (folder / "unsubscribed.csv",)
    assert recipients.consent is not None
    assert recipients.consent.max_age == Duration(3, Unit.YEAR)
    assert recipients.last_engaged is not None
    assert recipients.last_engaged.column == "last_open"


def test_the_contracts_schedule_and_other_mail(contract: Campaign) -> None:
    schedule = contract.schedule
    assert schedule is not None
    assert schedule.start == datetime(2026, 12, 1, 9, tzinfo=ZoneInfo("Europe/Paris"))
    assert schedule.start.astimezone(UTC).hour == 8
    assert schedule.rate == Rate(600, Duration(10, Unit.MINUTE))
    assert schedule.hours == Hours(time(9), time(18))
    assert schedule.days == frozenset({1, 2, 3, 4, 5})
    (other,) = contract.other_mail
    assert other.rate == Rate(40, Duration(1, Unit.HOUR))
    assert other.from_ == Mailbox(Address("contact", "acme.example"))


def test_the_contracts_remaining_parts(contract: Campaign, folder: Path) -> None:
    assert contract.message is not None
    assert contract.message.eml == folder / "message.eml"
    assert contract.limits == (
        OwnLimit(name="our relay", scope="sender", max=2000, window=Duration(24, Unit.HOUR)),
    )
    assert contract.dns.zones == (folder / "dns/acme.zone",)
    assert contract.dns.servers == ()
    (ignore,) = contract.ignore
    assert (ignore.check, ignore.subject, ignore.until) == ("dmarc-policy-none", "acme.example", date(2027, 1, 31))


def test_the_source_knows_the_place_of_every_key_and_the_hash_of_the_bytes(folder: Path) -> None:
    data = (
        b"from: news@acme.example\nsending:\n  platform: brevo\n  ips:\n    - 203.0.113.25\n    - 203.0.113.26\n"
    )
    (folder / "campaign.yml").write_bytes(data)
    _, source = load_campaign("./campaign.yml")
    assert source.display == "campaign.yml"
    assert source.path == folder / "campaign.yml"
    assert source.sha256 == hashlib.sha256(data).hexdigest()
    assert source.places["sending.ips.1"] == (6, 7)
    assert str(source.where("sending.platform")) == "campaign.yml:3:3"
    assert str(source.where("sending.helo")) == "campaign.yml:2:1"


def test_only_the_from_address_is_required(load: Load) -> None:
    campaign = load(FROM)
    assert campaign.name == "spring-sale"
    assert campaign.recipients is None
    assert campaign.schedule is None
    assert campaign.sending.ips == ()
    assert campaign.mail_from_domain == "acme.example"


@pytest.mark.parametrize("empty", ["", "~", "null"])
def test_a_key_without_a_value_counts_as_left_out(load: Load, empty: str) -> None:
    campaign = load(f"{FROM}name: {empty}\nsending:\n  platform: {empty}\n  ips: {empty}\nschedule: {empty}\n")
    assert campaign.name == "spring-sale"
    assert campaign.sending.platform is None
    assert campaign.sending.ips == ()
    assert campaign.schedule is None


def test_every_scalar_keeps_its_written_text(load: Load) -> None:
    campaign = load(
        f"{FROM}name: 2026\nsending:\n  dkim: [{{selector: 0123, domain: acme.example}}]\n"
        "recipients: {files: recipients.csv, column: yes}\n"
        "ignore: [{check: spf-missing, reason: 1_000}]\n"
    )
    assert campaign.name == "2026"
    assert campaign.sending.dkim[0].selector == "0123"
    assert campaign.recipients is not None
    assert campaign.recipients.column == "yes"
    assert campaign.ignore[0].reason == "1_000"


def test_single_values_stand_for_lists(load: Load, folder: Path) -> None:
    campaign = load(
        f"{FROM}sending: {{ips: 203.0.113.25}}\nrecipients: {{files: recipients.csv, suppression: unsubscribed.csv}}\n"
        "dns: {zones: dns/acme.zone, servers: 192.0.2.53:5353}\n"
    )
    assert campaign.sending.ips == (ip_address("203.0.113.25"),)
    assert campaign.recipients is not None
    assert campaign.recipients.suppression == (folder / "unsubscribed.csv",)
    assert campaign.dns.servers == ("192.0.2.53:5353",)


def test_a_batch_and_a_message_of_templates(load: Load, folder: Path) -> None:
    campaign = load(
        f"{FROM}schedule: {{batch: {{size: 400, every: 10min}}}}\n"
        "message: {html: template.html, text: template.txt, subject: 'Sale: -20 %', kind: template}\n"
    )
    assert campaign.schedule is not None
    assert campaign.schedule.batch == Batch(size=400, every=Duration(10, Unit.MINUTE))
    assert campaign.message is not None
    assert (campaign.message.html, campaign.message.subject) == (folder / "template.html", "Sale: -20 %")
    assert campaign.message.kind == "template"


def test_merge_keys_and_aliases_are_written_out(load: Load) -> None:
    campaign = load(
        f"{FROM}other_mail:\n"
        "  - &daily {name: business, rate: 40/h, days: mon-fri}\n"
        "  - {<<: *daily, name: invoices, rate: 5/h}\n"
    )
    business, invoices = campaign.other_mail
    assert (invoices.name, invoices.rate.count, invoices.days) == ("invoices", 5, business.days)


def test_given_recipients_replace_the_campaigns_which_are_then_not_looked_at(folder: Path) -> None:
    (folder / "campaign.yml").write_text(f"{FROM}recipients: {{files: gone.csv, column: mail}}\n")
    campaign, _ = load_campaign("campaign.yml", recipients=(Path("-"), folder / "other.csv"))
    assert campaign.recipients is not None
    assert campaign.recipients.files == (Path("-"), folder / "other.csv")
    assert campaign.recipients.column == "mail"


def test_given_recipients_need_no_recipients_in_the_campaign(folder: Path) -> None:
    (folder / "campaign.yml").write_text(FROM)
    campaign, _ = load_campaign("campaign.yml", recipients=(folder / "other.csv",))
    assert campaign.recipients is not None
    assert campaign.recipients.files == (folder / "other.csv",)


def test_zones_are_only_looked_at_when_they_are_to_be_read(folder: Path) -> None:
    (folder / "campaign.yml").write_text(f"{FROM}dns: {{zones: [gone.zone]}}\n")
    campaign, _ = load_campaign("campaign.yml", check_zones=False)
    assert campaign.dns.zones == (folder / "gone.zone",)
    with pytest.raises(InputError, match=r"dns\.zones\[0\]: there is no file 'gone\.zone'"):
        load_campaign("campaign.yml")


def test_paths_are_relative_to_the_file_and_not_to_the_working_directory(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "campaign.yml").write_text(f"{FROM}message: message.eml\n")
    monkeypatch.chdir(folder.parent)
    campaign, source = load_campaign("spring-sale/campaign.yml")
    assert campaign.message is not None
    assert campaign.message.eml == folder / "message.eml"
    assert source.display == "spring-sale/campaign.yml"


def test_a_plan_is_made_of_values_as_well_as_of_texts() -> None:
    duration, zone = Duration(10, Unit.MINUTE), ZoneInfo("Europe/Paris")
    campaign = Campaign.model_validate(
        {
            "from": Mailbox(Address("news", "acme.example")),
            "sending": {"ips": [ip_address("203.0.113.25")]},
            "schedule": {
                "batch": Batch(size=400, every=duration),
                "timezone": zone,
                "start": datetime(2026, 12, 1, tzinfo=UTC),
            },
            "limits": [{"name": "a", "scope": "ip", "max": 5, "window": duration}],
        }
    )
    assert campaign.name == "campaign"
    assert campaign.schedule is not None
    assert campaign.schedule.batch == Batch(size=400, every=duration)
    assert campaign.schedule.start == datetime(2026, 12, 1, 1, tzinfo=zone)
    assert campaign.limits[0].window is duration


@pytest.mark.parametrize(
    "plan", [{"schedule": {"rate": "1/s", "over": "2h"}}, {"limits": [{"max": True}]}, {"ip": 1}]
)
def test_a_plan_made_in_python_is_held_to_the_same_rules(plan: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        Campaign.model_validate({"from": "news@acme.example", **plan})


def test_errors_and_locations_load_neither_pydantic_nor_yaml() -> None:
    code = (
        "import sys, mailaudit.location, mailaudit.errors\n"
        "print(sorted({'pydantic', 'yaml', 'email_validator', 'idna'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
