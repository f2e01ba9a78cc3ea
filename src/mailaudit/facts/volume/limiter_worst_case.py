"""What a program's limiter lets through in the worst case, as opposed to what it is set to."""

from __future__ import annotations

from datetime import UTC
from fractions import Fraction
from math import ceil
from typing import TYPE_CHECKING

from mailaudit.campaign.schedule import Schedule
from mailaudit.campaign.values.start import LocalStart
from mailaudit.knowledge.types.volume import Limiter, LimiterKind

if TYPE_CHECKING:
    from mailaudit.facts.volume.flow.sending_hours import Opening

Setting = tuple[int, Fraction]


def setting_of(schedule: Schedule | None, limiter: Limiter | None) -> Setting | None:
    """Return how many messages per how many seconds each process is set to; nothing when nobody says."""
    if schedule is not None and schedule.rate is not None:
        return schedule.rate.count, Fraction(schedule.rate.per.seconds)
    if schedule is not None and schedule.batch is not None:
        return schedule.batch.size, Fraction(schedule.batch.every.seconds)
    if limiter is not None and limiter.size is not None and limiter.every_ms is not None:
        return limiter.size, Fraction(limiter.every_ms, 1000)
    return None


def worst_of_schedule(
    kind: LimiterKind, setting: Setting, window_s: int, schedule: Schedule | None, messages: int
) -> int:
    """Return the most of a campaign's messages in a window that the limiters of its processes let through together."""
    if schedule is None:
        return min(worst_window(kind, setting, window_s), messages)
    from mailaudit.facts.volume.flow.sending_hours import DAY, Opening  # noqa: PLC0415 - numpy is not for audits without a list

    if schedule.most_a_day:
        messages = min(messages, schedule.most_a_day * ceil(window_s / DAY))
    in_zones = isinstance(schedule.start, LocalStart)  # whose hours follow one another
    opening = None if in_zones else Opening(schedule.hours, schedule.days, UTC)
    return min(worst_window(kind, setting, window_s, opening) * schedule.processes, messages)


def worst_window(kind: LimiterKind, setting: Setting, window_s: int, opening: Opening | None = None) -> int:
    """Return the most messages in a half-open window that a limiter of this kind lets through.

    The program is taken to send as fast as it may, and the window to lie where it hurts most. Within an `opening` there is
    less time for that, and at each pause there may be a burst more (of fixed windows, one before it and one after it).
    """
    most = _unbroken(kind, setting, window_s)
    if opening is None:
        return most
    open_s, pauses = opening.most_open(window_s)
    burst = {LimiterKind.SMOOTH: 1, LimiterKind.TUMBLING: 2 * setting[0]}.get(kind, setting[0])
    return min(most, _unbroken(kind, setting, open_s) + pauses * burst)


def _unbroken(kind: LimiterKind, setting: Setting, window_s: int) -> int:
    count, period = setting
    whole = ceil(Fraction(window_s) / period)
    if kind is LimiterKind.TUMBLING:
        # A window touches the end of one counting window, the whole ones between, and the begin of another.
        return count * (whole + 1)
    if kind is LimiterKind.TOKEN_BUCKET:
        # A full bucket, and what drops into it before the window is over.
        return count + ceil(window_s * Fraction(count) / period) - 1
    if kind is LimiterKind.SMOOTH:
        return ceil(window_s * Fraction(count) / period)
    return count * whole
