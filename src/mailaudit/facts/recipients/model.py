"""What is known about the campaign's recipients."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class RecipientFacts:
    """To be filled by the room's owner."""
