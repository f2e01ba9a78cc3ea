"""What a long run over a list is doing, for those who wait in front of it."""

from collections.abc import Callable
from typing import TypeAlias

from msgspec import Struct

# What is done, how much of it, and of how much if that is known.
OnProgress: TypeAlias = "Callable[[str, int, int | None], None]"

LOOKING_UP = "Looking up recipient domains"


class Part(Struct, frozen=True):
    """A part `of` a phase, as a share of one, which comes after what is done before."""

    phase: str
    after: float
    of: float


_JUDGING = "Comparing and judging addresses"
COMPARED, JUDGED, SEATED = Part(_JUDGING, 0.0, 0.35), Part(_JUDGING, 0.35, 0.55), Part(_JUDGING, 0.9, 0.1)


def reading(name: str) -> str:
    """Return the words for reading a list."""
    return f"Reading {name}"


def writing(name: str) -> str:
    """Return the words for writing a file."""
    return f"Writing {name}"
