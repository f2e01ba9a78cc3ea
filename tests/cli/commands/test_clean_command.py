from __future__ import annotations

import json
from pathlib import Path

import pytest
from click import UsageError
from click.testing import CliRunner
from yaml import safe_load

from mailaudit.cli.commands.clean import command
from mailaudit.errors import InputError

CAMPAIGN = "name: t\nfrom: news@acme.example\nrecipients: {files: [list.csv], suppression: [stop.txt]}\n"
LIST = "email\nanna@acme.example\nANNA@acme.example\nzoe@acme.example\ninfo@acme.example\n"


@pytest.fixture
def campaign(tmp_path: Path) -> Path:
    (tmp_path / "campaign.yml").write_text(CAMPAIGN, encoding="utf-8")
    (tmp_path / "list.csv").write_text(LIST, encoding="utf-8")
    (tmp_path / "stop.txt").write_text("zoe@acme.example\n", encoding="utf-8")
    return tmp_path / "campaign.yml"


def run(*args: object) -> tuple[int, str, str]:
    found = CliRunner().invoke(command, [str(arg) for arg in args], standalone_mode=False)
    if found.exception:
        raise found.exception
    return int(found.return_value or 0), found.stdout, found.stderr


def test_the_summary_adds_up(campaign: Path) -> None:
    code, out, err = run(campaign, "--offline")
    assert code == 0
    assert out.startswith("list.csv: 4 rows = 2 kept + 2 removed\n")
    assert "class undeliverable could not be told here" in err
    assert (campaign.parent / "list.clean.csv").read_text(encoding="utf-8") == (
        "email\nanna@acme.example\ninfo@acme.example\n"
    )


def test_classes_are_chosen(campaign: Path) -> None:
    _, out, _ = run(campaign, "--offline", "--remove", "role", "--keep", "duplicates,suppressed", "-f", "json")
    told = json.loads(out)
    assert told["files"][0]["removed"] == {"role": 1}
    assert (told["rows"], told["kept"], told["removed"]) == (4, 3, 1)


def test_an_unknown_class_is_named(campaign: Path) -> None:
    with pytest.raises(Exception, match=r"unknown class 'duplicate'; did you mean duplicates\?"):
        run(campaign, "--offline", "--remove", "duplicate")


def test_another_folder_and_a_dry_run(campaign: Path, tmp_path: Path) -> None:
    _, out, _ = run(campaign, "--offline", "--dry-run")
    assert "2 would be kept + 2 would be removed" in out
    folder = tmp_path / "out"
    with pytest.raises(InputError, match="there is no such folder"):
        run(campaign, "--offline", "-o", folder)
    folder.mkdir()
    run(campaign, "--offline", "-o", folder, "--to", "csv")
    assert sorted(path.name for path in folder.iterdir()) == ["list.clean.csv", "list.removed.csv"]


@pytest.mark.parametrize(
    ("more", "less", "told"),
    [("role", "role", "role"), ("role,typo", "all", "role, typo"), ("all", "role,all", "all")],
)
def test_a_class_that_is_kept_and_removed_is_a_contradiction(
    campaign: Path, more: str, less: str, told: str
) -> None:
    with pytest.raises(UsageError, match=f"{told}: --remove and --keep contradict each other"):
        run(campaign, "--offline", "--remove", more, "--keep", less)


def test_the_campaign_file_that_sends_to_the_clean_list_is_told(campaign: Path, tmp_path: Path) -> None:
    (tmp_path / "out: 1").mkdir()
    _, out, _ = run(campaign, "--offline", "-o", tmp_path / "out: 1")
    told = safe_load(out.partition("campaign.yml:\n")[2])
    assert told == {"recipients": {"files": ["out: 1/list.clean.csv"]}}


def test_a_clean_list_without_anybody_is_not_among_those_to_send_to(campaign: Path, tmp_path: Path) -> None:
    (tmp_path / "twice.csv").write_text("email\nAnna@acme.example\n", encoding="utf-8")
    (tmp_path / "out").mkdir()
    _, out, _ = run(
        campaign, "--offline", "-o", tmp_path / "out", "--set", "recipients.files=[list.csv, twice.csv]"
    )
    assert safe_load(out.partition("campaign.yml:\n")[2]) == {"recipients": {"files": ["out/list.clean.csv"]}}
    assert "0 kept" in out
    _, out, _ = run(campaign, "--offline", "--dry-run", "--recipients", tmp_path / "stop.txt")
    assert out.endswith("\nNobody is left to send to.\n")


def test_what_still_repeats_an_address_is_told(campaign: Path, tmp_path: Path) -> None:
    (tmp_path / "list.csv").write_text(
        "email,agreed,opened\nanna@acme.example,2026-05-01,2020-01-01\nANNA@acme.example,,2026-05-01\n"
        "anna@acme.example,,2021-01-01\n",
        encoding="utf-8",
    )
    days = "recipients.consent.column=agreed", "recipients.last_engaged={column: opened, max_age: 12mo}"
    options = (
        "--offline",
        "--dry-run",
        "--set",
        days[0],
        "--set",
        days[1],
        "--set",
        "schedule.start=2026-06-01T09:00",
    )
    assert "\nStill repeated: 1 (" in run(campaign, *options)[1]
    assert json.loads(run(campaign, *options, "-f", "json")[1])["repeated"] == 1
    assert json.loads(run(campaign, *options, "-f", "json", "--keep", "duplicates")[1])["repeated"] == 0
