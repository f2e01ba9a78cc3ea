"""What a rule is written with: the one import of a check's file, beside the facts that it looks at."""

from collections.abc import Iterator

from mailaudit.checks.change import ChangeDmarc, ChangeSpf, DmarcAim, RepairKey, SpfAim
from mailaudit.checks.finding import (
    Confidence,
    Evidence,
    Fix,
    Impact,
    Magnitude,
    Owner,
    Problem,
    ProblemDetails,
    Severity,
)
from mailaudit.checks.registry import check
from mailaudit.facts.facts import Facts
from mailaudit.facts.observed import NotApplicable, NotGiven, Unavailable
from mailaudit.location import Location

__all__ = [
    "ChangeDmarc",
    "ChangeSpf",
    "Confidence",
    "DmarcAim",
    "Evidence",
    "Facts",
    "Fix",
    "Impact",
    "Location",
    "Magnitude",
    "NotApplicable",
    "NotGiven",
    "Owner",
    "Problem",
    "ProblemDetails",
    "Problems",
    "RepairKey",
    "Severity",
    "SpfAim",
    "Unavailable",
    "check",
]

Problems = Iterator[Problem]
