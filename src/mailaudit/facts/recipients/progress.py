"""What a long run over a list is doing, for those who wait in front of it."""

from collections.abc import Callable
from typing import TypeAlias

# What is done, how much of it, and of how much if that is known.
OnProgress: TypeAlias = "Callable[[str, int, int | None], None]"

JUDGING = "Comparing and judging addresses"
LOOKING_UP = "Looking up recipient domains"


def reading(name: str) -> str:
    """Return the words for reading a list."""
    return f"Reading {name}"


def writing(name: str) -> str:
    """Return the words for writing a file."""
    return f"Writing {name}"
