from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from mailaudit.campaign.model import Campaign
from mailaudit.campaign.values.types import STDIN, DatabaseUrl

Load = Callable[[str], Campaign]
Complaints = Callable[[str], list[str]]
FROM = "from: news@acme.example\n"


def test_recipients_come_from_files_standard_input_and_databases_in_order(load: Load, folder: Path) -> None:
    campaign = load(
        f"{FROM}recipients:\n  files: [recipients.csv, '-', 'postgresql://u:secret@db/crm?x=1', 'duckdb://a.db']\n"
        "  table: subscribers\n  verification: unsubscribed.csv\n  engine: DuckDB\n"
    )
    recipients = campaign.recipients
    assert recipients is not None
    path, stdin, postgres, duckdb = recipients.files
    assert (path, stdin) == (folder / "recipients.csv", STDIN)
    assert isinstance(postgres, DatabaseUrl)
    assert postgres == "postgresql://u:secret@db/crm?x=1"
    assert duckdb == "duckdb://a.db"
    assert recipients.verification == (folder / "unsubscribed.csv",)
    assert (recipients.table, recipients.engine) == ("subscribers", "duckdb")


@pytest.mark.parametrize(
    ("url", "masked"),
    [
        (
            "postgresql://u:secret@db.acme.example:5432/crm?password=secret",
            "postgresql://db.acme.example:5432/crm",
        ),
        ("postgresql://u:se/cr@et@db/crm", "postgresql://db/crm"),
        ("sqlite:///lists/a.db", "sqlite:///lists/a.db"),
    ],
)
def test_a_database_shows_no_password(url: str, masked: str) -> None:
    assert DatabaseUrl(url).masked == masked
    assert repr(DatabaseUrl(url)) == f"DatabaseUrl('{masked}')"


def test_the_plan_itself_shows_no_password(load: Load) -> None:
    assert "secret" not in repr(load(f"{FROM}recipients: {{files: 'postgresql://u:secret@db/crm'}}\n"))


def test_a_table_of_an_engine_needs_no_files(load: Load) -> None:
    campaign = load(f"{FROM}recipients: {{engine: spark, table: crm.people}}\n")
    assert campaign.recipients is not None
    assert campaign.recipients.files == ()


def test_absolute_paths_stay(load: Load, folder: Path) -> None:
    campaign = load(f"{FROM}message: {folder / 'message.eml'}\n")
    assert campaign.message is not None
    assert campaign.message.eml == folder / "message.eml"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            "recipients: {files: [recipients.csv, recipient.csv]}",
            "recipients.files[1]: there is no file 'recipient.csv'",
        ),
        (
            "recipients: {files: [recipients.csv], suppression: [gone]}",
            "recipients.suppression[0]: there is no file",
        ),
        (
            "recipients: {files: [recipients.csv], suppression: ['-']}",
            "recipients.suppression[0]: there is no file '-'",
        ),
        (
            "recipients: {files: [recipients.csv], suppression: ['sqlite:///a']}",
            "a sqlite address cannot be read here",
        ),
        ("recipients: {files: [dns]}", "recipients.files[0]: 'dns' is a directory; name a file in it"),
        (
            "recipients: {files: ['https://acme.example/list.csv']}",
            "a https address cannot be read; name a file, -",
        ),
        ("recipients: {files: [recipients.csv/x]}", "recipients.files[0]: there is no file 'recipients.csv/x'"),
        ("recipients: {files: ['']}", "recipients.files[0]: '' is not the name of a file"),
        ("recipients: {files: ['~']}", "recipients.files[0]: there is no file '~'; paths are relative to"),
        ("recipients: {files: {a: b}}", "recipients.files: a list is expected here"),
        ("recipients: {files: [{a: b}]}", "recipients.files[0]: the name of a file is expected"),
        (f"message: {'x' * 300}", "message: "),
        (f"message: {'x' * 5000}", "is not the name of a file"),
        ("message: {html: gone.html, text: template.txtt}", "message.html: there is no file 'gone.html'"),
        ("dns: {zones: dns/acme.zon}", "dns.zones: there is no file 'dns/acme.zon'; did you mean acme.zone?"),
    ],
)
def test_what_is_no_input_file(complaints: Complaints, text: str, said: str) -> None:
    assert said in complaints(f"{FROM}{text}\n")[0]


def test_a_link_that_leads_nowhere_is_not_proposed_again(complaints: Complaints, folder: Path) -> None:
    (folder / "people.csv").symlink_to("gone.csv")
    told = complaints(f"{FROM}recipients: {{files: [people.csv]}}\n")
    assert "there is no file 'people.csv'" in told[0]
    assert "did you mean" not in told[0]
