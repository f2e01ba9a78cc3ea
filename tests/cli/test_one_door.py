"""What `check` accepts and knows, the other commands accept and know."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from mailaudit.cli.program import program
from mailaudit.errors import InputError

LIMITERS = """date: 2026-11-23
limiters:
  - {id: our-mailer, name: our mailer, size: 50, every_ms: 60000, limiter: batch,
     setting: "BATCH and PAUSE in mailer.conf", source: "mailer.conf", confidence: high}
"""


@pytest.fixture
def campaign(tmp_path: Path) -> Path:
    (tmp_path / "own").mkdir()
    (tmp_path / "own" / "limiters.yml").write_text(LIMITERS, encoding="utf-8")
    (tmp_path / "list.csv").write_text("email\n" + "".join(f"p{n}@firm.example\n" for n in range(100)), "utf-8")
    (tmp_path / "w.zone").write_text("$ORIGIN acme.example.\n@ 60 IN SOA ns h 1 1 1 1 1\n", encoding="utf-8")
    file = tmp_path / "campaign.yml"
    file.write_text(
        "from: news@acme.example\nsending: {platform: none}\nrecipients: {files: [list.csv]}\n"
        "schedule: {start: 2028-12-04T09:00, timezone: Europe/Paris, rate: 60/min}\n"
        "dns: {zones: [not-written-yet.zone]}\n",
        encoding="utf-8",
    )
    return file


def run(campaign: Path, *words: str) -> str:
    done = CliRunner().invoke(program, [words[0], str(campaign), *words[1:]])
    assert done.exit_code in {0, 1}, done.output
    return done.stdout


@pytest.mark.slow
@pytest.mark.parametrize("command", ["check", "plan"])
def test_what_the_users_folder_tells_is_known_to_every_command(campaign: Path, command: str) -> None:
    text = campaign.read_text(encoding="utf-8").replace("rate: 60/min", "limiter: our-mailer")
    campaign.write_text(text, encoding="utf-8")
    words = [command, str(campaign), "--zone", str(campaign.parent / "w.zone")]
    with pytest.raises(InputError, match="nothing is known of 'our-mailer'"):
        CliRunner().invoke(program, words, catch_exceptions=False)
    known = CliRunner().invoke(program, [*words, "--knowledge", str(campaign.parent / "own")])
    assert known.exit_code in {0, 1}, known.output
    assert command == "check" or "our mailer: set at most" in known.stdout


@pytest.mark.slow
@pytest.mark.parametrize("command", [("check",), ("plan",), ("clean", "--dry-run")])
def test_zones_of_the_command_line_replace_those_of_the_file(campaign: Path, command: tuple[str, ...]) -> None:
    with pytest.raises(InputError, match=r"not-written-yet\.zone"):
        CliRunner().invoke(program, [command[0], str(campaign), *command[1:]], catch_exceptions=False)
    assert run(campaign, *command, "--zone", str(campaign.parent / "w.zone"))


def test_every_file_that_is_read_is_told_with_its_digest(campaign: Path) -> None:
    (campaign.parent / "checked.csv").write_text("email,result\np1@firm.example,invalid\n", encoding="utf-8")
    (campaign.parent / "body.html").write_text("<p>Hello</p>", encoding="utf-8")
    text = campaign.read_text(encoding="utf-8")
    text = text.replace("[list.csv]", "[list.csv], verification: [checked.csv]")
    campaign.write_text(text + "message: {html: body.html, subject: Hello}\n", encoding="utf-8")
    report = json.loads(run(campaign, "check", "--zone", str(campaign.parent / "w.zone"), "-f", "json"))
    named = {one["path"] for one in report["provenance"]["inputs"]}
    assert {"list.csv", "checked.csv", "body.html", "w.zone"} < named
