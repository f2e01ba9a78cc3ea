"""The action, the hook and the image, run as far as a machine without GitHub, pre-commit and Docker can."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from mailaudit.campaign.policy import Policy

ROOT = Path(__file__).parent.parent
ACTION: dict[str, Any] = yaml.safe_load((ROOT / "action.yml").read_text(encoding="utf-8"))
STEPS: list[dict[str, Any]] = ACTION["runs"]["steps"]


def _run(tmp_path: Path, cwd: Path = ROOT, /, **inputs: str) -> tuple[int, str, dict[str, str], str]:
    """Run the action's audit step as the runner does: return exit code, stdout, outputs and summary."""
    programs = tmp_path / "temp" / "mailaudit" / "bin"
    programs.mkdir(parents=True)
    (programs / "python").symlink_to(sys.executable)
    (programs / "mailaudit").write_text(
        f'#!/bin/sh\nexec "{sys.executable}" -m mailaudit "$@"\n', encoding="utf-8"
    )
    (programs / "mailaudit").chmod(0o755)
    step = next(step for step in STEPS if step.get("id") == "audit")
    chosen = {name: value["default"] for name, value in ACTION["inputs"].items()} | inputs
    variables = {name: _filled(value, chosen) for name, value in step["env"].items()}
    files = {name: tmp_path / name for name in ("GITHUB_OUTPUT", "GITHUB_STEP_SUMMARY")}
    for file in files.values():
        file.touch()
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("MAILAUDIT_")},
        **variables,
        **{name: str(file) for name, file in files.items()},
        "RUNNER_TEMP": str(tmp_path / "temp"),
    }
    command = ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]]
    done = subprocess.run(
        command, cwd=cwd, env=environment, check=False, capture_output=True, text=True, timeout=120
    )
    outputs = dict(line.split("=", 1) for line in files["GITHUB_OUTPUT"].read_text().splitlines())
    return done.returncode, done.stdout + done.stderr, outputs, files["GITHUB_STEP_SUMMARY"].read_text()


def _filled(value: str, inputs: dict[str, str]) -> str:
    return re.sub(r"\$\{\{ inputs\.([a-z-]+) \}\}", lambda match: inputs[match[1]], value)


@pytest.mark.integration
def test_the_action_fails_the_job_and_leaves_every_report(tmp_path: Path) -> None:
    folder = tmp_path / "my reports"
    code, out, outputs, summary = _run(tmp_path, campaign="examples/own-server/campaign.yml", folder=str(folder))
    assert code == 1, out
    assert outputs == {"verdict": "not-ready", "exit-code": "1", "folder": str(folder)}
    assert "\n::error title=mailaudit%3A " in out
    assert summary.startswith("## 🔴 Not ready")
    assert sorted(file.suffix for file in folder.iterdir()) == [".html", ".json", ".md", ".sarif", ".xml"]
    assert json.loads((folder / "mailaudit.json").read_text(encoding="utf-8"))["verdict"] == "not-ready"


@pytest.mark.integration
def test_the_action_s_inputs_reach_the_audit(tmp_path: Path) -> None:
    folder = tmp_path / "reports"
    code, out, outputs, summary = _run(
        tmp_path,
        **{
            "campaign": "examples/own-server/campaign.yml",
            "folder": str(folder),
            "fail-on": "never",
            "options": "--select\ngate\n",
            "summary": "false",
        },
    )
    assert code == 0, out
    assert outputs["verdict"] == "ready"
    assert summary == ""
    results = json.loads((folder / "mailaudit.json").read_text(encoding="utf-8"))["results"]
    assert {r["family"] for r in results if r["outcome"] != "skipped"} == {"gate"}


@pytest.mark.integration
def test_the_action_takes_no_input_for_a_command(tmp_path: Path) -> None:
    evil = f'x"; touch {tmp_path}/owned; $(touch {tmp_path}/owned); `touch {tmp_path}/owned` #'
    code, _, outputs, _ = _run(tmp_path, campaign=evil, folder=str(tmp_path / "reports"))
    assert code == 2
    assert outputs["verdict"] == ""
    code, _, outputs, _ = _run(tmp_path / "again", campaign=evil, folder="a\nverdict=ready")
    assert code == 2
    assert outputs == {}
    assert not (tmp_path / "owned").exists()


@pytest.mark.integration
@pytest.mark.parametrize(
    ("event", "chosen", "code"), [("push", "auto", 0), ("pull_request", "auto", 1), ("push", "true", 1)]
)
def test_a_campaign_of_a_pull_request_does_not_judge_itself(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, event: str, chosen: str, code: int
) -> None:
    (tmp_path / "list.csv").write_text("email\nno address\n", encoding="utf-8")
    campaign = tmp_path / "campaign.yml"
    campaign.write_text(
        'from: news@acme.example\nrecipients: {files: [list.csv]}\nfail_on: never\nignore: [{check: "*", reason: later}]\n',
        encoding="utf-8",
    )
    monkeypatch.setenv("GITHUB_EVENT_NAME", event)
    options = "--offline\n--select\naddress-invalid\n"
    found, out, _, _ = _run(
        tmp_path, campaign=str(campaign), folder=str(tmp_path / "r"), options=options, untrusted=chosen
    )
    assert found == code, out


