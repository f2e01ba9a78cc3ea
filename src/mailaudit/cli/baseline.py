"""Read the fingerprints of known findings from an earlier JSON report."""

from __future__ import annotations

from pathlib import Path

from mailaudit.cli.saved_report import load_report


def fingerprints(path: Path) -> tuple[str, ...]:
    """Return the fingerprint of every finding of a report; raises `InputError` when it cannot be read."""
    saved = load_report(path)
    return tuple(finding.fingerprint for result in saved.results for finding in result.findings)
