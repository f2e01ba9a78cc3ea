"""Shows everybody on a judged list to somebody who compares people, and keeps nothing."""
# ruff: noqa: S608 - every name in these statements is our own

from collections.abc import Iterable
from typing import Protocol

from mailaudit.facts.recipients.judging.counts import ListCounts
from mailaudit.facts.recipients.kinds import Kind

_REFUSALS = (Kind.SUPPRESSED, Kind.OPTED_OUT)


class Visitor(Protocol):
    """Whoever compares people with those of a list."""

    def meet(
        self,
        listed: Iterable[tuple[str, bool]],
        stopped: Iterable[str],
        *,
        knows_refusals: bool,
        hides_refusals: bool = False,
    ) -> None:
        """Take everybody on the list, and whether he refused, and the addresses that must not be mailed."""


def show(found: ListCounts, visitor: Visitor) -> None:
    """Let a visitor meet the list; addresses are in the form in which they are compared."""
    known = [kind for kind in _REFUSALS if kind in found.counts]
    refusing = " OR ".join(f"k IN (SELECT k FROM {kind.view})" for kind in known if found.total(kind)) or "FALSE"
    listed = found.work.stream(f"SELECT k, {refusing} FROM mailed")
    stopped = Kind.SUPPRESSED in known
    entries = found.work.stream("SELECT k FROM stop WHERE contains(k, '@')") if stopped else ()
    digests = stopped and bool(found.work.one("SELECT count(*) FROM stop WHERE NOT contains(k, '@')"))
    visitor.meet(listed, (entry[0] for entry in entries), knows_refusals=bool(known), hides_refusals=digests)