def _git(folder: Path, *words: str) -> None:
    identity = ("-c", "user.name=a", "-c", "user.email=a@acme.example", "-c", "init.defaultBranch=main")
    subprocess.run(["git", "-C", str(folder), *identity, *words], check=True, capture_output=True, timeout=60)


def _pull_request(tmp_path: Path) -> Path:
    """Return a shallow clone of a branch that makes its own policy lenient; on the base branch the policy is strict."""
    base, clone = tmp_path / "base", tmp_path / "clone"
    base.mkdir()
    (base / "list.csv").write_text("email\nno address\n", encoding="utf-8")
    (base / "campaign.yml").write_text("from: news@acme.example\nrecipients: {files: [list.csv]}\n", "utf-8")
    (base / "policy.yml").write_text("fail_on: error\n", encoding="utf-8")
    _git(base, "init", "--quiet")
    _git(base, "add", ".")
    _git(base, "commit", "--quiet", "--message", "base")
    _git(base, "checkout", "--quiet", "-b", "evil")
    for name in ("policy.yml", "own-policy.yml"):
        (base / name).write_text("fail_on: never\nallow: [query, database, smtp, private]\n", encoding="utf-8")
    _git(base, "add", ".")
    _git(base, "commit", "--quiet", "--message", "evil")
    _git(base, "checkout", "--quiet", "main")
    _git(tmp_path, "clone", "--quiet", "--depth", "1", "--branch", "evil", f"file://{base}", "clone")
    return clone


@pytest.mark.integration
@pytest.mark.parametrize(
    ("kind", "file", "code", "told"),
    [
        ("policy", "policy.yml", 1, "::error title=mailaudit%3A address-invalid"),
        ("policy", "own-policy.yml", 2, "::error::the base branch holds no such policy file"),
        ("baseline", "own-policy.yml", 2, "::error::the base branch holds no such baseline file"),
    ],
)
def test_what_judges_a_pull_request_is_that_of_the_base_branch(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, *, kind: str, file: str, code: int, told: str
) -> None:
    clone = _pull_request(tmp_path)
    monkeypatch.setenv("GITHUB_EVENT_NAME", "pull_request")
    monkeypatch.setenv("GITHUB_BASE_REF", "main")
    options = "--offline\n--select\naddress-invalid\n"
    found, out, outputs, _ = _run(tmp_path, clone, options=options, **{kind: file})
    assert (found, told in out) == (code, True), out
    assert outputs.get("exit-code", "2") == str(code)


def test_no_script_of_the_action_holds_an_expression() -> None:
    assert ACTION["runs"]["using"] == "composite"
    for step in STEPS:
        assert "${{" not in step.get("run", "")
        assert step.get("shell") == "bash"
    used = set(re.findall(r"inputs\.([a-z-]+)", json.dumps(STEPS)))
    assert used == set(ACTION["inputs"])


@pytest.mark.parametrize(
    ("file", "runs"),
    [
        ("campaign.yml", True),
        ("mail/spring/campaign.yaml", True),
        ("lists/customers.csv", True),
        ("dns/acme.zone", True),
        ("src/campaign.py", False),
        ("mycampaign.yml", False),
    ],
)
def test_the_hook_runs_for_the_files_of_a_campaign(file: str, runs: bool) -> None:  # noqa: FBT001 - a table
    (hook,) = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))
    assert hook["entry"].split()[:2] == ["mailaudit", "check"]
    assert hook["pass_filenames"] is False
    assert bool(re.search(hook["files"], file)) is runs


def test_the_image_runs_as_nobody_special_and_copies_what_it_needs() -> None:
    lines = (ROOT / "Dockerfile").read_text(encoding="utf-8").splitlines()
    assert [line for line in lines if line.startswith("USER ")] == ["USER 10001"]
    sources = [
        word for line in lines if line.startswith("COPY ") and "--from" not in line for word in line.split()[1:-1]
    ]
    allowed = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    for source in sources:
        assert (ROOT / source).exists()
        assert f"!{source}" in allowed


def test_the_recipes_of_the_documentation_can_be_read() -> None:
    page = (ROOT / "docs" / "gate.md").read_text(encoding="utf-8")
    recipes = [yaml.safe_load(block) for block in re.findall(r"```yaml\n(.*?)```", page, re.DOTALL)]
    github, gitlab, hook, ignore, policy = recipes
    step = github["jobs"]["mailaudit"]["steps"][1]
    assert set(step["with"]) <= set(ACTION["inputs"])
    assert gitlab["mailaudit"]["artifacts"]["reports"]["junit"] in gitlab["mailaudit"]["script"][1]
    assert hook["repos"][0]["hooks"][0]["id"] == "mailaudit"
    assert set(ignore["ignore"][0]) == {"check", "subject", "reason", "until"}
    assert Policy.model_validate(policy).allow == ("smtp",)
