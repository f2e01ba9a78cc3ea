"""The one schedule that keeps every limit that is broken and does not startle receivers: what a report recommends."""

from collections.abc import Sequence
from fractions import Fraction

from mailaudit.facts.volume.model import LONG_S, Day, Peak, Recommended
from mailaudit.facts.volume.warm_up import daily_steps, first_steep


def recommended(
    messages: int, peaks: Sequence[Peak], days: Sequence[Day], usual: int, most: int | None, *, ordinary: bool
) -> Recommended | None:
    """Return the schedule, or nothing when the planned one may stay.

    The slowest of the rates that keep a broken limit keeps all of them; limits of low confidence ask for nothing. A warm-up
    is asked of an `ordinary` address only, beside the `usual` other mail of a day; its days hold at most what the limits of
    days leave, so that only shorter limits ask for a rate beside them.
    """
    steep = ordinary and first_steep(days, usual) is not None
    broken = [
        peak.remedy.rate
        for peak in peaks
        if peak.breached
        and peak.remedy
        and peak.rule.confidence != "low"
        and not (steep and peak.rule.window_s >= LONG_S)
    ]
    slowest = min(broken, key=lambda rate: Fraction(rate.count, rate.per.seconds), default=None)
    if slowest is None and not steep:
        return None
    return Recommended(daily_steps(messages, usual, most=most) if steep else (messages,), slowest)
