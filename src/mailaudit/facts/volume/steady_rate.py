"""The fastest steady rate, in numbers that a person can type, that keeps one limit."""

from collections.abc import Iterable
from fractions import Fraction
from math import ceil

from mailaudit.campaign.values.types import Duration, Rate, Unit
from mailaudit.facts.volume.flow.pace import WEEK
from mailaudit.facts.volume.flow.sending_hours import DAY
from mailaudit.facts.volume.flow.streams import Flows, OtherFlow
from mailaudit.facts.volume.limits import CampaignLimit
from mailaudit.facts.volume.model import LONG_S, usable

_UNITS = ((60, Unit.MINUTE), (3600, Unit.HOUR), (86_400, Unit.DAY))
# Below this many in a unit, rounding down would waste too much: the next longer unit is used.
_ENOUGH = 20
_HOUR = 3600
_SEASON = 90


def steady_rate(limit: CampaignLimit, flows: Flows) -> Rate | None:
    """Return the rate, a little below what the limit leaves beside the other mail; nothing when it leaves none."""
    spare = usable(limit.rule) - other_at_most(limit, flows)
    if spare <= 0:
        return None
    for seconds, unit in _UNITS:
        count = spare * seconds // limit.rule.window_s
        if count >= _ENOUGH or (unit is Unit.DAY and count >= 1):
            return Rate(count, Duration(1, unit))
    return None


def most_a_day(limits: Iterable[CampaignLimit], flows: Flows) -> int | None:
    """Return how many of the campaign's messages the limits of days leave for one day; nothing without such a limit."""
    long = (limit for limit in limits if limit.rule.window_s >= LONG_S)
    return min((max(_room(limit, flows) // -(-limit.rule.window_s // DAY), 1) for limit in long), default=None)


def _room(limit: CampaignLimit, flows: Flows) -> int:
    """Return what a window leaves for the campaign."""
    return (usable(limit.rule) if limit.has_reserve else limit.rule.max) - other_at_most(limit, flows)


def other_always(limit: CampaignLimit, flows: Flows) -> int:
    """Return how much of the other mail is in every window of the limit, at the least."""
    window = limit.rule.window_s
    count = 0
    for other in flows.others:
        if limit.belongs(other.party) and other.open_a_week:
            # Mail with hours is sure to be there only in whole weeks.
            flowing = window if other.open_a_week == WEEK else window // WEEK * other.open_a_week
            count += int(flowing / other.pace.step) * other.pace.size
    return count


def other_at_most(limit: CampaignLimit, flows: Flows, window_s: int | None = None) -> int:
    """Return how much of the other mail fits into any window of the limit, or of another length.

    Mail that is evenly spaced puts at most ⌈window / step⌉ beats into a half-open window, and its pauses only
    lower that.
    """
    window = Fraction(window_s or limit.rule.window_s)
    belonging = [other for other in flows.others if limit.belongs(other.party)]
    return sum(_beats_at_most(window, other) * other.pace.size for other in belonging)


def _beats_at_most(window: Fraction, other: OtherFlow) -> int:
    days, rest = divmod(window, DAY)
    # Each stretch of its hours may begin with a beat of its own; and changes of the clock, which are months apart, make
    # one stretch longer by an hour, or bring one nearer by it.
    flowing = days * other.open_a_day + min(rest, Fraction(other.open_a_day)) + _HOUR * (1 + days // _SEASON)
    return min(ceil(window / other.pace.step), ceil(flowing / other.pace.step) + days + 1)
