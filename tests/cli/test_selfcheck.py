"""The self-check finds nothing in our formats, and finds what a leaking one shows."""

from __future__ import annotations

from pathlib import Path

import pytest

from mailaudit.cli import selfcheck as room
from mailaudit.cli.selfcheck import selfcheck
from mailaudit.reports.formats import formats


def test_no_output_holds_a_canary(tmp_path: Path) -> None:
    outcome = selfcheck(tmp_path)
    assert outcome.leaks == ()
    assert outcome.outputs == 3 * (len(formats()) + len(formats("plan")))


def test_an_output_that_leaks_is_found(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def leaking(*_: object) -> list[tuple[str, str]]:
        return [("report leaky 0", (tmp_path / "list.csv").read_text(encoding="utf-8"))]

    monkeypatch.setattr(room, "_rendered", leaking)
    assert {kind for _, kind in selfcheck(tmp_path).leaks} >= {"fine", "typo", "secret"}
