"""The lines of docs/jq.md, each over the report of the example with problems."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from mailaudit import audit, load_campaign, render

ROOT = Path(__file__).parents[2]
LINES = re.findall(r"```jq\n(.*?)\n```", (ROOT / "docs/jq.md").read_text(encoding="utf-8"), re.DOTALL)


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("jq") / "audit.json"
    text = render(audit(*load_campaign(ROOT / "examples/own-server/campaign.yml")), "json")
    file.write_text(text, encoding="utf-8")
    return file


@pytest.mark.skipif(shutil.which("jq") is None, reason="jq is not installed")
@pytest.mark.parametrize("line", LINES)
def test_every_line_says_something(report: Path, line: str) -> None:
    done = subprocess.run(["jq", "-r", line, report], check=True, capture_output=True, text=True, encoding="utf-8")
    assert done.stdout.strip()
    assert "null" not in done.stdout


def test_there_are_ten() -> None:
    assert len(LINES) == 10
