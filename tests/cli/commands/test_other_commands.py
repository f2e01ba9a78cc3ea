"""The commands that only tell: explain, checks, schema, render, help."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

import jsonschema
import pytest

import mailaudit
from mailaudit.checks.registry import all_checks
from support import command

ROOT = Path(__file__).parents[3]


def run(*args: str, stdin: str = "") -> subprocess.CompletedProcess[str]:
    return command.mailaudit(*args, stdin=stdin)


def test_help_names_every_command_and_the_exit_codes() -> None:
    done = run("--help")
    assert done.returncode == 0
    for name in ("check", "explain", "checks", "render", "schema"):
        assert f"\n  {name} " in done.stdout
    assert "Exit codes" in done.stdout
    assert max(map(len, done.stdout.splitlines())) <= 80


@pytest.mark.slow
def test_an_audit_of_the_sender_alone_stays_light(tmp_path: Path) -> None:
    (tmp_path / "campaign.yml").write_text("from: news@acme.example\n", encoding="utf-8")
    (tmp_path / "acme.zone").write_text("$ORIGIN acme.example.\n@ 60 IN SOA ns host 1 1 1 1 1\n", encoding="utf-8")
    code = (
        "import sys, contextlib, io\n"
        "from mailaudit.cli import main\n"
        "with contextlib.suppress(SystemExit), contextlib.redirect_stdout(io.StringIO()):\n"
        f"    main(['check', {str(tmp_path / 'campaign.yml')!r}, '--zone', {str(tmp_path / 'acme.zone')!r}])\n"
        "heavy = {'checkdmarc', 'duckdb', 'email_validator', 'httpx', 'jinja2', 'numpy', 'selectolax', 'cryptography',"
        " 'rich.console', 'mailaudit.facts.message.merge.syntaxes', 'mailaudit.facts.volume.flow.streams',"
        " 'mailaudit.facts.recipients.model', 'mailaudit.facts.message.probes.model'}\n"
        "print(sorted(heavy & {*sys.modules, *(name.partition('.')[0] for name in sys.modules)}))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


def test_help_stays_light() -> None:
    code = (
        "import sys, contextlib, io\n"
        "from mailaudit.cli import main\n"
        "with contextlib.suppress(SystemExit), contextlib.redirect_stdout(io.StringIO()): main(['--help'])\n"
        "print(sorted({'checkdmarc', 'pydantic', 'duckdb', 'dns', 'rich', 'yaml', 'asyncio'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_an_unknown_command_is_corrected() -> None:
    done = run("chekc")
    assert done.returncode == 2
    assert "Did you mean check?" in done.stderr
    assert "Did you mean check acme.example?" in run("acme.example").stderr


def test_help_is_a_command_too() -> None:
    assert run("help", "diff").stdout == run("diff", "--help").stdout
    assert run("help").stdout == run("--help").stdout


def test_the_version_is_the_package_s() -> None:
    assert run("--version").stdout == f"mailaudit {mailaudit.__version__}\n"
    lines = run("--version", "-v").stdout.splitlines()
    assert lines[0] == f"mailaudit {mailaudit.__version__}"
    assert re.fullmatch(r"knowledge \d{4}-\d\d-\d\d \(SHA-256 [0-9a-f]{12}\)", lines[1])
    assert {f"dnspython {version('dnspython')}", f"publicsuffixlist {version('publicsuffixlist')}"} <= set(lines)
    assert run("-v", "checks").returncode == 2
    assert f'\nversion = "{mailaudit.__version__}"\n' in (ROOT / "pyproject.toml").read_text(encoding="utf-8")


def test_checks_are_listed_as_json() -> None:
    listed = json.loads(run("checks", "-f", "json").stdout)
    assert {entry["name"] for entry in listed} == set(all_checks())
    assert {"name", "family", "severity", "needs"} <= set(listed[0])


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_scripts_are_printed(shell: str) -> None:
    done = run("completion", shell)
    assert done.returncode == 0
    assert "_MAILAUDIT_COMPLETE" in done.stdout


@pytest.mark.slow
def test_names_of_checks_are_completed() -> None:
    environment = {
        **os.environ,
        "_MAILAUDIT_COMPLETE": "bash_complete",
        "COMP_WORDS": "mailaudit explain spf-mi",
        "COMP_CWORD": "2",
    }
    done = subprocess.run(
        [sys.executable, "-c", "from mailaudit.cli import main; main()"],
        capture_output=True,
        text=True,
        env=environment,
        check=False,
    )
    assert (done.returncode, done.stdout.strip()) == (0, "plain,spf-missing")


def test_explain_shows_the_documentation() -> None:
    done = run("explain", "spf-missing")
    assert done.returncode == 0
    assert "Why it matters" in done.stdout


def test_explain_corrects_a_typing_error() -> None:
    done = run("explain", "spf-mising")
    assert (done.returncode, done.stdout) == (2, "")
    assert "did you mean spf-missing?" in done.stderr


@pytest.mark.parametrize("name", all_checks())
def test_every_check_says_why_and_how_and_cites_a_source(name: str) -> None:
    doc = all_checks()[name].doc
    assert [part for part in ("## Why it matters", "## How to fix", "## References") if part not in doc] == []
    assert all_checks()[name].passed.endswith(".")
    assert not all_checks()[name].title.startswith("#")


@pytest.mark.slow
@pytest.mark.parametrize("what", ["campaign", "report"])
def test_schemas_are_valid(what: str) -> None:
    jsonschema.Draft202012Validator.check_schema(json.loads(run("schema", what).stdout))


@pytest.mark.parametrize(
    "text", ["", "{", "[]", "null", '{"schema_version": 99}', "\x00", "{}", '{"schema_version": 1}']
)
def test_render_refuses_what_is_no_report(text: str) -> None:
    done = run("render", "-", stdin=text)
    assert (done.returncode, done.stdout) == (2, "")
    assert "Traceback" not in done.stderr


def test_a_finding_is_forwarded(tmp_path: Path) -> None:
    (tmp_path / "c.yml").write_text("from: news@acme.example\nsending: {ips: [203.0.113.25]}\n", encoding="utf-8")
    zone = '$ORIGIN acme.example.\n@ IN SOA ns h 1 1 1 1 1\n@ IN TXT "v=spf1 -all"\n'
    (tmp_path / "acme.zone").write_text(zone, encoding="utf-8")
    audit = run("check", str(tmp_path / "c.yml"), "--zone", str(tmp_path / "acme.zone"), "-f", "json").stdout
    (tmp_path / "audit.json").write_text(audit, encoding="utf-8")
    letter = run("forward", str(tmp_path / "audit.json"), "spf-does-not-authorize-sender")
    assert letter.returncode == 0
    assert 'acme.example. 3600 IN TXT "v=spf1 ip4:203.0.113.25 -all"' in letter.stdout
    assert "It lets in 203.0.113.25, shuts out nobody and needs 0 look-ups." in letter.stdout
    found = {result["check"]: result["findings"] for result in json.loads(audit)["results"]}
    assert found["spf-does-not-authorize-sender"][0]["fix"]["forward"] == letter.stdout
    task = run("forward", str(tmp_path / "audit.json"), "1").stdout
    assert "v=spf1 ip4:203.0.113.25 -all" in task
    assert "--set 'sending.ips=[203.0.113.25]'" in task
    assert task in run("forward", str(tmp_path / "audit.json")).stdout + "\n"
    assert "mailaudit check acme.example --set 'sending.ips" in task
    assert "has no task 99" in run("forward", str(tmp_path / "audit.json"), "99").stderr
    assert run("forward", str(tmp_path / "audit.json"), "spf-missing").returncode == 2
    assert "spf-missing?" in run("forward", str(tmp_path / "audit.json"), "spf-mising").stderr


def test_the_beginning_of_names_lists_the_checks_of_that_kind() -> None:
    done = run("explain", "spf")
    assert done.returncode == 0
    assert "`spf-missing` (error):" in done.stdout
    assert "dmarc-missing" not in done.stdout
    assert run("explain", "volume").stdout.count("\n- ") > 3
