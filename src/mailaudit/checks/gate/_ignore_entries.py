"""What became of each ignore entry in this audit."""

from __future__ import annotations

from dataclasses import dataclass

from mailaudit.campaign.model import Ignore


@dataclass(frozen=True, slots=True)
class AppliedIgnore:
    """An ignore entry and its fate.

    `key` is its key path in the campaign file. `judged` is false when the check that it names reached no
    judgement in this audit, so that nothing can be said about the entry's use.
    """

    key: str
    entry: Ignore
    expired: bool
    used: bool
    judged: bool
