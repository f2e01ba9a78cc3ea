"""`mailaudit capture` and `check --capture` as people drive them: the example from its script to its verdict."""

from __future__ import annotations

import json
import shutil
import sys
from pathlib import Path

import pytest

from mailaudit.capture.run import Progress
from mailaudit.cli.commands.capture import _LINE_AGAIN, _show
from support.command import mailaudit

ROOT = Path(__file__).parents[3]
ANY = ("--port", "0", "--starttls-port", "0", "--tls-port", "0")


@pytest.fixture(scope="module")
def captured(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("capture")
    shutil.copytree(ROOT / "examples", folder / "examples", ignore=shutil.ignore_patterns("capture/capture"))
    done = mailaudit(
        "capture",
        "examples/capture/campaign.yml",
        *ANY,
        "--",
        sys.executable,
        "examples/capture/send.py",
        cwd=folder,
    )
    assert done.returncode == 0, done.stderr
    assert "Captured 526 messages" in done.stdout or "Captured 524 messages" in done.stdout
    assert "Next: mailaudit check examples/capture/campaign.yml --capture capture" in done.stdout
    return folder


@pytest.mark.slow
def test_every_mistake_of_the_script_is_found(captured: Path) -> None:
    done = mailaudit("check", "examples/capture/campaign.yml", "--capture", "capture", "-f", "json", cwd=captured)
    report = json.loads(done.stdout)
    failed = {one["check"] for one in report["results"] if one["outcome"] == "failed"}
    assert failed >= {
        "capture-reaches-suppressed",
        "capture-reaches-twice",
        "capture-differs-from-list",
        "capture-unsubscribe-identical",
        "capture-message-id-identical",
        "capture-sender-differs",
        "capture-faster-than-planned",
        "window-over-limit",
    }
    assert done.returncode == 1
    assert report["facts"]["volume"]["messages"] == report["facts"]["capture"]["recipients"]
    assert report["facts"]["message"]["path"].endswith(".eml")


def test_without_the_dry_run_the_plan_counts(captured: Path) -> None:
    done = mailaudit("check", "examples/capture/campaign.yml", "-f", "json", cwd=captured)
    report = json.loads(done.stdout)
    outcomes = {one["check"]: one["outcome"] for one in report["results"]}
    assert outcomes["window-over-limit"] == "passed"
    assert {outcome for name, outcome in outcomes.items() if name.startswith("capture-")} == {"skipped"}
    assert report["facts"]["capture"] is None


def test_a_bare_domain_is_audited_with_its_dry_run(tmp_path: Path) -> None:
    folder = tmp_path / "capture"
    folder.mkdir()
    (folder / "key").write_text("00" * 32, encoding="ascii")
    line = {"at": 0, "began": 0, "connection": 1, "to": [{"provider": "other", "id": "a" * 32}], "size": 9}
    line |= {"reply": "250 2.6.0 Taken", "from": "acme.example", "from_id": "b" * 32, "mail_from": "acme.example"}
    line |= {"shows": ["a" * 32, "c" * 32], "names": ["d" * 32]}
    text = "".join(f"{json.dumps(line | {'to': [{'provider': 'other', 'id': one * 32}]})}\n" for one in "ac")
    (folder / "envelopes.jsonl").write_text(text, encoding="ascii")
    done = mailaudit("check", "acme.example", "--capture", str(folder), "--offline", "-f", "json")
    outcomes = {one["check"]: one["outcome"] for one in json.loads(done.stdout)["results"]}
    # Nobody said which address of the domain sends.
    assert (outcomes["capture-shows-addresses"], outcomes["capture-sender-differs"]) == ("failed", "passed")


def test_how_far_it_is_fits_a_line(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("COLUMNS", "40")
    _show(Progress(1, 1, 2.0, 1, (("gmail", 1),)))
    _show(Progress(1_200_000, 1_200_000, 2_000.0, 200, (("gmail", 900_000), ("microsoft", 300_000))))
    first, second = capsys.readouterr().err.split(_LINE_AGAIN)[1:]
    assert first == "1 message · 2/s · 1 recipient · 1 conne"
    assert second == "1,200,000 messages · 2,000/s · 1,200,00"


def test_the_line_for_php_is_one_line() -> None:
    done = mailaudit("capture", "--sendmail", "--port", "2600")
    assert done.stdout.startswith("sendmail_path = ")
    assert done.stdout.endswith(" -m mailaudit.capture.sendmail --port 2600 -t -i\n")


@pytest.mark.parametrize(
    ("args", "part"),
    [
        (("capture", "--for", "soon"), "--for: 'soon' is not a duration"),
        (("capture", "nothing.yml"), "nothing.yml"),
        (("capture", "--answer", "nobody", *ANY), "no such mailbox provider"),
        (("capture", "--out", "here", *ANY), "here: this folder is not empty"),
        (("check", "--capture", "nowhere", "--offline"), "nowhere: there is no such folder"),
    ],
)
def test_what_cannot_be_used_is_said_with_exit_2(tmp_path: Path, args: tuple[str, ...], part: str) -> None:
    (tmp_path / "here").mkdir()
    (tmp_path / "here" / "letter.txt").write_text("mine", encoding="utf-8")
    (tmp_path / "campaign.yml").write_text("from: a@acme.example\n", encoding="utf-8")
    done = mailaudit(*args, cwd=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert part in done.stderr
