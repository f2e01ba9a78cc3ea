from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from mailaudit.api import DnsOptions, Options, audit, load_campaign
from mailaudit.cli.commands.plan import command
from mailaudit.errors import InputError

ROOT = Path(__file__).parents[3]
SHOP = str(ROOT / "examples" / "own-server" / "campaign.yml")


def run(capsys: pytest.CaptureFixture[str], *args: str) -> tuple[int, str]:
    code = command.main([*args], standalone_mode=False)
    return code, capsys.readouterr().out


@pytest.mark.slow
def test_the_shop_gets_a_plan_that_it_can_type_in(capsys: pytest.CaptureFixture[str]) -> None:
    code, out = run(capsys, SHOP)
    assert code == 0
    assert "schedule: {start: 2026-12-01T09:00, rate: 38/min}" in out


@pytest.mark.slow
def test_too_late_is_an_answer_and_exit_1(capsys: pytest.CaptureFixture[str]) -> None:
    code, out = run(capsys, SHOP, "--until", "2026-12-01T10:00")
    assert code == 1
    assert "It cannot be done by 1 December 2026, 10:00" in out


@pytest.mark.slow
def test_every_format_goes_to_a_file(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    files = [tmp_path / f"plan.{suffix}" for suffix in ("txt", "csv", "ics", "json")]
    options = [part for file in files for part in ("-o", str(file))]
    code, out = run(capsys, SHOP, "--warm-up", "-f", "csv", *options)
    assert code == 0
    assert files[1].read_text() == out
    assert files[2].read_bytes().startswith(b"BEGIN:VCALENDAR")
    assert all(file.stat().st_size for file in files)


@pytest.mark.slow
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


@pytest.mark.slow
def test_a_start_in_the_past_is_told_first(capsys: pytest.CaptureFixture[str]) -> None:
    _, out = run(capsys, SHOP, "--start", "2020-01-06T09:00")
    assert "The start lies in the past: 6 January 2020, 09:00 (Europe/Paris)" in out.splitlines()[2]
    _, told = run(capsys, SHOP, "--start", "2020-01-06T09:00", "-f", "json")
    assert json.loads(told)["plan"]["starts_in_the_past"] is True


@pytest.mark.parametrize(
    ("given", "written"),
    [("2026-12-02T10:00", "local 2026-12-02T10:00"), ("2026-12-02T10:00+01:00", "2026-12-02T10:00")],
)
def test_another_start_stays_everybody_s_own_but_for_an_offset(
    given: str, written: str, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    (tmp_path / "list.csv").write_text("email,country\na@mail.example,FR\nb@mail.example,US\n")
    (tmp_path / "campaign.yml").write_text(
        CAMPAIGN.replace("list.txt", "list.csv").replace("start: ", "start: local ")
    )
    _, out = run(capsys, str(tmp_path / "campaign.yml"), "--offline", "--apply", "--start", given)
    assert ("America/New_York" in out) is written.startswith("local")
    assert f"start: {written}\n" in (tmp_path / "campaign.planned.yml").read_text()


def test_an_unknown_suffix_is_refused_before_anything_is_read() -> None:
    with pytest.raises(InputError, match=r"use a suffix \(\.txt"):
        command.main(["missing.yml", "-o", "plan.pdf"], standalone_mode=False)


def test_the_documentation_shows_what_the_program_prints(capsys: pytest.CaptureFixture[str]) -> None:
    page = (ROOT / "docs" / "volume.md").read_text(encoding="utf-8")
    _, out = run(capsys, SHOP)
    assert f"$ mailaudit plan examples/own-server/campaign.yml\n{out}```" in page


CAMPAIGN = """\
# for the fair
from: news@acme.example
sending: {platform: none, ips: [203.0.113.25]}
recipients: {files: [list.txt]}
schedule:
  start: 2026-12-01T09:00
  timezone: Europe/Paris
  batch: {size: 400, every: 1min}  # too fast
  processes: 2
limits: [{name: host, scope: sender, max: 500, window: 24h}]
"""


def test_the_plan_is_written_into_a_copy_that_finds_nothing_more(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    (tmp_path / "list.txt").write_text("".join(f"reader{number}@mail.example\n" for number in range(600)))
    (tmp_path / "campaign.yml").write_text(CAMPAIGN)
    code, out = run(capsys, str(tmp_path / "campaign.yml"), "--offline", "--apply")
    copy = tmp_path / "campaign.planned.yml"
    assert code == 0
    assert "from each of the 2 processes" in out
    assert copy.read_text() == CAMPAIGN.replace("batch: {size: 400, every: 1min}", "rate: 750/h").replace(
        "  processes: 2\n", "  processes: 2\n  most_a_day: 487\n"
    )
    assert (tmp_path / "campaign.yml").read_text() == CAMPAIGN
    campaign, source = load_campaign(copy)
    options = Options(
        dns=DnsOptions(offline=True), select=("window-over-limit", "window-near-limit", "window-not-robust")
    )
    judged = audit(campaign, source, options)
    assert {result.outcome.value for result in judged.results if not result.findings} == {"passed", "skipped"}


def test_the_calendar_and_the_lists_leave_the_same_people_out(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    (tmp_path / "list.txt").write_text("".join(f"reader{number}@mail.example\n" for number in range(600)))
    (tmp_path / "stop.txt").write_text("".join(f"reader{number}@mail.example\n" for number in range(7)))
    file = tmp_path / "campaign.yml"
    file.write_text(CAMPAIGN.replace("{files: [list.txt]}", "{files: [list.txt], suppression: [stop.txt]}"))
    calendar = tmp_path / "plan.ics"
    _, out = run(capsys, str(file), "--offline", "--split", str(tmp_path / "out"), "-o", str(calendar))
    assert "7  suppressed" in out
    told = [int(count) for count in re.findall(r"SUMMARY:Send (\d+) mails", calendar.read_text())]
    days = sorted((tmp_path / "out").glob("*day*"))
    assert told == [len(day.read_text().splitlines()) for day in days] == [486, 107]


def test_a_copy_goes_beside_the_file_and_never_over_it(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    (tmp_path / "list.txt").write_text("reader@mail.example\n")
    file = tmp_path / "campaign.yml"
    file.write_text(CAMPAIGN)
    (tmp_path / "sub").mkdir()
    for target in (file, tmp_path / "sub" / "copy.yml"):
        with pytest.raises(InputError, match="--apply"):
            run(capsys, str(file), "--offline", "--apply", str(target))
    with pytest.raises(InputError, match="warm-up"):
        run(capsys, str(file), "--offline", "--warm-up", "--apply")
    assert "Warm up over" in capsys.readouterr().out
    assert sorted(path.name for path in tmp_path.iterdir()) == ["campaign.yml", "list.txt", "sub"]


def test_a_copy_replaces_no_file_and_follows_no_link(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    (tmp_path / "list.txt").write_text("reader@mail.example\n")
    folder = tmp_path / "campaign"
    folder.mkdir()
    file = folder / "campaign.yml"
    file.write_text(CAMPAIGN.replace("list.txt", "../list.txt"))
    (folder / "notes.yml").write_text("mine")
    (folder / "campaign.planned.yml").symlink_to(tmp_path / "elsewhere.yml")
    for target in (["--apply"], ["--apply", str(folder / "notes.yml")]):
        with pytest.raises(InputError, match="exists already"):
            run(capsys, str(file), "--offline", *target)
    assert (folder / "notes.yml").read_text() == "mine"
    assert not (tmp_path / "elsewhere.yml").exists()


def test_without_a_plan_nothing_is_written_and_the_reason_is_told(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    (tmp_path / "list.txt").write_text("reader@mail.example\n")
    busy = "other_mail: [{name: orders, from: news@acme.example, rate: 60/h}]\n"
    (tmp_path / "campaign.yml").write_text(CAMPAIGN + busy)
    code, out = run(
        capsys, str(tmp_path / "campaign.yml"), "--offline", "--apply", "--split", str(tmp_path / "out")
    )
    assert code == 1
    assert "No plan: the other mail alone breaks a limit. 1,440 other mails" in out
    assert sorted(path.name for path in tmp_path.rglob("*") if path.is_file()) == ["campaign.yml", "list.txt"]


def test_a_format_that_cannot_be_made_is_told_before_anything_is_written(tmp_path: Path) -> None:
    (tmp_path / "list.txt").write_text("reader@mail.example\n")
    (tmp_path / "campaign.yml").write_text(CAMPAIGN.replace("  start: 2026-12-01T09:00\n", ""))
    with pytest.raises(InputError, match="calendar needs a plan with a start"):
        command.main(
            [str(tmp_path / "campaign.yml"), "--offline", "--apply", "-o", str(tmp_path / "plan.ics")],
            standalone_mode=False,
        )
    assert sorted(path.name for path in tmp_path.iterdir()) == ["campaign.yml", "list.txt"]


def test_a_pace_of_the_shared_file_cannot_be_taken_back_in_a_copy(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    (tmp_path / "list.txt").write_text("reader@mail.example\n")
    (tmp_path / "shared.yml").write_text("schedule: {batch: {size: 400, every: 1min}}\n")
    file = tmp_path / "campaign.yml"
    file.write_text(
        CAMPAIGN.replace("  batch: {size: 400, every: 1min}  # too fast\n", "") + "extends: shared.yml\n"
    )
    with pytest.raises(InputError, match=r"schedule\.batch: stands in the shared file"):
        run(capsys, str(file), "--offline", "--apply")
    assert not (tmp_path / "campaign.planned.yml").exists()


@pytest.mark.slow
def test_a_warm_up_that_ends_too_late_is_exit_1(capsys: pytest.CaptureFixture[str]) -> None:
    code, out = run(capsys, SHOP, "--warm-up", "--until", "2026-12-02T10:00")
    assert code == 1
    assert "It cannot be done by 2 December 2026, 10:00" in out
    code, out = run(capsys, SHOP, "--warm-up", "--until", "2027-12-02T10:00")
    assert code == 0
    assert "It ends before 2 December 2027, 10:00" in out


def test_the_machines_zone_is_offered_where_the_file_names_none(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TZ", "Europe/Paris")
    (tmp_path / "list.txt").write_text("reader@mail.example\n")
    file = tmp_path / "campaign.yml"
    for zone, is_offered in (("", True), (", timezone: Europe/Rome", False)):
        file.write_text(
            f"from: news@acme.example\nrecipients: {{files: [list.txt]}}\nschedule: {{start: 2026-12-01T09:00{zone}}}\n"
        )
        command.main([str(file), "--offline"], standalone_mode=False)
        assert ("write `timezone: Europe/Paris`" in capsys.readouterr().err) is is_offered


@pytest.mark.slow
def test_a_plan_says_where_a_warm_up_is_recommended_instead(capsys: pytest.CaptureFixture[str]) -> None:
    _, out = run(capsys, SHOP)
    assert "Recommended instead: over 4 days, 360, 1,080, 2,520, 2,287" in " ".join(out.split())
    assert out.index("Recommended instead") < out.index("Send 38 a minute")
    _, out = run(capsys, SHOP, "--warm-up")
    assert "Recommended" not in out


@pytest.mark.slow
def test_the_lists_of_a_plan_hold_what_its_calendar_has(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    calendar, folder = tmp_path / "plan.ics", tmp_path / "days"
    code, out = run(capsys, SHOP, "--warm-up", "-o", str(calendar), "--split", str(folder))
    assert code == 0
    assert "left out" in out
    entries = re.findall(r"SUMMARY:Send ([\d\\,]+) mail", calendar.read_bytes().decode())
    lists = sorted(path for path in folder.iterdir() if "left-out" not in path.name)
    lines = [len(path.read_text().splitlines()) - 1 for path in lists]
    assert [int(re.sub(r"\D", "", entry)) for entry in entries] == lines


def test_people_who_were_active_after_a_start_that_is_put_off_come_first(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    days = ["2026-06-01"] * 200 + ["2026-11-20"] * 100
    rows = "".join(f"r{at}@mail.example,{day}\n" for at, day in enumerate(days))
    (tmp_path / "list.csv").write_text(f"email,last_open\n{rows}")
    (tmp_path / "campaign.yml").write_text(
        "from: news@acme.example\nsending: {platform: none, ips: [203.0.113.25]}\nschedule: {start: 2026-11-01T09:00}\n"
        "recipients: {files: [list.csv], last_engaged: {column: last_open, max_age: 2y}}\n"
    )
    later = ("--offline", "--warm-up", "--start", "2026-12-01T09:00")
    code, _ = run(capsys, str(tmp_path / "campaign.yml"), *later, "--split", str(tmp_path / "out"))
    assert code == 0
    first = (tmp_path / "out" / "list.day-01-2026-12-01.csv").read_text()
    assert first.count("2026-11-20") == 100


def test_everybodys_own_morning_is_a_list_for_each_zone(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    rows = "".join(
        f"r{at}@mail.example,{country}\n" for at, country in enumerate(["FR", "us", "", "US", "Atlantis"])
    )
    (tmp_path / "list.csv").write_text(f"email,country\n{rows}")
    (tmp_path / "campaign.yml").write_text(
        "from: news@acme.example\nsending: {platform: none, ips: [203.0.113.25]}\nrecipients: {files: [list.csv]}\n"
        "schedule: {start: local 2026-12-01T09:00, timezone: Europe/Paris}\n"
    )
    code, out = run(capsys, str(tmp_path / "campaign.yml"), "--offline", "--split", str(tmp_path / "out"))
    assert code == 0
    assert "start: local 2026-12-01T09:00" in out
    found = {path.name: path.read_text().splitlines()[1:] for path in (tmp_path / "out").iterdir()}
    assert found == {
        "list.zone-01-europe-paris.csv": ["r0@mail.example,FR", "r2@mail.example,", "r4@mail.example,Atlantis"],
        "list.zone-02-america-new-york.csv": ["r1@mail.example,us", "r3@mail.example,US"],
    }
