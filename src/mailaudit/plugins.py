"""What third parties install beside this program: entry points by their group."""

from functools import cache
from importlib.metadata import EntryPoint, entry_points
from typing import Any


def plugins(group: str) -> list[EntryPoint]:
    """Return the entry points of a group, in the order of their names."""
    return sorted(_installed().select(group=group), key=lambda entry: str(entry.name))


@cache
def _installed() -> Any:
    # To read what every installed package declares takes milliseconds each time; its type differs between Pythons.
    return entry_points()
