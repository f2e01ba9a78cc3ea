"""Four people begin with what they have, do what the program tells them, and get where they want."""

import json
import re
from pathlib import Path

import pytest

from support import command

pytestmark = pytest.mark.integration
ZONE = """\
$ORIGIN vineyard.example.
@ 60 IN SOA ns1 hostmaster 1 7200 3600 1209600 60
@ 60 IN NS ns1
ns1 60 IN A 198.51.100.5
@ 60 IN MX 10 mail
mail 60 IN A 198.51.100.7
@ 60 IN TXT "v=spf1 mx ~all"
_dmarc 60 IN TXT "v=DMARC1; p=none; rua=mailto:dmarc@vineyard.example"
out 60 IN A 198.51.100.25
$ORIGIN 100.51.198.in-addr.arpa.
@ 60 IN SOA ns1.vineyard.example. hostmaster.vineyard.example. 1 7200 3600 1209600 60
25 60 IN PTR out.vineyard.example.
"""
PEOPLE = "mail,name\nann@gmail.com,Ann\nbob@orange.fr,Bob\ncyd@orange.fr,Cyd\n"
FROM = ("--from", "Vineyard <news@vineyard.example>", "--ip", "198.51.100.25")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "vineyard.zone").write_text(ZONE, encoding="utf-8")
    (tmp_path / "people.csv").write_text(PEOPLE, encoding="utf-8")
    (tmp_path / "left.csv").write_text("mail\nann@gmail.com\n", encoding="utf-8")
    return tmp_path


def told(folder: Path, *args: str, code: int | None = None) -> str:
    environment = {"MAILAUDIT_ZONE": "vineyard.zone", "HOME": str(folder), "XDG_CACHE_HOME": str(folder / "cache")}
    done = command.mailaudit(*args, cwd=folder, environment=environment)
    assert code is None or done.returncode == code, done.stderr
    return done.stdout + done.stderr


def begin(folder: Path) -> None:
    told(folder, "init", *FROM, "--recipients", "people.csv", "--suppression", "left.csv", "--no-check", code=0)


def test_a_marketer_with_a_domain_and_a_list_sends_to_the_right_people(folder: Path) -> None:
    begin(folder)
    assert "on a suppression list" in told(folder, "check", code=1)
    advised = told(folder, "clean", code=0)
    (clean,) = re.findall(r'files: \["(.+)"\]', advised)
    campaign = folder / "campaign.yml"
    campaign.write_text(campaign.read_text(encoding="utf-8").replace("people.csv", clean), encoding="utf-8")
    assert "1 of 2 tasks done in the last hour." in re.sub(r"\s+", " ", told(folder, "check"))
    assert "ann@gmail.com" not in (folder / clean).read_text(encoding="utf-8")


def test_an_administrator_pastes_what_was_forwarded(folder: Path) -> None:
    begin(folder)
    told(folder, "check", "-o", "audit.json", code=1)
    letter = told(folder, "forward", "audit.json", "spf-does-not-authorize-sender", code=0)
    (record,) = re.findall(r'^vineyard\.example\. \d+ IN TXT ".+"$', letter, re.MULTILINE)
    assert re.search(r"name @, type TXT, TTL \d+, value v=spf1 ", letter)
    (folder / "vineyard.zone").write_text(ZONE.replace('@ 60 IN TXT "v=spf1 mx ~all"', record), encoding="utf-8")
    assert "spf-does-not-authorize-sender" not in told(folder, "check")


def test_a_maintainer_accepts_today_and_hears_of_tomorrow(folder: Path) -> None:
    begin(folder)
    told(folder, "check", "--write-baseline", "accepted.json", code=1)
    assert "No new problem" in told(folder, "check", "--baseline", "accepted.json", code=0)
    (folder / "people.csv").write_text(f"{PEOPLE}left@orange.fr,Eve\n", encoding="utf-8")
    (folder / "left.csv").write_text("mail\nann@gmail.com\nleft@orange.fr\n", encoding="utf-8")
    assert "recipient-suppressed" in told(folder, "check", "--baseline", "accepted.json", "-f", "github", code=1)


def test_an_agency_sees_which_client_has_changed(folder: Path) -> None:
    (folder / "shared.yml").write_text("sending: {ips: [198.51.100.25]}\n", encoding="utf-8")
    for name in ("ann", "bob"):
        (folder / "clients" / name).mkdir(parents=True)
        text = f"extends: ../../shared.yml\nfrom: {name}@vineyard.example\n"
        (folder / "clients" / name / "campaign.yml").write_text(text, encoding="utf-8")
    told(folder, "check", "clients", "-o", "fleet.json", "-o", "fleet.html", code=1)
    assert len(json.loads((folder / "fleet.json").read_text(encoding="utf-8"))["reports"]) == 2
    (folder / "clients/bob/campaign.yml").write_text("from: bob@vineyard.example\n", encoding="utf-8")
    rows = told(folder, "check", "clients", "--since", "fleet.json", "-f", "csv").splitlines()
    assert "as before" in rows[1] or rows[1].endswith(",")
    assert "not ready before" in rows[2]
