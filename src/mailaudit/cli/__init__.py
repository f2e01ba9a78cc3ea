"""The command line: Click only, one file a command, each imported when it is used."""

from __future__ import annotations

from mailaudit.cli.program import main

__all__ = ["main"]
