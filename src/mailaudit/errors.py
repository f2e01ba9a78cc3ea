"""Errors have one shape: what, where, what to do."""

from __future__ import annotations

from dataclasses import dataclass

from mailaudit.location import Location


@dataclass(frozen=True, slots=True)
class Complaint:
    """One thing that makes an input unusable."""

    what: str
    where: Location | None = None
    todo: str | None = None

    def __str__(self) -> str:
        """Return `path:line:column: what; what to do`."""
        place = f"{self.where}: " if self.where else ""
        todo = f"; {self.todo}" if self.todo else ""
        return f"{place}{self.what}{todo}"


class InputError(Exception):
    """The command, the campaign file or an input file cannot be used (exit code 2)."""

    def __init__(self, *complaints: Complaint) -> None:
        super().__init__("\n".join(str(complaint) for complaint in complaints))
        self.complaints = complaints
