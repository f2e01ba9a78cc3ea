"""How much may be asked about the domains of a list."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

from msgspec import Struct

from mailaudit.facts.recipients.progress import OnProgress

# Seconds that the look-ups of recipient domains may take.
BUDGET_S = 120.0

OnReused: TypeAlias = "Callable[[int], None]"


class LookUpLimits(Struct, frozen=True):
    """At most `max_domains` domains (all by default), the most frequent first, for at most `seconds`.

    `progress` is called now and then with what is being done, how much of it, and of how much. `memory` is the file
    in which answers are remembered from one run to the next, within their time to live; `reused` is then called with
    the number of domains that were not asked anew.
    """

    max_domains: int | None = None
    seconds: float = BUDGET_S
    progress: OnProgress | None = None
    memory: Path | None = None
    reused: OnReused | None = None
