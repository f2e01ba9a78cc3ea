"""Joins the list's providers, their published requirements and the findings."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from datetime import date
from typing import TYPE_CHECKING

from msgspec.structs import replace

from mailaudit.checks.finding import Confidence, Finding, Impact, Outcome, Result
from mailaudit.checks.registry import Check
from mailaudit.impact.model import Cell, Matrix, Row, State
from mailaudit.impact.states import KINDS, RELATED, both, kinds_of, states
from mailaudit.knowledge.load import providers
from mailaudit.knowledge.types.provider import Provider, Requirement
from mailaudit.runner import Audit

if TYPE_CHECKING:
    from mailaudit.facts.recipients.model import ProviderShare

# How long the send takes, in seconds, the day of the audit, and whether the sender has been a bulk sender before.
When = tuple[float | None, date | None, bool]


def joined(audit: Audit) -> tuple[Audit, Matrix | None]:
    """Return the audit with findings that say whom they touch, and the matrix; nothing new without a list."""
    recipients, volume = audit.facts.recipients_or_none, audit.facts.volume_or_none
    if recipients is None or not recipients.providers:
        return audit, None
    projection = volume.projection_or_none if volume else None
    seconds = projection.seconds if projection else None
    today = audit.facts.now.date()
    was_bulk = bool(audit.facts.campaign.history.bulk)
    shares = recipients.providers
    found = matrix(audit.results, audit.checks, shares, providers(), seconds, today=today, was_bulk=was_bulk)
    return replace(audit, results=with_impact(audit.results, found)), found


def matrix(
    results: Iterable[Result],
    checks: Mapping[str, Check],
    shares: Iterable[ProviderShare],
    known: Iterable[Provider],
    seconds: float | None = None,
    *,
    today: date | None = None,
    was_bulk: bool = False,
) -> Matrix:
    """Return how the campaign stands with each provider of the list.

    `seconds` is how long the send takes. A requirement that holds from some volume on is `not-required` when the
    campaign alone stays below it; without a known duration the campaign is taken to leave within the window. So is one
    that holds from a day after `today` on. Who `was_bulk` is so for ever where a provider says that.
    """
    standing = states(results, checks)
    by_id = {provider.id: provider for provider in known}
    rows = tuple(_row(share, by_id.get(share.provider), standing, (seconds, today, was_bulk)) for share in shares)
    used = {cell.requirement.kind for row in rows for cell in row.cells}
    return Matrix(tuple(kind for kind in KINDS if kind in used), rows)


def with_impact(results: Iterable[Result], found: Matrix) -> tuple[Result, ...]:
    """Return the results whose findings say for how many recipients they matter, where that is known."""
    return tuple(_touched(result, found) if result.outcome is Outcome.FAILED else result for result in results)


def _row(share: ProviderShare, provider: Provider | None, standing: Mapping[str, State], when: When) -> Row:
    asked = [item for item in (provider.requirements if provider else ()) if item.kind in standing]
    if not any(item.kind == "alignment" for item in asked):
        # Whoever asks for DMARC and does not speak of alignment apart means that DMARC passes.
        standing = {**standing, "dmarc": both(standing["dmarc"], standing["alignment"])}
    cells = [Cell(item, _state(item, share.recipients, standing[item.kind], when)) for item in asked]
    name = provider.name if provider else share.provider
    order = {kind: place for place, kind in enumerate(KINDS)}
    ranked = sorted(cells, key=lambda cell: order[cell.requirement.kind])
    return Row(share.provider, name, share.recipients, share.share, tuple(ranked))


def _state(requirement: Requirement, recipients: int, state: State, when: When) -> State:
    threshold = requirement.threshold
    seconds, today, was_bulk = when
    if today and requirement.since and requirement.since > today:
        return State.NOT_REQUIRED
    is_bulk_for_ever = was_bulk and threshold is not None and threshold.is_permanent
    if (
        threshold
        and not is_bulk_for_ever
        and _most_in_window(recipients, threshold.window_s, seconds) < threshold.count
    ):
        return State.NOT_REQUIRED
    return state


def _most_in_window(recipients: int, window_s: int, seconds: float | None) -> int:
    if seconds is None or seconds <= window_s:
        return recipients
    return math.ceil(recipients * window_s / seconds)


def _touched(result: Result, found: Matrix) -> Result:
    open_states = {State.UNMET, State.UNVERIFIED} if result.check in RELATED else {State.UNMET}
    kinds = set(kinds_of(result.check))
    rows = [
        row for row in found.rows if any(c.requirement.kind in kinds and c.state in open_states for c in row.cells)
    ]
    if not rows:
        return result
    impact = Impact(
        recipients=sum(row.recipients for row in rows),
        share=min(1.0, sum(row.share for row in rows)),
        providers=tuple(row.provider for row in rows),
    )
    return replace(result, findings=tuple(_with(finding, impact) for finding in result.findings))


def _with(finding: Finding, impact: Impact) -> Finding:
    if finding.impact is not None or finding.confidence is Confidence.LOW:
        return finding
    return replace(finding, impact=impact)
