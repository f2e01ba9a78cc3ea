"""The example of CONTRIBUTING.md is a real check and its real scenario file."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parent.parent
PAGE = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")


def block(fence: str, language: str) -> str:
    found = re.search(rf"^{fence}{language}\n(.*?)^{fence}$", PAGE, re.DOTALL | re.MULTILINE)
    assert found
    return found[1]


def test_the_rule_is_the_real_one() -> None:
    rule = ROOT / "src/mailaudit/checks/sender/from_name_missing.py"
    assert block("```", "python") == rule.read_text(encoding="utf-8")


def test_the_scenario_is_the_real_one() -> None:
    scenario = ROOT / "tests/checks/sender/from-name-missing.md"
    assert block("````", "markdown") == scenario.read_text(encoding="utf-8")
