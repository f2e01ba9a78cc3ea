"""Each promise of docs/security.md names a test that is there."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parent.parent


def test_each_promise_has_its_test() -> None:
    rows = [
        line.split("|")[1:3]
        for line in (ROOT / "docs" / "security.md").read_text(encoding="utf-8").splitlines()
        if line.startswith("| ") and not line.startswith("| promise")
    ]
    assert len(rows) > 8
    for promise, held in rows:
        files = re.findall(r"`(tests/[\w/]+\.py)`", held)
        assert files, promise
        assert all((ROOT / file).read_text(encoding="utf-8").count("def test_") for file in files), promise
