"""A fact that fails in a way that nobody foresaw: its own checks crash, and everything else is told."""

from __future__ import annotations

import os
import traceback
from collections.abc import Awaitable
from pathlib import Path
from typing import Any, NoReturn, TypeVar

from mailaudit.errors import InputError

T = TypeVar("T")
_OWN = Path(__file__).parents[1]


class FactCrashed(Exception):  # noqa: N818 - says so already
    """A fact is not known because the program failed over it: the outcome is `crashed`."""


class Crashed:
    """Stands for a fact that failed; whatever is read of it raises `FactCrashed` with the reason."""

    def __init__(self, reason: str) -> None:
        object.__setattr__(self, "_reason", reason)

    def __getattr__(self, name: str) -> NoReturn:
        """Raise `FactCrashed`."""
        raise FactCrashed(object.__getattribute__(self, "_reason"))


async def isolated(fact: str, observing: Awaitable[T], crashed: dict[str, str]) -> T | None:
    """Return a fact, or nothing when observing it fails unforeseen, which `crashed` then tells; input errors pass."""
    try:
        return await observing
    except InputError:
        raise
    except FactCrashed as other:
        crashed[fact] = str(other)
    except Exception as error:  # noqa: BLE001 - whatever goes wrong over one fact, the others are told
        crashed[fact] = f"internal error over the {fact}: {described(error)}"
    return None


def described(error: BaseException) -> str:
    """Return what went wrong and where in the program, without a word of the input, which may hold addresses."""
    if os.environ.get("MAILAUDIT_DEBUG"):
        traceback.print_exception(error)
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    frames = [frame for frame in traceback.extract_tb(error.__traceback__) if frame.filename.startswith(str(_OWN))]
    place = f" at {Path(frames[-1].filename).relative_to(_OWN).as_posix()}:{frames[-1].lineno}" if frames else ""
    return f"{type(error).__name__}{place}; please report this line, which holds nothing of your data"


def stand_in(fact: str, crashed: dict[str, str]) -> Any:
    """Return what stands for a fact that must be there and failed."""
    return Crashed(crashed[fact])
