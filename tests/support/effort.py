"""How hard the heaviest tests try: `TEST_EFFORT=10 pytest` runs ten times as many examples as by default."""

from __future__ import annotations

import os

EFFORT = int(os.environ.get("TEST_EFFORT", "1"))


def examples(count: int) -> int:
    """Return a number of examples, multiplied by the effort that is asked for."""
    return count * EFFORT
