"""What is known about the campaign's sender."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SenderFacts:
    """To be filled by the room's owner."""
