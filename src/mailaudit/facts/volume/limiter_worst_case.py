"""What a program's limiter lets through in the worst case, as opposed to what it is set to."""

from fractions import Fraction
from math import ceil

from mailaudit.campaign.schedule import Schedule
from mailaudit.knowledge.types.volume import Limiter, LimiterKind

Setting = tuple[int, Fraction]


def setting_of(schedule: Schedule | None, limiter: Limiter | None) -> Setting | None:
    """Return how many messages per how many seconds the program is set to; nothing when nobody says."""
    if schedule is not None and schedule.rate is not None:
        return schedule.rate.count * schedule.processes, Fraction(schedule.rate.per.seconds)
    if schedule is not None and schedule.batch is not None:
        return schedule.batch.size * schedule.processes, Fraction(schedule.batch.every.seconds)
    if limiter is not None and limiter.size is not None and limiter.every_ms is not None:
        return limiter.size * (schedule.processes if schedule else 1), Fraction(limiter.every_ms, 1000)
    return None


def worst_window(kind: LimiterKind, setting: Setting, window_s: int) -> int:
    """Return the most messages in a half-open window that a limiter of this kind lets through.

    The program is taken to send as fast as it may, and the window to lie where it hurts most.
    """
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
