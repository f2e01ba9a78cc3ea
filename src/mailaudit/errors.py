"""Errors have one shape: what, where, what to do."""

import os
import re
import traceback
from pathlib import Path

from msgspec import Struct

from mailaudit.location import Location

_OWN = Path(__file__).parent
_LONGEST = 1_000
# `user:password@`, after a scheme or alone. What is no password is hidden as well rather than one that is shown.
_USER_INFORMATION = re.compile(
    r"(?<![^\s'\"/=(<])(?!mailto:)([^\s'\"/:=]{1,64}):(?!/)[^\s'\"]{1,300}@", re.IGNORECASE
)


class Complaint(Struct, frozen=True):
    """One thing that makes an input unusable."""

    what: str
    where: Location | None = None
    todo: str | None = None

    def __str__(self) -> str:
        """Return `path:line:column: what; what to do`."""
        place = f"{self.where}: " if self.where else ""
        todo = f"; {self.todo}" if self.todo else ""
        return without_passwords(f"{place}{self.in_short}{todo}")

    @property
    def in_short(self) -> str:
        """What is wrong, cut where it is long: a word of the input may be as long as the input."""
        return self.what if len(self.what) <= _LONGEST else f"{self.what[:_LONGEST]}…"


class InputError(Exception):
    """The command, the campaign file or an input file cannot be used (exit code 2)."""

    def __init__(self, *complaints: Complaint) -> None:
        super().__init__("\n".join(str(complaint) for complaint in complaints))
        self.complaints = complaints


def without_passwords(text: str) -> str:
    """Return a text in which no URL or address tells the password that stands in it (RFC 3986, section 3.2.1)."""
    return _USER_INFORMATION.sub(r"\1:…@", text)


def refused(what: str, where: Location | None = None, todo: str | None = None) -> InputError:
    """Return the error that an input cannot be used for one reason."""
    return InputError(Complaint(what, where, todo))


def described(error: BaseException) -> str:
    """Return what went wrong and where in the program, without a word of the input, which may hold addresses."""
    if os.environ.get("MAILAUDIT_DEBUG"):
        traceback.print_exception(error)
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    frames = [frame for frame in traceback.extract_tb(error.__traceback__) if frame.filename.startswith(str(_OWN))]
    place = f" at {Path(frames[-1].filename).relative_to(_OWN).as_posix()}:{frames[-1].lineno}" if frames else ""
    return f"{type(error).__name__}{place}; please report this line, which holds nothing of your data"
