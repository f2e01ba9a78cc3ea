from __future__ import annotations

from pathlib import Path

import pytest

from mailaudit.cli.commands.plan import command
from mailaudit.errors import InputError

ROOT = Path(__file__).parents[2]
SHOP = str(ROOT / "examples" / "own-server" / "campaign.yml")


def run(capsys: pytest.CaptureFixture[str], *args: str) -> tuple[int, str]:
    code = command.main([*args], standalone_mode=False)
    return code, capsys.readouterr().out


def test_the_shop_gets_a_plan_that_it_can_type_in(capsys: pytest.CaptureFixture[str]) -> None:
    code, out = run(capsys, SHOP)
    assert code == 0
    assert "schedule: {start: 2026-12-01T09:00, rate: 38/min}" in out


def test_too_late_is_an_answer_and_exit_1(capsys: pytest.CaptureFixture[str]) -> None:
    code, out = run(capsys, SHOP, "--until", "2026-12-01T10:00")
    assert code == 1
    assert "It cannot be done by 1 December 2026, 10:00" in out


def test_every_format_goes_to_a_file(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    files = [tmp_path / f"plan.{suffix}" for suffix in ("txt", "csv", "ics", "json")]
    options = [part for file in files for part in ("-o", str(file))]
    code, out = run(capsys, SHOP, "--warm-up", "-f", "csv", *options)
    assert code == 0
    assert files[1].read_text() == out
    assert files[2].read_bytes().startswith(b"BEGIN:VCALENDAR")
    assert all(file.stat().st_size for file in files)


def test_a_campaign_beside_this_one_takes_its_share(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    (tmp_path / "list.txt").write_text("".join(f"reader{number}@mail.example\n" for number in range(500)))
    other = tmp_path / "campaign.yml"
    other.write_text(
        "name: reminder\nfrom: contact@cave-coste.example\nrecipients: {files: [list.txt]}\n"
        "schedule: {start: 2026-12-01T09:00, timezone: Europe/Paris, rate: 10/min}\n"
    )
    code, out = run(capsys, SHOP, "--beside", str(other))
    assert code == 0
    assert "rate: 28/min" in out


def test_a_slip_in_a_time_names_the_option() -> None:
    with pytest.raises(InputError, match="--until tomorrow"):
        command.main([SHOP, "--until", "tomorrow"], standalone_mode=False)


def test_an_unknown_suffix_is_refused_before_anything_is_read() -> None:
    with pytest.raises(InputError, match=r"use a suffix \(\.txt"):
        command.main(["missing.yml", "-o", "plan.pdf"], standalone_mode=False)


def test_the_documentation_shows_what_the_program_prints(capsys: pytest.CaptureFixture[str]) -> None:
    page = (ROOT / "docs" / "volume.md").read_text(encoding="utf-8")
    _, out = run(capsys, SHOP)
    assert f"$ mailaudit plan examples/own-server/campaign.yml\n{out}```" in page
