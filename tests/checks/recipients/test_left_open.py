"""A pass says how many recipient domains it knows nothing of."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from mailaudit.checks.recipients._lookups import left_open
from mailaudit.facts.recipients.model import DomainLookups

LIMIT = "at most 4 domains were to be asked"
BOTH = (
    "Not verified: 2 domains with 2 recipients gave no answer (DNS timed out), and 3 domains with 9 recipients were "
    f"not asked ({LIMIT})."
)


def facts(lookups: DomainLookups | None) -> Any:
    return SimpleNamespace(recipients=SimpleNamespace(lookups=lookups))


@pytest.mark.parametrize(
    ("lookups", "told"),
    [
        (None, None),
        (DomainLookups(asked=3), None),
        (
            DomainLookups(asked=30, silent=1, silent_recipients=2, why="DNS timed out"),
            "Not verified: 1 domain with 2 recipients gave no answer (DNS timed out).",
        ),
        (
            DomainLookups(
                asked=4,
                silent=2,
                silent_recipients=2,
                not_asked=3,
                not_asked_recipients=9,
                why="DNS timed out",
                why_not_asked=LIMIT,
            ),
            BOTH,
        ),
    ],
)
def test_what_a_pass_leaves_open(lookups: DomainLookups | None, told: str | None) -> None:
    assert left_open(facts(lookups)) == told
