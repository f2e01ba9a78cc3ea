"""The table of connections in docs/privacy.md is what the program opens, option by option."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest

from mailaudit.api import DnsOptions, Options, prepare
from mailaudit.api import audit_prepared as audit
from mailaudit.errors import InputError
from mailaudit.facts.recipients.reading.database import open_database
from support import no_network
from support.dns_server import serving_in_thread

PAGE = (Path(__file__).parent.parent / "docs" / "privacy.md").read_text(encoding="utf-8")
ROWS = {
    cells[0]: dict(zip(("resolver", "name servers", "SMTP", "HTTPS", "database"), cells[1:], strict=True))
    for line in PAGE.splitlines()
    if len(cells := [cell.strip() for cell in line.strip("|").split("|")]) == 6 and cells[1] in {"yes", "no"}
}
# Every name of this world leads to a public address, which the tests refuse to talk to.
WORLD = """$ORIGIN acme.example.
@ 60 IN SOA ns h 1 1 1 1 1
@ 60 IN NS ns
@ 60 IN MX 10 mx
ns 60 IN A 8.8.8.1
mx 60 IN A 8.8.8.4
smtp 60 IN A 8.8.8.2
mta-sts 60 IN A 8.8.8.3
_mta-sts 60 IN TXT "v=STSv1; id=1"
"""
OF_PORT = {"53": "name servers", "587": "SMTP", "443": "HTTPS"}
CAMPAIGN = "from: news@acme.example\nsending: {smtp: 'smtp.acme.example:587'}\n"
LIST = "recipients: {files: ['postgresql://reader@db.acme.example/crm'], table: people}\n"


def options(row: str, server: str, folder: Path) -> Options:
    zone = folder / "w.zone"
    zone.write_text(WORLD, encoding="utf-8")
    if "--zone" in row or "--offline" in row:
        dns = DnsOptions(zones=(zone,) if "--zone" in row else (), offline="--offline" in row)
    else:
        dns = DnsOptions(servers=(server,))
    now = datetime(2026, 11, 30, tzinfo=UTC)
    return Options(dns=dns, allow_http="--allow-http" in row, untrusted="--untrusted" in row, now=now)


@pytest.mark.parametrize("row", ROWS)
def test_no_option_opens_more_or_less_than_the_page_says(row: str, tmp_path: Path) -> None:
    file = tmp_path / "campaign.yml"
    file.write_text(CAMPAIGN, encoding="utf-8")
    with serving_in_thread(WORLD) as server:
        with prepare(file, options(row, server.address, tmp_path)) as ready:
            audit(ready)
        opened = {OF_PORT[tried.split()[2]] for tried in no_network.TRIED}
        opened |= {"resolver"} if server.questions else set()
    no_network.TRIED.clear()
    promised = {kind for kind, word in ROWS[row].items() if word == "yes"} - {"database"}
    assert opened == promised


@pytest.mark.parametrize("row", ROWS)
def test_a_database_is_asked_only_where_the_page_says_so(
    row: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = []

    def connect(_: object, address: str, *_more: str | None) -> None:
        asked.append(address)
        raise InputError

    monkeypatch.setattr(open_database, "_postgres_records", connect)
    file = tmp_path / "campaign.yml"
    file.write_text("from: news@acme.example\n" + LIST, encoding="utf-8")
    with (
        serving_in_thread(WORLD) as server,
        pytest.raises(InputError),
        prepare(file, options(row, server.address, tmp_path)) as ready,
    ):
        audit(ready)
    no_network.TRIED.clear()
    assert bool(asked) == (ROWS[row]["database"] == "yes")


def test_the_page_names_every_option_that_bears_on_connections() -> None:
    assert set(re.findall(r"--[a-z-]+", " ".join(ROWS))) == {
        "--dns-server", "--allow-http", "--zone", "--replay", "--offline", "--untrusted",
    }  # fmt: skip
