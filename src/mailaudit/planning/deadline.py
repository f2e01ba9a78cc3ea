"""Whether a plan ends in time, and how far it has come by then."""

from datetime import UTC, datetime
from math import ceil

import numpy as np

from mailaudit.campaign.values.types import Duration, Rate, Unit
from mailaudit.facts.volume.flow.sending_hours import Opening
from mailaudit.facts.volume.flow.streams import Flows
from mailaudit.planning.model import Deadline

_MINUTE = 60


def deadline_of(at: datetime | None, flows: Flows, opening: Opening | None = None) -> Deadline | None:
    """Return what has left by then; nothing where no deadline is given, or the plan has no start.

    With an `opening` a steady rate within it is told that would do.
    """
    if at is None or not flows.dated:
        return None
    clock = flows.clock
    due = clock.tick(at.replace(tzinfo=clock.zone) if at.tzinfo is None else at.astimezone(UTC))
    sent = int(flows.campaign.upto(np.array([due], dtype=np.int64))[0])
    if sent >= flows.campaign.count:
        return Deadline(at, is_met=True, sent=sent, rate_needed=None)
    begin, end = clock.epoch(flows.first_tick), clock.epoch(due)
    stretches = opening.stretches(begin, end) if opening is not None and end > begin else ()
    seconds = sum(min(last, end) - max(first, begin) for first, last in stretches)
    if seconds <= 0:
        return Deadline(at, is_met=False, sent=sent, rate_needed=None)
    needed = ceil(flows.campaign.count * _MINUTE / seconds)
    # A plan that rests in between would end no sooner at a rate below its own.
    rate = Rate(needed, Duration(1, Unit.MINUTE)) if needed > flows.pace.per_second * _MINUTE else None
    return Deadline(at, is_met=False, sent=sent, rate_needed=rate)
