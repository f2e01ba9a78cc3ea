"""How many messages may leave on each day when receivers are to get used to them."""

from collections.abc import Sequence

from msgspec import Struct

from mailaudit.facts.volume.model import Day
from mailaudit.knowledge.volume import warm_up

# Twice a minute of the nine hours in which a warm-up leaves, where it has no hours of its own.
_SLIPS_S, _DAYTIME_S = 120, 9 * 3600


class SteepDay(Struct, frozen=True):
    """The first day that grows too fast: its number from 1, the most mail on a day before, and the most that it may hold."""

    number: int
    day: Day
    usual: int
    allowed: int


def first_steep(days: Sequence[Day], usual: int) -> SteepDay | None:
    """Return the first day with much more mail than receivers are used to; `usual` is the most on a day before them."""
    for number, day in enumerate(days, start=1):
        allowed = max(warm_up().first_day, warm_up().after(usual))
        if day.messages and day.messages + day.other > allowed:
            return SteepDay(number, day, usual, allowed)
        usual = max(usual, day.messages + day.other)
    return None


def daily_steps(
    messages: int, usual: int, schedule: Sequence[int] = (), most: int | None = None
) -> tuple[int, ...]:
    """Return the campaign's messages for each day, as many days as it takes, and never more than `most` on one.

    A published `schedule` is followed to its end. Without one, and after it, each day may hold at most double the
    day before (less when the volume is large), beside the `usual` other mail of a day.
    """
    rule = warm_up()
    # A message may come a minute early, and another a minute late.
    most = most - most * _SLIPS_S // _DAYTIME_S if most else None
    steps: list[int] = []
    left, before = messages, usual
    while left > 0:
        day = len(steps)
        allowed = max(rule.first_day, rule.after(before)) - usual
        step = min(schedule[day] if day < len(schedule) else allowed, left, most or left)
        steps.append(step)
        left -= step
        before = step + usual
    return tuple(steps)
