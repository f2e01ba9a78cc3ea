"""`mailaudit init`: from nothing to a campaign file and a first report."""

from __future__ import annotations

import json
import os
import pty
import subprocess
import sys
from pathlib import Path

import jsonschema
import pytest
import yaml

from mailaudit.campaign.load import load_campaign
from support import command

ROOT = Path(__file__).parents[3]
ZONE = ROOT / "examples" / "platform" / "dns" / "sender.zone"
SENDER = "Atelier <bonjour@news.atelier-moreau.example>"


def init(*args: str | Path, cwd: Path) -> subprocess.CompletedProcess[str]:
    return command.mailaudit("init", *args, cwd=cwd)


def test_flags_alone_give_a_valid_file_and_a_first_report(tmp_path: Path) -> None:
    (tmp_path / "people.csv").write_text("email\na@gmail.com\n", encoding="utf-8")
    done = init("--from", SENDER, "--recipients", "people.csv", "--zone", ZONE, "--rate", "40/h", cwd=tmp_path)
    assert "Wrote campaign.yml" in done.stderr
    assert "Ready, with 1 warning" in done.stdout
    plan, _ = load_campaign(tmp_path / "campaign.yml")
    assert (plan.from_.display_name, plan.sending.platform) == ("Atelier", "sendgrid")
    assert [key.selector for key in plan.sending.dkim] == ["s1", "s2"]
    assert plan.sending.website == "www.atelier-moreau.example"
    schema = json.loads((tmp_path / "campaign.schema.json").read_text(encoding="utf-8"))
    written = yaml.safe_load((tmp_path / "campaign.yml").read_text(encoding="utf-8"))
    jsonschema.validate(written, schema, cls=jsonschema.Draft202012Validator)


def test_without_terminal_and_sender_it_says_what_is_missing(tmp_path: Path) -> None:
    done = init(cwd=tmp_path)
    assert done.returncode == 2
    assert "--from" in done.stderr
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("args", "part"),
    [
        (["--from", "nobody"], "--from"),
        (["--from", "a@acme.example", "nowhere"], "no such folder"),
    ],
)
def test_what_cannot_be_used_is_said_and_nothing_is_written(tmp_path: Path, args: list[str], part: str) -> None:
    done = init(*args, "--offline", cwd=tmp_path)
    assert done.returncode == 2
    assert part in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_a_campaign_that_is_there_stays_unless_forced(tmp_path: Path) -> None:
    (tmp_path / "campaign.yml").write_text("from: a@acme.example\n", encoding="utf-8")
    done = init("--from", "b@acme.example", "--offline", cwd=tmp_path)
    assert (done.returncode, "exists already" in done.stderr) == (2, True)
    assert init("--from", "b@acme.example", "--offline", "--force", "--no-check", cwd=tmp_path).returncode == 0
    assert load_campaign(tmp_path / "campaign.yml")[0].from_domain == "acme.example"


@pytest.mark.parametrize(
    "name", ["no", "yes: x", "'", '"', "#", "\u202e", "é", "12", "null", "- a", "a\tb", "{", ""]
)
def test_any_name_survives(tmp_path: Path, name: str) -> None:
    done = init("--from", "a@acme.example", "--offline", "--no-check", "--name", name, cwd=tmp_path)
    assert done.returncode == 0
    assert load_campaign(tmp_path / "campaign.yml")[0].name == (name or tmp_path.name)


@pytest.mark.slow
def test_questions_are_asked_on_a_terminal(tmp_path: Path) -> None:
    (tmp_path / "people.csv").write_text("email\na@gmail.com\n", encoding="utf-8")
    ours, theirs = pty.openpty()
    with subprocess.Popen(
        [sys.executable, "-m", "mailaudit", "init", "--offline", "--no-check"],
        stdin=theirs,
        stdout=subprocess.PIPE,
        stderr=theirs,
        cwd=tmp_path,
    ) as process:
        os.write(ours, b"news@acme.example\n\n\n\nnone\n\n40/h\n\n")
        assert process.wait(timeout=30) == 0
    os.close(theirs)
    os.close(ours)
    plan, _ = load_campaign(tmp_path / "campaign.yml")
    assert (str(plan.from_.address), plan.sending.platform) == ("news@acme.example", "none")
    assert plan.recipients is not None
    assert plan.recipients.files == (tmp_path / "people.csv",)
    assert plan.schedule is not None


