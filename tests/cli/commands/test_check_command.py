"""`mailaudit check` as scripts and people drive it: streams, exit codes, outputs, signals."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from mailaudit.cli import program
from support import command

ROOT = Path(__file__).parents[3]
PLATFORM = ROOT / "examples" / "platform" / "campaign.yml"
OWN_SERVER = ROOT / "examples" / "own-server" / "campaign.yml"
ZONE = """$ORIGIN acme.example.
@ 3600 IN SOA ns1 hostmaster 1 7200 3600 1209600 300
@ 3600 IN MX 10 mx
mx 3600 IN A 192.0.2.10
@ 3600 IN TXT "v=spf1 mx -all"
_dmarc 3600 IN TXT "v=DMARC1; p=reject; rua=mailto:dmarc@acme.example"
"""


def mailaudit(*args: str | Path, cwd: Path | None = None, **environment: str) -> subprocess.CompletedProcess[str]:
    if not environment.keys() & {"PYTHONIOENCODING", "PYTHONUTF8", "LC_ALL", "PYTHONHASHSEED", "TZ"}:
        return command.mailaudit(*args, cwd=cwd, environment=environment)
    clean = {name: value for name, value in os.environ.items() if not name.startswith("MAILAUDIT_")}
    return subprocess.run(
        [sys.executable, "-m", "mailaudit", *map(str, args)],
        capture_output=True,
        text=True,
        encoding="utf-8",
        cwd=cwd,
        env=clean | environment,
        timeout=60,
        check=False,
    )


@pytest.fixture
def campaign(tmp_path: Path) -> Path:
    (tmp_path / "acme.zone").write_text(ZONE, encoding="utf-8")
    file = tmp_path / "campaign.yml"
    file.write_text("name: Spring\nfrom: ACME <news@acme.example>\ndns: {zones: [acme.zone]}\n", encoding="utf-8")
    return file


def test_the_well_run_newsletter_is_ready() -> None:
    done = mailaudit("check", PLATFORM)
    assert (done.returncode, done.stderr) == (0, "")
    assert "Ready" in done.stdout


def test_the_classic_mistake_is_not_ready() -> None:
    done = mailaudit("check", OWN_SERVER)
    assert (done.returncode, done.stderr) == (1, "")
    assert "Not ready" in done.stdout


def test_the_default_is_the_campaign_in_this_folder(campaign: Path) -> None:
    done = mailaudit("check", "-f", "json", cwd=campaign.parent)
    assert done.returncode == 0
    assert json.loads(done.stdout)["campaign"]["file"] == "campaign.yml"


def test_stdout_holds_the_json_report_and_nothing_else(campaign: Path) -> None:
    done = mailaudit("check", campaign, "-f", "json", "-v")
    assert json.loads(done.stdout)["schema_version"] == 1


@pytest.mark.parametrize("command", ["check", "plan"])
def test_an_unknown_limiter_is_told_with_its_place(campaign: Path, command: str) -> None:
    (campaign.parent / "list.csv").write_text("email\na@gmail.com\n", encoding="utf-8")
    more = "recipients: {files: [list.csv]}\nschedule: {limiter: foo}\n"
    campaign.write_text(campaign.read_text(encoding="utf-8") + more, encoding="utf-8")
    done = mailaudit(command, "campaign.yml", cwd=campaign.parent)
    assert done.returncode == 2
    assert "campaign.yml:5:12: schedule.limiter: nothing is known of 'foo'" in done.stderr


@pytest.mark.parametrize(
    ("args", "part"),
    [
        (["nothing.yml"], "nothing.yml"),
        (["--format", "pdf"], "unknown format"),
        (["--nonsense"], "No such option"),
        (["--fail-on", "disaster"], "disaster"),
        (["--select", "spf-mising"], "did you mean spf-missing?"),
        (["-o", "report.pdf"], "cannot be told"),
        (["-o", "nowhere/report.json"], "does not exist"),
        (["--write-baseline", "nowhere/accepted.json"], "does not exist"),
        (["--record", "nowhere/answers.zone"], "does not exist"),
        (["-o", "campaign.yml"], "cannot be told"),
        (["-o", "json=acme.zone"], "input file"),
        (["-o", "json=campaign.yml"], "input file"),
        (["--baseline", "nothing.json"], "nothing.json"),
        (["--baseline", "campaign.yml"], "campaign.yml"),
        (["--replay", "nothing.json"], "nothing.json"),
        (["--zone", "nothing.zone"], "nothing.zone"),
        (["--dns-server", "dns.example"], "dns.example"),
        (["--recipients", "nothing.csv"], "nothing.csv"),
        (["--offline", "--dns-server", "127.0.0.1"], "--offline"),
    ],
)
def test_what_cannot_be_used_is_said_on_stderr_with_exit_2(campaign: Path, args: list[str], part: str) -> None:
    done = mailaudit("check", *args, cwd=campaign.parent)
    assert (done.returncode, done.stdout) == (2, "")
    assert part in done.stderr
    assert "Traceback" not in done.stderr


def test_a_broken_campaign_names_file_line_and_key(campaign: Path) -> None:
    campaign.write_text("from: news@acme.example\nsending:\n  ipz: 192.0.2.1\nrecipents: {}\n", encoding="utf-8")
    done = mailaudit("check", cwd=campaign.parent)
    assert done.returncode == 2
    assert "campaign.yml:3:3: sending.ipz: unknown key; did you mean ips?" in done.stderr
    assert "campaign.yml:4:1: recipents: unknown key; did you mean recipients?" in done.stderr


def test_places_are_those_of_the_campaigns_repository_wherever_the_run_is(campaign: Path, tmp_path: Path) -> None:
    (campaign.parent / ".git").mkdir()
    (campaign.parent / "list é.csv").write_text("email\nnobody\n", encoding="utf-8")
    with campaign.open("a", encoding="utf-8") as file:
        file.write("recipients: {files: ['list é.csv']}\n")
    done = mailaudit("check", campaign, "--offline", "-f", "sarif", cwd=tmp_path.parent)
    places = [place for result in json.loads(done.stdout)["runs"][0]["results"] for place in result["locations"]]
    uris = {place["physicalLocation"]["artifactLocation"]["uri"] for place in places}
    assert uris == {"campaign.yml", "list%20%C3%A9.csv"}


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no named pipes here")
def test_a_pipe_that_nobody_reads_is_an_error(campaign: Path, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "report.json")
    done = mailaudit("check", campaign, "-o", tmp_path / "report.json")
    assert done.returncode == 2
    assert "nobody reads this pipe" in done.stderr
    assert (tmp_path / "report.json").is_fifo()


def test_several_outputs_are_written_at_once_and_agree(campaign: Path) -> None:
    done = mailaudit("check", "-o", "a.json", "-o", "json=b.out", "-f", "json", cwd=campaign.parent)
    first = (campaign.parent / "a.json").read_text(encoding="utf-8")
    assert first == (campaign.parent / "b.out").read_text(encoding="utf-8") == done.stdout
    assert sorted(path.name for path in campaign.parent.iterdir()) == [
        "a.json",
        "acme.zone",
        "b.out",
        "campaign.yml",
    ]


def test_a_dash_is_standard_output_in_any_format(campaign: Path) -> None:
    done = mailaudit("check", "-o", "zone=-", "-o", "-", cwd=campaign.parent)
    assert done.stdout == mailaudit("check", "-f", "zone", cwd=campaign.parent).stdout != ""
    assert sorted(path.name for path in campaign.parent.iterdir()) == ["acme.zone", "campaign.yml"]
    for asked in (("-f", "json"), ("-o", "csv=-")):
        refused = mailaudit("check", *asked, "-o", "zone=-", cwd=campaign.parent)
        assert (refused.returncode, "stdout takes one format" in refused.stderr) == (2, True)


def test_render_gives_the_same_bytes(campaign: Path) -> None:
    checked = mailaudit("check", "-o", "a.json", cwd=campaign.parent)
    assert mailaudit("render", "a.json", cwd=campaign.parent).stdout == checked.stdout
    again = mailaudit("render", "a.json", "-f", "json", cwd=campaign.parent)
    assert again.stdout == (campaign.parent / "a.json").read_text(encoding="utf-8")


def test_options_come_from_the_environment_too(campaign: Path) -> None:
    done = mailaudit("check", cwd=campaign.parent, MAILAUDIT_FORMAT="json", MAILAUDIT_SELECT="spf-missing")
    outcomes = {entry["check"]: entry["outcome"] for entry in json.loads(done.stdout)["results"]}
    assert outcomes.pop("spf-missing") == "passed"
    assert set(outcomes.values()) == {"skipped"}


def test_the_bar_decides_the_exit_code(campaign: Path) -> None:
    zone = campaign.parent / "acme.zone"
    zone.write_text(ZONE.replace("p=reject", "p=none"), encoding="utf-8")
    codes = {
        bar: mailaudit("check", campaign, "--fail-on", bar).returncode for bar in ("error", "warning", "never")
    }
    assert codes == {"error": 0, "warning": 1, "never": 0}


def test_a_baseline_lets_known_findings_pass(campaign: Path) -> None:
    zone = campaign.parent / "acme.zone"
    zone.write_text(ZONE.replace("v=spf1", "v=nothing"), encoding="utf-8")
    assert mailaudit("check", "-o", "old.json", cwd=campaign.parent).returncode == 1
    assert mailaudit("check", "--baseline", "old.json", cwd=campaign.parent).returncode == 0


def test_a_baseline_covers_no_link_more_than_there_were(tmp_path: Path) -> None:
    (tmp_path / "campaign.yml").write_text("from: a@acme.example\nmessage: {html: body.html}\n", encoding="utf-8")

    def code(links: int, option: str) -> int:
        (tmp_path / "body.html").write_text('<a href="/x">part</a> ' * links, encoding="utf-8")
        words = ("check", "--offline", "--select", "link-relative", option, "accepted.json")
        return mailaudit(*words, cwd=tmp_path).returncode

    assert code(2, "--write-baseline") == 1
    assert [code(links, "--baseline") for links in (2, 1, 3)] == [0, 0, 1]


def test_a_draft_zone_is_compared_with_what_is_published(campaign: Path) -> None:
    folder = campaign.parent
    (folder / "draft.zone").write_text(
        '_dmarc.acme.example. 3600 IN TXT "v=DMARC1; p=none"\nacme.example. 3600 IN TXT "v=spf1 -all"\n',
        encoding="utf-8",
    )
    done = mailaudit("check", "--diff-zone", "draft.zone", cwd=folder)
    assert "new" in done.stdout.splitlines()[0]
    assert "dmarc-policy-none" in done.stdout
    before = mailaudit("check", "-o", "before.json", cwd=folder)
    assert "dmarc-policy-none" not in before.stdout
    after = mailaudit("check", "--diff-zone", "draft.zone", "-f", "json", "-o", "after.json", cwd=folder)
    assert json.loads(after.stdout)["counts"]["warning"] > 0
    compared = mailaudit("diff", "before.json", "after.json", cwd=folder)
    assert (compared.returncode, compared.stdout) == (0, done.stdout)
    assert mailaudit("diff", "before.json", "after.json", "--fail-on", "warning", cwd=folder).returncode == 1
    assert mailaudit("diff", "after.json", "before.json", "--fail-on", "note", cwd=folder).returncode == 0


def test_offline_without_zones_is_incomplete(tmp_path: Path) -> None:
    file = tmp_path / "campaign.yml"
    file.write_text("from: news@acme.example\n", encoding="utf-8")
    done = mailaudit("check", file, "--offline")
    assert done.returncode == 3
    assert "offline" in done.stdout


@pytest.mark.integration  # for the time that it waits
def test_an_unreachable_server_ends_inside_the_budget_and_says_what_is_unverified(tmp_path: Path) -> None:
    file = tmp_path / "campaign.yml"
    file.write_text("from: news@acme.example\nsending: {ips: [192.0.2.1]}\n", encoding="utf-8")
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as silent:
        silent.bind(("127.0.0.1", 0))
        began = time.monotonic()
        done = mailaudit("check", file, "--dns-server", f"127.0.0.1:{silent.getsockname()[1]}")
        assert time.monotonic() - began < 10
    assert done.returncode == 3
    assert "could not be verified" in done.stdout
    assert "did not answer" in done.stdout
    assert "Ready" not in done.stdout


def test_a_recording_gives_the_same_report_without_the_world(campaign: Path) -> None:
    folder = campaign.parent
    first = mailaudit("check", "--record", "dns.json", "-f", "json", cwd=folder)
    (folder / "acme.zone").write_text("", encoding="utf-8")
    second = mailaudit("check", "--replay", "dns.json", "-f", "json", cwd=folder)
    told, retold = json.loads(first.stdout), json.loads(second.stdout)
    assert told["results"] == retold["results"]
    assert told["facts"] == retold["facts"]
    assert (first.returncode, second.returncode) == (0, 0)


@pytest.mark.parametrize("file", ["campaign.yml", "acme.zone", "out.json"])
def test_a_recording_never_replaces_another_file_of_the_run(campaign: Path, file: str) -> None:
    folder = campaign.parent
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    done = mailaudit("check", "--record", file, "-o", "out.json", cwd=folder)
    assert done.returncode == 2
    assert file in done.stderr
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before


@pytest.mark.parametrize("key", ["files", "suppression", "verification"])
def test_a_report_never_replaces_a_list(campaign: Path, key: str) -> None:
    (campaign.parent / "list.csv").write_text("email,status\na@gmail.com,valid\n", encoding="utf-8")
    (campaign.parent / "other.md").write_text("email,status\na@gmail.com,valid\n", encoding="utf-8")
    names = {"files": "[list.csv]", key: "[other.md]"}
    written = ", ".join(f"{name}: {value}" for name, value in names.items())
    campaign.write_text(f"from: a@acme.example\nrecipients: {{{written}}}\n", encoding="utf-8")
    done = mailaudit("check", campaign, "--offline", "-o", campaign.parent / "other.md")
    assert done.returncode == 2
    assert (campaign.parent / "other.md").read_text(encoding="utf-8").startswith("email,status")


def test_the_same_inputs_give_the_same_bytes(campaign: Path) -> None:
    reports = [json.loads(mailaudit("check", campaign, "-f", "json").stdout) for _ in range(2)]
    for report in reports:
        report.pop("generated_at")
    assert json.dumps(reports[0]) == json.dumps(reports[1])


@pytest.mark.integration
def test_a_closed_pipe_is_no_error() -> None:
    with subprocess.Popen(
        [sys.executable, "-m", "mailaudit", "check", str(OWN_SERVER)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        assert process.wait(timeout=60) == 1
        assert process.stderr.read() == b""


@pytest.mark.integration
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_an_interruption_ends_at_once_with_130_and_leaves_nothing(tmp_path: Path, number: signal.Signals) -> None:
    file = tmp_path / "campaign.yml"
    file.write_text("from: news@acme.example\nrecipients: {files: [list.csv]}\n", encoding="utf-8")
    (tmp_path / "list.csv").write_text("email\na@gmail.com\nb@shops.example\n", encoding="utf-8")
    (tmp_path / "between").mkdir()
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as silent:
        silent.bind(("127.0.0.1", 0))
        silent.settimeout(20)
        with subprocess.Popen(
            [
                sys.executable,
                "-m",
                "mailaudit",
                "check",
                str(file),
                "--dns-server",
                f"127.0.0.1:{silent.getsockname()[1]}",
            ],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env={**os.environ, "TMPDIR": str(tmp_path / "between")},
        ) as process:
            while not list((tmp_path / "between").iterdir()):  # the list is being read
                silent.recv(512)
            process.send_signal(number)
            out, err = process.communicate(timeout=10)
    assert (process.returncode, out) == (130, b"")
    assert b"interrupted" in err
    assert b"Traceback" not in err
    assert list((tmp_path / "between").iterdir()) == []


def test_an_internal_error_quotes_no_address(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(*_args: object, **_more: object) -> None:
        raise RuntimeError('Original Line: "anna.smith@acme.example",1')

    monkeypatch.setattr(program.program, "main", fail)
    assert program._run([]) == 3
    said = capsys.readouterr().err
    assert "anna" not in said
    assert "internal error: RuntimeError at cli/program.py:" in said


@pytest.mark.integration
def test_ascii_streams_lose_no_words() -> None:
    done = mailaudit("check", OWN_SERVER, PYTHONIOENCODING="ascii")
    assert done.returncode == 1
    assert "Not ready" in done.stdout
    assert done.stdout.isascii()


def test_a_file_that_cannot_be_written_is_said(campaign: Path) -> None:
    full = Path("/dev/full")
    if not full.exists():
        pytest.skip("this system has no device that is always full")
    done = mailaudit("check", campaign, "-o", f"json={full}")
    assert done.returncode == 2
    assert "cannot be written" in done.stderr


def test_escape_sequences_in_a_campaign_reach_no_terminal(campaign: Path) -> None:
    campaign.write_text('from: news@acme.example\n"\\e[31mkey": 1\n', encoding="utf-8")
    done = mailaudit("check", campaign)
    assert done.returncode == 2
    assert "\x1b" not in done.stderr


@pytest.mark.parametrize("option", ["--output", "--record"])
def test_a_link_that_leads_in_a_circle_gives_way_to_the_file(campaign: Path, option: str) -> None:
    (campaign.parent / "loop.json").symlink_to("loop.json")
    done = mailaudit("check", option, "loop.json", cwd=campaign.parent)
    assert (done.returncode, done.stderr) == (0, "")
    assert (campaign.parent / "loop.json").read_text(encoding="utf-8").startswith("{")


def shell(command: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    program = f"{sys.executable} -m mailaudit"
    return subprocess.run(
        ["/bin/sh", "-c", command.replace("mailaudit", program, 1)],
        capture_output=True,
        text=True,
        cwd=cwd,
        timeout=60,
        check=False,
    )


@pytest.mark.integration
@pytest.mark.parametrize(
    ("command", "code"),
    [
        ("mailaudit check -q >&-", 0),
        ("mailaudit check -q 2>&-", 0),
        ("mailaudit check nothing.yml 2>&-", 2),
        ("mailaudit check --nonsense 2>&-", 2),
        ("mailaudit --help >&-", 0),
    ],
)
def test_a_stream_that_the_caller_closed_changes_nothing(campaign: Path, command: str, code: int) -> None:
    done = shell(command, campaign.parent)
    assert (done.returncode, done.stderr) == (code, "")


@pytest.mark.integration
@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
def test_a_full_disk_is_no_bug(campaign: Path) -> None:
    done = shell("mailaudit check -q >/dev/full", campaign.parent)
    assert done.returncode == 2
    assert "the report cannot be written to stdout" in done.stderr
    assert "bug" not in done.stderr
    assert shell("mailaudit check nothing.yml 2>/dev/full", campaign.parent).returncode == 2


def test_an_output_with_a_name_too_long_is_said_aloud(campaign: Path) -> None:
    done = mailaudit("check", "-o", f"json={'x' * 300}", cwd=campaign.parent)
    assert done.returncode == 2
    assert "cannot be written" in done.stderr


def test_a_report_does_not_tell_where_the_folder_is(campaign: Path) -> None:
    (campaign.parent / "dns").mkdir()
    (campaign.parent / "acme.zone").rename(campaign.parent / "dns" / "acme.zone")
    campaign.write_text(
        campaign.read_text(encoding="utf-8").replace("acme.zone", "dns/acme.zone"), encoding="utf-8"
    )
    done = mailaudit("check", "-f", "json", "--record", "dns.jsonl", cwd=campaign.parent)
    assert json.loads(done.stdout)["provenance"]["resolver"] == "zone files acme.zone"
    assert str(campaign.parent) not in done.stdout
    again = mailaudit("check", "-f", "json", "--replay", str(campaign.parent / "dns.jsonl"), cwd=campaign.parent)
    assert str(campaign.parent) not in again.stdout


@pytest.mark.parametrize("name", ["spf_missing", "SPF-Missing", "spf_miss*"])
def test_a_check_is_selected_however_its_name_is_written(campaign: Path, name: str) -> None:
    done = mailaudit("check", "-f", "json", "--select", name, cwd=campaign.parent)
    ran = [entry["check"] for entry in json.loads(done.stdout)["results"] if entry["outcome"] != "skipped"]
    assert ran == ["spf-missing"]


@pytest.mark.parametrize(("flag", "environment"), [(("--allow-http",), {}), ((), {"MAILAUDIT_ALLOW_HTTP": "1"})])
def test_leave_to_fetch_fetches_nothing_when_files_answer(
    campaign: Path, flag: tuple[str, ...], environment: dict[str, str]
) -> None:
    zone = campaign.parent / "acme.zone"
    logo = 'default._bimi 3600 IN TXT "v=BIMI1; l=https://acme.example/logo.svg"\n'
    zone.write_text(ZONE + logo, encoding="utf-8")
    done = mailaudit("check", campaign, *flag, "-f", "json", cwd=None, **environment)
    report = json.loads(done.stdout)
    outcomes = {result["check"]: result["outcome"] for result in report["results"]}
    assert outcomes["bimi-invalid"] == "passed"
    assert outcomes["bimi-logo-invalid"] == "skipped"
    assert report["facts"]["sender"]["bimi"] is None
