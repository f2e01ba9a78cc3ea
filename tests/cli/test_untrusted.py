"""A campaign file of a stranger: what it says about its own judgement, and what it reaches for."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from mailaudit.cli.program import program
from mailaudit.errors import InputError
from mailaudit.reach import confinement

LIST = "email\nana@firm.example\nnot an address\n"
EASY = 'fail_on: never\nignore: [{check: "*", reason: later}]\ndns: {zones: [mine.zone]}\n'


@pytest.fixture(autouse=True)
def _unconfined(monkeypatch: pytest.MonkeyPatch) -> None:
    # The process of the tests could not be freed again; tests/reach/test_confinement.py confines one of its own.
    monkeypatch.setattr(confinement, "confine", lambda *_: None)


@pytest.fixture
def campaign(tmp_path: Path) -> Path:
    folder = tmp_path / "pull-request"
    folder.mkdir()
    (tmp_path / "above.csv").write_text(LIST, encoding="utf-8")
    (folder / "list.csv").write_text(LIST, encoding="utf-8")
    (folder / "mine.zone").write_text("$ORIGIN acme.example.\n@ 60 IN SOA ns h 1 1 1 1 1\n", encoding="utf-8")
    return write(folder / "campaign.yml", "recipients: {files: [list.csv]}\n")


def write(file: Path, more: str) -> Path:
    file.write_text(f"from: news@acme.example\n{more}", encoding="utf-8")
    return file


def check(campaign: Path, *words: str) -> Result:
    words = ("check", str(campaign), "--offline", "-f", "json", *words)
    return CliRunner().invoke(program, words, catch_exceptions=False)


def found(done: Result) -> dict[str, Any]:
    report: dict[str, Any] = json.loads(done.stdout)
    return {
        result["check"]: [one["suppressed"] for one in result["findings"]]
        for result in report["results"]
        if result["outcome"] == "failed"
    }


def test_what_the_file_says_about_its_own_judgement_is_said_aloud(campaign: Path) -> None:
    write(campaign, f"recipients: {{files: [list.csv]}}\n{EASY}")
    told = CliRunner().invoke(program, ["check", str(campaign), "-q"]).stdout
    shown = " ".join(told.split())
    assert "ignores every check (*), with the reason: later" in shown
    assert "fail_on: never" in shown
    assert "the campaign file's own zone files (mine.zone)" in shown


def test_untrusted_its_own_judgement_and_dns_count_for_nothing(campaign: Path) -> None:
    write(campaign, f"recipients: {{files: [list.csv]}}\n{EASY}")
    done = check(campaign, "--untrusted")
    assert json.loads(done.stdout)["gate"]["exit_code"] == 1
    assert found(done)["address-invalid"] == [None]
    assert json.loads(done.stdout)["provenance"]["resolver"] == "offline"


def test_a_policy_judges_instead(campaign: Path, tmp_path: Path) -> None:
    write(campaign, f"recipients: {{files: [list.csv]}}\n{EASY}")
    policy = tmp_path / "policy.yml"
    policy.write_text("fail_on: note\nignore: [{check: address-invalid, reason: agreed}]\n", encoding="utf-8")
    done = check(campaign, "--policy", str(policy))
    (set_aside,) = found(done)["address-invalid"]
    assert (set_aside["source"], set_aside["reason"]) == ("policy", "agreed")
    assert json.loads(done.stdout)["gate"]["fail_on"] == "note"


@pytest.mark.parametrize(
    ("more", "key"),
    [
        ("recipients: {files: [../above.csv]}", "recipients.files: above.csv lies outside"),
        (
            "recipients: {files: [list.csv], suppression: [list.csv, ../above.csv]}",
            "recipients.suppression.1: above",
        ),
        ("recipients: {files: [link.csv]}", "recipients.files: link.csv lies outside"),
        ("recipients: {files: [/dev/zero]}", "recipients.files: zero lies outside"),
        ("recipients: {files: ['sqlite://list.csv'], table: people}", "recipients.files: no database is asked"),
        ("recipients: {files: ['sqlite://list.csv'], query: select 1}", "recipients.query: no query is run"),
        ("message: ../above.csv", "message.eml: above.csv lies outside"),
    ],
)
def test_untrusted_it_reaches_for_nothing_beyond_its_folder(campaign: Path, more: str, key: str) -> None:
    (campaign.parent / "link.csv").symlink_to(campaign.parent.parent / "above.csv")
    write(campaign, more)
    with pytest.raises(InputError) as refused:
        check(campaign, "--untrusted")
    assert any(key in str(one) and one.where and one.where.line == 2 for one in refused.value.complaints)


def test_untrusted_the_campaign_file_itself_is_no_link_to_elsewhere(campaign: Path) -> None:
    outside = campaign.parent.parent / "secret.yml"
    outside.write_text("password_of_the_house: x\n", encoding="utf-8")
    campaign.unlink()
    campaign.symlink_to(outside)
    with pytest.raises(InputError, match="a link that leads out of its folder") as refused:
        check(campaign, "--untrusted")
    assert "password" not in str(refused.value)


def test_what_the_command_line_names_is_trusted(campaign: Path) -> None:
    write(campaign, "recipients: {files: [missing.csv]}")
    done = check(campaign, "--untrusted", "--recipients", str(campaign.parent.parent / "above.csv"))
    assert json.loads(done.stdout)["facts"]["recipients"]["rows"] == 2


@pytest.mark.parametrize(
    ("setting", "fact"),
    [
        ("recipients.files=[../above.csv]", 2),
        ("recipients.role_addresses=keep", None),
        ("nothing", None),
        ("from.x=1", None),
    ],
)
def test_set_gives_a_key_another_value(campaign: Path, setting: str, fact: int | None) -> None:
    if fact is None:
        with pytest.raises(InputError, match=setting.partition("=")[0]):
            check(campaign, "--set", setting)
    else:
        assert json.loads(check(campaign, "--set", setting).stdout)["facts"]["recipients"]["rows"] == fact