def test_files_are_named_as_seen_from_the_campaign(tmp_path: Path) -> None:
    (tmp_path / "sub").mkdir()
    (tmp_path / "people.csv").write_text("email\na@gmail.com\n", encoding="utf-8")
    (tmp_path / "stop.csv").write_text("email\nb@gmail.com\n", encoding="utf-8")
    more = ("--recipients", "people.csv", "--suppression", "stop.csv", "--offline", "--no-check")
    assert init("sub", "--from", SENDER, *more, cwd=tmp_path).returncode == 0
    plan = load_campaign(tmp_path / "sub" / "campaign.yml")[0].recipients
    assert plan is not None
    assert [Path(file).resolve() for file in (*plan.files, *plan.suppression)] == [
        tmp_path / "people.csv",
        tmp_path / "stop.csv",
    ]


@pytest.mark.parametrize(
    ("option", "part"),
    [
        (("--rate", "fast"), "schedule.rate"),
        (("--ip", "1.2.3"), "sending.ips"),
        (("--start", "soon"), "schedule.start"),
        (("--recipients", "nowhere.csv"), "nowhere.csv"),
        (("--platform", "sendgird"), "did you mean sendgrid?"),
        (("--domain", "acme"), "--domain"),
        (("--sample", "nowhere.eml"), "nowhere.eml"),
    ],
)
def test_an_answer_that_makes_no_sense_leaves_nothing_behind(
    tmp_path: Path, option: tuple[str, str], part: str
) -> None:
    done = init("--from", SENDER, "--offline", *option, cwd=tmp_path)
    assert done.returncode == 2
    assert part in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_a_sample_fills_in_what_it_shows(tmp_path: Path) -> None:
    sample = ROOT / "examples" / "platform" / "message.eml"
    (tmp_path / "test.eml").write_bytes(sample.read_bytes())
    done = init("--sample", "test.eml", "--zone", ZONE, "--no-check", cwd=tmp_path)
    assert done.returncode == 0
    plan, _ = load_campaign(tmp_path / "campaign.yml")
    assert str(plan.from_.address) == "bonjour@news.atelier-moreau.example"
    assert [str(ip) for ip in plan.sending.ips] == ["198.51.100.24"]
    assert [key.selector for key in plan.sending.dkim] == ["s1"]
    assert plan.mail_from_domain == "em7421.news.atelier-moreau.example"
    assert plan.message is not None
    assert plan.message.eml == tmp_path / "test.eml"


def test_a_domain_may_be_the_address_of_a_web_site_and_each_mistake_is_said_once(tmp_path: Path) -> None:
    assert init("--domain", "https://acme.example/", "--no-check", "--offline", cwd=tmp_path).returncode == 0
    assert load_campaign(tmp_path / "campaign.yml")[0].from_domain == "acme.example"
    done = init("--domain", "acme.example", "--timezone", "Paris", "--start", "never", "--force", cwd=tmp_path)
    assert (done.returncode, done.stderr.count("no time zone")) == (2, 1)


def test_a_domain_alone_is_enough(tmp_path: Path) -> None:
    done = init("--domain", "news.atelier-moreau.example", "--zone", ZONE, "--no-check", cwd=tmp_path)
    assert done.returncode == 0
    plan, _ = load_campaign(tmp_path / "campaign.yml")
    assert (plan.from_domain, plan.sending.platform) == ("news.atelier-moreau.example", "sendgrid")
    assert "No From address was given" in (tmp_path / "campaign.yml").read_text(encoding="utf-8")
