"""Every check has a scenario file, and every case of every file holds."""

from __future__ import annotations

from pathlib import Path

import pytest

from mailaudit.checks.registry import Check, all_checks
from scenarios.runner import Case, cases, run

HERE = Path(__file__).parent
CASES = [case for file in sorted(HERE.glob("*/*.md")) for case in cases(file)]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_case(case: Case, tmp_path: Path) -> None:
    assert run(case, tmp_path) == []


@pytest.mark.parametrize("declared", all_checks().values(), ids=lambda declared: declared.name)
def test_every_check_fails_passes_and_says_when_it_cannot_know(declared: Check) -> None:
    file = HERE / declared.family / f"{declared.name}.md"
    lines = [line for case in cases(file) for line in case.expect]
    if "network" in declared.needs:
        # Scenarios open no connection; such a check fails in a test beside a local server.
        return
    # What could not be read is no finding: that check is the one that never fails.
    worst = "unverified" if declared.name == "message-unreadable" else "failed"
    assert any(line.startswith(f"{declared.name}: {worst}") for line in lines), f"no case in which it is {worst}"
    assert any(line in {f"{declared.name}: passed", f"not {declared.name}"} for line in lines), (
        "none in which it passes"
    )
    if "dns" in declared.needs:
        assert f"{declared.name}: unverified" in lines, "no case in which DNS does not answer"
