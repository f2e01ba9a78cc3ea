"""What is known about the campaign's message."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class MessageFacts:
    """To be filled by the room's owner."""
