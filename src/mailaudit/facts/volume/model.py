"""What is known about the campaign's volume."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class VolumeFacts:
    """To be filled by the room's owner."""
