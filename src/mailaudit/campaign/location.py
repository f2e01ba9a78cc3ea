"""Where something stands in the campaign file (see `mailaudit.location`)."""

from mailaudit.location import Location

__all__ = ["Location"]
