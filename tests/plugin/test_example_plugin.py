"""The example plug-in is installed as a user would, and all that it adds is there."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
PLUGIN = ROOT / "examples" / "plugin"


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("site")
    options = ["--quiet", "--no-deps", "--no-build-isolation", "--no-index", "--disable-pip-version-check"]
    subprocess.run(
        [sys.executable, "-m", "pip", "install", *options, "--target", str(target), str(PLUGIN)],
        check=True,
        capture_output=True,
        timeout=120,
    )
    return target


def mailaudit(site: Path, *args: str, cwd: Path = ROOT) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "mailaudit", *args],
        capture_output=True,
        text=True,
        encoding="utf-8",
        cwd=cwd,
        env={**os.environ, "PYTHONPATH": str(site)},
        timeout=60,
        check=False,
    )


@pytest.mark.integration
def test_its_check_is_listed_and_explained(installed: Path) -> None:
    listed = json.loads(mailaudit(installed, "checks", "-f", "json").stdout)
    assert {"name": "subject-shouts", "family": "message"}.items() <= next(
        entry for entry in listed if entry["name"] == "subject-shouts"
    ).items()
    assert "shouting" in mailaudit(installed, "explain", "subject-shouts").stdout


@pytest.mark.integration
def test_its_check_its_platform_and_its_format_work(installed: Path, tmp_path: Path) -> None:
    (tmp_path / "message.eml").write_text("From: a@acme.example\nSubject: BUY NOW\n\nHello", encoding="utf-8")
    (tmp_path / "acme.zone").write_text(
        "$ORIGIN acme.example.\n@ 60 IN SOA ns h 1 1 1 1 1\n"
        '@ 60 IN TXT "v=spf1 include:spf.mailer.acme.example -all"\n'
        'spf.mailer 60 IN TXT "v=spf1 ip4:192.0.2.1 -all"\n',
        encoding="utf-8",
    )
    (tmp_path / "campaign.yml").write_text(
        "from: a@acme.example\nmessage: message.eml\nsending: {ips: [192.0.2.1]}\ndns: {zones: [acme.zone]}\n",
        encoding="utf-8",
    )
    done = mailaudit(installed, "check", "-o", "report.tsv", "-f", "json", cwd=tmp_path)
    rows = (tmp_path / "report.tsv").read_text(encoding="utf-8").splitlines()
    assert "warning\tsubject-shouts\tmessage.eml\tThe subject shouts: BUY NOW" in rows
    assert json.loads(done.stdout)["facts"]["sender"]["platform"] == "acme-mailer"


@pytest.mark.integration
def test_a_plug_in_that_raises_ends_nothing(tmp_path: Path) -> None:
    info = tmp_path / "broken-1.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: broken\nVersion: 1\n", encoding="utf-8")
    (info / "entry_points.txt").write_text("[mailaudit.checks]\nbroken = broken_plugin\n", encoding="utf-8")
    (tmp_path / "broken_plugin.py").write_text("raise RuntimeError('no luck')\n", encoding="utf-8")
    done = mailaudit(tmp_path, "check", "examples/platform/campaign.yml", "-f", "json")
    report = json.loads(done.stdout)
    crashed = [entry for entry in report["results"] if entry["outcome"] == "crashed"]
    assert [entry["check"] for entry in crashed] == ["plugin-broken"]
    assert "no luck" in crashed[0]["reason"]
    assert report["counts"]["crashed"] == 1
    assert done.returncode == 0
