"""Read a baseline, or an earlier JSON report as one."""

from __future__ import annotations

from pathlib import Path

from mailaudit.baseline import Accepted, loads
from mailaudit.cli.saved_report import read_text


def accepted_in(path: Path) -> tuple[Accepted, ...]:
    """Return what a file accepts; raises `InputError` when it cannot be read."""
    return loads(read_text(path), str(path))
