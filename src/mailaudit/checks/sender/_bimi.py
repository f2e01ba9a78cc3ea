"""What the checks of the logo's files have in common."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mailaudit.checks.rule import Facts, NotApplicable, NotGiven

if TYPE_CHECKING:
    from mailaudit.facts.sender.bimi.observe import BimiFiles


def files(facts: Facts) -> BimiFiles:
    """Return the files that were fetched; raises `NotApplicable` without a record, and `NotGiven` without leave."""
    if not facts.sender.transport.bimi.texts:
        raise NotApplicable("the From domain has no logo record (BIMI)")
    if facts.sender.bimi is None:
        raise NotGiven("the logo's files are fetched only with --allow-http, and only with live DNS")
    return facts.sender.bimi
